"""What hosts see of the space's calendar: what is on today, where that comes from, and how it fares."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from community.agenda import Moment
from community.clock import at_of
from sync.agenda.asked import Trouble
from sync.agenda.kept import agenda_of, read_kept


@dataclass(frozen=True, slots=True)
class Today:
    """The day's moments."""

    moments: tuple[Moment, ...]
    """As kiosks have them."""
    source: str
    """The server's name, or the file's."""
    read: datetime | None
    """When the calendar held last; `None` for never."""
    trouble: Trouble | None
    """Why it could not be read the last time; `None` if it could."""
    detail: str
    """A number or a word of the trouble."""
    broken: int
    """Entries that could not be read."""


def read_today(connection: Connection, day: date) -> Today | None:
    """Return the day's agenda; `None` where no calendar is set, or none was asked for yet."""
    kept = read_kept(connection)
    if kept is None:
        return None
    return Today(
        agenda_of(kept, day).moments,
        kept.name,
        at_of(kept.read_us) if kept.read_us else None,
        kept.trouble,
        kept.detail,
        kept.good.broken,
    )
