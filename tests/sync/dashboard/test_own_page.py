"""A member's own page: opened by a code from the door, theirs alone, and never a host's."""

import json
import logging
import re
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
import yaml
from jsonschema import Draft202012Validator

from community.badges import BadgeKey, BadgeStatus
from community.events import CheckedIn, Met
from community.ids import KioskId, MemberId
from community.members import Comfort, Intent, Member, Visibility
from community.wire.passes import NONCE_BYTES, Means, claim_of, keyed_proof, what_is_proved, written
from sync.dashboard.own_form import Typed, read, typed_of
from sync.dashboard.throttle import FREE_TRIES_ADDRESS
from sync.publishing import Publishing, SpaceApiSettings
from sync.store import deeds, directory, newcomers, notices, photos, world
from sync.store.deeds import Deed
from sync.store.own_pages import IDLE, LONGEST
from tests.sync.dashboard.house import BADGE_KEY, SPACE_ID, Browser, House

DOOR = KioskId("door")
OPENAPI = Path(__file__).parents[3] / "docs/openapi.yaml"
TODAY = date(2026, 11, 23)
WHOLE = Member(
    MemberId("lea"),
    "Léa",
    languages=("fr", "en"),
    trade="illustratrice",
    company="Atelier",
    needs=("une traduction", "un vélo"),
    needs_until=(date(2026, 11, 30), None),
    offers=("un logo",),
    interests=("céramique", "jazz"),
    place="table 4",
    visibility=Visibility(lobby=True, members=True),
    introductions=True,
    joined=date(2025, 3, 3),
    ask_about=("Rennes",),
    intents=(Intent.BUSINESS, Intent.COMPANY),
    avoid=(MemberId("amina"),),
    avoid_topics=("crypto",),
    comfort=Comfort(large_text=True, stays_s=70),
    host=True,
)


@pytest.fixture
def lea(house: House) -> MemberId:
    house.database.write_now(lambda c: directory.put_member(c, WHOLE))
    house.member("amina", "Amina", languages=("en",))
    return WHOLE.id


def code(
    house: House, member: MemberId, *, late_s: int = 0, key: BadgeKey = BADGE_KEY, nonce: int = 0
) -> str:
    """A code as the door makes it."""
    issued_s = int(house.clock.at().timestamp()) - late_s
    claim = claim_of(Means.KEYED, issued_s, nonce.to_bytes(NONCE_BYTES), DOOR, member)
    return written(claim, keyed_proof(key.secret, what_is_proved(SPACE_ID, member, claim)))


@pytest.fixture
def page(house: House, lea: MemberId) -> Browser:
    """A phone with Léa's page open."""
    phone = Browser(house)
    answer = phone.get(f"/ME/{code(house, lea)}")
    assert (answer.status, answer.headers["location"]) == (303, "/me")
    return phone


def fields(browser: Browser) -> dict[str, str]:
    """What the page's form would send back as it stands, but for the lines of needs."""
    text = browser.get("/me").text
    found = dict(re.findall(r'<input[^>]*name="([a-z_]+)" value="([^"]*)" maxlength', text))
    found |= dict(re.findall(r'name="(form_token|seen)" value="([0-9a-f]+)"', text))
    found |= dict.fromkeys(re.findall(r'name="([a-z_]+)" value="yes" checked', text), "yes")
    found |= dict(re.findall(r'<textarea[^>]*name="([a-z_]+)"[^>]*>([^<]*)</textarea>', text))
    found |= {"stays_s": re.findall(r'<option value="(\d+)" selected', text)[0]}
    found.pop("need", None)
    return found


def known(house: House, member: MemberId = WHOLE.id) -> Member | None:
    return house.database.read_now(lambda c: directory.member_of(c, member))


def test_a_tap_opens_the_page_of_whoever_tapped_in_their_own_language(page: Browser):
    answer = page.get("/me")
    assert answer.status == 200
    assert "Bonjour Léa" in answer.text
    assert 'value="une traduction"' in answer.text
    assert 'value="2026-11-30"' in answer.text
    assert "céramique\njazz" in answer.text
    assert "Amina" not in answer.text
    assert "amina" not in answer.text


def test_a_code_is_good_once_and_whoever_comes_second_is_asked_to_tap_again(house, page: Browser, lea):
    other = Browser(house, language="fr")
    answer = other.get(f"/me/{code(house, lea)}")
    assert answer.status == 403
    assert "Encore un passage de badge" in answer.text
    assert "Léa" not in answer.text
    assert "set-cookie" not in answer.headers
    assert other.get("/me").status == 403
    assert page.get("/me").status == 200


@pytest.mark.parametrize("late_s", [151, 600, -31, -90_000])
def test_a_code_that_is_too_old_or_of_the_future_opens_nothing(house: House, lea: MemberId, late_s: int):
    assert Browser(house).get(f"/me/{code(house, lea, late_s=late_s)}").status == 403


def test_a_code_of_another_space_or_of_somebody_erased_opens_nothing(house: House, lea: MemberId):
    phone = Browser(house)
    assert phone.get(f"/me/{code(house, lea, key=BadgeKey(1, b'another secret'))}").status == 403
    good = code(house, lea)
    house.database.write_now(lambda c: directory.remove_member(c, lea))
    assert phone.get(f"/me/{good}").status == 403


def test_a_look_ahead_does_not_use_a_code_up(house: House, lea: MemberId):
    phone = Browser(house)
    good = code(house, lea)
    assert phone.ask("HEAD", f"/me/{good}").status == 204
    assert phone.get(f"/me/{good}", sec_purpose="prefetch;prerender").status == 204
    assert phone.get(f"/me/{good}").status == 303


def test_guessing_is_slowed_down(house: House, lea: MemberId):
    phone = Browser(house)
    for _ in range(FREE_TRIES_ADDRESS):
        assert phone.get("/me/ABCDEF").status == 403
    answer = phone.get(f"/me/{code(house, lea)}")
    assert answer.status == 429
    assert int(answer.headers["retry-after"]) >= 1
    house.clock.move(timedelta(seconds=5))
    assert phone.get(f"/me/{code(house, lea)}").status == 303


def test_being_slow_or_coming_twice_is_no_wrong_try(house: House, page: Browser, lea: MemberId):
    for _ in range(FREE_TRIES_ADDRESS):
        assert page.get(f"/me/{code(house, lea)}").status == 403
        assert page.get(f"/me/{code(house, lea, late_s=600)}").status == 403
    assert page.get(f"/me/{code(house, lea, nonce=1)}").status == 303


def test_its_cookie_opens_no_page_of_hosts_and_a_host_s_opens_no_member_s(house, host, page: Browser, lea):
    for path in ("/", "/members", "/members/lea", "/accounts", "/api/present"):
        assert page.get(path).status in {303, 401}, path
    assert host.get("/me").status == 403
    host.get(f"/me/{code(house, lea, nonce=1)}")
    assert host.get("/me").status == 200
    assert host.get("/members").status == 200, "a host stays a host beside it"
    assert len(set(host.cookies)) >= 2


def test_the_cookie_cannot_be_read_by_scripts_and_is_bound_to_https(tmp_path):
    with House(tmp_path, https=True) as house:
        house.member("lea", "Léa")
        cookie = Browser(house).get(f"/me/{code(house, MemberId('lea'))}").headers["set-cookie"].lower()
    assert cookie.startswith("__host-foyer-own=")
    assert all(word in cookie for word in ("httponly", "samesite=lax", "secure", "path=/", "max-age=3600"))


def test_the_page_closes_by_itself_and_when_asked(house: House, page: Browser, lea: MemberId):
    house.clock.move(IDLE - timedelta(minutes=1))
    assert page.get("/me").status == 200
    house.clock.move(IDLE + timedelta(seconds=1))
    assert page.get("/me").status == 403
    page.get(f"/me/{code(house, lea)}")
    for _ in range(LONGEST // timedelta(minutes=10)):
        assert page.get("/me").status == 200
        house.clock.move(timedelta(minutes=10))
    house.clock.move(timedelta(seconds=1))
    assert page.get("/me").status == 403
    page.get(f"/me/{code(house, lea)}")
    answer = page.post("/me", {"form_token": fields(page)["form_token"], "do": "close"})
    assert "fermée" in answer.text or "closed" in answer.text
    assert page.get("/me").status == 403


def test_who_is_erased_has_no_page_any_more(house: House, page: Browser, lea: MemberId):
    house.database.write_now(lambda c: directory.remove_member(c, lea))
    assert page.get("/me").status == 403


@pytest.mark.parametrize("status", [BadgeStatus.LOST, BadgeStatus.REVOKED])
def test_a_lost_badge_closes_the_page_that_it_opened(house: House, page: Browser, lea, status: BadgeStatus):
    badge = BADGE_KEY.hash(b"1234567")
    house.link(badge, lea)
    house.database.write_now(lambda c: directory.set_status(c, badge, status))
    assert page.get("/me").status == 403


def test_sending_the_page_back_as_it_is_changes_nothing(house: House, page: Browser):
    sent = fields(page) | {"need": "une traduction", "until": "2026-11-30"}
    assert page.post("/me", sent).status == 303
    now = known(house)
    assert now is not None
    assert msgspec.structs.replace(now, needs=WHOLE.needs, needs_until=WHOLE.needs_until) == WHOLE


def test_a_change_reaches_the_directory_and_leaves_a_deed_without_a_login(house: House, page: Browser):
    before = house.database.read_now(lambda c: c.exec_driver_sql("SELECT max(revision) FROM feed").scalar())
    sent = fields(page) | {"name": "Léa M.", "offers": "un logo\nune affiche", "stays_s": "45"}
    sent.pop("introductions")
    answer = page.post("/me?language=fr", sent)
    assert answer.headers["location"] == "/me?said=kept&language=fr"
    now = known(house)
    assert now is not None
    assert (now.name, now.offers, now.introductions) == ("Léa M.", ("un logo", "une affiche"), False)
    assert now.comfort == Comfort(large_text=True, stays_s=45)
    assert (now.host, now.joined, now.avoid) == (WHOLE.host, WHOLE.joined, WHOLE.avoid)
    after = house.database.read_now(lambda c: c.exec_driver_sql("SELECT max(revision) FROM feed").scalar())
    assert after > before
    (done,) = house.database.read_now(lambda c: deeds.latest(c, 1))
    assert (done.deed, done.host, done.subject) == (Deed.OWN_PAGE, "", "lea")
    assert "C’est noté" in page.get("/me?said=kept").text


def test_nobody_makes_themselves_a_host(house: House, lea: MemberId):
    phone = Browser(house)
    phone.get(f"/me/{code(house, MemberId('amina'))}")
    sent = fields(phone) | {"host": "yes", "id": "lea", "joined": "2020-01-01", "avoid": "lea", "badge": "04"}
    assert phone.post("/me", sent).status == 303
    now = known(house, MemberId("amina"))
    assert now is not None
    assert (now.id, now.host, now.joined, now.avoid) == ("amina", False, None, ())
    assert known(house) == WHOLE


def test_what_is_wrong_is_said_beside_it_and_nothing_typed_is_lost(house: House, page: Browser):
    sent = fields(page) | {"name": "", "offers": "x" * 121, "trade": "graphiste", "need": "un <b>lieu</b>"}
    answer = page.post("/me", sent)
    assert answer.status == 422
    assert answer.text.count('aria-invalid="true"') == 2
    assert "graphiste" in answer.text
    assert "un &lt;b&gt;lieu&lt;/b&gt;" in answer.text
    assert known(house) == WHOLE


def test_the_first_field_that_is_wrong_is_named_and_open(house: House, page: Browser):
    sent = fields(page) | {"trade": "x" * 121, "offers": "y" * 121}
    text = page.post("/me?language=en", sent).text
    assert text.count(" autofocus") == 1
    assert 'aria-describedby="trade-rule" aria-invalid="true" autofocus' in text
    assert "Please look again: What I do." in text
    assert "Please look again: What I offer." in text


def test_a_need_whose_day_is_over_is_refused_by_its_name_unless_it_stood_there(house: House, page: Browser):
    sent = fields(page) | {"need": "un <b>lieu</b>", "until": (TODAY - timedelta(days=1)).isoformat()}
    answer = page.post("/me?language=en", sent)
    assert answer.status == 422
    assert "“un &lt;b&gt;lieu&lt;/b&gt;”: its last day is over." in answer.text
    assert answer.text.count(" autofocus") == 1
    assert known(house) == WHOLE
    old = msgspec.structs.replace(WHOLE, needs=("un lieu",), needs_until=(TODAY - timedelta(days=1),))
    house.database.write_now(lambda c: directory.put_member(c, old))
    assert page.post("/me", fields(page) | {"need": "un lieu", "until": sent["until"]}).status == 303
    answer = page.post("/me?language=en", fields(page) | {"need": "z" * 121, "until": ""})
    assert "a last day that is in the calendar" in answer.text


def test_who_did_not_tick_that_they_are_sure_stays_at_the_form(house: House, page: Browser):
    answer = page.post("/me?language=en", fields(page) | {"do": "erase"})
    assert answer.status == 422
    told = answer.text.partition("Erase me</summary>")[2]
    assert "“I am sure” is not ticked: nobody was erased." in told
    assert 'aria-describedby="sure-wrong" autofocus' in told
    assert known(house) == WHOLE


def test_what_a_host_changed_meanwhile_is_not_overwritten_unseen(house: House, page: Browser):
    sent = fields(page) | {"trade": "graphiste"}
    house.database.write_now(
        lambda c: directory.put_member(c, msgspec.structs.replace(WHOLE, company="Ailleurs"))
    )
    answer = page.post("/me", sent)
    assert answer.status == 200
    assert "graphiste" in answer.text
    now = known(house)
    assert now is not None
    assert (now.trade, now.company) == ("illustratrice", "Ailleurs")
    again = sent | {"seen": re.findall(r'name="seen" value="([0-9a-f]+)"', answer.text)[0]}
    assert page.post("/me", again).status == 303


def test_a_page_that_is_full_to_the_brim_is_kept(house: House, page: Browser):
    full = "\n".join(f"{n:02} " + "é" * 57 for n in range(30))
    sent = fields(page) | dict.fromkeys(("offers", "interests", "ask_about", "avoid_topics"), full)
    assert page.post("/me", sent).status == 303
    now = known(house)
    assert now is not None
    assert len(now.offers) == len(now.avoid_topics) == 30


def test_a_form_that_is_not_ours_changes_nothing(house: House, page: Browser):
    assert page.post("/me", fields(page) | {"form_token": "0" * 64}).status == 403
    assert page.post("/me", fields(page), origin="https://elsewhere.example").status == 403
    assert known(house) == WHOLE


def test_everything_that_is_known_may_be_taken_away_and_names_nobody_else(house: House, page: Browser, lea):
    house.happen(CheckedIn(lea))
    house.happen(Met(lea, MemberId("amina")))
    house.happen(CheckedIn(MemberId("amina")))
    house.link(BADGE_KEY.hash(b"1234567"), lea)
    house.database.write_now(lambda c: notices.set_reach(c, lea, notices.Reach(guests=False)))
    house.database.write_now(lambda c: photos.put(c, lea, photos.Photo(b"image", hosts=True)))
    house.database.write_now(lambda c: newcomers.set_buddy(c, MemberId("amina"), lea, TODAY, "camille"))
    answer = page.get("/me/everything.json")
    assert answer.headers["content-disposition"] == 'attachment; filename="foyer-me.json"'
    told = json.loads(answer.text)
    schemas = yaml.safe_load(OPENAPI.read_text())["components"]["schemas"]
    Draft202012Validator(schemas["Everything"]).validate(told)
    assert told["member"]["name"] == "Léa"
    assert [moment["what"] for moment in told["happened"]] == ["checked_in", "met"]
    assert len(told["badges"]) == 1
    assert (told["told_of_guests"], told["looks_after"]) == (False, 1)
    assert (told["photo_for_hosts"], told["photo_for_members"]) == (True, False)
    assert "amina" not in answer.text
    assert Browser(house).get("/me/everything.json").status == 403


def test_what_a_host_changed_stands_on_the_page_and_what_others_had_done_does_not(house, page: Browser, lea):
    badge = BADGE_KEY.hash(b"1234567")
    house.link(badge, lea)

    def work(connection) -> None:
        deeds.note(connection, 1_700_000_000_000_000, Deed.PIN_SET, "camille", lea)
        deeds.note(connection, 1_700_000_000_000_000, Deed.BADGE_LOST, "camille", badge)
        deeds.note(connection, 1_700_000_000_000_000, Deed.PIN_REMOVED, "camille", "amina")
        deeds.note(connection, 1_700_000_000_000_000, Deed.MEMBER_COMFORT, "", lea)
        deeds.note(connection, 1_700_000_000_000_000, Deed.MEMBER_CHANGED, "api:Zapier", lea)

    assert "What hosts changed" not in page.get("/me?language=en").text
    house.database.write_now(work)
    text = page.get("/me?language=en").text
    assert "14 Nov 2023 — my PIN was set" in text
    assert "a badge of mine was marked as lost" in text
    assert "another program changed my profile" in text
    assert "my PIN was taken away" not in text
    assert "how screens suit me was changed" not in text
    assert "camille" not in text


def test_a_member_who_says_it_twice_is_erased_at_once(house: House, page: Browser, lea):
    token = fields(page)["form_token"]
    answer = page.post("/me?language=en", {"form_token": token, "do": "erase"})
    assert "nobody was erased" in answer.text
    assert known(house) == WHOLE
    assert page.post("/me", {"form_token": "0" * 64, "do": "erase", "sure": "yes"}).status == 403
    answer = page.post("/me?language=en", {"form_token": token, "do": "erase", "sure": "yes"})
    assert "You are erased" in answer.text
    assert "Léa" not in answer.text
    assert known(house) is None
    assert page.get("/me").status == 403
    (done,) = house.database.read_now(lambda c: deeds.latest(c, 1))
    assert (done.deed, done.host, done.subject) == (Deed.MEMBER_ERASED, "", "lea")


def test_no_code_and_no_name_comes_into_the_log(house, lea: MemberId, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    phone, good = Browser(house), code(house, lea)
    phone.get(f"/me/{good}")
    phone.get(f"/me/{good}")
    phone.post("/me", fields(phone) | {"trade": "graphiste"})
    for record in caplog.records:
        if record.name.startswith(("sync", "plumbing")):
            assert good not in record.getMessage()
            assert "Léa" not in record.getMessage()


def test_the_words_that_say_who_sees_a_name_follow_the_ticks(house: House, page: Browser):
    assert "Tout le monde à l’entrée" in page.get("/me").text
    sent = fields(page)
    for audience in ("lobby", "members", "hosts"):
        sent.pop(f"visible_{audience}", None)
    page.post("/me", sent)
    text = page.get("/me").text
    assert all(words in text for words in ("Personne à l’entrée", "Aucun autre membre", "comptent sans nom"))


def test_what_stands_on_the_page_is_read_as_it_stands():
    draft = read(typed_of(WHOLE), WHOLE, TODAY)
    assert draft.member == WHOLE
    assert not draft.wrong


def test_needs_are_read_with_the_day_beside_them_or_in_their_words():
    rows = (("un local (until 2026-12-24)", ""), ("une voix", "2026-12-01"), ("un prêt; un four", ""))
    typed = Typed({"name": "Léa"}, frozenset(), rows)
    member = read(typed, WHOLE, TODAY).member
    assert member.needs == ("un local", "une voix", "un prêt", "un four")
    assert member.needs_until == (date(2026, 12, 24), date(2026, 12, 1), None, None)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("name", ""),
        ("name", "x" * 61),
        ("trade", "a\u202eb"),
        ("place", "x" * 121),
        ("languages", "français"),
        ("offers", "\n".join(str(n) for n in range(31))),
        ("stays_s", "9"),
        ("stays_s", "soon"),
    ],
)
def test_what_a_members_file_would_refuse_is_refused_here(field: str, text: str):
    typed = typed_of(WHOLE)
    draft = read(Typed({**typed.texts, field: text}, typed.ticked, typed.needs), WHOLE, TODAY)
    assert draft.wrong == {field}
    assert getattr(draft.member, field, None) == getattr(WHOLE, field, None)


@pytest.mark.parametrize("row", [("x" * 121, ""), ("un four", "soon")])
def test_a_need_that_cannot_be_read_leaves_the_needs_as_they_were(row: tuple[str, str]):
    typed = typed_of(WHOLE)
    draft = read(Typed(typed.texts, typed.ticked, (row,)), WHOLE, TODAY)
    assert (draft.wrong, draft.member.needs) == ({"needs"}, WHOLE.needs)


OPEN_TO_ALL = Visibility(lobby=True, members=True, hosts=True)


@pytest.fixture
def asking(tmp_path):
    """A house that publishes SpaceAPI, and Léa's page open in it."""
    spaceapi = SpaceApiSettings(
        publish=True, url="https://a.example", logo="https://a.example/l.svg", email="a@b.example"
    )
    with House(tmp_path, publishing=Publishing(SPACE_ID, spaceapi)) as house:
        open_to_all = msgspec.structs.replace(WHOLE, visibility=OPEN_TO_ALL)
        house.database.write_now(lambda c: directory.put_member(c, open_to_all))
        phone = Browser(house)
        phone.get(f"/me/{code(house, WHOLE.id)}")
        yield house, phone


def agreed(house: House) -> bool:
    return house.database.read_now(lambda c: world.said_yes(c, WHOLE.id))


def test_the_world_is_asked_about_only_where_something_is_published(house: House, page: Browser):
    text = page.get("/me?language=en").text
    assert "visible_world" not in text
    assert "on the net" not in text
    page.post("/me", fields(page) | {"visible_world": "yes"})
    assert not agreed(house)


def test_a_yes_to_the_world_is_a_tick_that_is_off_until_it_is_set(asking):
    house, page = asking
    text = page.get("/me?language=en").text
    assert re.search(r'name="visible_world" value="yes" >', text)
    assert "Nobody on the net: the space’s public count has no name of mine." in text
    need = {"need": "une traduction", "until": "2026-11-30"}
    page.post("/me", fields(page) | need | {"visible_world": "yes"})
    assert agreed(house)
    (done,) = house.database.read_now(lambda c: deeds.latest(c, 1))
    assert (done.deed, done.subject) == (Deed.OWN_PAGE, "lea")
    assert fields(page)["visible_world"] == "yes"
    assert "Anybody on the net: my first name stands beside" in page.get("/me?language=en").text
    assert page.get("/me/everything.json").json["named_to_the_world"] is True
    sent = fields(page) | need
    del sent["visible_world"]
    page.post("/me", sent)
    assert not agreed(house)
    assert page.get("/me/everything.json").json["named_to_the_world"] is False
    told = house.database.read_now(lambda c: c.exec_driver_sql("SELECT body FROM feed").scalars().all())
    assert not any("world" in (body or "") for body in told), "no kiosk is told"


@pytest.mark.parametrize("closed", ["visible_lobby", "visible_members", "visible_hosts"])
def test_a_yes_to_the_world_waits_while_somebody_nearer_may_not_read_the_name(asking, closed: str):
    house, page = asking
    sent = fields(page) | {"visible_world": "yes"}
    del sent[closed]
    page.post("/me", sent)
    assert agreed(house)
    assert "Nobody on the net for now" in page.get("/me?language=en").text


def test_an_old_page_does_not_say_yes_to_the_world_again(asking):
    house, page = asking
    page.post("/me", fields(page) | {"visible_world": "yes"})
    old = fields(page)
    newer = fields(page)
    del newer["visible_world"]
    page.post("/me", newer)
    answer = page.post("/me?language=en", old | {"trade": "graphiste"})
    assert "Somebody else changed your page meanwhile" in answer.text
    assert not agreed(house)


def test_a_yes_to_the_world_goes_with_its_member(asking):
    house, page = asking
    page.post("/me", fields(page) | {"visible_world": "yes"})
    house.database.write_now(lambda c: directory.remove_member(c, WHOLE.id))
    house.database.write_now(lambda c: directory.put_member(c, WHOLE))
    assert not agreed(house)
