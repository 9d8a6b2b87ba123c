"""The codec: what cannot be read is a value that quotes nothing."""

import hashlib
import json

import msgspec
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from community.events import CheckedIn, Record
from community.ids import LARGEST_NUMBER, Epoch
from community.wire.codec import Unreadable, content_hash, decode, decode_record, digest_of, encode
from community.wire.messages import (
    Cursor,
    EventBatch,
    EventKey,
    FeedHave,
    FeedItem,
    FeedPage,
    Status,
    event_id,
)
from tests.community.samples import ADA, NINE, badge, stamp

MESSAGES = (EventBatch, Cursor, Status, FeedHave, FeedPage)
RECORD = {
    "seq": 7,
    "at": {"wall_us": 1, "boot": "b", "up_us": 2, "synced": True},
    "event": {"kind": "unknown_badge", "badge": badge(1)},
}
DEEP = b'{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
MANY_DIGITS = b'{"v":' + b"9" * 5_000 + b"}"
MARKER = "Marguerite"

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.just(MARKER),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.just(MARKER) | st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


def changed(path: str, value: object) -> bytes:
    """Return a good record's JSON with one value replaced (dotted path)."""
    record = json.loads(json.dumps(RECORD))
    *parents, last = path.split(".")
    place = record
    for parent in parents:
        place = place[parent]
    place[last] = value
    return json.dumps(record).encode()


# Records.


def test_a_record_that_was_written_is_read():
    record = Record(7, stamp(NINE), CheckedIn(ADA))
    assert decode_record(encode(record)) == record


def test_an_unknown_kind_is_told_with_its_number_and_without_the_kind():
    unreadable = decode_record(changed("event", {"kind": MARKER}))
    assert unreadable == Unreadable(
        "not an event this program knows: its kind is not one this version knows", seq=7
    )


def test_a_value_of_a_closed_set_this_version_does_not_know_is_told_with_its_number():
    event = {"kind": "mood_chosen", "member": "m", "mood": MARKER}
    assert decode_record(changed("event", event)) == Unreadable(
        "not an event this program knows: a value is not one this version knows", seq=7
    )


def test_what_is_missing_or_of_the_wrong_type_is_named_with_its_place():
    assert decode_record(changed("at.synced", MARKER)) == Unreadable(
        "not an event this program knows: Expected `bool`, got `str` - at `$.at.synced`", seq=7
    )
    assert decode_record(changed("event", {"kind": "checked_in"})) == Unreadable(
        "not an event this program knows: Object missing required field `member` - at `$.event`", seq=7
    )


@pytest.mark.parametrize("seq", [0, -1, LARGEST_NUMBER + 1, 10**30, "7", 7.5, None])
def test_a_number_no_database_can_hold_is_no_number(seq: object):
    unreadable = decode_record(changed("seq", seq))
    assert isinstance(unreadable, Unreadable)
    assert unreadable.seq is None


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("at.wall_us", -1),
        ("at.wall_us", 2**62),
        ("at.up_us", -1),
        ("at.up_us", 2**62),
        ("event.badge", "no hash"),
        ("event.badge", "k1:"),
        ("event.badge", "k1:" + "0" * 62),
    ],
)
def test_a_stamp_or_a_badge_that_can_be_no_such_thing_is_unreadable(path: str, value: object):
    unreadable = decode_record(changed(path, value))
    assert isinstance(unreadable, Unreadable)
    assert unreadable.seq == 7


@pytest.mark.parametrize("raw", [b"", b"\xff", b"{", b"null", b"[]", b'{"seq":7', DEEP])
def test_what_is_no_json_object_has_no_number(raw: bytes):
    unreadable = decode_record(raw)
    assert isinstance(unreadable, Unreadable)
    assert unreadable.seq is None


# Messages.


@pytest.mark.parametrize("kind", MESSAGES)
@pytest.mark.parametrize(
    "payload", [b"", b"\xff", b"{", b"null", b"[]", b'{"v":"1"}', b'{"v":true}', DEEP, MANY_DIGITS]
)
def test_what_is_no_message_is_unreadable(kind: type[msgspec.Struct], payload: bytes):
    unreadable = decode(payload, kind)
    assert isinstance(unreadable, Unreadable)
    assert unreadable.reason.startswith("not a message of this program")


def test_a_message_of_another_kind_is_unreadable_and_says_what_is_missing():
    assert decode(b'{"revision":3}', Cursor) == Unreadable(
        "not a Cursor: Object missing required field `epoch`"
    )


def test_a_message_broken_after_its_version_is_unreadable():
    assert decode(b'{"v":1,"epoch":"\xff","upto":1}', Cursor) == Unreadable("not a Cursor: not JSON")


@pytest.mark.parametrize("epoch", ["", "e" * 33, "é", "a b", "a\u0000"])
def test_an_epoch_the_hub_cannot_keep_is_unreadable(epoch: str):
    assert isinstance(decode(encode(Cursor(Epoch(epoch), 1)), Cursor), Unreadable)


@pytest.mark.parametrize("revision", [-1, LARGEST_NUMBER + 1])
def test_a_revision_no_database_can_hold_is_unreadable(revision: int):
    assert isinstance(decode(b'{"revision":%d}' % revision, FeedHave), Unreadable)


@pytest.mark.parametrize("kind", MESSAGES)
@given(st.binary())
@example(MANY_DIGITS)
def test_any_bytes_can_be_decoded_as_a_message(kind: type[msgspec.Struct], payload: bytes):
    assert isinstance(decode(payload, kind), kind | Unreadable)


@given(st.binary())
@example(MANY_DIGITS)
def test_any_bytes_can_be_decoded_as_a_record(raw: bytes):
    assert isinstance(decode_record(raw), Record | Unreadable)


FIELDS = sorted({"event.kind", "event.badge", *(f"at.{name}" for name in RECORD["at"]), *RECORD})


@given(st.sampled_from(FIELDS), JSON)
def test_the_reason_a_record_is_unreadable_never_quotes_it(path: str, value: object):
    found = decode_record(changed(path, value))
    assume(isinstance(found, Unreadable))
    assert isinstance(found, Unreadable)
    assert MARKER not in found.reason


@pytest.mark.parametrize("kind", MESSAGES)
@given(st.data())
def test_the_reason_a_message_is_unreadable_never_quotes_it(kind: type[msgspec.Struct], data: st.DataObject):
    fields = data.draw(
        st.fixed_dictionaries({}, optional={n: JSON for n in kind.__struct_fields__ if n != "v"})
    )
    found = decode(json.dumps(fields).encode(), kind)
    if isinstance(found, Unreadable):
        assert MARKER not in found.reason


def test_a_place_written_into_a_value_is_not_believed():
    sly = f"{MARKER}' - at `$.event.kind`"
    unreadable = decode_record(changed("event", {"kind": "mood_chosen", "member": "m", "mood": sly}))
    assert isinstance(unreadable, Unreadable)
    assert MARKER not in unreadable.reason


# Hashes.


def test_the_same_bytes_have_the_same_content_hash():
    assert content_hash(b"{}") == hashlib.sha256(b"{}").hexdigest()[:32]
    assert content_hash(b"{}") != content_hash(b"{ }")


ITEMS = st.lists(
    st.builds(
        FeedItem,
        st.sampled_from(["member", "badge", "space"]),
        st.sampled_from(["a", "b", "ab", ""]),
        st.integers(0, 3),
        st.sampled_from([None, msgspec.Raw(b"1"), msgspec.Raw(b'{"a":1}')]),
    ),
    max_size=6,
    unique_by=lambda item: (item.kind, item.key),
)


def facts(items: list[FeedItem]) -> set[tuple[str, str, bytes]]:
    """Return what a digest stands for."""
    return {(item.kind, item.key, bytes(item.body)) for item in items if item.body is not None}


@given(ITEMS, ITEMS)
def test_a_digest_is_equal_exactly_when_what_is_known_is_equal(one: list[FeedItem], other: list[FeedItem]):
    assert (digest_of(one) == digest_of(other)) == (facts(one) == facts(other))


@given(ITEMS, st.randoms(use_true_random=False))
def test_a_digest_depends_neither_on_order_nor_on_revisions_nor_on_what_is_gone(
    items: list[FeedItem], chance
):
    shuffled = [msgspec.structs.replace(item, revision=9) for item in chance.sample(items, len(items))]
    assert digest_of(shuffled) == digest_of(item for item in items if item.body is not None)


def test_a_digest_is_made_as_the_document_says():
    items = [
        FeedItem("member", "a", 1, msgspec.Raw(b"{}")),
        FeedItem("badge", "k1:00", 2, msgspec.Raw(b"[1]")),
    ]
    said = b"\0\0\0\5badge\0\0\0\5k1:00\0\0\0\3[1]" + b"\0\0\0\6member\0\0\0\1a\0\0\0\2{}"
    assert digest_of(items) == hashlib.sha256(said).hexdigest()[:32]


def test_parts_of_an_item_cannot_trade_letters():
    one = FeedItem("member", "ab", 1, msgspec.Raw(b"1"))
    other = FeedItem("membera", "b", 1, msgspec.Raw(b"1"))
    assert digest_of([one]) != digest_of([other])


def test_the_digest_of_nothing_is_that_of_an_empty_kiosk():
    assert digest_of([]) == hashlib.sha256(b"").hexdigest()[:32]


def test_an_event_is_the_same_wherever_it_arrives():
    key = msgspec.json.decode(changed("seq", 7), type=EventKey)
    assert event_id("door", "e", key.seq) == event_id("door", "e", 7)
