"""Figures for machines: right, readable by Prometheus, without anybody in them, and not for everybody."""

import re
from datetime import timedelta

import pytest

from community.events import CheckedIn
from community.ids import Epoch, KioskId
from community.wire.messages import BridgeHealth, Status
from plumbing.errors import DatabaseError, DatabaseTrouble
from plumbing.inserts import insert_ignoring
from sync.meters import MOST_KIOSKS, Meters
from sync.store import log
from sync.store.batches import read_batch
from sync.store.log import Arrived
from sync.store.schema import breaks
from tests.sync.dashboard.house import METRICS_TOKEN, Browser, House
from tests.sync.samples import DOOR, NOON, batch, raw, stored

SAMPLE = re.compile(r'([a-z_]+)(\{[a-z]+="(?:[^"\\]|\\.)*"\})? (-?[0-9.e+-]+)')


def events_in(payload: bytes) -> list[Arrived]:
    return [item for item in read_batch(DOOR, payload) if isinstance(item, Arrived)]


def figures(house):
    """Every sample, as Prometheus would read it."""
    answer = Browser(house).get("/metrics")
    assert answer.status == 200, answer.text
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    found = {}
    for line in answer.text.splitlines():
        if not line.startswith("# "):
            name, label, value = SAMPLE.fullmatch(line).groups()
            found[name + (label or "")] = float(value)
    return found


def test_what_an_operator_must_know_is_counted(house, host):
    house.happen(CheckedIn(house.member("m1", "Élise")), house.clock.at() - timedelta(seconds=3))
    house.kiosk("door", Status(online=True, reader="lost", waiting=7, revision=1))
    said_us = int(house.clock.at().timestamp() * 1_000_000) + 90_000_000
    late = Status(online=True, waiting=1, oldest_s=86_400, disk_percent=83, at_us=said_us, synced=False)
    house.kiosk("garden", late)
    house.database.write_now(
        lambda c: insert_ignoring(c, breaks, [("garden", "e1", 5, 1), ("garden", "e1", 9, 1)])
    )
    house.clock.move(timedelta(seconds=40))
    items = events_in(batch(raw(5), raw(9), epoch="e2"))
    house.database.write_now(
        lambda c: log.append(c, items, [log.Strange(DOOR, Epoch(""), None, "x", b"x")], 1)
    )
    found = figures(house)
    assert found['foyer_kiosk_backlog_events{kiosk="door"}'] == 7
    assert found['foyer_kiosk_reader_lost{kiosk="door"}'] == 1
    assert found['foyer_kiosk_heard_age_seconds{kiosk="door"}'] == 40
    assert found['foyer_kiosk_oldest_unacknowledged_seconds{kiosk="garden"}'] == 86_400
    assert found['foyer_kiosk_disk_used_percent{kiosk="garden"}'] == 83
    assert found['foyer_kiosk_clock_offset_seconds{kiosk="garden"}'] == 90
    assert found['foyer_kiosk_clock_synchronised{kiosk="garden"}'] == 0
    assert found['foyer_kiosk_chain_breaks{kiosk="garden"}'] == 2
    assert found['foyer_kiosk_chain_breaks{kiosk="door"}'] == 0
    assert 'foyer_kiosk_clock_offset_seconds{kiosk="door"}' not in found  # an older program does not say
    assert found['foyer_gap_events{kiosk="door"}'] == 7  # 1 to 4, and 6 to 8
    assert found['foyer_quarantined{state="waiting"}'] == 1
    assert found['foyer_quarantined{state="put_away"}'] == 0
    assert found["foyer_feed_revision"] >= 1
    assert found["foyer_events_total"] == 1
    assert found["foyer_ingest_lag_seconds_count"] == 1
    assert 0 < found["foyer_disk_free_bytes"] < found["foyer_disk_size_bytes"]
    assert found["foyer_clock_synchronised"] in {0, 1}


def test_sensors_are_told_of_where_there_are_any(house):
    house.kiosk("door", Status(online=True, bridge=BridgeHealth("lost", fault="mute")))
    house.kiosk("garden", Status(online=True, bridge=BridgeHealth("ready", "1.2.0", silent=("beam",))))
    house.kiosk("plain", Status(online=True))
    found = figures(house)
    assert found['foyer_kiosk_bridge_lost{kiosk="door"}'] == 1
    assert found['foyer_kiosk_bridge_lost{kiosk="garden"}'] == 0
    assert found['foyer_kiosk_sensors_silent{kiosk="garden"}'] == 1
    assert 'foyer_kiosk_bridge_lost{kiosk="plain"}' not in found


def test_no_person_is_in_the_figures(house, host):
    house.happen(CheckedIn(house.member("m1", "Élise")))
    text = Browser(house).get("/metrics").text
    assert "m1" not in text
    assert "Élise" not in text
    assert set(re.findall(r"\{([a-z]+)=", text)) <= {"kiosk", "state"}


def test_an_event_that_comes_again_is_counted_as_such(house):
    items = events_in(batch(raw(1), raw(2)))
    first = house.database.write_now(lambda c: log.append(c, items, (), 1))
    again = house.database.write_now(lambda c: log.append(c, items, (), 1))
    copied = events_in(batch(raw(1, CheckedIn("another"))))
    copy = house.database.write_now(lambda c: log.append(c, copied, (), 1))
    assert (first.repeated, again.repeated, copy.repeated) == (0, 2, 0)


def test_a_clock_that_is_ahead_shows_as_a_negative_lag_and_never_shortens_the_sum():
    meters = Meters()
    meters.took_in([stored(1, CheckedIn("m1"), NOON, NOON + timedelta(seconds=2))])
    meters.took_in([stored(2, CheckedIn("m1"), NOON, NOON - timedelta(seconds=5))])
    meters.took_in([stored(3, CheckedIn("m1"), NOON, NOON + timedelta(days=9), synced=False)])
    assert (meters.lag_sum_s, meters.lag_count, meters.lag_last_s) == (2.0, 2, {DOOR: -5.0})


def test_made_up_kiosks_do_not_fill_the_memory():
    meters = Meters()
    event = stored(1, CheckedIn("m1"), NOON)
    for number in range(MOST_KIOSKS + 9):
        meters.took_in([log.Stored(KioskId(f"k{number}"), event.epoch, event.record, event.received_us)])
    assert len(meters.lag_last_s) == MOST_KIOSKS


@pytest.mark.parametrize("name", ["x-forwarded-for", "forwarded", "via", "x-real-ip"])
def test_whoever_comes_through_another_web_server_needs_the_token(house, name):
    assert Browser(house).get("/metrics", **{name.replace("-", "_"): "192.0.2.7"}).status == 401


def test_behind_https_only_the_token_counts(tmp_path):
    with House(tmp_path, https=True) as house:
        assert Browser(house).get("/metrics").status == 401
        assert Browser(house).get("/metrics", authorization=f"Bearer {METRICS_TOKEN}").status == 200
        assert Browser(house).get("/metrics", authorization="Bearer another").status == 401
        assert Browser(house).get("/metrics", authorization="Bearer").status == 401


def test_a_program_that_lives_says_so_without_its_database(house, monkeypatch):
    async def refuse(_work):
        raise DatabaseError(DatabaseTrouble.LOCKED, "held")

    house.on_loop(setattr, house.meters, "line_up", True)
    assert Browser(house).get("/readyz").status == 200
    monkeypatch.setattr(house.database, "read", refuse)
    assert Browser(house).get("/healthz").text == "ok\n"
    answer = Browser(house).get("/readyz")
    assert (answer.status, answer.text) == (503, "database\n")


def test_without_a_broker_the_hub_is_alive_and_not_ready(house):
    answer = Browser(house).get("/readyz")
    assert (answer.status, answer.text) == (503, "broker\n")
    assert Browser(house).get("/healthz").status == 200
