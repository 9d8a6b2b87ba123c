"""Ways in and out: codes, passwords, cookies, and what a stranger is told."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from sync.dashboard import doors
from sync.dashboard.tokens import hash_of
from sync.store.schema import hosts, sessions
from tests.sync.dashboard.house import LOGIN, PASSWORD, Browser, House


def rows(house, table):
    return house.database.read_now(lambda c: c.execute(select(table)).mappings().all())


def welcome(browser, **changed):
    fields = {
        "form_token": browser.form_token("/welcome"),
        "code": "WRONG",
        "login": LOGIN,
        "password": PASSWORD,
        "again": PASSWORD,
    }
    return browser.post("/welcome", {**fields, **changed})


def test_the_code_makes_one_host_and_no_second(house):
    code = house.codes[-1]
    assert Browser(house).set_up().headers["location"] == "/"
    late = Browser(house)
    assert late.get("/welcome").headers["location"] == "/login"
    token = late.form_token("/login")
    answer = late.post(
        "/welcome",
        {"form_token": token, "code": code, "login": "b", "password": PASSWORD, "again": PASSWORD},
    )
    assert answer.status == 403
    assert len(rows(house, hosts)) == 1


def test_the_code_may_be_typed_in_small_letters_without_its_dash(house):
    code = house.codes[-1].replace("-", " ").lower()
    assert welcome(Browser(house), code=code).status == 303


def test_five_wrong_tries_make_a_new_code(house):
    browser = Browser(house)
    first = house.codes[-1]
    for _ in range(5):
        welcome(browser)
        house.clock.move(timedelta(minutes=10))
    assert len(house.codes) == 2
    assert welcome(browser, code=first).status == 403
    assert welcome(browser, code=house.codes[-1]).status == 303


@pytest.mark.parametrize(
    "changed",
    [
        {"password": "too short", "again": "too short"},
        {"password": "Motdepasse2026", "again": "Motdepasse2026"},
        {"again": "another three words"},
        {"login": "   "},
        {"login": "x" * 65},
        {"password": "x" * 257, "again": "x" * 257},
    ],
)
def test_what_cannot_be_an_account_is_refused_and_costs_no_try_at_the_code(house, changed):
    answer = welcome(Browser(house), code=house.codes[-1], **changed)
    assert answer.status == 422
    assert f'value="{house.codes[-1]}"' in answer.text, "a one-time code is typed once"
    assert rows(house, hosts) == []


def test_no_code_is_shown_once_there_is_a_host(tmp_path):
    with House(tmp_path) as house:
        Browser(house).set_up()
    with House(tmp_path) as house:
        assert house.codes == []


def test_the_database_holds_neither_password_nor_token(house, host):
    (row,) = rows(house, hosts)
    assert row["password"].startswith("$argon2id$")
    (session,) = rows(house, sessions)
    assert session["token"] == hash_of(host.cookies["foyer"])
    assert host.cookies["foyer"] not in str(session)


def test_a_wrong_password_and_an_unknown_login_get_the_same_answer(house, host):
    stranger = Browser(house)
    wrong = stranger.log_in(password="not the password")
    unknown = stranger.log_in(login=LOGIN[::-1], password="not the password")
    assert wrong.status == unknown.status == 403
    assert wrong.text.replace(LOGIN, "") == unknown.text.replace(LOGIN[::-1], "")


def test_guessing_gets_slower_and_waiting_helps(house, host):
    stranger = Browser(house)
    for _ in range(3):
        assert stranger.log_in(password="not the password").status == 403
    refused = stranger.log_in()
    assert refused.status == 429
    assert int(refused.headers["retry-after"]) >= 1
    house.clock.move(timedelta(minutes=6))
    assert stranger.log_in().status == 303


def test_an_unknown_account_is_slowed_down_just_the_same(house, host):
    stranger = Browser(house)
    answers = [stranger.log_in(login="nobody").status for _ in range(4)]
    assert answers == [403, 403, 403, 429]


def test_one_address_cannot_try_many_accounts_at_full_speed(tmp_path, monkeypatch):
    monkeypatch.setattr(doors, "FREE_TRIES_ADDRESS", 2)
    with House(tmp_path) as house:
        Browser(house).set_up()
        stranger = Browser(house)
        assert [stranger.log_in(login=f"nobody{n}").status for n in range(3)] == [403, 403, 429]


def test_a_login_gets_a_new_token_and_ends_the_old_one(house, host):
    old = host.cookies["foyer"]
    assert host.log_in().status == 303
    assert host.cookies["foyer"] != old
    host.cookies["foyer"] = old
    assert host.get("/").headers["location"] == "/login"


def test_the_cookie_cannot_be_read_by_scripts_nor_sent_by_other_sites(house):
    answer = Browser(house).set_up()
    (cookie,) = (c for c in answer.headers.get_all("set-cookie") if c.startswith("foyer="))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie


def test_with_https_the_cookie_is_bound_to_this_host_and_to_https(tmp_path):
    with House(tmp_path, https=True) as house:
        answer = Browser(house).set_up()
    (cookie,) = (c for c in answer.headers.get_all("set-cookie") if c.startswith("__Host-foyer="))
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert "strict-transport-security" in answer.headers


def test_a_login_ends_after_twelve_hours_without_use(house, host):
    house.clock.move(timedelta(hours=11, minutes=59))
    assert host.get("/").status == 200
    house.clock.move(timedelta(hours=11, minutes=59))
    assert host.get("/").status == 200
    house.clock.move(timedelta(hours=12))
    assert host.get("/").headers["location"] == "/login"


def test_a_login_ends_after_seven_days_however_much_it_is_used(house, host):
    for _ in range(7 * 3 - 1):
        house.clock.move(timedelta(hours=8))
        assert host.get("/").status == 200
    house.clock.move(timedelta(hours=8))
    assert host.get("/").headers["location"] == "/login"


def test_logging_out_ends_this_login_and_no_other(house, host):
    other = Browser(house)
    other.log_in()
    token = host.form_token("/")
    kept = dict(host.cookies)
    assert host.post("/logout", {"form_token": token}).headers["location"] == "/login"
    host.cookies = kept
    assert host.get("/").status == 303
    assert other.get("/").status == 200


def test_logging_out_everywhere_ends_every_login(house, host):
    other = Browser(house)
    other.log_in()
    host.post("/logout-everywhere", {"form_token": host.form_token("/")})
    assert other.get("/").status == 303
    assert rows(house, sessions) == []


def test_what_is_typed_comes_back_as_text_never_as_html(house, host):
    page = Browser(house).log_in(login='"><script>alert(1)</script>').text
    assert "<script>alert" not in page
