"""The hub's log on real SQLite and real PostgreSQL."""

import random

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from community.events import CheckedIn
from community.ids import LARGEST_NUMBER, KioskId, MemberId
from community.wire.codec import content_hash, encode
from community.wire.messages import Cursor, EventBatch
from plumbing.database import Database
from plumbing.inserts import insert_ignoring
from sync.store import cursors as cursors_module
from sync.store import log
from sync.store.batches import read_batch, read_record, release
from sync.store.cursors import COPIED, Asked, Gap, cursors_of, gaps_of
from sync.store.log import Appended, Arrived, Strange
from sync.store.schema import cursors, events, quarantine
from tests.sync.conftest import empty
from tests.sync.samples import DOOR, EPOCH, NOON, batch, raw, us

NEWER = b'{"seq":%d,"at":{"wall_us":1,"boot":"b","up_us":1,"synced":true},"event":{"kind":"door_opened"}}'


def put(database: Database, *payloads: bytes, kiosk: KioskId = DOOR, now_us: int = 1) -> Appended:
    """Append messages as ingest does."""
    items = [item for payload in payloads for item in read_batch(kiosk, payload)]
    arrived = [item for item in items if isinstance(item, Arrived)]
    strange = [item for item in items if isinstance(item, Strange)]
    asked = [item for item in items if isinstance(item, Asked)]
    return database.write_now(lambda c: log.append(c, arrived, strange, now_us, asked))


def rows(database: Database, table=events):
    return database.read_now(lambda c: c.execute(select(table)).all())


def at(upto: int, content: bytes | None = None) -> Cursor:
    """The cursor as it is told: with the content of the event it stands at."""
    return Cursor(EPOCH, upto, at=upto, content=content_hash(content or raw(upto)))


def cursor(database: Database) -> int:
    return dict(database.read_now(cursors_of))[DOOR].upto


def test_events_are_kept_byte_for_byte_and_the_cursor_follows(database: Database):
    done = put(database, batch(raw(1), raw(2), raw(3)))
    assert done.cursors == ((DOOR, at(3)),)
    assert [item.record.seq for item in done.new] == [1, 2, 3]
    assert {row.seq: row.raw for row in rows(database)} == {1: raw(1), 2: raw(2), 3: raw(3)}
    assert {row.kind for row in rows(database)} == {"checked_in"}


def test_sending_again_changes_nothing_and_says_the_same_cursor(database: Database):
    put(database, batch(raw(1), raw(2)))
    done = put(database, batch(raw(1), raw(2)), batch(raw(1), raw(2)), now_us=9)
    assert done == Appended((), (), ((DOOR, at(2)),), repeated=4)
    assert [row.received_us for row in rows(database)] == [1, 1]


def test_the_cursor_waits_at_a_gap_and_jumps_when_it_closes(database: Database):
    put(database, batch(raw(1)))
    assert put(database, batch(raw(3), raw(4))).cursors == ((DOOR, at(1)),)
    assert put(database, batch(raw(2))).cursors == ((DOOR, at(4)),)


def test_a_cursor_passes_more_numbers_than_one_look_ahead(database: Database, monkeypatch):
    monkeypatch.setattr(cursors_module, "STRIDE", 3)
    put(database, batch(*(raw(n) for n in range(2, 11))))
    assert cursor(database) == 0
    put(database, batch(raw(1)))
    assert cursor(database) == 10


def test_a_new_epoch_is_a_new_log(database: Database):
    put(database, batch(raw(1), raw(2)))
    done = put(database, batch(raw(1, CheckedIn(MemberId("other"))), epoch="e2"))
    assert [(cursor.epoch, cursor.upto) for _, cursor in done.cursors] == [("e2", 1)]
    assert len(rows(database)) == 3


def test_the_same_id_with_other_content_is_put_aside_once_and_overwrites_nothing(database: Database):
    put(database, batch(raw(1)))
    copied = batch(raw(1, CheckedIn(MemberId("somebody-else"))))
    first, second = put(database, copied), put(database, copied, copied)
    assert [item.reason for item in first.quarantined] == [COPIED]
    assert second.quarantined == ()
    assert [row.raw for row in rows(database)] == [raw(1)]
    assert len(rows(database, quarantine)) == 1
    assert second.cursors == ((DOOR, at(1)),)


def test_the_same_id_with_other_content_in_one_transaction_is_put_aside_too(database: Database):
    done = put(database, batch(raw(1)), batch(raw(1, CheckedIn(MemberId("x")))))
    assert [item.reason for item in done.quarantined] == [COPIED]
    assert [row.raw for row in rows(database)] == [raw(1)]


def test_an_event_of_an_unknown_kind_blocks_nothing(database: Database):
    done = put(database, batch(raw(1), NEWER % 2, raw(3)))
    assert done.cursors == ((DOOR, at(3)),)
    assert [(row.seq, row.epoch) for row in rows(database, quarantine)] == [(2, EPOCH)]


def test_an_event_without_a_number_gets_the_one_its_neighbours_leave(database: Database):
    done = put(database, batch(raw(1), b'"nonsense"', raw(3)))
    assert done.cursors == ((DOOR, at(3)),)
    assert [row.seq for row in rows(database, quarantine)] == [2]


@pytest.mark.parametrize(
    "raws",
    [
        (raw(1), b"{}", raw(7)),  # the neighbours do not agree
        (b"{}",),  # there are none
        (b"{}", raw(1)),  # it would be number 0
        (raw(LARGEST_NUMBER), b"{}"),  # it would be too large
    ],
)
def test_a_number_that_cannot_be_known_stays_unknown(raws):
    numbers = [item.seq for item in read_batch(DOOR, batch(*raws)) if isinstance(item, Strange)]
    assert numbers == [None]


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (b"", "not a message"),
        (b"\xff\xfe", "not a message"),
        (b"[" * 100_000, "not a message"),
        (b'{"v":2,"epoch":"e","events":[]}', "wire version 2"),
        (b'{"epoch":"","events":[]}', "EventBatch"),
        (b'{"epoch":"a\\u0000b","events":[]}', "EventBatch"),
        (b'{"epoch":"' + b"e" * 33 + b'","events":[]}', "EventBatch"),
        (b'{"epoch":"e"}', "EventBatch"),
    ],
)
def test_a_message_that_cannot_be_read_is_kept_whole_and_once(database: Database, payload: bytes, why: str):
    assert put(database, payload).cursors == ()
    assert put(database, payload).quarantined == ()
    (row,) = rows(database, quarantine)
    assert (row.kiosk, row.epoch, row.seq, row.raw) == (DOOR, "", None, payload)
    assert why in row.reason


def test_poison_leaves_the_good_events_of_the_same_batch_alone(database: Database):
    poison = [
        b'{"seq":2,"at":{"wall_us":99999999999999999999,"boot":"b","up_us":1,"synced":true},"event":{}}',
        b'{"seq":3,"at":null,"event":null}',
        b'{"seq":99999999999999999999999}',
        b'{"seq":-4}',
        b"[[[]]]",
        b"null",
    ]
    done = put(database, batch(raw(1), *poison, raw(8)))
    assert done.cursors == ((DOOR, at(8)),)
    assert sorted(row.seq for row in rows(database, quarantine)) == [2, 3, 4, 5, 6, 7]
    assert sorted(row.seq for row in rows(database)) == [1, 8]


def test_a_reason_holds_nothing_a_database_cannot(database: Database):
    strange = Strange(DOOR, EPOCH, 1, "zero \0 byte and " + "x" * 999, b"")
    database.write_now(lambda c: log.append(c, (), (strange,), 1))
    (row,) = rows(database, quarantine)
    assert row.reason.startswith("zero ? byte")
    assert len(row.reason) == log.LONGEST_REASON


def test_an_endless_message_is_cut_before_it_is_kept(database: Database):
    put(database, b"x" * (log.LARGEST_KEPT_BYTES + 1))
    (row,) = rows(database, quarantine)
    assert len(row.raw) == log.LARGEST_KEPT_BYTES


def test_what_a_newer_hub_can_read_comes_out_of_the_quarantine(database: Database):
    put(database, batch(raw(1), NEWER % 2, raw(3)))
    copied = batch(raw(1, CheckedIn(MemberId("x"))))
    put(database, copied)
    # the update: the event that could not be read is one the program knows now
    database.write_now(
        lambda c: c.execute(quarantine.update().where(quarantine.c.seq == 2).values(raw=raw(2)))
    )
    done = database.write_now(lambda c: release(c, 5).log)
    assert [item.record.seq for item in done.new] == [2]
    assert sorted(row.seq for row in rows(database)) == [1, 2, 3]
    assert [row.reason for row in rows(database, quarantine)] == [COPIED]
    assert cursor(database) == 3
    assert database.write_now(lambda c: release(c, 6).log.new) == ()


def test_events_are_read_by_when_they_happened_or_when_they_came(database: Database):
    put(database, batch(raw(1, at=NOON)), now_us=us(NOON))
    old = raw(2, at=NOON.replace(year=2001), synced=False)
    put(database, batch(old), now_us=us(NOON))
    put(database, batch(raw(4, at=NOON.replace(year=2001))), now_us=us(NOON))
    put(database, batch(raw(3, at=NOON.replace(year=2001))), now_us=10)
    found = database.read_now(lambda c: log.since(c, us(NOON)))
    assert [item.record.seq for item in found] == [1, 2]
    assert msgspec.json.encode(found[1].record) == old


def test_a_thousand_new_events_are_one_transaction(database: Database):
    done = put(database, *(batch(*(raw(n + i) for i in range(100))) for n in range(1, 1001, 100)))
    assert len(done.new) == 1000
    assert cursor(database) == 1000


def test_two_transactions_that_race_keep_the_first(database: Database):
    """With several hubs on one PostgreSQL the insert itself must be harmless."""
    item = read_record(DOOR, EPOCH, raw(1))
    assert isinstance(item, Arrived)

    def twice(connection):
        row = log._row(item, "c", 1)
        insert_ignoring(connection, events, [row])
        insert_ignoring(connection, events, [row])
        return connection.execute(select(func.count()).select_from(events)).scalar_one()

    assert database.write_now(twice) == 1


def contiguous(numbers: set[int]) -> int:
    upto = 0
    while upto + 1 in numbers:
        upto += 1
    return upto


KINDS = st.lists(st.sampled_from(["good", "newer", "nonsense"]), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kinds=KINDS, seed=st.integers(0, 2**16), copies=st.sets(st.integers(1, 12), max_size=2))
def test_any_order_repetition_and_cutting_ends_in_the_same_log(sqlite: Database, kinds, seed, copies):
    empty(sqlite)
    chance = random.Random(seed)  # noqa: S311 - a shuffle, no secret
    written = {
        seq: {"good": raw(seq), "newer": NEWER % seq, "nonsense": b'"?"'}[kind]
        for seq, kind in enumerate(kinds, 1)
    }
    other = {seq: raw(seq, CheckedIn(MemberId("copy"))) for seq in copies if kinds[seq - 1 : seq] == ["good"]}
    put(sqlite, *(batch(written[seq]) for seq in other))
    sent = [(start, start + chance.randint(1, 5)) for start in range(1, len(kinds) + 1)]
    chance.shuffle(sent)
    heard: set[int] = set(other)
    for start, end in sent * 2:
        numbers = [seq for seq in range(start, end) if seq in written]
        put(sqlite, batch(*(written[seq] for seq in numbers)))
        readable = [seq for seq in numbers if kinds[seq - 1] != "nonsense"]
        heard.update(numbers if readable else [])
        assert cursor(sqlite) <= contiguous(heard)
        if other and chance.random() < 0.3:
            put(sqlite, *(batch(copy) for copy in other.values()))
    put(sqlite, batch(*written.values()), *(batch(copy) for copy in other.values()))

    good = {seq: content for seq, content in written.items() if kinds[seq - 1] == "good"}
    assert {row.seq: row.raw for row in rows(sqlite)} == good
    aside = [(row.seq, row.reason == COPIED) for row in rows(sqlite, quarantine) if row.seq is not None]
    bad = {seq for seq in written if seq not in good}
    if bad - {seq for seq in bad if kinds[seq - 1] == "nonsense"} or good:
        assert {seq for seq, copied in aside if not copied} == bad
        assert cursor(sqlite) == len(kinds)
    assert sorted(seq for seq, copied in aside if copied) == sorted(other)
    assert len(rows(sqlite, cursors)) == 1


def asking(oldest: int = 0, asks: int = 0) -> bytes:
    return encode(EventBatch(EPOCH, (), oldest, asks))


def test_a_batch_without_events_is_answered_with_the_cursor_and_the_content_asked_for(database: Database):
    assert put(database, asking()).cursors == ((DOOR, Cursor(EPOCH, 0)),)
    put(database, batch(raw(1), raw(2), raw(3)))
    assert put(database, asking()).cursors == ((DOOR, at(3)),)
    (_, told), (_, asked) = put(database, batch(raw(4)), asking(asks=2)).cursors
    assert (told, asked) == (at(4), Cursor(EPOCH, 4, at=2, content=content_hash(raw(2))))
    assert put(database, asking(asks=9)).cursors == ((DOOR, at(4)), (DOOR, Cursor(EPOCH, 4, at=9)))


def test_the_content_told_is_never_that_of_a_copy(database: Database):
    put(database, batch(raw(1)), batch(raw(1, CheckedIn(MemberId("copy")))), batch(NEWER % 2))
    told = dict(database.read_now(cursors_of))[DOOR]
    assert told == at(2, NEWER % 2)
    assert put(database, asking(asks=1)).cursors[1][1].content == content_hash(raw(1))


def test_a_cursor_does_not_wait_for_what_no_kiosk_has_any_more_and_the_gap_is_noted(database: Database):
    put(database, batch(raw(1), raw(2)), batch(raw(5)))
    done = put(database, encode(EventBatch(EPOCH, tuple(map(msgspec.Raw, (raw(8), raw(9)))), 8)))
    assert done.gaps == (Gap(DOOR, EPOCH, 3, 4), Gap(DOOR, EPOCH, 6, 7))
    assert done.cursors == ((DOOR, at(9)),)
    assert done.waiting == ()
    assert database.read_now(gaps_of) == done.gaps
    assert put(database, asking(oldest=8)).gaps == ()


def test_a_kiosk_that_has_let_go_of_everything_says_so_without_an_event(database: Database):
    done = put(database, asking(oldest=7))
    assert (done.gaps, done.cursors) == ((Gap(DOOR, EPOCH, 1, 6),), ((DOOR, Cursor(EPOCH, 6, at=6)),))
    assert put(database, batch(raw(7))).cursors == ((DOOR, at(7)),)


def test_what_is_missing_but_still_kept_is_waited_for(database: Database):
    put(database, batch(raw(1)))
    done = put(database, encode(EventBatch(EPOCH, (msgspec.Raw(raw(3)),), 1)))
    assert (done.gaps, done.waiting, cursor(database)) == ((), ((DOOR, EPOCH),), 1)
    assert put(database, batch(raw(2))).waiting == ()
