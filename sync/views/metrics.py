"""What the database says of how the hub does: numbers by kiosk, never by person."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from community.ids import KioskId
from sync.store import ages, feed, kiosks, quarantine
from sync.store.cursors import gaps_of
from sync.store.schema import breaks, cursors, events


@dataclass(frozen=True, slots=True)
class KioskFigures:
    """One kiosk, as it last said of itself."""

    kiosk: KioskId
    online: bool
    reader_lost: bool
    waiting: int
    revision: int
    heard_us: int
    oldest_s: int = 0
    disk_percent: int = 0
    synced: bool = False
    ahead_us: int | None = None
    """Its clock less the hub's at its last word, the way of that word included; `None` if it did not say."""
    breaks: int = 0
    """How often its events did not follow one another as it signed."""
    bridge: bool = False
    """Whether there is a microcontroller at its door."""
    bridge_lost: bool = False
    sensors_silent: int = 0
    """Sensors of its door that do not speak."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Events of a kiosk that are not here."""

    kiosk: KioskId
    missing: int
    """How many; of those that may still come, between the cursor and the last one that is here."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything, at one moment."""

    kiosks: tuple[KioskFigures, ...]
    gaps: tuple[Gap, ...]
    quarantined: int
    put_away: int
    revision: int
    """Of the feed."""
    last_received_us: int
    """0 if nothing ever came."""
    oldest_received_us: int = 0
    """Of what is kept as it was; 0 if nothing is."""
    gone: tuple[Gap, ...] = ()
    """Events that will never come, by kiosk."""


def read_figures(connection: Connection) -> Figures:
    """Read it all, in a read transaction."""
    waiting, away = quarantine.count(connection)
    broken = read_breaks(connection)
    return Figures(
        tuple(
            KioskFigures(
                each.kiosk,
                each.status.online,
                each.status.reader == "lost",
                each.status.waiting,
                each.status.revision,
                each.heard_us,
                each.status.oldest_s,
                each.status.disk_percent,
                each.status.synced,
                each.status.at_us - each.heard_us if each.status.at_us else None,
                broken.get(each.kiosk, 0),
                each.status.bridge is not None,
                each.status.bridge is not None and each.status.bridge.state == "lost",
                0 if each.status.bridge is None else len(each.status.bridge.silent),
            )
            for each in kiosks.every(connection)
        ),
        read_gaps(connection),
        waiting,
        away,
        feed.revision(connection),
        ages.newest_us(connection),
        ages.oldest_us(connection),
        read_gone(connection),
    )


def read_breaks(connection: Connection) -> dict[KioskId, int]:
    """Return how often the events of a kiosk did not follow one another as it signed; of most it is never."""
    query = select(breaks.c.kiosk, func.count().label("many")).group_by(breaks.c.kiosk)
    return {KioskId(row.kiosk): row.many for row in connection.execute(query)}


def read_gone(connection: Connection) -> tuple[Gap, ...]:
    """Return how many events of each kiosk will never come: it let go of them, and this hub lacks them."""
    numbers: dict[KioskId, int] = {}
    for gap in gaps_of(connection):
        numbers[gap.kiosk] = numbers.get(gap.kiosk, 0) + gap.last - gap.first + 1
    return tuple(Gap(kiosk, number) for kiosk, number in sorted(numbers.items()))


def read_gaps(connection: Connection) -> tuple[Gap, ...]:
    """Return the kiosks whose log has a hole here; beyond the cursor, the quarantine fills none."""
    query = (
        select(
            cursors.c.kiosk,
            func.max(events.c.seq).label("last"),
            func.count().label("here"),
            cursors.c.upto,
        )
        .join(
            events,
            (events.c.kiosk == cursors.c.kiosk)
            & (events.c.epoch == cursors.c.epoch)
            & (events.c.seq > cursors.c.upto),
        )
        .group_by(cursors.c.kiosk, cursors.c.epoch, cursors.c.upto)
    )
    missing: dict[KioskId, int] = {}
    for row in connection.execute(query):
        kiosk = KioskId(row.kiosk)
        missing[kiosk] = missing.get(kiosk, 0) + row.last - row.upto - row.here
    return tuple(Gap(kiosk, number) for kiosk, number in sorted(missing.items()))
