"""What there is to be told of, and to whom.

Pure.
"""

from datetime import time, timedelta
from enum import Enum


class Kind(Enum):
    """One kind of notice; each has its words in every language (`sync.notices.texts`)."""

    BOTH_IN = "both_in"
    """To a member: somebody they asked for is in, as they are."""
    GUEST = "guest"
    """To a member: a guest asked for them at the door."""
    CHANGED = "changed"
    """To a member: hosts changed something of theirs."""
    SILENT = "silent"
    """To hosts: a kiosk has not been heard for a while."""
    QUARANTINE = "quarantine"
    """To hosts: something could not be understood and waits."""
    DISK = "disk"
    """To hosts: a disk is nearly full."""
    BADGES = "badges"
    """To hosts: somebody tapped a badge that nobody has linked."""
    TEST = "test"
    """To whoever asked for it."""
    CONFIRM = "confirm"
    """To a member's new address: a code that shows that it is theirs."""


FOR_HOSTS = (Kind.SILENT, Kind.QUARANTINE, Kind.DISK, Kind.BADGES)
"""What a channel of the space may carry, in the order of its page."""

QUIET_FROM, QUIET_UNTIL = time(20), time(7)
"""Local time between which members are told nothing that can wait: a guest who stands at the door cannot."""

LASTS = {
    Kind.BOTH_IN: timedelta(hours=2),
    Kind.GUEST: timedelta(hours=1),
    Kind.TEST: timedelta(minutes=10),
    Kind.CONFIRM: timedelta(minutes=10),
}
"""How long a notice is tried: afterwards it is no news.  What is not named here is tried for `LONGEST`."""

LONGEST = timedelta(days=1)
"""How long hosts' notices are tried."""


def lasts(kind: Kind) -> timedelta:
    """Return how long a notice of this kind is tried before it is given up."""
    return LASTS.get(kind, LONGEST)


def is_quiet(local: time) -> bool:
    """Say whether members are told nothing that can wait, at this local time."""
    return not QUIET_UNTIL <= local < QUIET_FROM


FIRST_TRY_AGAIN, LAST_TRY_AGAIN = timedelta(seconds=30), timedelta(hours=1)
"""Waiting after a failure doubles from the first to the last."""


def wait_after(tries: int) -> timedelta:
    """Return how long to wait after so many tries in vain, 1 or more."""
    wait = FIRST_TRY_AGAIN
    for _ in range(tries - 1):
        if wait >= LAST_TRY_AGAIN:
            break
        wait *= 2
    return min(wait, LAST_TRY_AGAIN)
