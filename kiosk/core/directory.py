"""Who is who, as the kiosk knows it: built from the feed, asked at every tap.

Pure.  A feed item this version does not understand is left out, never an error: the rest of
the directory must work.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import assert_never

import msgspec

from community.agenda import Agenda
from community.badges import Badge, BadgeHash, BadgeKey, BadgeStatus
from community.ids import MemberId, TableId
from community.introductions.pairing import DayPlan, PersonPast
from community.introductions.tables import Table
from community.introductions.weights import Weights
from community.introductions.wording import ItemVectors, TextModel
from community.members import Member, Space
from community.pins import MemberPin, asks_pin
from community.proofs import ProofFault, Shown, fault_of, strongest
from community.reads import ClosedBadge, KnownBadge, RandomNumber, Read, StrangeBadge, UnprovenBadge
from community.secrets import BadgeSecret, MetaKey
from community.wire.messages import FeedItem
from kiosk.core.unread import Unread

Thing = (
    Member
    | MemberPin
    | Badge
    | BadgeSecret
    | MetaKey
    | Space
    | bytes
    | TextModel
    | PersonPast
    | DayPlan
    | Table
    | Weights
    | Agenda
)
"""Everything a feed item may hold that is used here; bytes for what stays unread until it is asked for."""

KINDS: Mapping[str, type[Thing | ItemVectors]] = {
    "member": Member,
    "badge": Badge,
    "badge_secret": BadgeSecret,
    "badge_meta": MetaKey,
    "space": Space,
    "words": ItemVectors,
    "text": TextModel,
    "past": PersonPast,
    "plan": DayPlan,
    "table": Table,
    "weights": Weights,
    "pin": MemberPin,
    "agenda": Agenda,
}
"""What each kind of feed item holds; any other kind is kept but not used."""

AT_ONCE = frozenset({"badge"})
"""Kinds whose items are read anew each time: that takes less than remembering them would."""

DIGEST_BYTES = 16
"""Of an item that was read: a tenth of its bytes at most, and no two items ever have the same by chance."""


@dataclass(frozen=True, slots=True)
class Directory:
    """An immutable copy of what the feed says; a new feed makes a new one."""

    members: Mapping[MemberId, Member] = field(default_factory=dict)
    badges: Mapping[BadgeHash, Badge] = field(default_factory=dict)
    space: Space = field(default_factory=Space)
    words: Mapping[MemberId, ItemVectors] = field(default_factory=lambda: Unread({}))
    """What the hub's text understanding makes of each member's items; empty until that came."""
    text: TextModel = field(default_factory=TextModel)
    past: Mapping[MemberId, PersonPast] = field(default_factory=dict)
    plans: Mapping[date, DayPlan] = field(default_factory=dict)
    tables: Mapping[TableId, Table] = field(default_factory=dict)
    weights: Weights = field(default_factory=Weights)
    secrets: Mapping[BadgeHash, BadgeSecret] = field(default_factory=dict, repr=False)
    """What secure badges are checked with."""
    metas: Mapping[int, MetaKey] = field(default_factory=dict, repr=False)
    """With what they encrypt who they are, by the version of the space's secret."""
    pins: Mapping[MemberId, MemberPin] = field(default_factory=dict, repr=False)
    agendas: Mapping[date, Agenda] = field(default_factory=dict)
    read_before: Mapping[str, Mapping[str, tuple[bytes, Thing]]] = field(
        default_factory=dict, compare=False, repr=False
    )
    """Items as they were read, by kind and key, each with the digest of its bytes: what does not change is
    not read again, and stays the same object."""

    def read(
        self, uid: bytes, *, random: bool, key: BadgeKey, shown: Shown | ProofFault | None = None
    ) -> Read:
        """Return what a UID turns out to be.

        Args:
            uid: As the reader read it.
            random: Whether the reader knows it for a random number.
            key: The space's.
            shown: What the badge showed with a key of its own; `None` for nothing but its number.
        """
        if random:
            return RandomNumber()
        hashed = key.hash(uid)
        badge = self.badges.get(hashed)
        if badge is None or badge.member_id not in self.members:
            return StrangeBadge(hashed)
        if badge.status is not BadgeStatus.ACTIVE:
            return ClosedBadge(hashed, badge.status)
        fault = fault_of(strongest(badge.level, self.space.badge_level), badge.key, shown)
        if fault is not None:
            return UnprovenBadge(hashed, fault)
        return KnownBadge(hashed, badge.member_id, asks_pin(badge.level, self.space.badge_level))


def from_feed(items: Iterable[FeedItem], before: Directory | None = None) -> Directory:
    """Build a directory from all items of a feed.

    Args:
        items: The whole feed, in any order.
        before: The directory of the feed before; what did not change is taken over as it is.
    """
    known = before.read_before if before is not None else {}
    read: dict[str, dict[str, tuple[bytes, Thing]]] = {kind: {} for kind in KINDS}
    own: dict[str, str] = {}
    for item in items:
        kind = KINDS.get(item.kind)
        if kind is None or item.body is None:
            continue
        key, body = _own(item.key, own), bytes(item.body)
        digest = b"" if item.kind in AT_ONCE else hashlib.blake2b(body, digest_size=DIGEST_BYTES).digest()
        old = known.get(item.kind, {}).get(key)
        if old is not None and old[0] == digest:
            read[item.kind][key] = old
            continue
        try:
            thing = msgspec.json.decode(body, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
        read[item.kind][key] = (digest, body if isinstance(thing, ItemVectors) else thing)
    return _directory(read)


def _own(word: str, own: dict[str, str]) -> str:
    """Return our own copy of a word, the same for all items.

    What thousands of items came in is then freed as a whole: a few words of it kept here and there would
    hold the memory of everything between them.
    """
    if word not in own:
        copy = word.encode("utf-8", "surrogatepass").decode("utf-8", "surrogatepass")
        own[copy] = copy
    return own[word]


def _directory(  # noqa: C901, PLR0912 - one case a kind
    read: Mapping[str, Mapping[str, tuple[bytes, Thing]]],
) -> Directory:
    members: dict[MemberId, Member] = {}
    badges: dict[BadgeHash, Badge] = {}
    words: dict[MemberId, bytes] = {}
    past: dict[MemberId, PersonPast] = {}
    plans: dict[date, DayPlan] = {}
    tables: dict[TableId, Table] = {}
    secrets: dict[BadgeHash, BadgeSecret] = {}
    metas: dict[int, MetaKey] = {}
    pins: dict[MemberId, MemberPin] = {}
    agendas: dict[date, Agenda] = {}
    space, text, weights = Space(), TextModel(), Weights()
    for key, (_digest, thing) in chain.from_iterable(things.items() for things in read.values()):
        match thing:
            case Member():
                members[thing.id] = thing
            case Badge():
                badges[thing.hash] = thing
            case BadgeSecret():
                secrets[thing.hash] = thing
            case MetaKey():
                metas[thing.version] = thing
            case bytes():
                words[MemberId(key)] = thing
            case PersonPast():
                past[thing.member] = thing
            case DayPlan():
                plans[thing.day] = thing
            case Table():
                tables[thing.id] = thing
            case Space():
                space = thing
            case TextModel():
                text = thing
            case Weights():
                weights = thing
            case MemberPin():
                pins[thing.member] = thing
            case Agenda():
                agendas[thing.day] = thing
            case _:
                assert_never(thing)
    remembered = {kind: things for kind, things in read.items() if kind not in AT_ONCE}
    return Directory(
        members,
        badges,
        space,
        Unread(words),
        text,
        past,
        plans,
        tables,
        weights,
        secrets,
        metas,
        pins,
        agendas,
        remembered,
    )
