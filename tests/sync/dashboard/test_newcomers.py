"""The newcomers' path: who is on it, who looks after them, and what they are written."""

import re
from datetime import date, timedelta
from urllib.parse import unquote

import pytest

from community.events import CheckedIn, CheckedOut, MeetingUndone, Met, MoodChosen
from community.ids import MemberId
from community.introductions.pairing import PersonPast
from community.members import Mood
from sync.newcomers.wording import Message
from sync.store import deeds, directory, introductions, newcomers
from tests.sync.dashboard.house import MORNING, Browser, House
from tests.sync.dashboard.test_introductions import ADA, BOB, EVE, put
from tests.sync.dashboard.test_own_page import code

PAGE, TEXTS = "/newcomers", "/newcomers/texts"
LAST_YEAR = date(2025, 3, 3)


@pytest.fixture
def regulars(house: House) -> House:
    """Ada is in for the first time; Bob, who offered to welcome, and Eve come often."""
    put(house, "Ada", needs=("logo",), offers=("law",))
    for name in ("Bob", "Eve"):
        put(house, name, needs=("law",), offers=("bread",), joined=LAST_YEAR)
    pasts = [PersonPast(each, days=40, ties=5) for each in (BOB, EVE)]
    house.database.write_now(lambda c: introductions.put_pasts(c, pasts))
    house.database.write_now(lambda c: newcomers.volunteer(c, BOB, yes=True))
    return house


def does(browser: Browser, path: str = PAGE, **fields: str) -> str:
    answer = browser.post(path, {"form_token": browser.form_token(path), **fields})
    return browser.get(answer.headers["location"]).text if answer.status == 303 else answer.text


def record(house: House) -> list[tuple[str, str]]:
    return [(each.deed.value, each.subject) for each in house.database.read_now(lambda c: deeds.latest(c, 9))]


def test_nobody_sees_it_without_logging_in(house):
    for path in (PAGE, TEXTS):
        assert Browser(house).get(path).status == 303
        assert Browser(house).post(path, {}).status in {303, 403}


def test_a_space_without_newcomers_says_so(host):
    assert "Nobody is new at the moment" in host.get(PAGE).text


def test_a_first_day_has_two_people_to_meet_and_somebody_to_ask(regulars, host):
    text = host.get(PAGE).text
    assert text.count('id="n-') == 1
    assert "First day: introduce two people" in text
    assert re.findall(r"<option value=\"(\w+)\">([^<]*)", text) == [
        ("bob", "Bob · offered to"),
        ("eve", "Eve"),
    ]
    regulars.happen(Met(ADA, BOB))
    assert "1 person met" in host.get(PAGE).text
    regulars.happen(MeetingUndone(ADA, BOB))
    assert "0 people met" in host.get(PAGE).text


def test_a_buddy_is_kept_noted_and_put_together_with_the_newcomer_at_the_door(regulars, host):
    assert "the door tells them too" in does(host, do="buddy", id="ada", buddy="bob", seen="")
    text = host.get(PAGE).text
    assert "Bob looks after them, and is here now." in text
    assert "I asked them" not in text
    plan = regulars.database.read_now(lambda c: introductions.plan_of(c, MORNING.date()))
    assert [pairing.pair for pairing in plan.pairings] == [(ADA, BOB)]
    assert record(regulars)[0] == ("buddy-named", "ada")
    regulars.happen(CheckedOut(BOB))
    text = host.get(PAGE).text
    assert "is not here now" in text
    assert "Eve" in text.partition("<select")[2], "somebody else who is in can be asked"
    does(host, do="no-buddy", id="ada", seen="bob")
    assert regulars.database.read_now(newcomers.buddies_of) == {}


def test_two_hosts_at_once_the_second_reads_that_the_first_was_quicker(regulars, host):
    does(host, do="buddy", id="ada", buddy="bob", seen="")
    assert "another host was quicker" in does(host, do="buddy", id="ada", buddy="eve", seen="")
    assert regulars.database.read_now(newcomers.buddies_of) == {ADA: BOB}
    for wrong in ({"id": "nobody"}, {"id": "ada", "buddy": "ada", "seen": "bob"}):
        assert "another host was quicker" in does(host, do="buddy", **wrong)


def test_who_works_heads_down_is_not_asked(regulars, host):
    for one in (BOB, EVE):
        regulars.happen(MoodChosen(one, Mood.HEADS_DOWN))
    assert "<select" not in host.get(PAGE).text


def test_by_the_third_visit_hosts_and_nobody_else_read_that_no_meeting_is_recorded(house, host):
    for ago in (6, 3, 0):
        house.happen(CheckedIn(house.member("ada", "Ada")), MORNING - timedelta(days=ago))
    assert "No meeting is recorded yet" in host.get(PAGE).text
    phone = Browser(house)
    phone.get(f"/ME/{code(house, ADA)}")
    own = phone.get("/me").text + phone.get("/me/everything.json").text
    for word in ("No meeting", "Aucune rencontre", "alone", "lonely", "seule?s?"):
        assert not re.search(rf"\b{word}\b", own), word


def test_who_hides_from_hosts_is_counted_and_never_written_to(house, host):
    house.happen(CheckedIn(house.member("eve", "Eve", hosts=False)))
    text = host.get(PAGE).text
    assert "One more newcomer prefers not to be named." in text
    assert "Eve" not in text


def test_a_message_is_due_written_once_and_opens_a_mail_program(house, host):
    house.happen(CheckedIn(house.member("ada", "Ada Lovelace", languages=("fr",))))
    text = host.get(PAGE).text
    assert "Bienvenue parmi nous, Ada" in text
    (mail,) = re.findall(r'href="mailto:\?([^"]*)"', text)
    assert "à Le Nook !" in unquote(mail).replace("\xa0", " ")
    assert "will not be asked for again" in does(host, do="written", message="first-day:ada")
    assert "To be written" not in host.get(PAGE).text
    assert record(house)[0] == ("message-written", "ada")
    assert "another host was quicker" in does(host, do="written", message="first-day:ada")
    assert "another host was quicker" in does(host, do="written", message="no-such:ada")


def test_what_is_put_off_comes_back_after_a_week(house, host):
    house.happen(CheckedIn(house.member("ada", "Ada")))
    house.clock.move(timedelta(days=15))

    def due() -> list[Message]:
        page = host.get(PAGE).text
        return [each for each in Message if f"{each.value}:ada" in page]

    host.log_in()
    assert due() == [Message.NO_RETURN]
    assert "Put off for a week." in does(host, do="not-now", message="no-return:ada")
    assert due() == []
    house.clock.move(timedelta(days=7))
    host.log_in()
    assert due() == [Message.NO_RETURN]


def test_a_text_is_worded_anew_looked_at_first_and_taken_back(house, host):
    house.happen(CheckedIn(house.member("ada", "Ada", languages=("en",))))
    text = host.get(f"{TEXTS}?message=first-day&language=en").text
    seen = re.findall(r'name="seen" value="(\w+)"', text)[0]
    form = {"message": "first-day", "language": "en", "seen": seen}
    own = {**form, "subject": "Hi {name}", "body": "Welcome\r\nto {space}."}
    assert "Hi Camille" in does(host, TEXTS, do="preview", **own)
    assert "Hi Ada" not in host.get(PAGE).text
    assert "From now on it is written so." in does(host, TEXTS, do="keep", **own)
    assert "Hi Ada" in host.get(PAGE).text
    assert record(house)[0] == ("text-changed", "first-day en")
    assert "another host changed this text meanwhile" in does(host, TEXTS, do="keep", **own)
    seen = re.findall(r'name="seen" value="(\w+)"', host.get(f"{TEXTS}?message=first-day&language=en").text)[
        0
    ]
    assert "Our own words stand there again." in does(host, TEXTS, do="reset", **{**form, "seen": seen})
    assert "Glad you came, Ada" in host.get(PAGE).text


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("Hello {nom}", "{nom} cannot be filled in"),
        ("Hello {name", "a bracket { or } without its other"),
        ("", "a subject and a text are both needed"),
        ("x" * 2001, "characters at most"),
        ("<script>{alert}</script>", "{alert} cannot be filled in"),
    ],
)
def test_a_text_with_a_hole_is_not_kept_and_what_was_typed_stays(house, host, body, said):
    text = does(host, TEXTS, do="keep", message="first-day", language="fr", subject="Salut", body=body)
    assert said in text
    assert 'value="Salut"' in text
    assert "<script>{" not in text
    assert house.database.read_now(newcomers.texts) == ()


def test_a_text_that_is_none_of_ours_is_not_there(host):
    for fields in ({"message": "x", "language": "en"}, {"message": "first-day", "language": "xx"}):
        assert "after the first day" in does(host, TEXTS, do="keep", **fields)
    assert "Glad you came" in host.get(f"{TEXTS}?message=x&language=xx&said=x").text


def test_a_member_offers_to_welcome_newcomers_on_their_own_page(house):
    house.member("ada", "Ada", languages=("en",))
    phone = Browser(house)
    phone.get(f"/ME/{code(house, ADA)}")
    text = phone.get("/me").text
    assert "Would you be that person" in text
    form = {"form_token": re.findall(r'name="form_token" value="(\w+)"', text)[0], "welcomes": "yes"}
    assert phone.post("/me/welcome", form).status == 303
    assert house.database.read_now(newcomers.volunteering) == {ADA}
    assert "I offered to look after somebody new" in phone.get("/me").text
    assert phone.post("/me/welcome", {**form, "form_token": "0" * 64}).status == 403
    phone.post("/me/welcome", {**form, "welcomes": "no"})
    assert house.database.read_now(newcomers.volunteering) == frozenset()
    assert Browser(house).post("/me/welcome", form).status == 403


def test_a_member_reads_on_their_own_page_what_a_host_put_right(house, host):
    house.member("ada", "Ada", languages=("en",))
    host.post(
        "/visits", {"form_token": host.form_token("/visits"), "do": "in", "member": "Ada", "arrived": "9:30"}
    )
    phone = Browser(house)
    phone.get(f"/ME/{code(house, ADA)}")
    text = phone.get("/me").text.partition("Put right by a host")[2]
    assert ">9:30</time>" in text


def test_what_is_kept_of_it_is_in_the_file_a_member_takes_away_and_names_nobody_else(regulars, host):
    does(host, do="buddy", id="ada", buddy="bob", seen="")
    does(host, do="written", message="first-day:ada")
    phone = Browser(regulars)
    phone.get(f"/ME/{code(regulars, ADA)}")
    answer = phone.get("/me/everything.json")
    assert (answer.json["has_buddy"], answer.json["welcomes_newcomers"]) == (True, False)
    assert answer.json["messages"] == [{"message": "first-day", "done": "written", "day": "2026-11-23"}]
    assert "bob" not in answer.text.casefold()


def test_nobody_who_was_erased_meanwhile_is_named_again(regulars):
    def work(connection) -> None:
        directory.remove_member(connection, BOB)
        newcomers.volunteer(connection, BOB, yes=True)
        newcomers.set_buddy(connection, ADA, BOB, LAST_YEAR, "camille")
        newcomers.set_buddy(connection, BOB, ADA, LAST_YEAR, "camille")
        newcomers.settle(connection, newcomers.Kept(BOB, "first-day", "written", LAST_YEAR, "camille"))
        assert newcomers.volunteering(connection) == frozenset()
        assert newcomers.buddies_of(connection) == {}
        assert newcomers.settled(connection) == ()

    regulars.database.write_now(work)


def test_who_is_erased_leaves_nothing_and_marks_go_after_a_year(regulars, host):
    does(host, do="buddy", id="ada", buddy="bob", seen="")
    does(host, do="written", message="first-day:ada")
    late = MORNING.date() + newcomers.KEPT
    assert regulars.database.write_now(lambda c: newcomers.sweep(c, late)) == 0
    regulars.database.write_now(lambda c: directory.remove_member(c, BOB))
    assert regulars.database.read_now(newcomers.buddies_of) == {}
    assert regulars.database.read_now(newcomers.volunteering) == frozenset()
    assert regulars.database.write_now(lambda c: newcomers.sweep(c, late + timedelta(days=1))) == 1
    does(host, do="buddy", id="ada", buddy="eve", seen="")
    regulars.database.write_now(lambda c: directory.remove_member(c, MemberId("ada")))
    assert regulars.database.read_now(newcomers.buddies_of) == {}
    assert regulars.database.read_now(newcomers.settled) == ()


def test_newcomers_are_marked_on_the_page_now_until_their_fourth_visit(regulars, host):
    home = host.get("/").text
    assert home.count("first visit") == 1
    pasts = [PersonPast(ADA, days=3), PersonPast(BOB, days=40)]
    regulars.database.write_now(lambda c: introductions.put_pasts(c, pasts))
    assert 'class="fresh"' not in host.get("/").text, "Eve joined long before the door counted"


def test_it_is_told_in_french_and_spanish(regulars, host):
    for language, said in (("fr", "Nouvelles têtes"), ("es", "Caras nuevas")):
        host.post("/language", {"form_token": host.form_token(PAGE), "language": language, "back": PAGE})
        assert said in host.get(PAGE).text
