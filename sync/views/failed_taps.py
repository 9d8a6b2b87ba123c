"""Taps that came to nothing, as one list to work through: a line for each badge, or for whose PIN it was.

Badges by their short code only; nobody is named who hides from hosts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import assert_never

from sqlalchemy import Connection, select

from community.badges import BadgeHash, BadgeStatus, short_code
from community.clock import us_of
from community.events import Event, PinRefused, RefusedBadgeTapped, UnknownBadgeTapped, UnprovenBadgeTapped
from community.ids import KioskId, MemberId
from community.proofs import ProofFault
from sync.presence import Clocks, Happened
from sync.store import failed_taps
from sync.store.log import Stored
from sync.store.schema import badges, events
from sync.views.badges import MOST_TAPS, UNKNOWN_FOR, neighbours, stored_of
from sync.views.people import Known, name_for_hosts

KINDS = tuple(
    str(kind.__struct_config__.tag)
    for kind in (UnknownBadgeTapped, RefusedBadgeTapped, UnprovenBadgeTapped, PinRefused)
)

MOST = 50
"""Lines shown."""


class What(Enum):
    """Why it came to nothing."""

    UNKNOWN = "unknown"
    LOST = "lost"
    REVOKED = "revoked"
    COPY = "copy"
    """It did not prove what it is: perhaps a copy."""
    KEY = "key"
    """It has a key that is not used here."""
    PIN = "pin"
    """A wrong PIN."""
    PINS = "pins"
    """So many wrong PINs that the next had to wait."""


@dataclass(frozen=True, slots=True)
class FailedTap:
    """One line."""

    subject: str
    """A badge's keyed hash, or `failed_taps.PIN` and the member's id: what a form gives back."""
    what: What
    """Of the latest."""
    code: str
    """The badge's four characters; empty for a PIN."""
    member_id: MemberId | None
    """Whose it is, if hosts may read their name."""
    name: str
    times: int
    at: datetime
    """The latest; aware, UTC."""
    kiosk: KioskId
    uncertain: bool
    upto_us: int
    """When the hub got the latest: what came later is not seen to by what is done now."""


def read_failed(connection: Connection, known: Known, at: datetime) -> tuple[FailedTap, ...]:
    """Read what nobody has seen to, the newest first.

    Args:
        connection: In a read transaction.
        known: The directory.
        at: Now, aware.
    """
    since_us = us_of(at - UNKNOWN_FOR)
    query = (
        select(events.c.kiosk, events.c.epoch, events.c.raw, events.c.received_us)
        .where(events.c.kind.in_(KINDS), events.c.received_us >= since_us)
        .order_by(events.c.received_us.desc(), events.c.seq.desc())
        .limit(MOST_TAPS)
    )
    taps = stored_of(connection.execute(query))
    clocks = Clocks()
    clocks.learn(taps)
    clocks.learn(neighbours(connection, taps))
    seen = failed_taps.seen_to(connection)
    lines = grouped(((item, clocks.happened(item)) for item in taps), seen, _owners(connection, taps), known)
    return lines[:MOST]


def grouped(
    taps: Iterable[tuple[Stored, Happened]],
    seen: Mapping[str, int],
    owners: Mapping[BadgeHash, MemberId],
    known: Known,
) -> tuple[FailedTap, ...]:
    """Return a line for each badge or PIN that is not seen to, in the order of their latest taps.

    Args:
        taps: Newest first.
        seen: Up to when each was seen to.
        owners: Whose each badge is: an unknown one that has been linked since is no trouble any more.
        known: The directory.
    """
    latest: dict[str, FailedTap] = {}
    times: dict[str, int] = {}
    for item, tap in taps:
        read = _read(tap.event)
        if read is None:
            continue
        subject, what, badge, member_id = read
        owner = owners.get(badge) if badge is not None else member_id
        if item.received_us <= seen.get(subject, 0) or (what is What.UNKNOWN and owner is not None):
            continue
        times[subject] = times.get(subject, 0) + 1
        if subject not in latest:
            name = name_for_hosts(known, owner)
            latest[subject] = FailedTap(
                subject,
                what,
                "" if badge is None else short_code(badge),
                owner if name else None,
                name,
                1,
                tap.at,
                tap.kiosk,
                tap.uncertain,
                item.received_us,
            )
    return tuple(replace(line, times=times[line.subject]) for line in latest.values())


def _read(event: Event) -> tuple[str, What, BadgeHash | None, MemberId | None] | None:
    """Return subject, what it is, and badge or member; `None` for what is no failed tap."""
    match event:
        case UnknownBadgeTapped(badge=badge):
            return badge, What.UNKNOWN, badge, None
        case RefusedBadgeTapped(badge=badge, status=status):
            return badge, What.LOST if status is BadgeStatus.LOST else What.REVOKED, badge, None
        case UnprovenBadgeTapped(badge=badge, fault=fault):
            return badge, _of_fault(fault), badge, None
        case PinRefused(member=member, waits=waits):
            return failed_taps.PIN + member, What.PINS if waits else What.PIN, None, member
        case _:
            return None


def _of_fault(fault: ProofFault) -> What:
    match fault:
        case ProofFault.WRONG_KEY:
            return What.KEY
        case ProofFault.MISSING | ProofFault.FORGED | ProofFault.REPLAYED:
            return What.COPY
        case _:
            assert_never(fault)


def _owners(connection: Connection, taps: Iterable[Stored]) -> Mapping[BadgeHash, MemberId]:
    tapped = {read[2] for item in taps if (read := _read(item.record.event)) and read[2] is not None}
    rows = connection.execute(
        select(badges.c.hash, badges.c.member_id).where(badges.c.hash.in_(sorted(tapped)))
    )
    return {BadgeHash(row.hash): MemberId(row.member_id) for row in rows}
