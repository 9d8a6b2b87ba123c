"""Tokens: made by administrators, shown once, kept as a hash, good for what was ticked, gone when revoked."""

from datetime import timedelta

from sqlalchemy import select

from sync.api.pace import Pace
from sync.api.scopes import Scope
from sync.store import deeds
from sync.store.deeds import Deed
from sync.store.machines_schema import api_tokens
from tests.sync.api.programs import Program, make_token
from tests.sync.dashboard.house import LOGIN, Browser


def kept(house):
    done = house.database.read_now(lambda c: deeds.latest(c, 99))
    return [(each.deed, each.host, each.subject) for each in done][::-1]


def test_a_token_is_shown_once_and_kept_as_a_hash(house, host):
    token = make_token(host, Scope.MEMBERS_READ)
    rows = house.database.read_now(lambda c: c.execute(select(api_tokens)).all())
    assert token not in str(rows)
    assert len(rows[0].token) == 64
    assert token not in host.get("/tokens").text
    assert Program(house, token).get("/members").status == 200


def test_a_token_opens_only_what_was_ticked(house, host):
    program = Program(house, make_token(host, Scope.PRESENCE_READ))
    assert program.get("/presence").status == 200
    answer = program.get("/members")
    assert answer.status == 403
    assert 'scope="members:read"' in answer.headers["www-authenticate"]
    assert program.ask("POST", "/members", {"id": "m1", "name": "Ada"}).status == 403


def test_a_revoked_token_opens_nothing_at_once(house, host):
    program = Program(house, make_token(host, Scope.MEMBERS_READ))
    assert program.get("/members").status == 200
    row = house.database.read_now(lambda c: c.execute(select(api_tokens)).one())
    form = {"form_token": host.form_token("/tokens"), "do": "revoke", "token": row.id}
    assert "said=revoked" in host.post("/tokens", form).headers["location"]
    assert "said=gone" in host.post("/tokens", form).headers["location"]
    assert program.get("/members").status == 401
    assert (Deed.TOKEN_REVOKED, LOGIN, "Zapier") in kept(house)


def test_a_token_ends_with_its_last_day(house, host):
    program = Program(house, make_token(host, Scope.MEMBERS_READ, ends="2026-11-24"))
    house.clock.move(timedelta(days=1))
    assert program.get("/members").status == 200
    house.clock.move(timedelta(days=1))
    assert program.get("/members").status == 401
    host.log_in()
    assert "over since" in host.get("/tokens").text


def test_when_it_was_used_last_can_be_seen(house, host):
    program = Program(house, make_token(host, Scope.MEMBERS_READ))
    assert "never used" in host.get("/tokens").text
    program.get("/members")
    assert "last used" in host.get("/tokens").text


def test_what_is_wrong_with_a_token_is_said(host):
    token = host.form_token("/tokens")
    good = {"name": "Zapier", "members:read": "yes", "ends": "2027-01-31", "do": "make"}
    for form, said in (
        ({"name": ""}, "Give it a name"),
        ({"name": "x" * 41}, "Give it a name"),
        ({"members:read": "no"}, "at least one thing"),
        ({"ends": "2026-11-22"}, "Choose its last day"),
        ({"ends": "2029-01-01"}, "Choose its last day"),
        ({"ends": "soon"}, "Choose its last day"),
    ):
        answer = host.post("/tokens", {"form_token": token, **good, **form})
        assert answer.status == 422
        assert said in answer.text


def test_two_tokens_never_share_a_name(host):
    make_token(host, Scope.MEMBERS_READ)
    form = {"name": "Zapier", "members:read": "yes", "ends": "2027-01-31", "do": "make"}
    answer = host.post("/tokens", {"form_token": host.form_token("/tokens"), **form})
    assert answer.status == 422
    assert "There is a token of this name" in answer.text


def test_only_administrators_see_tokens_and_webhooks(house, host):
    form = {"form_token": host.form_token("/accounts"), "do": "add", "role": "host"}
    page = host.post("/accounts", form).text
    code = page.split('class="code">')[1].split("<")[0]
    other = Browser(house)
    join = {"code": code, "login": "sam", "password": "other words work too", "again": "other words work too"}
    other.post("/join", {"form_token": other.form_token("/join"), **join})
    for path in ("/tokens", "/webhooks"):
        assert other.get(path).status == 403
    assert "Other programs" not in other.get("/accounts").text
    assert "Other programs" in host.get("/accounts").text


def test_nobody_asks_without_a_token_and_a_login_is_none(house, host):
    for browser in (host, Browser(house)):
        answer = browser.get("/api/v1/members")
        assert answer.status == 401
        assert answer.headers["content-type"] == "application/problem+json"
    assert Program(house, "foyer_" + "x" * 43).get("/members").status == 401


def test_no_account_can_be_called_as_programs_are(house):
    browser = Browser(house)
    form = {"code": house.codes[-1], "login": "api:Zapier", "password": "three words work well"}
    sent = {"form_token": browser.form_token("/welcome"), **form, "again": form["password"]}
    assert browser.post("/welcome", sent).status == 422


def test_who_asks_too_often_is_told_how_long_to_wait(house, host):
    program = Program(house, make_token(host, Scope.PRESENCE_READ))
    statuses = [program.get("/presence").status for _ in range(121)]
    assert statuses == [200] * 120 + [429]
    answer = program.get("/presence")
    assert answer.headers["retry-after"] == "1"
    house.clock.move(timedelta(seconds=1))
    assert program.get("/presence").status == 200


def test_who_guesses_tokens_is_slowed_down(house):
    stranger = Program(house, "foyer_guess")
    assert [stranger.get("/members").status for _ in range(31)] == [401] * 30 + [429]


def test_a_bucket_fills_again_and_never_over_its_brim():
    pace = Pace(burst=2, a_second=0.5)
    assert [pace.wait_s("a", 0) for _ in range(3)] == [0, 0, 2]
    assert pace.wait_s("b", 0) == 0
    assert pace.wait_s("a", 1) == 1
    assert pace.wait_s("a", 2) == 0
    assert [pace.wait_s("a", 1000) for _ in range(3)] == [0, 0, 2]
    assert pace.wait_s("a", 5) == 2  # a clock that goes back gives nothing


def test_only_so_many_are_remembered():
    pace = Pace(burst=1, a_second=1)
    for number in range(10_001):
        pace.wait_s(str(number), 0)
    assert pace.wait_s("0", 0) == 0
    assert pace.wait_s("10000", 0) > 0
