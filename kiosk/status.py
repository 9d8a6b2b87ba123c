"""What a kiosk says of itself: that it is there, how much waits and since when, its disk, its clock."""

from collections.abc import Callable

from community.clock import Stamp, seconds_between
from community.events import Record
from community.wire.codec import decode_record
from community.wire.messages import BridgeHealth, Status
from kiosk.store.log import Log
from plumbing.clock import Clock


class Wellbeing:
    """Makes the kiosk's status.  Lives as long as its uplink, on the event loop."""

    def __init__(self, events: Log, clock: Clock, program: str, disk_percent: Callable[[], int]) -> None:
        self._events, self._clock, self._program, self._disk_percent = events, clock, program, disk_percent
        self.reader = ""
        """As in `Status`."""
        self.bridge: BridgeHealth | None = None
        """Likewise."""
        self._oldest: tuple[int, Stamp] | None = None
        """The oldest event that waits, its place and when it happened, as it was looked for last."""

    async def look(self, acknowledged: int) -> None:
        """Look when the oldest event that waits happened.

        Args:
            acknowledged: The place up to which nothing waits.

        Raises:
            DatabaseError: The log cannot be read.
        """
        place = acknowledged + 1
        if self._oldest is None or self._oldest[0] != place:
            found = await self._events.after(acknowledged, 1)
            record = decode_record(found[0][1]) if found else None
            self._oldest = (place, record.at) if isinstance(record, Record) else None

    def status(self, *, online: bool, acknowledged: int, revision: int, credential: int) -> Status:
        """Return the status of this moment; how old the oldest event is as far as it was looked for."""
        now = self._clock.stamp()
        waiting = self._events.last - acknowledged
        return Status(
            online=online,
            boot=self._clock.boot,
            program=self._program,
            reader=self.reader,
            waiting=waiting,
            revision=revision,
            credential=credential,
            oldest_s=seconds_between(self._oldest[1], now) if self._oldest is not None and waiting else 0,
            disk_percent=self._disk_percent(),
            at_us=now.wall_us,
            synced=now.synced,
            bridge=self.bridge if online else None,
        )
