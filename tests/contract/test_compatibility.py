"""Old and new programs on one line: what either does with what it does not know."""

import json
from typing import Any

import msgspec
import pytest

from community.events import Record
from community.ids import Epoch
from community.members import Member, Space
from community.wire.codec import Unreadable, decode, decode_record
from community.wire.messages import Cursor, DoorEvents, EventBatch, FeedHave, FeedItem, FeedPage, Status
from community.wire.versions import WIRE
from tests.contract.messages import ALL, BADGE, BODIES, EPOCH, MESSAGES, ONE, RECORDS, bytes_of


def grown(value: Any) -> Any:
    """Return the JSON value with a field nobody knows yet in every object that has fields.

    `vectors` has none: its keys are data.
    """
    if isinstance(value, dict):
        inside = {key: inner if key == "vectors" else grown(inner) for key, inner in value.items()}
        return {"from_the_future": {"a": [1]}, **inside}
    return [grown(inner) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", RECORDS)
def test_unknown_fields_of_a_record_are_ignored(name: str):
    assert decode_record(json.dumps(grown(json.loads(bytes_of(name)))).encode()) == RECORDS[name]


@pytest.mark.parametrize(
    "name", [name for name in MESSAGES if not name.startswith(("event-", "feed-page", "door-"))]
)
def test_unknown_fields_of_a_message_are_ignored(name: str):
    message = MESSAGES[name]
    assert decode(json.dumps(grown(json.loads(bytes_of(name)))).encode(), type(message)) == message


@pytest.mark.parametrize("name", BODIES)
def test_unknown_fields_of_what_the_feed_carries_are_ignored(name: str):
    payload = json.dumps(grown(json.loads(bytes_of(name)))).encode()
    assert msgspec.json.decode(payload, type=type(BODIES[name])) == BODIES[name]


def test_unknown_fields_of_a_page_a_batch_and_a_telling_are_ignored():
    telling = b'{"kiosk":"d","count":"e","after":0,"upto":1,"x":1,"events":[%s]}'
    told = decode(telling % b'{"age_us":4,"record":{"new":1},"y":[]}', DoorEvents)
    assert isinstance(told, DoorEvents)
    assert [(event.age_us, bytes(event.record)) for event in told.events] == [(4, b'{"new":1}')]
    page = decode(
        b'{"since":1,"upto":2,"part":1,"parts":1,"items":[{"kind":"poem","key":"p","revision":2,"x":0}],"y":1}',
        FeedPage,
    )
    assert page == FeedPage(1, 2, 1, 1, (FeedItem("poem", "p", 2),))
    assert decode(b'{"epoch":"e","events":[],"compressed":false}', EventBatch) == EventBatch(Epoch("e"), ())


def test_an_event_of_an_unknown_kind_keeps_its_number():
    record = json.loads(bytes_of("record-checked-in"))
    record["event"] = {"kind": "coffee_drunk", "member": ONE}
    unreadable = decode_record(json.dumps(record).encode())
    assert isinstance(unreadable, Unreadable)
    assert unreadable.seq == 1


@pytest.mark.parametrize("name", MESSAGES)
@pytest.mark.parametrize("version", [WIRE - 1, WIRE + 1, 9999])
def test_another_version_of_the_wire_is_named_beside_ours(name: str, version: int):
    newer = {**json.loads(bytes_of(name)), "v": version}
    assert decode(json.dumps(newer).encode(), type(MESSAGES[name])) == Unreadable(
        f"wire version {version}, this program speaks {WIRE}: update the older of kiosk and hub"
    )


def test_a_version_we_cannot_know_is_told_even_when_nothing_else_is_as_it_was():
    unreadable = decode(b'{"v":2,"lines":"other"}', EventBatch)
    assert isinstance(unreadable, Unreadable)
    assert "wire version 2" in unreadable.reason


@pytest.mark.parametrize(
    ("payload", "message"),
    [
        (b'{"online":true}', Status(online=True, boot="", program="", reader="", waiting=0, revision=0, v=1)),
        (b'{"revision":4}', FeedHave(4, v=1)),
        (b'{"epoch":"5b1f0c9ad2e84467","upto":4}', Cursor(EPOCH, 4, v=1)),
        (b'{"epoch":"5b1f0c9ad2e84467","events":[]}', EventBatch(EPOCH, (), v=1)),
        (b'{"since":1,"upto":2,"part":1,"parts":1,"items":[]}', FeedPage(1, 2, 1, 1, (), digest="", v=1)),
    ],
)
def test_what_an_older_program_leaves_out_gets_its_default(payload: bytes, message: msgspec.Struct):
    assert decode(payload, type(message)) == message


def test_what_an_older_hub_leaves_out_of_the_feed_gets_its_modest_default():
    member = msgspec.json.decode(b'{"id":"m-2f8d","name":"Zo\xc3\xa9"}', type=Member)
    assert member == Member(ONE, "Zoé")
    assert not member.may_be_introduced
    assert msgspec.json.decode(b"{}", type=Space) == Space()
    page = decode(
        b'{"since":0,"upto":1,"part":1,"parts":1,"items":[{"kind":"badge","key":"%s","revision":1}]}'
        % BADGE.encode(),
        FeedPage,
    )
    assert isinstance(page, FeedPage)
    assert page.items[0].body is None


@pytest.mark.parametrize("name", ALL)
def test_no_field_without_a_default_was_added_since_the_first_version(name: str):
    first = {
        "Badge": {"hash", "member_id"},
        "Cursor": {"epoch", "upto"},
        "DayPlan": {"day"},
        "Erasure": {"member", "at_us"},
        "DoorEvents": {"kiosk", "count", "after", "upto"},
        "DoorsHeard": set(),
        "EventBatch": {"epoch", "events"},
        "FeedHave": {"revision"},
        "ItemVectors": {"model"},
        "PersonPast": {"member"},
        "Table": {"id", "occasion", "at"},
        "TextModel": set(),
        "Weights": set(),
        "FeedPage": {"since", "upto", "part", "parts", "items"},
        "Member": {"id", "name"},
        "MemberPin": {"member", "hash"},
        "Agenda": {"day"},
        "Order": set(),
        "Record": {"seq", "at", "event"},
        "BadgeSecret": {"hash", "version", "sun", "mutual"},
        "MetaKey": {"version", "secret"},
        "BadgeCounter": {"badge", "upto"},
        "Space": set(),
        "Status": {"online"},
    }
    kind = type(ALL[name])
    required = {field.name for field in msgspec.structs.fields(kind) if field.required}
    assert required == first[kind.__name__]


def test_a_record_of_the_first_version_will_always_be_readable():
    first = (
        b'{"seq":1,"at":{"wall_us":1,"boot":"b","up_us":1,"synced":true},'
        b'"event":{"kind":"checked_in","member":"m"}}'
    )
    assert isinstance(decode_record(first), Record)
