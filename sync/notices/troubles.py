"""What hosts are told of: troubles that only somebody at the place can end.

Pure.  A trouble begins later than it ends: one that comes and goes is told of once.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from community.ids import KioskId
from sync.notices.kinds import Kind

SILENT_AFTER = timedelta(minutes=5)
"""A kiosk that is away for less has been started anew, or its network has."""

DISK_FULL, DISK_FREE = 90, 85
"""Percent at which a disk is nearly full, and below which it no longer is."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is wrong."""

    kind: Kind
    where: str = ""
    """The kiosk; empty for the hub or the space."""

    @property
    def key(self) -> str:
        """What it is called in the database."""
        return f"{self.kind.value}:{self.where}"


@dataclass(frozen=True, slots=True)
class KioskSeen:
    """How a kiosk is, as far as the hub knows."""

    kiosk: KioskId
    online: bool
    heard: datetime
    """When it last spoke, or the broker for it; aware."""
    disk_percent: int = 0
    """0 if it did not say."""


@dataclass(frozen=True, slots=True)
class State:
    """What troubles are seen from."""

    kiosks: Sequence[KioskSeen] = ()
    """Those that were not shut out."""
    hub_disk_percent: int = 0
    quarantined: int = 0
    """How much waits."""
    unknown_badges: int = 0


def troubles(state: State, before: Collection[str], at: datetime) -> frozenset[Trouble]:
    """Return what is wrong now.

    Args:
        state: What is seen.
        before: The keys of the troubles that were there.
        at: Now, aware.
    """

    def is_full(where: str, percent: int) -> bool:
        was = Trouble(Kind.DISK, where).key in before
        return percent >= (DISK_FREE if was else DISK_FULL)

    def found() -> Iterable[Trouble]:
        for each in state.kiosks:
            silent = Trouble(Kind.SILENT, each.kiosk)
            if not each.online and (silent.key in before or at - each.heard >= SILENT_AFTER):
                yield silent
            if is_full(each.kiosk, each.disk_percent):
                yield Trouble(Kind.DISK, each.kiosk)
        if is_full("", state.hub_disk_percent):
            yield Trouble(Kind.DISK)
        if state.quarantined:
            yield Trouble(Kind.QUARANTINE)
        if state.unknown_badges:
            yield Trouble(Kind.BADGES)

    return frozenset(found())
