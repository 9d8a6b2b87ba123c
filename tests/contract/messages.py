"""The messages whose bytes stand in `golden/`: one of every kind there is."""

from datetime import UTC, date, datetime
from pathlib import Path

import msgspec

from community.agenda import Agenda, Moment
from community.badges import Badge, BadgeHash, BadgeStatus
from community.clock import Stamp
from community.events import (
    Answer,
    Answered,
    AnswerUndone,
    BadgeLinkAsked,
    BadgeProved,
    BeamCounted,
    CardOpened,
    CheckedIn,
    CheckedOut,
    CheckOutUndone,
    FoundUseful,
    GuestCame,
    Introduced,
    MeetingUndone,
    Met,
    MoodChosen,
    Paired,
    PinRefused,
    Record,
    RefusedBadgeTapped,
    RollCallOpened,
    Shown,
    TableAnswered,
    UnknownBadgeTapped,
    UnprovenBadgeTapped,
    VisitCorrected,
    Weighed,
)
from community.guests import GuestWords, seal_of
from community.ids import Epoch, KioskId, MemberId, TableId
from community.introductions.pairing import DayPlan, Origin, Pairing, PairPast, PersonPast
from community.introductions.slots import Slot
from community.introductions.tables import Occasion, Table
from community.introductions.weights import Weights
from community.introductions.wording import ItemVectors, TextModel
from community.members import Comfort, Intent, Member, Mood, Space, Visibility
from community.pins import MemberPin
from community.proofs import Level, ProofFault
from community.secrets import BadgeCounter, BadgeSecret, MetaKey
from community.wire.codec import digest_of, encode
from community.wire.messages import (
    BridgeHealth,
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
from plumbing.signing import SigningKey

GOLDEN = Path(__file__).parent / "golden"

FIRST = GOLDEN / "first"
"""Bytes of programs from before there were plans: what changed since stands there as it was said then."""

ONE = MemberId("m-2f8d")
OTHER = MemberId("m-91c0")
THIRD = MemberId("m-77aa")
TABLE = TableId("t-5b1f0c9a")
BADGE = BadgeHash("k1:00112233445566778899aabbccddeeff")
SECURE_BADGE = Badge(BADGE, ONE, level=Level.SUN, key=2)
STREET = KioskId("street-door")
EPOCH = Epoch("5b1f0c9ad2e84467")
STAMP = Stamp(1_772_697_600_000_000, "0f6c0e6e-7f1c-4f0b-9c3e-3f6c0e6e7f1c", 61_500_000, synced=True)
EARLY = Stamp(0, "0f6c0e6e-7f1c-4f0b-9c3e-3f6c0e6e7f1c", 2_000_000, synced=False)

KEY = SigningKey("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
"""The private key of the first example of RFC 8032, section 7.1."""
SIGNATURE = (
    "af9852e3ada1dadf09b0de762f53af07a491c00cece34d058ce430616588eee0"
    "d96585f6579a03607a1b2cdae51ff61f97bab764176e344ce4ca70cc4bf30b04"
)

GUEST = GuestWords(20, "Zoé", "Bruno", "3f6c0e6e7f1c4f0b9c3e3f6c0e6e7f1c")

PAIRING = Pairing(ONE, OTHER, Slot.PARTNER, ONE, 0.625, 0.95, Origin.PLAN)

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
        9,
        STAMP,
        Introduced(
            ONE,
            (Shown(OTHER, Slot.PARTNER), Shown(THIRD, Slot.NEIGHBOUR)),
            (
                Weighed(OTHER, Slot.PARTNER, 0.625, 0.95),
                Weighed(THIRD, Slot.NEIGHBOUR, 0.3125, 0.5),
                Weighed(MemberId("m-04e1"), Slot.NEIGHBOUR, 0.25, 0.05),
            ),
            "prior",
        ),
    ),
    "record-unknown-badge": Record(10, STAMP, UnknownBadgeTapped(BADGE)),
    "record-refused-badge": Record(11, STAMP, RefusedBadgeTapped(BADGE, BadgeStatus.LOST)),
    "record-badge-proved": Record(17, STAMP, BadgeProved(BADGE, 61)),
    "record-unproven-badge": Record(18, STAMP, UnprovenBadgeTapped(BADGE, ProofFault.REPLAYED)),
    "record-beam-counted": Record(19, STAMP, BeamCounted(17, 900)),
    "record-badge-link-asked": Record(20, STAMP, BadgeLinkAsked(BADGE, ONE, OTHER)),
    "record-roll-call-opened": Record(21, STAMP, RollCallOpened(OTHER)),
    "record-guest-came": Record(22, STAMP, GuestCame(ONE, seal_of(GUEST))),
    "record-visit-corrected": Record(
        23, STAMP, VisitCorrected(ONE, 1_772_690_400_000_000, 1_772_697_600_000_000, 1_772_694_000_000_000)
    ),
    "record-visit-noted-by-hand": Record(24, STAMP, VisitCorrected(ONE, 1_772_697_600_000_000)),
    "record-pin-refused": Record(25, STAMP, PinRefused(ONE, waits=True)),
    "record-paired": Record(12, STAMP, Paired(PAIRING)),
    "record-answered": Record(13, STAMP, Answered(ONE, OTHER, Answer.RATHER_NOT)),
    "record-answer-undone": Record(14, STAMP, AnswerUndone(ONE, OTHER)),
    "record-found-useful": Record(15, STAMP, FoundUseful(ONE, OTHER, useful=True)),
    "record-table-answered": Record(16, STAMP, TableAnswered(ONE, TABLE, coming=True)),
}

MEMBER = Member(
    id=ONE,
    name="Zoé",
    languages=("fr", "en"),
    trade="Traductrice",
    company="Atelier Nord",
    needs=("un logo", "une juriste"),
    offers=("traduction allemand",),
    interests=("poterie", "vélo"),
    place="près de la fenêtre",
    visibility=Visibility(lobby=True, members=True, hosts=True),
    introductions=True,
    joined=date(2026, 3, 2),
    needs_until=(None, date(2026, 11, 30)),
    ask_about=("vivre à Berlin",),
    intents=(Intent.BUSINESS, Intent.BE_ASKED),
    avoid=(OTHER,),
    avoid_topics=("crypto",),
    comfort=Comfort(large_text=True, spoken=True, stays_s=45),
    host=True,
)
FIRST_MEMBER = Member(
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
"""What the first generation of bytes says of her."""
SPACE = Space(
    "Le Nord",
    "Europe/Paris",
    "19:30",
    ("fr", "en"),
    "11:45",
    2,
    Level.PIN,
    formal=True,
    volume=40,
    quiet_from="20:00",
    quiet_until="08:00",
    address="https://foyer.example.org",
)
FIRST_SPACE = Space("Le Nord", "Europe/Paris", "19:30", ("fr", "en"))

DAY = date(2026, 3, 5)
PLAN = DayPlan(DAY, (PAIRING, Pairing(ONE, THIRD, Slot.NEIGHBOUR, score=0.3125)))
PAST = PersonPast(
    ONE,
    weekdays=(8, 7, 0, 5, 1, 0, 0),
    days=41,
    ties=3,
    said_yes=4,
    asked=6,
    wanted=2,
    answered=3,
    unanswered=1,
    pairs=(
        PairPast(OTHER, met=date(2026, 2, 3), shown=date(2026, 2, 2), times=1),
        PairPast(THIRD, barred=True),
    ),
)
COFFEE = Table(
    TABLE,
    Occasion.COFFEE,
    datetime(2026, 3, 5, 9, 30, tzinfo=UTC),
    "la cuisine",
    (ONE, OTHER, THIRD),
    (OTHER,),
)
AGENDA = Agenda(
    DAY,
    (
        Moment("Semaine du papier"),
        Moment(
            "Déjeuner partagé",
            datetime(2026, 3, 5, 11, 30, tzinfo=UTC),
            datetime(2026, 3, 5, 13, 0, tzinfo=UTC),
            "la cuisine",
        ),
    ),
)
WEIGHTS = Weights(name="2026-03-05 b", answers_me=2.25, overlap=0.3, newcomer=0.3, explore=0.05, chance=0.25)
TEXT = TextModel("sentences-1", 4, -6.5, 14.0, 0.4, 0.45)
VECTORS = ItemVectors("sentences-1", {"1f0c9ad2e8446711": "AQIDBA==", "5b1f0c9ad2e84467": "f4D/AA=="})

ITEMS = (
    FeedItem("member", ONE, 41, msgspec.Raw(encode(MEMBER))),
    FeedItem("badge", BADGE, 42, msgspec.Raw(encode(SECURE_BADGE))),
    FeedItem("space", "space", 43, msgspec.Raw(encode(SPACE))),
    FeedItem("plan", DAY.isoformat(), 44, msgspec.Raw(encode(PLAN))),
    FeedItem("past", ONE, 45, msgspec.Raw(encode(PAST))),
    FeedItem("table", TABLE, 46, msgspec.Raw(encode(COFFEE))),
    FeedItem("weights", "weights", 47, msgspec.Raw(encode(WEIGHTS))),
    FeedItem("text", "text", 48, msgspec.Raw(encode(TEXT))),
    FeedItem("words", ONE, 49, msgspec.Raw(encode(VECTORS))),
    FeedItem("agenda", DAY.isoformat(), 49, msgspec.Raw(encode(AGENDA))),
)
PIN = MemberPin(ONE, "$argon2id$v=19$m=19456,t=2,p=1$c29tZSBzYWx0$c29tZSBoYXNo", 1)
ERASURE = Erasure(THIRD, 1_772_697_600_000_000)
ERASED = FeedItem("erased", THIRD, 50, msgspec.Raw(encode(ERASURE)))
GONE = FeedItem("member", OTHER, 50)

MESSAGES: dict[str, msgspec.Struct] = {
    "event-batch": EventBatch(
        EPOCH,
        (
            msgspec.Raw(encode(RECORDS["record-checked-in"])),
            msgspec.Raw(encode(RECORDS["record-checked-in-before-the-clock-was-right"])),
        ),
    ),
    "event-batch-empty": EventBatch(EPOCH, ()),
    "event-batch-of-a-log-that-was-pruned": EventBatch(
        EPOCH, (msgspec.Raw(encode(RECORDS["record-checked-out"])),), oldest=4
    ),
    "event-batch-that-asks": EventBatch(EPOCH, (), oldest=4, asks=12),
    "event-batch-that-is-signed": EventBatch(
        EPOCH,
        (msgspec.Raw(encode(RECORDS["record-checked-out"])),),
        oldest=1,
        before="6a0f3d0c9b1e44b7a7c2f6d05e1b8a93",
        alg="ed25519",
        sig=SIGNATURE,
    ),
    "event-batch-with-a-guest": EventBatch(
        EPOCH, (msgspec.Raw(encode(RECORDS["record-guest-came"])),), oldest=1, guests=(GUEST,)
    ),
    "cursor": Cursor(EPOCH, 3),
    "cursor-nothing-yet": Cursor(EPOCH, 0),
    "cursor-with-content": Cursor(EPOCH, 17, at=12, content="6a0f3d0c9b1e44b7a7c2f6d05e1b8a93"),
    "cursor-that-asks-again": Cursor(EPOCH, 3, again=True, at=3, content="6a0f3d0c9b1e44b7a7c2f6d05e1b8a93"),
    "status-kiosk-online": Status(
        online=True, boot="0f6c0e6e", program="0.1.0", reader="ready", waiting=12, revision=41
    ),
    "status-offline": Status(online=False, boot="0f6c0e6e"),
    "status-of-a-kiosk-that-was-let-in": Status(online=True, boot="0f6c0e6e", program="0.1.0", credential=2),
    "status-of-a-kiosk-with-its-clock-and-its-disk": Status(
        online=True,
        boot="0f6c0e6e",
        program="0.1.0",
        waiting=12,
        oldest_s=86_400,
        disk_percent=81,
        at_us=1_795_423_380_000_000,
        synced=True,
    ),
    "status-of-a-kiosk-with-a-microcontroller": Status(
        online=True, boot="0f6c0e6e", bridge=BridgeHealth("ready", "1.2.0", silent=("presence.ld2410",))
    ),
    "status-of-a-kiosk-that-lost-it": Status(
        online=True, boot="0f6c0e6e", bridge=BridgeHealth("lost", fault="unplugged")
    ),
    "order-to-come-in-otherwise": Order(
        username="nook.front-door.3", password="dGhyZWUgd29yZHMgd29yayB3ZWxsLCBzYXlzIHNoZQ", credential=3
    ),
    "order-to-stay-out": Order(revoked=True),
    "feed-have": FeedHave(41),
    "feed-have-nothing": FeedHave(0),
    "feed-have-and-who-was-erased": FeedHave(41, "1f7684fa4e98ff104100917fd88ce81f", (ERASURE,)),
    "door-events": DoorEvents(
        STREET,
        EPOCH,
        0,
        9,
        events=(
            DoorEvent(60_000_000, msgspec.Raw(encode(RECORDS["record-checked-in"]))),
            DoorEvent(59_500_000, msgspec.Raw(encode(RECORDS["record-mood-chosen"]))),
        ),
    ),
    "door-events-none": DoorEvents(STREET, EPOCH, 12, 17, since=12),
    "doors-heard": DoorsHeard(
        (DoorStand(KioskId("garden-door"), Epoch("1d2e"), 3), DoorStand(STREET, Epoch("77c0"), 17)),
        (DoorStand(STREET, EPOCH, 17),),
    ),
    "doors-heard-nothing": DoorsHeard(),
    "feed-page-snapshot": FeedPage(0, 49, 1, 1, ITEMS, digest_of(ITEMS)),
    "feed-page-tombstone": FeedPage(49, 50, 1, 2, (GONE,)),
    "feed-page-erasure": FeedPage(49, 50, 2, 2, (ERASED,), digest_of((*ITEMS, ERASED))),
}

BODIES: dict[str, msgspec.Struct] = {
    "body-member": MEMBER,
    "body-badge": SECURE_BADGE,
    "body-badge-secret": BadgeSecret(BADGE, 2, bytes(range(16)), bytes(range(16, 32)), hides=True),
    "body-badge-meta": MetaKey(2, bytes(range(32, 48))),
    "body-badge-counter": BadgeCounter(BADGE, 61),
    "body-space": SPACE,
    "body-plan": PLAN,
    "body-past": PAST,
    "body-table": COFFEE,
    "body-weights": WEIGHTS,
    "body-text": TEXT,
    "body-words": VECTORS,
    "body-erased": ERASURE,
    "body-pin": PIN,
    "body-agenda": AGENDA,
}

ALL: dict[str, msgspec.Struct] = {**RECORDS, **MESSAGES, **BODIES}

FIRST_SAID: dict[str, msgspec.Struct] = {
    "record-introduced": Record(
        9, STAMP, Introduced(ONE, (Shown(OTHER, Slot.PARTNER), Shown(THIRD, Slot.NEIGHBOUR)))
    ),
    "event-batch": MESSAGES["event-batch"],
    "event-batch-empty": EventBatch(EPOCH, ()),
    "event-batch-of-a-log-that-was-pruned": MESSAGES["event-batch-of-a-log-that-was-pruned"],
    "event-batch-that-asks": MESSAGES["event-batch-that-asks"],
    "status-kiosk-online": MESSAGES["status-kiosk-online"],
    "status-offline": MESSAGES["status-offline"],
    "cursor": Cursor(EPOCH, 3),
    "feed-have": FeedHave(41),
    "body-member": FIRST_MEMBER,
    "body-badge": Badge(BADGE, ONE),
    "body-space": FIRST_SPACE,
    "feed-page-snapshot": FeedPage(
        0,
        43,
        1,
        1,
        tuple(
            FeedItem(kind, key, revision, msgspec.Raw(body))
            for kind, key, revision, body in (
                ("member", ONE, 41, (FIRST / "body-member.json").read_bytes()),
                ("badge", BADGE, 42, (FIRST / "body-badge.json").read_bytes()),
                ("space", "space", 43, (FIRST / "body-space.json").read_bytes()),
            )
        ),
        "b87bc7598638ff2a631a247902b0cf8b",
    ),
}
"""What older programs say, as this one reads it: what they never said has its default."""


def bytes_of(name: str) -> bytes:
    """Return the bytes committed under this name."""
    return (GOLDEN / f"{name}.json").read_bytes()


def first_bytes_of(name: str) -> bytes:
    """Return the bytes an older program says under this name."""
    return (FIRST / f"{name}.json").read_bytes()
