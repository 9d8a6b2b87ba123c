"""More than one account: roles, codes, passwords, and always an administrator."""

import re

import pytest

from community.badges import BadgeHash, short_code
from community.events import CheckedIn
from community.ids import MemberId
from community.members import Member, Visibility
from sync.dashboard.rendering import HERE
from sync.dashboard.roles import HOME, READING, WRITING, Role, may
from sync.store import deeds, directory
from sync.store.deeds import Deed
from tests.sync.dashboard.house import LOGIN, PASSWORD, Browser
from tests.sync.dashboard.test_deeds import kept

NEW_PASSWORD = "other words do too"


def send(browser: Browser, **fields: str):
    return browser.post("/accounts", {"form_token": browser.form_token("/accounts"), **fields})


def code_for(browser: Browser, role: Role) -> str:
    """The code the page shows."""
    return re.search(r'<b class="code">([^<]+)</b>', send(browser, do="add", role=role.value).text)[1]


def join(house, code: str, login: str, password: str = PASSWORD):
    browser = Browser(house)
    form = {"form_token": browser.form_token("/join"), "code": code, "login": login}
    return browser, browser.post("/join", {**form, "password": password, "again": password})


def member_of(house, host, role: Role, login: str) -> Browser:
    browser, answer = join(house, code_for(host, role), login)
    assert answer.status == 303, answer.text
    assert answer.headers["location"] == HOME[role]
    return browser


def change(browser: Browser, old: str, new: str, again: str | None = None):
    form = {"form_token": browser.form_token("/accounts"), "old": old, "password": new}
    return browser.post("/password", {**form, "again": new if again is None else again})


def test_the_first_host_is_an_administrator_and_adds_others_by_a_code(house, host):
    other = member_of(house, host, Role.HOST, "sacha")
    assert other.get("/").status == 200
    assert "sacha" in host.get("/accounts").text
    assert (Deed.ACCOUNT_ADDED, "sacha", LOGIN) in kept(house)


def test_a_code_makes_one_account(house, host):
    code = code_for(host, Role.HOST)
    assert join(house, code, "sacha")[1].status == 303
    answer = join(house, code, "robin")[1]
    assert answer.status == 403
    assert "This code is not good" in answer.text


def test_the_page_tells_the_whole_address_where_a_code_is_typed(house, host):
    text = send(host, do="add", role="host").text
    assert f'<b class="address">{host.origin}/join</b>' in text


def test_the_record_has_words_where_there_are_words_and_short_ids_elsewhere(house, host):
    def work(connection) -> None:
        for deed, subject in (
            (Deed.BADGE_LOST, "k1:" + "a" * 32),
            (Deed.ACCOUNT_ROLE, "admin sacha"),
            (Deed.SPACE_LEVEL, "pin"),
            (Deed.TEXT_CHANGED, "first-day fr"),
            (Deed.PIN_SET, "0123456789abcdef"),
            (Deed.GUEST_MET, "door/17"),
            (Deed.CHANNEL_ADDED, "3"),
        ):
            deeds.note(connection, 1, deed, "camille", subject)

    house.database.write_now(work)
    text = re.sub(r"<[^>]*>", "", host.get("/record").text)
    assert "k1:" not in text
    for words in (
        "badge " + short_code(BadgeHash("k1:" + "a" * 32)),
        "administrator: sacha",
        "Its number and a PIN",
        "after the first day (Français)",
        "member 01234567…",
        "at kiosk door",
        "number 3",
    ):
        assert words in text


def test_a_code_that_was_withdrawn_makes_none(house, host):
    code = code_for(host, Role.HOST)
    send(host, do="withdraw", name=code[:2])
    assert join(house, code, "sacha")[1].status == 403


def test_a_login_that_is_taken_costs_no_code(house, host):
    code = code_for(host, Role.HOST)
    assert "Somebody has this login already" in join(house, code, LOGIN)[1].text
    assert join(house, code, "sacha")[1].status == 303


def test_without_a_good_code_nobody_learns_which_logins_there_are(house, host):
    answer = join(house, "AA-BBBB-CCCC", LOGIN)[1]
    assert "This code is not good" in answer.text
    assert "Somebody has this login already" not in answer.text


@pytest.mark.parametrize("code", ["", "AA-BBBB", "00-0000-0000", "x" * 200])
def test_whatever_is_no_code_makes_no_account(house, host, code):
    assert join(house, code, "sacha")[1].status == 403


PAGES = (
    "/ /members /introductions /quarantine /kiosks /accounts /record /board /live /tokens /webhooks".split()
)
OPEN = {
    Role.VIEWER: {"/board", "/accounts"},
    Role.HOST: {*PAGES} - {"/record", "/tokens", "/webhooks"},
    Role.ADMIN: {*PAGES},
    Role.AUDITOR: {"/kiosks", "/accounts", "/record", "/board"},
}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_sees_its_pages_and_no_other(house, host, role):
    browser = member_of(house, host, role, "sacha")
    for page in PAGES:
        if page == "/live":
            with browser.listen() as live:
                status = live.response.status
        else:
            status = browser.get(page).status
        if page in OPEN[role]:
            assert status == 200, page
        else:
            assert status in {303, 403}, page


@pytest.mark.parametrize("role", [Role.VIEWER, Role.HOST, Role.AUDITOR])
def test_only_an_administrator_lets_anybody_in(house, host, role):
    browser = member_of(house, host, role, "sacha")
    for path, form in (
        ("/accounts", {"do": "add", "role": "admin"}),
        ("/accounts", {"do": "remove", "login": LOGIN}),
        ("/kiosks", {"do": "code", "kiosk": "front-door"}),
        ("/tokens", {"do": "make", "name": "x", "ends": "2027-01-31", "members:read": "yes"}),
        ("/webhooks", {"do": "add", "url": "https://example.org/", "member.left": "yes"}),
    ):
        sent = {"form_token": browser.form_token("/accounts"), **form}
        assert browser.post(path, sent).status == 403
    assert 'class="code"' not in browser.get("/accounts").text


@pytest.mark.parametrize("path", ["/members", "/quarantine", "/introductions", "/badges/link"])
@pytest.mark.parametrize("role", [Role.VIEWER, Role.AUDITOR])
def test_whoever_only_reads_changes_nothing(house, host, role, path):
    browser = member_of(house, host, role, "sacha")
    assert browser.post(path, {"form_token": browser.form_token("/accounts")}).status == 403


def test_a_page_nobody_thought_of_is_closed_to_whoever_only_reads():
    assert [role for role in Role if may(role, "/new", writing=False)] == [Role.HOST, Role.ADMIN]
    assert all(Role.ADMIN in roles for roles in (*READING.values(), *WRITING.values()))


def test_the_screen_in_the_room_names_only_who_wished_it(house, host):
    house.member("m1", "Élise Martin")
    house.member("m2", "Marc Petit")
    seen = Member(MemberId("m3"), "Noé Grand", visibility=Visibility(lobby=True, hosts=True))
    house.database.write_now(lambda c: directory.put_member(c, seen))
    for member in ("m1", "m2", "m3"):
        house.happen(CheckedIn(member))
    page = member_of(house, host, Role.VIEWER, "wall").get("/board").text
    assert "3 people are here" in page
    assert "Noé" in page
    assert not [name for name in ("Grand", "Élise", "Marc", "Petit") if name in page]


def test_the_last_administrator_can_be_neither_removed_nor_made_less(house, host):
    assert send(host, do="remove", login=LOGIN).headers["location"] == "/accounts?said=last"
    assert send(host, do="role", login=LOGIN, role="host").headers["location"] == "/accounts?said=last"
    member_of(house, host, Role.ADMIN, "sacha")
    assert send(host, do="role", login=LOGIN, role="host").headers["location"] == "/accounts?said=role"
    assert host.get("/record").status == 403


def test_a_removed_account_is_out_at_once(house, host):
    other = member_of(house, host, Role.HOST, "sacha")
    assert send(host, do="remove", login="sacha").headers["location"] == "/accounts?said=removed"
    assert other.get("/").headers["location"] == "/login"
    assert Browser(house).log_in("sacha").status == 403
    assert send(host, do="remove", login="sacha").headers["location"] == "/accounts?said=gone"


def test_another_role_holds_at_once(house, host):
    other = member_of(house, host, Role.HOST, "sacha")
    send(host, do="role", login="sacha", role="auditor")
    assert other.get("/").headers["location"] == "/login"
    other.log_in("sacha")
    assert other.get("/").headers["location"] == "/record"


def test_a_new_password_needs_the_old_one_and_logs_other_devices_out(house, host):
    elsewhere = Browser(house)
    elsewhere.log_in()
    assert change(host, "not the old one", NEW_PASSWORD).headers["location"] == "/accounts?said=wrong"
    assert change(host, PASSWORD, "short").headers["location"] == "/accounts?said=short"
    assert change(host, PASSWORD, NEW_PASSWORD, "x").headers["location"] == "/accounts?said=again"
    assert elsewhere.get("/").status == 200
    assert change(host, PASSWORD, NEW_PASSWORD).headers["location"] == "/accounts?said=password"
    assert host.get("/").status == 200
    assert elsewhere.get("/").headers["location"] == "/login"
    assert Browser(house).log_in().status == 403
    assert Browser(house).log_in(password=NEW_PASSWORD).status == 303


def test_guessing_the_old_password_gets_slower(house, host):
    for _ in range(3):
        change(host, "not the old one", NEW_PASSWORD)
    assert change(host, PASSWORD, NEW_PASSWORD).headers["location"] == "/accounts?said=wait"


def test_an_auditor_reads_what_was_done_without_a_name(house, host):
    house.member("m1", "Élise")
    host.post("/members", {"form_token": host.form_token("/"), "member": "m1", "change": "erased"})
    page = member_of(house, host, Role.AUDITOR, "sacha").get("/record").text
    assert "erased a member" in page
    assert "Élise" not in page


def test_every_deed_has_its_words():
    template = (HERE / "templates/record.html").read_text()
    assert [deed for deed in Deed if f'"{deed.value}":' not in template] == []
