"""Badges that need a human: unknown ones to link, lost and revoked ones that were used."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Row, select

from community.badges import BadgeHash, BadgeStatus, short_code
from community.clock import us_of
from community.events import Record, RefusedBadgeTapped, UnknownBadgeTapped, UnprovenBadgeTapped
from community.ids import Epoch, KioskId, MemberId
from community.proofs import ProofFault
from community.wire.codec import decode_record
from sync.presence import Clocks, Happened
from sync.store.log import Stored
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
    uncertain: bool = False
    """As in `Happened`."""


@dataclass(frozen=True, slots=True)
class RefusedBadge:
    """A revoked or lost badge, or what may be a copy of one, that somebody tapped today."""

    at: datetime
    kiosk: KioskId
    status: BadgeStatus | ProofFault
    """Why: closed by a host, or what it did not show; then it may be a copy."""
    name: str
    """Whose badge it is; empty if that may not be said."""
    uncertain: bool = False
    """As in `Happened`."""


def read_unknown(connection: Connection, at: datetime) -> tuple[UnknownBadge, ...]:
    """Read the badges nobody linked yet, newest first; `at` is the present moment, aware."""
    query = (
        select(events.c.kiosk, events.c.epoch, events.c.raw, events.c.received_us)
        .where(events.c.kind == "unknown_badge", events.c.received_us >= us_of(at - UNKNOWN_FOR))
        .order_by(events.c.received_us.desc(), events.c.seq.desc())
        .limit(MOST_TAPS)
    )
    taps = stored_of(connection.execute(query))
    clocks = Clocks()
    clocks.learn(taps)
    clocks.learn(neighbours(connection, taps))
    latest: dict[BadgeHash, UnknownBadge] = {}
    for item in taps:
        tap = clocks.happened(item)
        match tap.event:
            case UnknownBadgeTapped(badge=badge):
                latest.setdefault(
                    badge, UnknownBadge(badge, short_code(badge), tap.at, tap.kiosk, tap.uncertain)
                )
            case _:
                pass
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
    latest: dict[BadgeHash, tuple[Happened, BadgeStatus | ProofFault]] = {}
    for item in happened:
        match item.event:
            case RefusedBadgeTapped(badge=badge, status=why) | UnprovenBadgeTapped(badge=badge, fault=why):
                latest.setdefault(badge, (item, why))
            case _:
                pass
    owners = {
        row.hash: MemberId(row.member_id)
        for row in connection.execute(
            select(badges.c.hash, badges.c.member_id).where(badges.c.hash.in_(list(latest)))
        )
    }
    refused = [
        RefusedBadge(
            at=item.at,
            kiosk=item.kiosk,
            status=status,
            name=name_for_hosts(known, owners.get(badge)),
            uncertain=item.uncertain,
        )
        for badge, (item, status) in latest.items()
    ]
    return tuple(refused[:MOST_UNKNOWN])


def neighbours(connection: Connection, taps: Sequence[Stored]) -> list[Stored]:
    """Read what can correct taps whose clock was not good.

    The events of one boot stand side by side in the log: if any of them had a good clock, one
    stands next to the boot's taps, before or after.
    """
    doubtful = {(tap.kiosk, tap.epoch, tap.record.at.boot): tap for tap in taps if not tap.record.at.synced}
    found = []
    for tap in doubtful.values():
        seq, number = tap.record.seq, events.c.seq
        for side, order in ((number > seq, number.asc()), (number < seq, number.desc())):
            query = (
                select(events.c.kiosk, events.c.epoch, events.c.raw, events.c.received_us)
                .where(_in_log_of(tap), events.c.synced, side)
                .order_by(order)
                .limit(1)
            )
            found += stored_of(connection.execute(query))
    return found


def _in_log_of(tap: Stored) -> ColumnElement[bool]:
    return (events.c.kiosk == tap.kiosk) & (events.c.epoch == tap.epoch)


def stored_of(rows: Iterable[Row[tuple[str, str, bytes, int]]]) -> list[Stored]:
    """Return the events of rows, without what a newer program wrote: that is not ours to show."""
    read = [(row, decode_record(row.raw)) for row in rows]
    return [
        Stored(KioskId(row.kiosk), Epoch(row.epoch), record, row.received_us)
        for row, record in read
        if isinstance(record, Record)
    ]
