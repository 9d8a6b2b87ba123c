"""The bytes on the wire: a change to one of these files is a change of the contract."""

from typing import get_args

import msgspec
import pytest

from community.events import Event, Record
from community.ids import KioskId, SpaceId
from community.wire.codec import Unreadable, decode, decode_record, digest_of, encode
from community.wire.messages import EventBatch, FeedPage
from community.wire.seal import what_is_signed
from plumbing.signing import is_signed
from tests.contract.messages import (
    ALL,
    BODIES,
    EPOCH,
    FIRST,
    FIRST_SAID,
    GOLDEN,
    ITEMS,
    KEY,
    MESSAGES,
    RECORDS,
    bytes_of,
    first_bytes_of,
)


@pytest.mark.parametrize("name", ALL)
def test_encoding_gives_exactly_the_golden_bytes(name: str):
    assert encode(ALL[name]) == bytes_of(name)


@pytest.mark.parametrize("name", RECORDS)
def test_a_golden_record_is_read_as_what_was_written(name: str):
    assert decode_record(bytes_of(name)) == RECORDS[name]


@pytest.mark.parametrize("name", MESSAGES)
def test_a_golden_message_is_read_as_what_was_said(name: str):
    assert decode(bytes_of(name), type(MESSAGES[name])) == MESSAGES[name]


@pytest.mark.parametrize("name", BODIES)
def test_a_golden_body_is_read_as_the_thing_it_is(name: str):
    assert msgspec.json.decode(bytes_of(name), type=type(BODIES[name])) == BODIES[name]


def test_every_golden_file_is_held_by_a_test():
    assert {file.name for file in GOLDEN.glob("*.json")} == {f"{name}.json" for name in ALL}
    assert {file.name for file in FIRST.iterdir()} == {f"{name}.json" for name in FIRST_SAID}
    assert set(GOLDEN.iterdir()) - set(GOLDEN.glob("*.json")) == {FIRST}


def test_every_kind_of_event_has_its_golden_bytes():
    assert {type(record.event) for record in RECORDS.values()} == set(get_args(Event))


def test_an_event_travels_byte_for_byte_as_it_stands_in_the_log():
    batch = decode(bytes_of("event-batch"), EventBatch)
    assert not isinstance(batch, Unreadable)
    assert bytes(batch.events[0]) == bytes_of("record-checked-in")
    spaced = b'{"epoch":"e","events":[{"seq" : 1 , "new":  [ ]}],"v":1}'
    batch = decode(spaced, EventBatch)
    assert not isinstance(batch, Unreadable)
    assert bytes(batch.events[0]) == b'{"seq" : 1 , "new":  [ ]}'
    assert b'"events":[{"seq" : 1 , "new":  [ ]}]' in encode(batch)


def test_the_digest_of_a_snapshot_is_the_same_on_both_sides_for_ever():
    page = decode(bytes_of("feed-page-snapshot"), FeedPage)
    assert not isinstance(page, Unreadable)
    assert page.digest == digest_of(page.items) == digest_of(ITEMS) == "c31ee0dda4311ad78da45fa4859ddbbd"


@pytest.mark.parametrize("name", FIRST_SAID)
def test_what_an_older_program_says_is_read_as_it_was_meant(name: str):
    said, meant = first_bytes_of(name), FIRST_SAID[name]
    if isinstance(meant, Record):
        assert decode_record(said) == meant
    elif hasattr(meant, "v"):
        assert decode(said, type(meant)) == meant
    else:
        assert msgspec.json.decode(said, type=type(meant)) == meant


def test_the_digest_of_an_older_hub_still_holds():
    page = decode(first_bytes_of("feed-page-snapshot"), FeedPage)
    assert not isinstance(page, Unreadable)
    assert page.digest == digest_of(page.items) == "b87bc7598638ff2a631a247902b0cf8b"


def test_an_event_is_about_as_large_as_a_batch_is_planned_for():
    sizes = {name: len(bytes_of(name)) for name in RECORDS}
    introduced = sizes.pop("record-introduced")
    assert max(sizes.values()) <= 320
    assert introduced <= 320 + 90 * 3  # the three weighed: a batch is packed by its bytes as well


def test_the_golden_signature_is_of_exactly_these_bytes():
    batch = decode(bytes_of("event-batch-that-is-signed"), EventBatch)
    assert not isinstance(batch, Unreadable)
    signed = what_is_signed(SpaceId("nook"), KioskId("front-door"), batch)
    assert signed.decode().splitlines() == [
        "foyer batch",
        "ed25519",
        "nook",
        "front-door",
        EPOCH,
        "1",
        "0",
        "6a0f3d0c9b1e44b7a7c2f6d05e1b8a93",
        "3d05038c52be24e851cb4f8f2dcadc38",
    ]
    assert is_signed(KEY.public, batch.sig, signed)
