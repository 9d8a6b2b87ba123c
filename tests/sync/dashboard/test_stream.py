"""The stream behind the live page."""

from datetime import timedelta

import pytest

from community.events import CheckedIn
from sync.dashboard import stream
from sync.dashboard.sections import NAMES
from tests.sync.dashboard.house import MORNING, Browser


def test_a_browser_gets_everything_once_and_then_only_what_changed(house, host):
    house.member("m1", "Élise")
    with host.listen() as stream:
        everything = stream.next_message()
        assert everything["data"].count("<hx-partial") == len(NAMES)
        house.happen(CheckedIn("m1"))
        change = stream.next_message()
        assert 'hx-target="#presence"' in change["data"]
        assert 'hx-target="#today"' in change["data"]
        assert 'hx-target="#kiosks"' not in change["data"]
        assert change["id"] != everything["id"]


def test_a_browser_that_comes_back_gets_only_what_it_missed(house, host):
    house.member("m1", "Élise")
    with host.listen() as stream:
        version = stream.next_message()["id"]
    house.happen(CheckedIn("m1"))
    with host.listen(last_event_id=version) as stream:
        data = stream.next_message()["data"]
        assert data.count("<hx-partial") == 2
        assert "Élise" in data


def test_a_browser_that_missed_nothing_gets_nothing(house, host, monkeypatch):
    monkeypatch.setattr(stream, "PING_S", 0.01)
    with host.listen() as first:
        version = first.next_message()["id"]
    with host.listen(last_event_id=version) as back:
        assert [set(back.next()) for _ in range(3)] == [{"comment"}] * 3


@pytest.mark.parametrize("strange", ["7", ".".join("abcdefghij"[: len(NAMES)]), "é", "." * 500, "<script>"])
def test_a_version_that_is_not_ours_gets_everything(house, host, strange):
    with host.listen(last_event_id=strange.encode().decode("latin-1")) as stream:
        assert stream.next_message()["data"].count("<hx-partial") == len(NAMES)


def test_the_page_tells_its_version_so_the_stream_does_not_repeat_it(house, host, monkeypatch):
    monkeypatch.setattr(stream, "PING_S", 0.01)
    version = host.get("/").text.partition('"Last-Event-ID": "')[2].partition('"')[0]
    with host.listen(last_event_id=version) as back:
        assert set(back.next()) == set(back.next()) == {"comment"}


def test_a_proxy_is_asked_not_to_hold_the_stream_back(house, host):
    with host.listen() as stream:
        assert stream.response.headers["x-accel-buffering"] == "no"
        assert stream.response.headers["content-type"].startswith("text/event-stream")
        assert stream.response.headers["cache-control"] == "no-store"


def test_a_burst_becomes_few_messages_and_ends_with_the_latest_state(house, host):
    for number in range(60):
        house.member(f"m{number}", f"Name {number}")
    with host.listen() as stream:
        stream.next_message()
        for number in range(60):
            house.happen(CheckedIn(f"m{number}"), MORNING)
        messages = []
        while not messages or ">60</span>" not in messages[-1]:
            messages.append(stream.next_message()["data"])
    assert len(messages) < 30


def test_logging_out_ends_the_stream_at_once(house, host):
    other = Browser(house)
    other.log_in()
    with host.listen() as ours, other.listen() as theirs:
        ours.next_message()
        theirs.next_message()
        host.post("/logout", {"form_token": host.form_token("/")})
        assert ours.next_message()["event"] == "over"
        assert ours.next() is None
        house.on_loop(house.live.changed)
        house.happen(CheckedIn(house.member("m1", "Élise")))
        assert "Élise" in theirs.next_message()["data"]


def test_a_login_that_expires_takes_its_stream_with_it(house, host, monkeypatch):
    monkeypatch.setattr(stream, "PING_S", 0.01)
    with host.listen() as ours:
        ours.next_message()
        house.clock.move(timedelta(hours=12))
        assert ours.next_message()["event"] == "over"
        assert ours.next() is None


def test_a_browser_that_comes_back_without_a_login_is_told_not_to_try_again(house, host):
    stranger = Browser(house)
    with stranger.listen(hx_request="true") as stream:
        assert stream.next()["event"] == "over"
        assert stream.next() is None


def test_closing_time_comes_without_anything_happening(house, host, monkeypatch):
    monkeypatch.setattr(stream, "PING_S", 0.01)
    house.member("m1", "Élise")
    house.happen(CheckedIn("m1"))
    with host.listen() as ours:
        ours.next_message()
        house.clock.move(timedelta(hours=10, minutes=30))
        data = ours.next_message()["data"]
    assert "Closing time, assumed to have left: Élise" in " ".join(data.split())
    assert "≈" in data


def test_a_browser_that_goes_away_leaves_nothing_behind(house, host, monkeypatch):
    monkeypatch.setattr(stream, "PING_S", 0.01)
    with host.listen() as ours:
        ours.next_message()
        assert house.on_loop(lambda: house.live.watching) == 1
    with host.listen() as next_one:
        next_one.next_message()
        while house.on_loop(lambda: house.live.watching) != 1:
            next_one.next()
