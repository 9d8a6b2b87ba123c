"""What the microcontroller at the door senses and does, in the words its users speak.

Pure.  The bytes of it are `messages` and `frames`; whoever uses the bridge needs only this module.  Nothing
here names a board: what a door can do is said by its capabilities.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol, TypeAlias


class Capability(Enum):
    """What a door says it can do, as it stands in its HELLO; one it does not know is left out."""

    RADAR = "presence.ld2410"
    """Presence with a distance."""
    PIR = "presence.pir"
    """Presence without one."""
    BEAM = "beam"
    """Counts who passes."""
    RING = "ring"
    """Light."""
    BUZZER = "buzzer"
    """Sound."""
    BUTTONS = "buttons"
    """Three of them."""


@dataclass(frozen=True, slots=True)
class Near:
    """Somebody stands before the screen; said again when the distance changes much."""

    distance_cm: int | None = None
    """Centimetres, above 0; `None` where the sensor measures none."""


@dataclass(frozen=True, slots=True)
class Away:
    """Nobody stands there any more."""


@dataclass(frozen=True, slots=True)
class Passed:
    """Somebody went through the beam: a body, never a person."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button was pressed."""

    button: int
    """1, 2 or 3, from the left."""


@dataclass(frozen=True, slots=True)
class SensorHealth:
    """Whether a sensor of the door speaks."""

    sensor: Capability
    works: bool


Sensed: TypeAlias = Near | Away | Passed | Pressed | SensorHealth


class Glow(Enum):
    """What the light means; how it looks is the firmware's business."""

    OFF = "off"
    REST = "rest"
    """The kiosk is there and nobody is near."""
    WELCOME = "welcome"
    """Somebody is near: "tap your badge"."""
    ACCEPTED = "accepted"
    REFUSED = "refused"
    LOOK = "look"
    """Look at the screen: it asks something."""
    TROUBLE = "trouble"


class Tone(Enum):
    """What the buzzer says; each is told apart with closed eyes."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    LOOK = "look"


@dataclass(frozen=True, slots=True)
class Light:
    """An absolute state of the light: sending it again changes nothing but its time."""

    glow: Glow
    ttl_s: float
    """Seconds until the door falls back to `REST` by itself, above 0: a dead kiosk leaves no lying green."""


class BridgeFault(Enum):
    """Why the door's microcontroller cannot be used."""

    NO_SUCH_PORT = "no such port"
    NOT_ALLOWED = "not allowed"
    BUSY = "busy"
    MUTE = "mute"
    """The port is there, nothing that makes sense comes."""
    UNPLUGGED = "unplugged"
    VERSION = "version"
    """It speaks another major version: update the firmware."""


@dataclass(frozen=True, slots=True)
class BridgeReady:
    """The microcontroller answered, and this is what it is."""

    firmware: str
    """Its version, fit to be shown, such as `1.2.0`."""
    protocol: tuple[int, int]
    """Major and minor."""
    board: str
    """For people only."""
    boot: str
    """Drawn at each start."""
    reset_cause: str
    capabilities: frozenset[Capability]
    port: str


@dataclass(frozen=True, slots=True)
class BridgeLost:
    """It cannot be used now; it is looked for again by itself, and taps work without it."""

    kind: BridgeFault
    sentence: str
    """What happened, where, and what to do."""


BridgeState: TypeAlias = BridgeReady | BridgeLost

OnSensed: TypeAlias = Callable[[Sensed], None]
OnBridge: TypeAlias = Callable[[BridgeState], None]


class DoorBridge(Protocol):
    """The door's microcontroller.

    It is made with an `OnSensed` and an `OnBridge`; both are called **from the bridge's own thread**, so they
    must only hand over.
    """

    def start(self) -> None:
        """Begin, in a thread of its own; returns at once, the device may not be there yet."""

    def stop(self) -> None:
        """End it: on return the thread is gone and the port is closed.

        May be called twice, and before `start`.
        """

    def light(self, light: Light) -> None:
        """Set the light; from any thread, never waits, dropped without a microcontroller."""

    def sound(self, tone: Tone) -> None:
        """Make a sound; from any thread, never waits, dropped without a microcontroller."""
