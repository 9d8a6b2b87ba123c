"""A kiosk that was never let in: the code a host reads out is typed on its own screen.

Pure.  What is typed is a secret for a quarter of an hour: it is on the screen, and in no `repr`.
"""

from dataclasses import dataclass, field, replace
from typing import assert_never

from community.wire.enrolment import ALPHABET, GROUP, MISREAD, NAME_LENGTH, PIN_LENGTH, SECRET_LENGTH, Code
from community.wire.enrolment import read_code as code_in
from kiosk.core.asking import LETTERS
from kiosk.core.keys import DONE_KEY, ERASE_KEY
from kiosk.core.pieces import Choice
from kiosk.core.sentences import Words
from kiosk.core.views import Typing
from kiosk.errors import EnrolmentFault

LENGTH = NAME_LENGTH + SECRET_LENGTH + PIN_LENGTH
"""Letters and digits of a code."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What has been typed of the code, and what became of it."""

    letters: str = field(default="", repr=False)
    asking: bool = False
    """Whether the hub is being asked: keys wait for the answer."""
    short: bool = False
    """Whether it was given before it was whole."""
    fault: EnrolmentFault | None = None

    @property
    def grouped(self) -> str:
        """As a host reads it out."""
        rest = self.letters[NAME_LENGTH:]
        groups = [self.letters[:NAME_LENGTH], *(rest[i : i + GROUP] for i in range(0, len(rest), GROUP))]
        return "-".join(group for group in groups if group)


@dataclass(frozen=True, slots=True)
class Given:
    """A whole code."""

    typed: Typed
    """As it is while the hub is asked."""
    code: Code


def press(typed: Typed, key: str) -> Typed | Given:
    """Return what a key makes of what is typed; letters that are misread count as what was meant."""
    if typed.asking:
        return typed
    if key == ERASE_KEY:
        return Typed(typed.letters[:-1])
    if key == DONE_KEY:
        code = code_in(typed.letters, pinned=True)
        if code is None:
            return replace(typed, short=True, fault=None)
        return Given(replace(typed, asking=True, short=False, fault=None), code)
    letter = key.upper().translate(MISREAD) if len(key) == 1 and key.isascii() else ""
    if not letter or letter not in ALPHABET or len(typed.letters) >= LENGTH:
        return typed
    return Typed(typed.letters + letter)


@dataclass(frozen=True, slots=True)
class Place:
    """What the screen says of the kiosk itself."""

    name: str
    addresses: tuple[str, ...]
    """In the network; empty without one."""
    was_shut_out: bool = False
    """Whether a host shut it out, and it has forgotten whom it knew."""


def typing_of(typed: Typed, place: Place, words: Words, second: Words) -> Typing:
    """Return the screen on which the code is typed."""
    line, line_secondary = _line(typed, words), _line(typed, second)
    if not typed.asking and not typed.short and typed.fault is None:
        where = ", ".join(place.addresses[:2]) or words.gettext("no network")
        line = f"{place.name} ({where}). {line}"
    acts = (Choice(ERASE_KEY, words.gettext("Erase")), Choice(DONE_KEY, words.gettext("OK")))
    return Typing(
        headline=_headline(place, words),
        headline_secondary=_headline(place, second),
        line=line,
        line_secondary=line_secondary,
        typed=typed.grouped,
        rows=(*(tuple(Choice(letter.lower(), letter) for letter in row) for row in LETTERS), acts),
        wrong=typed.short or typed.fault is not None,
        shown_for_s=None,
    )


def _headline(place: Place, words: Words) -> str:
    if place.was_shut_out:
        return words.gettext("Shut out by a host")
    return words.gettext("Let this kiosk in")


def _line(typed: Typed, words: Words) -> str:
    if typed.asking:
        return words.gettext("One moment…")
    if typed.short:
        return words.gettext("A code has {count} letters and digits.").format(count=LENGTH)
    match typed.fault:
        case None:
            return words.gettext("Type the code from the dashboard, page “Kiosks”.")
        case EnrolmentFault.CODE:
            return words.gettext("The hub does not know this code. Look at it once more.")
        case EnrolmentFault.OVER:
            return words.gettext("This code is over. Ask for a new one.")
        case EnrolmentFault.SLOW:
            return words.gettext("Too many wrong codes. Wait five minutes.")
        case EnrolmentFault.OTHER_HUB:
            return words.gettext("The code’s end is wrong, or this is not the space’s hub.")
        case EnrolmentFault.NO_ANSWER:
            return words.gettext("No hub answers. Is the network there, and the hub on?")
        case EnrolmentFault.OTHER:
            return words.gettext("That did not work. The kiosk’s log says why.")
        case _:
            assert_never(typed.fault)
