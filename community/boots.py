"""When things happened on machines whose clock was wrong, as whoever received them can tell.

Pure.
"""

from dataclasses import dataclass, field

from community.clock import Stamp
from community.ids import KioskId

Boot = tuple[KioskId, str]


@dataclass(frozen=True, slots=True)
class BootClock:
    """The clock of one boot of one kiosk."""

    kiosk: KioskId
    boot: str
    began_by_us: int
    """The latest moment it can have begun, microseconds since 1970 UTC."""
    good: Stamp | None
    """The earliest reading with a good clock; `None` if there was none."""


@dataclass(slots=True)
class Boots:
    """Corrects the times of kiosks whose clock was wrong.

    Seconds since boot are right within one boot, so one event with a good clock corrects all of
    that boot.  A boot that never had one is placed as late as can be: nothing happened after it was
    received, and the event received soonest says most.  Times are then uncertain, and what
    came between two events of the boot is still right.
    """

    _good: dict[Boot, Stamp] = field(default_factory=dict)
    """The earliest reading of each boot with a good clock."""
    _began_by: dict[Boot, int] = field(default_factory=dict)
    """The latest moment each boot without one can have begun, microseconds since 1970 UTC."""

    def learn(self, kiosk: KioskId, at: Stamp, received_us: int) -> bool:
        """Note what one event says; return whether the times of a boot are other than before.

        Args:
            kiosk: Whose it is.
            at: What its clocks said when it happened.
            received_us: When it was received, microseconds since 1970 UTC by the receiver's clock.
        """
        boot = (kiosk, at.boot)
        learned = False
        if at.synced and (boot not in self._good or _earlier(at, self._good[boot])):
            self._good[boot] = at
            learned = True
        began_by = received_us - at.up_us
        if boot not in self._began_by or began_by < self._began_by[boot]:
            self._began_by[boot] = began_by
            learned = learned or boot not in self._good
        return learned

    def remember(self, clock: BootClock) -> None:
        """Take what was known of a boot whose first events are no longer there."""
        boot = (clock.kiosk, clock.boot)
        self._began_by[boot] = clock.began_by_us
        if clock.good is not None:
            self._good[boot] = clock.good

    def known(self) -> tuple[BootClock, ...]:
        """Return what is known of each boot, in no particular order."""
        return tuple(
            BootClock(kiosk, boot, began_by_us, self._good.get((kiosk, boot)))
            for (kiosk, boot), began_by_us in self._began_by.items()
        )

    def is_known(self, kiosk: KioskId, at: Stamp) -> bool:
        """Say whether an event's time is certain: its boot once had a good clock."""
        return at.synced or (kiosk, at.boot) in self._good

    def happened_us(self, kiosk: KioskId, at: Stamp, received_us: int) -> int:
        """Return when an event happened, microseconds since 1970 UTC; what it says must have been learned."""
        boot = (kiosk, at.boot)
        good = at if at.synced else self._good.get(boot)
        began_us = self._began_by[boot] if good is None else good.wall_us - good.up_us
        return max(0, min(began_us + at.up_us, received_us))


def _earlier(one: Stamp, other: Stamp) -> bool:
    """Say which reading came first; a tie is settled by the wall, whatever order they come in."""
    return (one.up_us, one.wall_us) < (other.up_us, other.wall_us)
