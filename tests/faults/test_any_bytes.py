"""Whatever comes in from outside, every decoder answers: a value or a sentence, never an exception."""

import contextlib
import json

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from community.ids import KioskId
from community.wire import enrolment
from community.wire.codec import Unreadable, decode, decode_record, encode
from community.wire.messages import (
    Cursor,
    DoorEvents,
    DoorsHeard,
    EventBatch,
    FeedHave,
    FeedItem,
    FeedPage,
    Order,
    Status,
)
from community.wire.topics import parse
from kiosk import enrolment as papers
from kiosk.core.directory import from_feed
from kiosk.errors import EnrolmentError
from sync import archive, members_file
from sync.errors import BackupError, MembersFileError
from sync.store.batches import read_batch
from sync.store.cursors import Asked
from sync.store.log import Arrived, Strange
from sync.views.quarantine import plain
from tests.fakes.fuzz import for_long
from tests.sync.samples import batch, raw

pytestmark = [pytest.mark.faults, pytest.mark.fuzz]

KINDS = (
    *(Cursor, DoorEvents, DoorsHeard, EventBatch, FeedHave, FeedPage, Order, Status),
    *(enrolment.Authority, enrolment.Enrol, enrolment.Enrolled),
    *(enrolment.Ask, enrolment.Standing, enrolment.Refused),
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=20,
)
FIELDS = st.sampled_from(
    (
        "v epoch events upto online boot waiting revision since part parts items digest seq at event kind "
        "kiosk count after told passed username password credential name secret public_key signature reason"
    ).split()
)
LIKELY = st.dictionaries(FIELDS, VALUES, max_size=8).map(lambda found: json.dumps(found).encode())
BYTES = st.binary(max_size=400) | LIKELY


@st.composite
def damaged(draw):
    """An honest batch in which a few bytes are others."""
    whole = bytearray(batch(raw(1), raw(2), raw(3)))
    for _ in range(draw(st.integers(1, 4))):
        whole[draw(st.integers(0, len(whole) - 1))] = draw(st.integers(0, 255))
    return bytes(whole)


@pytest.mark.parametrize("kind", KINDS)
@for_long
@given(payload=BYTES)
@example(payload=b"[" * 100_000)
@example(payload=b'{"v":1e400}')
def test_any_message_is_read_or_said_to_be_unreadable(kind, payload):
    assert isinstance(decode(payload, kind), kind | Unreadable)


@for_long
@given(payload=BYTES | damaged())
@example(payload=b'{"v":1,"epoch":"e","events":[{"seq":18446744073709551616}]}')
def test_any_batch_is_events_or_strange_things(payload):
    items = read_batch(KioskId("door"), payload)
    assert all(isinstance(item, Arrived | Strange | Asked) for item in items)
    assert all(plain(item.raw).isprintable() for item in items if not isinstance(item, Asked))


@for_long
@given(payload=BYTES)
def test_any_record_is_read_or_said_to_be_unreadable(payload):
    record = decode_record(payload)
    if not isinstance(record, Unreadable):
        assert decode_record(encode(record)) == record


@for_long
@given(topic=st.text(max_size=80))
def test_any_topic_is_ours_or_not(topic):
    parse(topic)


def uid(_typed: str) -> bytes:
    return b"\x04abcdef"


HEADER = b"id,name,needs,badge,joined,visibility,languages\n"


@for_long
@given(payload=st.binary(max_size=300) | st.text(max_size=300).map(lambda text: HEADER + text.encode()))
def test_any_members_file_is_read_or_refused_in_a_sentence(payload):
    try:
        read = members_file.read(payload, uid)
    except MembersFileError:
        return
    assert all(problem.told for problem in read.problems)


@for_long
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(payload=st.binary(max_size=2_000))
def test_any_file_is_a_backup_or_said_to_be_none(tmp_path, payload):
    file = tmp_path / "a.backup"
    file.write_bytes(payload)
    with pytest.raises(BackupError):
        archive.read_manifest(file)


@for_long
@given(typed=st.text(max_size=60), pinned=st.booleans())
def test_any_code_is_read_or_none(typed, pinned):
    code = enrolment.read_code(typed, pinned=pinned)
    assert code is None or enrolment.read_code(code.told, pinned=pinned) == code


KIND = st.sampled_from("member badge space plan past table weights text words erased other".split())


@for_long
@settings(deadline=None)
@given(items=st.lists(st.tuples(KIND, st.text(min_size=1, max_size=8), st.none() | LIKELY), max_size=6))
def test_any_feed_becomes_a_directory(items):
    from_feed(
        FeedItem(kind, key, revision, None if body is None else msgspec.Raw(body))
        for revision, (kind, key, body) in enumerate(items, start=1)
    )


@for_long
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(payload=BYTES)
@example(payload=b'{"space":"\xff"}')
@example(payload=b"[" * 100_000)
def test_any_papers_of_a_kiosk_are_read_or_refused_in_a_sentence(tmp_path, payload):
    file = tmp_path / papers.FILE
    file.write_bytes(payload)
    file.chmod(0o600)
    with contextlib.suppress(EnrolmentError):
        assert papers.read(tmp_path) is not None
