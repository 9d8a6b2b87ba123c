"""Which light, which tone and which chime stand for what.

Pure: a table.  A sign is given only once what it stands for is committed and on the screen: people lift the
badge on the beep.
"""

from dataclasses import dataclass
from typing import assert_never

from community.outcomes import (
    Arrived,
    CannotLink,
    LeaveUndone,
    Left,
    MetEachOther,
    MetUndone,
    MoodSet,
    NotProven,
    Outcome,
    OwnCard,
    Refused,
    Said,
    SaidUseful,
    SeatGivenUp,
    SeatTaken,
    Unknown,
    Unsaid,
)
from firmware_bridge.door import Glow, Tone
from kiosk.core.chimes import Chime
from kiosk.core.pieces import Attention

SIGN_S = 3.0
"""Seconds for which a sign stays: until the eyes have gone from the badge to the screen."""


@dataclass(frozen=True, slots=True)
class Sign:
    """A light, and what sounds with it, if anything."""

    glow: Glow
    tone: Tone | None = None
    """From the buzzer at the door, which knows three."""
    chime: Chime | None = None
    """From the kiosk's own speaker."""


ACCEPTED = Sign(Glow.ACCEPTED, Tone.ACCEPTED, Chime.IN)
LEFT = Sign(Glow.ACCEPTED, Tone.ACCEPTED, Chime.OUT)
MET = Sign(Glow.ACCEPTED, Tone.ACCEPTED, Chime.MET)
NOTED = Sign(Glow.ACCEPTED, Tone.ACCEPTED, Chime.QUIET)
LOOK = Sign(Glow.LOOK, Tone.LOOK, Chime.QUIET)
STRANGE = Sign(Glow.LOOK, Tone.LOOK, Chime.PROBLEM)
"""A badge that cannot be used as it is: nobody's fault, but nothing was noted."""

REFUSED = Sign(Glow.REFUSED, Tone.REFUSED, Chime.PROBLEM)
QUIETLY = Sign(Glow.ACCEPTED)
"""For what was chosen with the eyes on the screen already: no tone, or the door would never be still."""

NOT_NOTED = Sign(Glow.TROUBLE, Tone.REFUSED, Chime.PROBLEM)
"""A tap or key that could not be written."""


def sign_of(outcome: Outcome) -> Sign:
    """Return the sign of an outcome that has been committed and shown."""
    match outcome:
        case Arrived() | LeaveUndone():
            return ACCEPTED
        case Left():
            return LEFT
        case MetEachOther():
            return MET
        case MetUndone() | SeatTaken() | SeatGivenUp():
            return NOTED
        case MoodSet() | Said() | SaidUseful() | Unsaid():
            return QUIETLY
        case OwnCard():
            return LOOK
        case Unknown() | CannotLink():
            return STRANGE
        case Refused() | NotProven():
            return REFUSED
        case _:
            assert_never(outcome)


def again(sign: Sign) -> Sign:
    """Return the sign of the same tap once more: a card that bounces must not beep twice."""
    return Sign(sign.glow)


def resting(attention: Attention, *, trouble: bool) -> Glow:
    """Return the light while nothing happens.

    Args:
        attention: Who stands before the screen.
        trouble: Whether taps cannot be recorded.
    """
    if trouble:
        return Glow.TROUBLE
    return Glow.WELCOME if attention is Attention.AWAKE else Glow.REST
