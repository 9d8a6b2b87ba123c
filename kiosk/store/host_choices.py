"""What a host chose at this kiosk over what the hub says: how loud, and which language first."""

import msgspec
from sqlalchemy import Connection

from community.members import Space
from kiosk.store.tables import fact, set_fact
from plumbing.database import Database

VOLUME, SWAPPED = "host_volume", "host_languages"
"""Keys in `facts`; empty for as the hub says."""

LOUDEST = 100
"""Percent."""


class HostChoices:
    """The choices of one kiosk.  Open it once; it holds a copy in memory, and `over` asks that."""

    def __init__(self, database: Database) -> None:
        """Read what was chosen.

        Raises:
            DatabaseError: It cannot be read.
        """
        self._database = database
        self.volume, self.swapped = database.read_now(_read)
        self._said = Space()

    def over(self, space: Space) -> Space:
        """Return the space as this kiosk has it: whatever is loud or speaks asks this one."""
        self._said = space
        first, second = space.languages
        return msgspec.structs.replace(
            space,
            volume=space.volume if self.volume is None else self.volume,
            languages=(second, first) if self.swapped else (first, second),
        )

    @property
    def space(self) -> Space:
        """The space that `over` was asked about last, with what is chosen now."""
        return self.over(self._said)

    async def set_volume(self, percent: int | None) -> None:
        """Be as loud as this from now on; `None` for as loud as the space says.

        Raises:
            DatabaseError: Nothing was changed.
        """
        kept = None if percent is None else max(0, min(LOUDEST, percent))
        await self._database.write(lambda c: set_fact(c, VOLUME, "" if kept is None else str(kept)))
        self.volume = kept

    async def swap_languages(self) -> None:
        """Let the lobby's two languages change places.

        Raises:
            DatabaseError: Nothing was changed.
        """
        swapped = not self.swapped
        await self._database.write(lambda c: set_fact(c, SWAPPED, "yes" if swapped else ""))
        self.swapped = swapped


def _read(connection: Connection) -> tuple[int | None, bool]:
    volume = fact(connection, VOLUME)
    return int(volume) if volume else None, bool(fact(connection, SWAPPED))
