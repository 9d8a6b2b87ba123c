"""What comes out of the conversation with the board, as values.  Pure."""

from dataclasses import dataclass
from typing import TypeAlias

from firmware_bridge.door import Sensed
from firmware_bridge.messages import About


@dataclass(frozen=True, slots=True)
class Met:
    """The board said what it is; said again when it has started anew."""

    about: About


@dataclass(frozen=True, slots=True)
class Told:
    """The board told of something."""

    sensed: Sensed


@dataclass(frozen=True, slots=True)
class Logged:
    """The board has a line for the log."""

    text: str


@dataclass(frozen=True, slots=True)
class OtherVersion:
    """It speaks another major version; the conversation is over."""

    theirs: str


@dataclass(frozen=True, slots=True)
class Mute:
    """Nothing came for three seconds; the conversation is over."""


@dataclass(frozen=True, slots=True)
class Pong:
    """The board answered a ping."""

    took_s: float
    """Seconds from ping to answer."""


Heard: TypeAlias = Met | Told | Logged | OtherVersion | Mute | Pong
