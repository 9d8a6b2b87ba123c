"""The check for recorded messages: it lets good ones pass and stops the others."""

import json

import pytest

from tests.contract.messages import bytes_of
from tests.contract.recorded import validate

DOOR = "foyer/1/nord/kiosks/front-door"


@pytest.mark.parametrize(
    ("topic", "name"),
    [
        (f"{DOOR}/events", "event-batch"),
        (f"{DOOR}/status", "status-kiosk-online"),
        (f"{DOOR}/events", "event-batch-that-asks"),
        (f"{DOOR}/have", "feed-have"),
        (f"{DOOR}/have", "feed-have-and-who-was-erased"),
        (f"{DOOR}/cursor", "cursor"),
        (f"{DOOR}/feed", "feed-page-snapshot"),
        (f"{DOOR}/feed", "feed-page-tombstone"),
        ("foyer/1/nord/hub", "status-offline"),
    ],
)
def test_a_golden_message_on_its_topic_passes(topic: str, name: str):
    validate(topic, bytes_of(name))


@pytest.mark.parametrize(
    "topic",
    [
        f"{DOOR}/cursor",
        f"{DOOR}/gossip",
        "foyer/2/nord/hub",
        "foyer/1/Nord/hub",
        "foyer/1/nord/kiosks/a/b/events",
    ],
)
def test_a_message_on_another_topic_does_not(topic: str):
    with pytest.raises(AssertionError):
        validate(topic, bytes_of("event-batch"))


@pytest.mark.parametrize("payload", [b"", b"{", b"\xff", b"null", b"[]", b"{}"])
def test_what_is_no_message_does_not(payload: bytes):
    with pytest.raises(AssertionError):
        validate(f"{DOOR}/events", payload)


@pytest.mark.parametrize(
    "event",
    [
        {"kind": "coffee_drunk", "member": "m"},
        {"kind": "checked_in"},
        {"kind": "unknown_badge", "badge": "04a1b2c3"},
        {"kind": "paired", "pairing": {"first": "m", "second": "n", "slot": "partner", "score": 1.5}},
        {"kind": "answered", "member": "m", "other": "n", "answer": "never"},
    ],
)
def test_a_batch_with_an_event_the_document_does_not_know_does_not(event: dict):
    batch = json.loads(bytes_of("event-batch"))
    batch["events"][0]["event"] = event
    with pytest.raises(AssertionError, match=r"events\[0\]"):
        validate(f"{DOOR}/events", json.dumps(batch).encode())


@pytest.mark.parametrize(
    ("item", "body"),
    [
        (0, {"id": "m"}),
        (1, {"hash": "k1:00"}),
        (2, []),
        (0, "Zoé"),
        (3, {"pairings": []}),
        (4, {"member": "m", "ties": -1}),
        (5, {"id": "t", "occasion": "tea", "at": "2026-03-05T09:30:00Z"}),
        (6, {"explore": 2}),
        (7, {"least": "much"}),
        (8, {"vectors": {}}),
    ],
)
def test_a_page_with_a_body_that_is_not_its_kind_does_not(item: int, body: object):
    page = json.loads(bytes_of("feed-page-snapshot"))
    page["items"][item]["body"] = body
    with pytest.raises(AssertionError, match=r"items\[\d\]"):
        validate(f"{DOOR}/feed", json.dumps(page).encode())
