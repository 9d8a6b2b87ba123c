"""What is asked of the process that reads the space's calendar, and what it answers.

Pure.  Both travel between two processes of the same program; `Reading` is also what the database keeps.
"""

from datetime import date
from enum import Enum
from hashlib import blake2b

import msgspec

from community.agenda import Agenda

DAYS_AHEAD = 8
"""Days read at once, today included: a hub that is off line for a week still knows what is on."""

SOURCE_BYTES = 16
"""Of an address's mark: no two addresses ever have the same by chance."""


class Trouble(Enum):
    """Why a calendar could not be read; each is one sentence on the dashboard and one in `foyer doctor`."""

    NO_SUCH_HOST = "no_such_host"
    """Nobody knows the name in the address: a mistyped address, or no network."""
    UNREACHABLE = "unreachable"
    """Nothing answers there, or the line broke off."""
    SLOW = "slow"
    TLS = "tls"
    """The certificate does not hold, or no encrypted line was made."""
    STATUS = "status"
    """The server answers with a status of its own: `Reading.detail`."""
    ELSEWHERE = "elsewhere"
    """It sends us on to where we do not go: without encryption, or in circles."""
    NO_CALENDAR = "no_calendar"
    """What comes is no whole iCalendar file: a web page, most often."""
    TOO_LARGE = "too_large"
    NO_FILE = "no_file"
    FILE_CLOSED = "file_closed"
    """The hub may not read the file."""
    GAVE_UP = "gave_up"
    """The process that reads was ended: it took too long, or too much memory."""


class Asked(msgspec.Struct, frozen=True):
    """Which calendar, and which days of it."""

    address: str
    """As in the settings.  Often a secret: it is never shown, logged or seen in a list of processes."""
    timezone: str
    """The space's, an IANA name: times that name no zone are in it."""
    first: date
    """The first day wanted, as the space counts its days."""
    days: int = DAYS_AHEAD
    etag: str = ""
    """What the server said of the file it gave last; empty to have it whole in any case."""
    modified: str = ""

    def __repr__(self) -> str:  # type: ignore[explicit-override]  # `typing` has no override before 3.12
        """Say which days, never the address."""
        return f"Asked({self.first}, {self.days})"


class Reading(msgspec.Struct, frozen=True):
    """What came of it."""

    agendas: tuple[Agenda, ...] = ()
    """One for each day that has moments, the earliest first."""
    broken: int = 0
    """Entries that could not be read; the others count."""
    private: int = 0
    """Entries that are marked as private: nothing else is known of them."""
    etag: str = ""
    modified: str = ""
    unchanged: bool = False
    """Whether the server says that nothing changed since `Asked.etag`; there are no agendas then."""
    trouble: Trouble | None = None
    """Why nothing could be read; there are no agendas then."""
    detail: str = ""
    """A number or a word that belongs to the trouble ("404"); never an address."""


def mark_of(address: str) -> str:
    """Return by what a calendar's address is told from another one, without being kept itself."""
    return blake2b(address.encode(), digest_size=SOURCE_BYTES).hexdigest()
