"""The messages whose bytes stand in `golden/`: one of every kind there is."""

from datetime import date
from pathlib import Path

import msgspec

from community.badges import Badge, BadgeHash, BadgeStatus
from community.clock import Stamp
from community.events import (
    CardOpened,
    CheckedIn,
    CheckedOut,
    CheckOutUndone,
    Introduced,
    MeetingUndone,
    Met,
    MoodChosen,
    Record,
    RefusedBadgeTapped,
    Shown,
    UnknownBadgeTapped,
)
from community.ids import Epoch, MemberId
from community.introductions.slots import Slot
from community.members import Member, Mood, Space, Visibility
from community.wire.codec import digest_of, encode
from community.wire.messages import Cursor, EventBatch, FeedHave, FeedItem, FeedPage, Status

GOLDEN = Path(__file__).parent / "golden"

ONE = MemberId("m-2f8d")
OTHER = MemberId("m-91c0")
BADGE = BadgeHash("k1:00112233445566778899aabbccddeeff")
EPOCH = Epoch("5b1f0c9ad2e84467")
STAMP = Stamp(1_772_697_600_000_000, "0f6c0e6e-7f1c-4f0b-9c3e-3f6c0e6e7f1c", 61_500_000, synced=True)
EARLY = Stamp(0, "0f6c0e6e-7f1c-4f0b-9c3e-3f6c0e6e7f1c", 2_000_000, synced=False)

RECORDS = {
    "record-checked-in": Record(1, STAMP, CheckedIn(ONE)),
    "record-checked-in-before-the-clock-was-right": Record(2, EARLY, CheckedIn(ONE)),
    "record-card-opened": Record(3, STAMP, CardOpened(ONE)),
    "record-checked-out": Record(4, STAMP, CheckedOut(ONE)),
    "record-check-out-undone": Record(5, STAMP, CheckOutUndone(ONE)),
    "record-met": Record(6, STAMP, Met(ONE, OTHER)),
    "record-meeting-undone": Record(7, STAMP, MeetingUndone(ONE, OTHER)),
    "record-mood-chosen": Record(8, STAMP, MoodChosen(ONE, Mood.HEADS_DOWN)),
    "record-introduced": Record(
        9, STAMP, Introduced(ONE, (Shown(OTHER, Slot.PARTNER), Shown(MemberId("m-77aa"), Slot.NEIGHBOUR)))
    ),
    "record-unknown-badge": Record(10, STAMP, UnknownBadgeTapped(BADGE)),
    "record-refused-badge": Record(11, STAMP, RefusedBadgeTapped(BADGE, BadgeStatus.LOST)),
}

MEMBER = Member(
    id=ONE,
    name="Zoé",
    languages=("fr", "en"),
    trade="Traductrice",
    company="Atelier Nord",
    needs=("un logo",),
    offers=("traduction allemand",),
    interests=("poterie", "vélo"),
    place="près de la fenêtre",
    visibility=Visibility(lobby=True, members=True, hosts=True),
    introductions=True,
    joined=date(2026, 3, 2),
)
SPACE = Space("Le Nord", "Europe/Paris", "19:30", ("fr", "en"))

ITEMS = (
    FeedItem("member", ONE, 41, msgspec.Raw(encode(MEMBER))),
    FeedItem("badge", BADGE, 42, msgspec.Raw(encode(Badge(BADGE, ONE)))),
    FeedItem("space", "space", 43, msgspec.Raw(encode(SPACE))),
)
GONE = FeedItem("member", OTHER, 44)

MESSAGES: dict[str, msgspec.Struct] = {
    "event-batch": EventBatch(
        EPOCH,
        (
            msgspec.Raw(encode(RECORDS["record-checked-in"])),
            msgspec.Raw(encode(RECORDS["record-checked-in-before-the-clock-was-right"])),
        ),
    ),
    "event-batch-empty": EventBatch(EPOCH, ()),
    "cursor": Cursor(EPOCH, 3),
    "cursor-nothing-yet": Cursor(EPOCH, 0),
    "status-kiosk-online": Status(
        online=True, boot="0f6c0e6e", program="0.1.0", reader="ready", waiting=12, revision=41
    ),
    "status-offline": Status(online=False, boot="0f6c0e6e"),
    "feed-have": FeedHave(41),
    "feed-have-nothing": FeedHave(0),
    "feed-page-snapshot": FeedPage(0, 43, 1, 1, ITEMS, digest_of(ITEMS)),
    "feed-page-tombstone": FeedPage(43, 44, 1, 2, (GONE,)),
}

BODIES = {"body-member": MEMBER, "body-badge": Badge(BADGE, ONE), "body-space": SPACE}

ALL: dict[str, msgspec.Struct] = {**RECORDS, **MESSAGES, **BODIES}


def bytes_of(name: str) -> bytes:
    """Return the bytes committed under this name."""
    return (GOLDEN / f"{name}.json").read_bytes()
