"""The pages of notices: hosts' channels, and what members choose for themselves."""

from datetime import timedelta

import msgspec
import pytest

from community.events import CheckedIn, CheckedOut
from community.ids import MemberId
from community.members import Visibility
from sync.dashboard.own_notices import TESTS
from sync.notices.addresses import EXAMPLES, MAIL_EXAMPLE, PROGRAM_EXAMPLE, members_address, space_address
from sync.store import accounts, directory, notices
from sync.store import notice_outbox as outbox
from sync.store.deeds import Deed, latest
from sync.store.notices import MOST_CHANNELS, MOST_WISHES, Reach
from sync.store.tries import Outcome
from tests.sync.dashboard.house import LOGIN, Browser, House
from tests.sync.dashboard.test_own_page import WHOLE, code

SECRET = "mailtos://door:a-password@mail.example.org?from=door@example.org"
LEA, AMINA = WHOLE.id, MemberId("amina")


def channels(house: House) -> list[notices.Channel]:
    return list(house.database.read_now(notices.every_channel))


def send(browser: Browser, path: str = "/notices", **fields: str):
    return browser.post(path, {"form_token": browser.form_token(path), **fields})


def test_a_channel_is_added_tried_changed_and_removed_and_its_address_is_never_shown(house, host):
    assert send(host, do="add", name="Team", address=SECRET).headers["location"] == "/notices?said=added"
    (channel,) = channels(house)
    assert (channel.name, channel.address, channel.mail) == ("Team", SECRET, True)
    assert channel.kinds == {"silent", "quarantine", "disk", "badges"}
    text = host.get("/notices").text
    assert "mailtos://…" in text
    assert not any(secret in text for secret in ("a-password", "mail.example.org", "door@"))
    send(host, do="keep", channel="1", disk="yes", language="fr")
    assert (channels(house)[0].kinds, channels(house)[0].language) == ({"disk"}, "fr")
    send(host, do="test", channel="1")
    (waiting,) = house.database.read_now(lambda c: outbox.due(c, 10**17, 9))
    assert (waiting.kind, waiting.channel_id) == ("test", 1)
    send(host, do="remove", channel="1")
    assert channels(house) == []
    assert house.database.read_now(lambda c: outbox.due(c, 10**17, 9)) == ()
    done = [(each.deed, each.host) for each in house.database.read_now(lambda c: latest(c, 3))]
    assert done == [
        (Deed.CHANNEL_REMOVED, LOGIN),
        (Deed.CHANNEL_CHANGED, LOGIN),
        (Deed.CHANNEL_ADDED, LOGIN),
    ]
    assert "removed a channel for notices" in host.get("/record").text


def test_what_is_no_address_is_refused_and_the_name_stays(house, host):
    answer = send(host, do="add", name="Team", address="file:///etc/passwd")
    assert answer.status == 422
    assert 'value="Team"' in answer.text
    assert "passwd" not in answer.text
    assert 'aria-describedby="address-wrong address-rule" aria-invalid="true" autofocus' in answer.text
    assert channels(house) == []


def test_a_bare_mail_address_is_refused_with_how_one_looks_and_stays_typed(house, host):
    answer = send(host, do="add", name="Team", address="team@example.org")
    assert answer.status == 422
    assert "for e-mail, the hub must know through whom it sends" in answer.text
    assert MAIL_EXAMPLE.replace("&", "&amp;") in answer.text
    assert 'value="team@example.org"' in answer.text
    assert space_address(MAIL_EXAMPLE) == MAIL_EXAMPLE
    assert space_address(PROGRAM_EXAMPLE) == PROGRAM_EXAMPLE
    assert all(members_address(each) == each for each in EXAMPLES.values())


def test_what_is_gone_or_too_much_is_said(house, host):
    for do in ("keep", "test", "remove", "dance"):
        assert send(host, do=do, channel="9", language="fr").headers["location"] == "/notices?said=gone"
    for number in range(MOST_CHANNELS):
        send(host, do="add", address=f"ntfys://ntfy.sh/{number}")
    send(host, do="keep", channel="1", mail="yes", language="en")
    assert not channels(house)[0].mail
    house.database.write_now(lambda c: notices.add_channel(c, "x", "y", [], "en"))
    assert len(channels(house)) == MOST_CHANNELS
    token = host.form_token("/notices")
    answer = host.post("/notices", {"form_token": token, "do": "add", "address": "ntfys://ntfy.sh/more"})
    assert answer.headers["location"] == "/notices?said=many"


def test_a_host_reads_the_channels_and_changes_none_and_a_screen_sees_nothing(house, host):
    send(host, do="add", address=SECRET)
    token = host.form_token("/notices")
    house.database.write_now(lambda c: accounts.set_role(c, 1, "host"))
    text = host.get("/notices").text
    assert "E-mail" in text
    assert 'name="address"' not in text
    assert host.post("/notices", {"form_token": token, "do": "remove", "channel": "1"}).status == 403
    house.database.write_now(lambda c: accounts.set_role(c, 1, "viewer"))
    assert host.get("/notices").status == 403
    assert len(channels(house)) == 1


def test_how_the_last_notice_went_is_shown(house, host):
    send(host, do="add", address="ntfys://ntfy.sh/x")
    at_us = int(house.clock.at().timestamp() * 1_000_000)

    def tried(connection, key, outcome, *, over):
        outbox.put(connection, key, "disk", at_us, channel_id=1)
        row = outbox.due(connection, at_us, 1)[0].id
        if over:
            outbox.done(connection, row, outcome, at_us)
        else:
            outbox.again(connection, row, outcome, at_us + 1)

    house.database.write_now(lambda c: tried(c, "a", Outcome.SENT, over=True))
    assert "Last sent:" in host.get("/notices").text
    house.database.write_now(lambda c: tried(c, "b", Outcome.REFUSED, over=False))
    assert "The last message is tried again: it was refused" in host.get("/notices").text
    house.database.write_now(lambda c: tried(c, "c", Outcome.SLOW, over=True))
    text = host.get("/notices").text
    assert "The last message was given up" in text
    assert "One message of the last seven days could not be delivered" in text


@pytest.fixture
def lea(house: House) -> Browser:
    """A phone with Léa's page open; Amina may be chosen, Paul may not."""
    house.database.write_now(lambda c: directory.put_member(c, WHOLE))
    house.member("amina", "Amina")
    house.database.write_now(lambda c: directory.put_member(c, _seen(directory.member_of(c, AMINA))))
    house.member("paul", "Paul")
    house.happen(CheckedIn(LEA))
    house.database.write_now(lambda c: notices.add_channel(c, "Team", SECRET, [], "en"))
    house.database.write_now(lambda c: notices.set_kinds(c, 1, [], "en", mail=True))
    phone = Browser(house)
    phone.get(f"/ME/{code(house, LEA)}")
    return phone


def works(house: House) -> None:
    """Let Léa have an address that works."""
    house.database.write_now(lambda c: notices.set_reach(c, LEA, Reach("ntfys://ntfy.sh/lea")))


def _seen(member):
    return msgspec.structs.replace(member, visibility=Visibility(members=True))


ME = "/me/notices"


def confirm(house: House, phone: Browser) -> None:
    """Type the code that was sent to the new address."""
    (row,) = house.database.read_now(lambda c: outbox.due(c, 10**17, 9))
    assert (row.kind, row.member_id) == ("confirm", LEA)
    answer = send(phone, ME, do="confirm", code=f" {reach(house).code} ")
    assert answer.headers["location"] == "/me/notices?said=theirs"
    house.database.write_now(lambda c: outbox.done(c, row.id, Outcome.SENT, 1))


def reach(house: House) -> Reach:
    return house.database.read_now(lambda c: notices.reach_of(c, LEA))


def wishes(house: House):
    return house.database.read_now(lambda c: notices.wishes_of(c, LEA))


def test_a_member_says_where_and_of_what_and_sees_only_the_beginning(house, lea):
    assert 'href="/me/notices' in lea.get("/me").text
    answer = send(lea, ME, address="lea@example.org", guests="yes", found="yes")
    assert answer.headers["location"] == "/me/notices?said=code"
    confirm(house, lea)
    assert reach(house) == Reach("lea@example.org", guests=True, found=True)
    text = lea.get(ME).text
    assert "l…@example.org" in text
    assert "lea@" not in text
    assert "ne peut pas encore envoyer" not in text
    house.database.write_now(lambda c: notices.remove_channel(c, 1))
    assert "ne peut pas encore envoyer" in lea.get(ME).text
    send(lea, ME, address="l…@example.org", guests="yes")
    assert reach(house) == Reach("lea@example.org", guests=True, found=False)
    send(lea, ME, address="l…@example.org", nowhere="yes")
    assert reach(house).address == ""


@pytest.mark.parametrize("address", ["ntfys://127.0.0.1/x", "mailto://a:b@c.org", "gibberish", "x" * 600])
def test_an_address_that_leads_inward_or_nowhere_is_refused(house, lea, address):
    answer = send(lea, ME, address=address)
    assert answer.status == 422
    assert "Mon adresse" in answer.text
    assert "une adresse où l’on peut écrire" in answer.text
    assert 'aria-describedby="address-wrong address-rule" aria-invalid="true" autofocus' in answer.text
    assert f'value="{address}"' in answer.text
    assert reach(house).address == ""


def test_where_no_mail_goes_it_is_said_first_and_no_code_is_promised(house, lea):
    house.database.write_now(lambda c: notices.remove_channel(c, 1))
    assert "n’envoie pas encore d’e-mail" in lea.get(ME).text
    answer = send(lea, ME, address="lea@example.org", guests="yes", found="yes")
    assert answer.status == 422
    assert "aucun code n’arriverait" in answer.text
    assert 'value="lea@example.org"' in answer.text
    assert answer.text.count("checked>") == 2
    assert reach(house).address == ""
    assert send(lea, ME, address="ntfys://ntfy.sh/lea").headers["location"] == "/me/notices?said=code"


def test_a_wish_takes_an_address_that_works(house, lea):
    answer = send(lea, ME, do="wish", other="amina")
    assert answer.status == 422
    assert "il en faut d’abord une qui marche" in answer.text
    assert '<option value="amina" selected>' in answer.text
    assert wishes(house) == ()
    house.database.write_now(lambda c: notices.set_reach(c, LEA, Reach("lea@example.org")))
    assert send(lea, ME, do="wish", other="amina").status == 303
    house.database.write_now(lambda c: notices.remove_channel(c, 1))
    assert send(lea, ME, do="wish", other="amina").status == 422


def test_a_wish_is_kept_shown_and_taken_back_and_only_whom_one_may_read_can_be_chosen(house, lea):
    works(house)
    text = lea.get(ME).text
    assert ">Amina</option>" in text
    assert "Paul" not in text
    assert send(lea, ME, do="wish", other="amina").headers["location"] == "/me/notices?said=wished"
    assert wishes(house) == (AMINA,)
    assert ">Amina</option>" not in lea.get(ME).text
    for nobody in ("paul", "lea", "nobody"):
        assert send(lea, ME, do="wish", other=nobody).headers["location"] == "/me/notices?said=nobody"
    send(lea, ME, do="back", other="amina")
    assert wishes(house) == ()


def test_who_asks_for_them_shows_on_nobodys_page(house, lea):
    before = lea.get(ME).text
    house.database.write_now(lambda c: notices.wish(c, AMINA, LEA, 1))
    assert lea.get(ME).text == before
    assert "amina" not in str(lea.get("/me/everything.json").json)


def test_without_being_in_no_names_are_shown_and_none_is_taken(house, lea):
    works(house)
    send(lea, ME, do="wish", other="amina")
    house.happen(CheckedOut(LEA))
    text = lea.get(ME).text
    assert "<option" not in text
    assert "se montre quand on est là" in text
    house.member("amina", "Amina")
    text = lea.get(ME).text
    assert "Amina" not in text
    assert "quelqu’un dont le nom n’est plus montré" in text
    send(lea, ME, do="back", other="amina")
    assert send(lea, ME, do="wish", other="amina").headers["location"] == "/me/notices?said=nobody"


def test_too_many_wishes_and_too_many_tests_are_said(house, lea):
    for number in range(MOST_WISHES):
        house.database.write_now(lambda c, n=number: notices.wish(c, LEA, MemberId(f"m{n}"), n))
    works(house)
    assert send(lea, ME, do="wish", other="amina").headers["location"] == "/me/notices?said=many"
    house.database.write_now(lambda c: notices.set_reach(c, LEA, Reach()))
    assert send(lea, ME, do="test").status == 422
    send(lea, ME, address="lea@example.org")
    assert send(lea, ME, do="test").status == 422
    confirm(house, lea)
    places = []
    for _ in range(TESTS + 1):
        house.clock.move(timedelta(seconds=1))
        places.append(send(lea, ME, do="test").headers["location"])
    assert places == ["/me/notices?said=tested"] * TESTS + [None]


def test_a_wrong_code_leaves_the_address_unused_and_guessing_is_slowed_down(house, lea):
    send(lea, ME, address="lea@example.org")
    code = reach(house).code
    assert (len(code), code.isdecimal(), reach(house).works) == (6, True, False)
    wrong = "000000" if code != "000000" else "111111"
    answers = [send(lea, ME, do="confirm", code=wrong) for _ in range(4)]
    assert ["c’en est un autre" in each.text for each in answers] == [True, True, True, False]
    assert f'value="{wrong}"' in answers[0].text
    assert send(lea, ME, do="confirm", code=code).status == 422
    assert not reach(house).works
    house.clock.move(timedelta(minutes=6))
    assert send(lea, ME, do="confirm", code=code).headers["location"] == "/me/notices?said=theirs"
    assert send(lea, ME, do="confirm", code="").status == 422


def test_no_more_than_three_addresses_an_hour_are_sent_a_code(house, lea):
    for number in range(TESTS):
        house.clock.move(timedelta(seconds=1))
        send(lea, ME, address=f"lea{number}@example.org")
        (row,) = house.database.read_now(lambda c: outbox.due(c, 10**17, 9))
        house.database.write_now(lambda c, row=row: outbox.done(c, row.id, Outcome.SENT, 1))
    assert 'value="paul@example.org"' in send(lea, ME, address="paul@example.org").text
    assert reach(house).address == "lea2@example.org"


def test_it_is_theirs_alone(house, lea):
    other = Browser(house)
    assert other.get(ME).headers["location"] == "/me"
    token = lea.form_token(ME)
    assert other.post(ME, {"form_token": token, "address": "x@example.org"}).headers["location"] == "/me"
    assert lea.post(ME, {"form_token": "0" * 64, "address": "x@example.org"}).status == 403
    assert reach(house).address == ""


def test_what_is_known_of_them_holds_their_address_and_their_wishes(house, lea):
    send(lea, ME, address="lea@example.org", found="yes")
    confirm(house, lea)
    send(lea, ME, do="wish", other="amina")
    everything = lea.get("/me/everything.json").json
    assert everything["told_at"] == "lea@example.org"
    assert everything["asked_for"] == ["amina"]
    assert everything["may_be_found"] is True
