"""Badges that need a human: unknown ones to link, lost and revoked ones that were used."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, select

from community.badges import BadgeHash, BadgeStatus, short_code
from community.events import Record, RefusedBadgeTapped, UnknownBadgeTapped
from community.ids import KioskId, MemberId
from community.wire.codec import decode_record
from sync.presence import Happened
from sync.store.schema import badges, events
from sync.views.people import Known, name_for_hosts

UNKNOWN_FOR = timedelta(days=7)
"""An unknown badge that nobody linked is shown this long: its owner has come back, or will not."""

MOST_TAPS = 500
"""Taps of unknown badges looked at: a badge held against the reader all day costs no more."""

MOST_UNKNOWN = 12
"""Unknown badges shown; with more, somebody is testing the reader, not waiting for a host."""


@dataclass(frozen=True, slots=True)
class UnknownBadge:
    """A badge waiting to be linked."""

    badge: BadgeHash
    code: str
    """The same four characters the screen at the door shows."""
    at: datetime
    """The last tap."""
    kiosk: KioskId


@dataclass(frozen=True, slots=True)
class RefusedBadge:
    """A revoked or lost badge somebody tapped today."""

    at: datetime
    kiosk: KioskId
    status: BadgeStatus
    name: str
    """Whose badge it is; empty if that may not be said."""


def read_unknown(connection: Connection, at: datetime) -> tuple[UnknownBadge, ...]:
    """Read the badges nobody linked yet, newest first; `at` is the present moment, aware."""
    rows = connection.execute(
        select(events.c.kiosk, events.c.at_us, events.c.synced, events.c.raw, events.c.received_us)
        .where(events.c.kind == "unknown_badge", events.c.received_us >= _us(at - UNKNOWN_FOR))
        .order_by(events.c.received_us.desc(), events.c.seq.desc())
        .limit(MOST_TAPS)
    )
    latest: dict[BadgeHash, UnknownBadge] = {}
    for row in rows:
        record = decode_record(row.raw)
        # what a newer program wrote is not ours to show
        if isinstance(record, Record) and isinstance(record.event, UnknownBadgeTapped):
            badge = record.event.badge
            tapped = _at(row.at_us if row.synced else row.received_us)
            latest.setdefault(badge, UnknownBadge(badge, short_code(badge), tapped, KioskId(row.kiosk)))
    linked = set(connection.execute(select(badges.c.hash).where(badges.c.hash.in_(list(latest)))).scalars())
    waiting = [unknown for badge, unknown in latest.items() if badge not in linked]
    return tuple(waiting[:MOST_UNKNOWN])


def read_refused(
    connection: Connection, happened: Sequence[Happened], known: Known
) -> tuple[RefusedBadge, ...]:
    """Read whose refused badges were tapped today, newest first.

    Args:
        connection: In a read transaction.
        happened: What happened today, newest first.
        known: The directory.
    """
    latest: dict[BadgeHash, tuple[Happened, BadgeStatus]] = {}
    for item in happened:
        if isinstance(item.event, RefusedBadgeTapped):
            latest.setdefault(item.event.badge, (item, item.event.status))
    owners = {
        row.hash: MemberId(row.member_id)
        for row in connection.execute(
            select(badges.c.hash, badges.c.member_id).where(badges.c.hash.in_(list(latest)))
        )
    }
    refused = [
        RefusedBadge(
            item.at, item.kiosk, status, name_for_hosts(known, owners[badge]) if badge in owners else ""
        )
        for badge, (item, status) in latest.items()
    ]
    return tuple(refused[:MOST_UNKNOWN])


def _us(at: datetime) -> int:
    return int(at.timestamp() * 1_000_000)


def _at(us: int) -> datetime:
    return datetime.fromtimestamp(us / 1_000_000, UTC)
