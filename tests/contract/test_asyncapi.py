"""`docs/asyncapi.yaml` says what the programs do: it is valid, complete and agrees with the types."""

import hashlib
import json
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest
from jsonschema import Draft7Validator

from community.agenda import Agenda, Moment
from community.badges import Badge
from community.events import Record
from community.ids import KioskId, SpaceId
from community.introductions.pairing import DayPlan, PersonPast
from community.introductions.tables import Table
from community.introductions.weights import Weights
from community.introductions.wording import ItemVectors, TextModel
from community.members import Member, Space
from community.pins import MemberPin
from community.secrets import BadgeCounter, BadgeSecret, MetaKey
from community.wire.messages import (
    Cursor,
    DoorEvent,
    DoorEvents,
    DoorsHeard,
    DoorStand,
    Erasure,
    EventBatch,
    FeedHave,
    FeedItem,
    FeedPage,
    Order,
    Status,
)
from community.wire.topics import Word, hub_topic, kiosk_topic
from tests.contract.messages import ALL, FIRST_SAID, bytes_of, first_bytes_of
from tests.contract.recorded import document, message_on, validator

VENDOR = Path(__file__).parent / "vendor"
WIRE_TYPES = (
    *(Record, EventBatch, Cursor, Status, Order, FeedHave, Erasure, FeedItem, FeedPage, Member, Space, Badge),
    *(DoorEvents, DoorEvent, DoorsHeard, DoorStand),
    *(DayPlan, PersonPast, Table, Weights, TextModel, ItemVectors),
    *(BadgeSecret, MetaKey, BadgeCounter, MemberPin, Agenda, Moment),
)
_, TYPES = msgspec.json.schema_components(WIRE_TYPES)

CARRIED_RAW = {("EventBatch", "events"), ("FeedItem", "body"), ("DoorEvent", "record")}
"""Raw JSON to the classes, so that it passes byte for byte; the document says what it holds."""

NOTES = {"title", "description", "default", "discriminator", "allOf"}
"""Keywords that explain, or stand on one side only: `allOf` ties a feed item's body to its kind."""


def test_the_vendored_schema_is_the_one_that_was_published():
    vendored = tomllib.loads((VENDOR / "VENDOR.toml").read_text(encoding="utf-8"))["file"]
    assert {file.name for file in VENDOR.iterdir()} == {"VENDOR.toml", *(entry["file"] for entry in vendored)}
    for entry in vendored:
        assert hashlib.sha256((VENDOR / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]


def test_the_document_is_valid_asyncapi():
    specification = json.loads((VENDOR / "asyncapi-3.0.0.json").read_text(encoding="utf-8"))
    errors = [f"{e.json_path}: {e.message}" for e in Draft7Validator(specification).iter_errors(document())]
    assert errors == []


def references(value: Any) -> set[str]:
    """Return every `$ref` inside a value."""
    if isinstance(value, dict):
        inner = set().union(*map(references, value.values()), set())
        return inner | ({value["$ref"]} if isinstance(value.get("$ref"), str) else set())
    return set().union(*map(references, value), set()) if isinstance(value, list) else set()


def test_every_reference_leads_somewhere():
    for reference in references(document()):
        place: Any = document()
        for step in reference.removeprefix("#/").split("/"):
            assert step in place, reference
            place = place[step]


def test_nothing_stands_in_the_document_that_nothing_uses():
    used = references(document())
    for kind, parts in document()["components"].items():
        assert {f"#/components/{kind}/{name}" for name in parts} <= used


def test_every_topic_is_in_the_document_and_no_other():
    space, kiosk = SpaceId("{space}"), KioskId("{kiosk}")
    topics = {kiosk_topic(space, kiosk, word) for word in Word} | {hub_topic(space)}
    assert {channel["address"] for channel in document()["channels"].values()} == topics


@pytest.mark.parametrize("channel", document()["channels"])
def test_a_channel_names_its_parameters_and_is_used_by_both_sides(channel: str):
    entry = document()["channels"][channel]
    assert {f"{{{name}}}" for name in entry["parameters"]} == {
        part for part in entry["address"].split("/") if part.startswith("{")
    }
    sides = {
        (operation["tags"][0]["name"], operation["action"])
        for operation in document()["operations"].values()
        if operation["channel"]["$ref"] == f"#/channels/{channel}"
    }
    up, down = {("kiosk", "send"), ("hub", "receive")}, {("hub", "send"), ("kiosk", "receive")}
    across = {("kiosk", "send"), ("kiosk", "receive")}
    assert sides in {"kioskTold": [across], "kioskHeard": [across | up]}.get(channel, [up, down])


def test_only_status_is_retained_and_everything_is_sent_at_least_once():
    for name, operation in document()["operations"].items():
        mqtt = operation["bindings"]["mqtt"]
        assert mqtt["qos"] == 1, name
        if operation["action"] == "send":
            assert mqtt["retain"] is operation["channel"]["$ref"].endswith("Status"), name


@pytest.mark.parametrize(
    ("word", "message"),
    [
        (Word.EVENTS, "EventBatch"),
        (Word.STATUS, "Status"),
        (Word.HAVE, "FeedHave"),
        (Word.CURSOR, "Cursor"),
        (Word.FEED, "FeedPage"),
        (Word.ORDER, "Order"),
        (Word.TOLD, "DoorEvents"),
        (Word.HEARD, "DoorsHeard"),
        (Word.PASSED, "DoorEvents"),
    ],
)
def test_a_topic_carries_the_message_the_programs_expect(word: Word, message: str):
    assert message_on(kiosk_topic(SpaceId("nord"), KioskId("front-door"), word)) == message
    assert message_on(hub_topic(SpaceId("nord"))) == "Status"


# Types and document.


def plain(value: Any) -> Any:
    """Return a schema without what only explains; names of single values replaced by what they mean."""
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    name = str(value.get("$ref", "")).rpartition("/")[2]
    if name:
        return {"$ref": name} if name in TYPES else plain(document()["components"]["schemas"][name])
    kept = {key: plain(inner) for key, inner in value.items() if key not in {*NOTES, "properties"}}
    if "properties" in value:
        kept["properties"] = {field: plain(inner) for field, inner in value["properties"].items()}
    if "prefixItems" in kept:  # a tuple of one type, said in the words of an older JSON Schema
        kept["items"] = kept.pop("prefixItems")[0]
    return {key: sorted(inner) if key in {"required", "enum"} else inner for key, inner in kept.items()}


@pytest.mark.parametrize("name", TYPES)
def test_document_and_types_agree(name: str):
    said, meant = plain(document()["components"]["schemas"][name]), plain(TYPES[name])
    for struct, field in CARRIED_RAW:
        if struct == name:
            del said["properties"][field], meant["properties"][field]
    assert said == meant


def test_no_schema_stands_in_the_document_that_is_neither_a_type_nor_a_single_value():
    single = {"Version", "Number", "Count", "Epoch", "KioskId", "MemberId", "BadgeHash", "Words"}
    single |= {"TableId", "Share", "MaybeDay", "MaybeMember", "AesKey"}
    assert set(document()["components"]["schemas"]) - single == set(TYPES)


@pytest.mark.parametrize("name", ALL)
def test_golden_bytes_are_what_the_document_describes(name: str):
    errors = list(validator(type(ALL[name]).__name__).iter_errors(json.loads(bytes_of(name))))
    assert errors == []


@pytest.mark.parametrize("name", FIRST_SAID)
def test_bytes_of_the_first_generation_are_still_what_the_document_describes(name: str):
    kind = type(ALL[name]).__name__
    assert list(validator(kind).iter_errors(json.loads(first_bytes_of(name)))) == []


REQUIRED = [
    (name, field.name)
    for name, message in ALL.items()
    for field in msgspec.structs.fields(message)
    if field.required
]


@pytest.mark.parametrize(("name", "field"), REQUIRED)
def test_a_message_without_a_required_field_is_not_what_the_document_describes(name: str, field: str):
    value = json.loads(bytes_of(name))
    del value[field]
    assert not validator(type(ALL[name]).__name__).is_valid(value)


OPTIONAL = [
    (name, field.name)
    for name, message in ALL.items()
    for field in msgspec.structs.fields(message)
    if not field.required
]


@pytest.mark.parametrize(("name", "field"), OPTIONAL)
def test_a_message_without_an_optional_field_still_is(name: str, field: str):
    value = json.loads(bytes_of(name))
    del value[field]
    assert validator(type(ALL[name]).__name__).is_valid(value)
