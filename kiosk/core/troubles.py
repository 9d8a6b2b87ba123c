"""What the kiosk says when something does not work: what, and the one thing to do.

Pure.
"""

from dataclasses import dataclass
from enum import Enum

from kiosk.core.pieces import Trouble
from kiosk.core.sentences import Words
from kiosk.core.views import TroubleScreen


class Fault(Enum):
    """Why taps cannot be recorded."""

    READER = "reader"
    DISK_FULL = "disk_full"
    DATABASE = "database"
    SHUT_OUT = "shut_out"
    """A host took the kiosk's right to come in."""


@dataclass(frozen=True, slots=True)
class HubState:
    """What the lobby's quiet bar and the status need to know."""

    reachable: bool
    waiting: int
    """Events the hub has not acknowledged."""


def trouble_screen(fault: Fault, words: Words, second: Words) -> TroubleScreen:
    """Return the full screen for a fault, in both languages of the space."""
    what, what_to_do = _says(fault, words)
    what_second, what_to_do_second = _says(fault, second)
    return TroubleScreen(
        headline=words.gettext("One moment, please"),
        headline_secondary=second.gettext("One moment, please"),
        what=what,
        what_secondary=what_second,
        what_to_do=what_to_do,
        what_to_do_secondary=what_to_do_second,
    )


def hub_trouble(waiting: int, words: Words, second: Words, *, notes: bool = True) -> Trouble:
    """Return the quiet bar while the hub cannot be reached.

    Args:
        waiting: Events that the hub has not acknowledged yet, 0 or more.
        words: The space's first language.
        second: The space's second language.
        notes: Whether taps are noted here.
    """
    if not notes:
        return Trouble(_far_line(words), _far_line(second))
    return Trouble(_hub_line(words, waiting), _hub_line(second, waiting))


def _says(fault: Fault, words: Words) -> tuple[str, str]:
    match fault:
        case Fault.READER:
            return (
                words.gettext("The badge reader does not answer: badges are not read for now."),
                words.gettext("Please tell a host: check the reader’s cable. What was noted is safe."),
            )
        case Fault.DISK_FULL:
            return (
                words.gettext("The disk is full: nothing more can be noted."),
                words.gettext("Please tell a host: free some space. What was noted is safe."),
            )
        case Fault.DATABASE:
            return (
                words.gettext("The kiosk’s own notebook cannot be written."),
                words.gettext(
                    "Please tell a host: the command “foyer doctor” says what to do. Your tap was not noted."
                ),
            )
        case Fault.SHUT_OUT:
            return (
                words.gettext("A host has shut this kiosk out: it has forgotten whom it knew."),
                words.gettext(
                    "To use it again, a host makes a new code. What was noted and not sent is safe."
                ),
            )


def _hub_line(words: Words, waiting: int) -> str:
    if waiting == 0:
        return words.gettext("The hub is out of reach. Taps are noted here and sent later.")
    return words.ngettext(
        "The hub is out of reach. {count} note waits here and will be sent later.",
        "The hub is out of reach. {count} notes wait here and will be sent later.",
        waiting,
    ).format(count=waiting)


def _far_line(words: Words) -> str:
    return words.gettext("The hub is out of reach: some of this may be out of date.")
