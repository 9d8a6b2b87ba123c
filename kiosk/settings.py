"""What an operator may set on a kiosk, read by `plumbing.settings.load` from TOML and `FOYER_KIOSK_…`."""

import re
from enum import Enum
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from community.ids import KioskId
from community.wire.topics import NAME
from hardware.keystrokes import NumberForm
from kiosk.enrolment import Enrolment
from plumbing.errors import WrongValueError
from plumbing.places import BrokerSettings, SpaceSettings, no_topic
from plumbing.words import Sentence

PREFIX = "FOYER_KIOSK_"
"""What the kiosk's environment variables begin with."""


class ReaderKind(Enum):
    """What kind of badge reader stands at the door."""

    PN532 = "pn532"
    """On a serial port."""
    PCSC = "pcsc"
    """On USB, served by the system's PC/SC service."""
    USB = "usb"
    """On USB, driven by nfcpy itself."""
    WEDGE = "wedge"
    """Types like a keyboard."""
    NONE = "none"
    """Keys only: for trying the screen out."""


_WHERE = {
    ReaderKind.PN532: re.compile(r"/.+"),
    ReaderKind.PCSC: re.compile(r".*"),
    ReaderKind.USB: re.compile(r"[0-9A-Fa-f]{4}:[0-9A-Fa-f]{4}"),
    ReaderKind.WEDGE: re.compile(r"/.+"),
}
"""What stands after the kind and a colon."""


class Glyphs(Enum):
    """Which block glyphs the terminal's font can draw."""

    SEXTANT = "sextant"
    OCTANT = "octant"
    HALF = "half"


class ThemeName(Enum):
    """What the screen looks like."""

    HOUSE = "house"
    CONTRAST = "contrast"
    SIXTEEN = "sixteen"


class MotionName(Enum):
    """How much moves by itself on the screen."""

    NONE = "none"
    CALM = "calm"
    FULL = "full"


class ReaderSettings(msgspec.Struct, frozen=True):
    """`[reader]`: the badge reader."""

    device: str = "pn532:/dev/foyer-reader"
    """`pn532:` and any serial path, `pcsc:` and perhaps part of a name, `usb:` and two numbers,
    `wedge:` and an event device, or `none`."""
    baud: int = 115200
    """Speed of a PN532's line."""
    felica: bool = False
    numbers: NumberForm = NumberForm.ANY
    """How a reader that types writes a badge's number."""

    def __post_init__(self) -> None:
        """Refuse a reader we do not know."""
        kind, colon, where = self.device.partition(":")
        known = {kind.value: pattern for kind, pattern in _WHERE.items()}
        if self.device != ReaderKind.NONE.value and not (
            colon and kind in known and known[kind].fullmatch(where)
        ):
            raise WrongValueError(
                "device",
                Sentence(
                    "{value!r} is no reader we know; "
                    "use pn532:/dev/… with the path of its serial port, pcsc: for a USB reader, "
                    "usb:054c:06c1 with its numbers, wedge:/dev/input/by-id/… for one that types, or none",
                    value=self.device,
                ),
            )
        if self.baud not in {115200, 230400, 460800, 921600}:
            raise WrongValueError(
                "baud",
                Sentence(
                    "{value} is no speed of the PN532; use 115200, 230400, 460800 or 921600", value=self.baud
                ),
            )

    @property
    def kind(self) -> ReaderKind:
        """What kind of reader it is."""
        return ReaderKind(self.device.partition(":")[0])

    @property
    def path(self) -> str:
        """What stands after the kind: a path, a name, two numbers; empty for none."""
        return self.device.partition(":")[2]


class SoundSettings(msgspec.Struct, frozen=True):
    """`[sound]`: the kiosk's own speaker; how loud it is, and when it is not, is the space's."""

    player: str = "auto"
    """`auto` for whichever there is of pw-play, paplay and aplay, `none`, or the name or path of a program
    that plays the WAV file it is given."""
    beside_buzzer: bool = False
    """Whether it sounds although the buzzer at the door does."""

    def __post_init__(self) -> None:
        """Refuse no name at all."""
        if not self.player.strip():
            raise WrongValueError(
                "player", Sentence("say auto, none, or the name of a program that plays a WAV file")
            )


class GuestsSettings(msgspec.Struct, frozen=True):
    """`[guests]`: whether the lobby asks guests whom they come to see."""

    asked: bool = True
    most_an_hour: Annotated[int, msgspec.Meta(ge=1, le=500)] = 20
    """Guests noted in one hour at most: more is somebody playing."""


class DoorSettings(msgspec.Struct, frozen=True):
    """`[door]`: the microcontroller that feels who stands there, with light, sound and buttons."""

    device: str = "none"
    """The path of its serial port, or `none`."""
    dim_after_minutes: Annotated[int, msgspec.Meta(ge=0, le=1440)] = 3
    """Minutes without anybody near after which the lobby dims; 0 for never."""
    sound: bool = True
    """Whether it sounds; light stays."""

    def __post_init__(self) -> None:
        """Refuse what is no path."""
        if self.device != "none" and not self.device.startswith("/"):
            raise WrongValueError(
                "device",
                Sentence(
                    "{value!r} is no serial port; use its path, such as /dev/foyer-door, or none",
                    value=self.device,
                ),
            )

    @property
    def path(self) -> str | None:
        """The path; `None` where there is no microcontroller."""
        return None if self.device == "none" else self.device

    @property
    def dim_after_s(self) -> float | None:
        """Seconds after which the lobby dims; `None` for never."""
        return self.dim_after_minutes * 60.0 or None


class ScreenSettings(msgspec.Struct, frozen=True):
    """`[screen]`: what the screen looks like."""

    glyphs: Glyphs = Glyphs.SEXTANT
    theme: ThemeName = ThemeName.HOUSE
    motion: MotionName = MotionName.CALM
    distance: Literal[1, 3, 5] = 1
    """Metres from which the lobby must be read."""


class KioskSettings(msgspec.Struct, frozen=True):
    """Everything; `kiosk.example.toml` says the same in comments."""

    id: KioskId
    """This device's name in the space: it stands in topics."""
    space: SpaceSettings
    data_folder: str = "/var/lib/foyer"
    """Holds the kiosk's database and log file."""
    badge_key_file: str = "/var/lib/foyer/badge.key"
    """The space's secret for hashing badge numbers: the same file on the hub and every kiosk."""
    reader: ReaderSettings = ReaderSettings()
    door: DoorSettings = DoorSettings()
    sound: SoundSettings = SoundSettings()
    guests: GuestsSettings = GuestsSettings()
    broker: BrokerSettings = BrokerSettings()
    hub: str = ""
    """Where a kiosk that was never let in asks for it, `https://…`, by a code typed on its screen; empty
    for a kiosk that is let in by the command, or by nobody."""
    screen: ScreenSettings = ScreenSettings()
    keep_days: Annotated[int, msgspec.Meta(ge=1, le=3650)] = 30
    """Days for which events the hub has are kept here, for a hub that is restored from a backup."""

    def __post_init__(self) -> None:
        """Refuse a name that cannot stand in a topic."""
        if not NAME.fullmatch(self.id):
            raise WrongValueError("id", no_topic(self.id))

    @property
    def database(self) -> Path:
        """The kiosk's own SQLite file."""
        return Path(self.data_folder) / "kiosk.db"

    @property
    def log_file(self) -> Path:
        """Where log lines go while the screen owns the terminal."""
        return Path(self.data_folder) / "kiosk.log"


def enrolled(settings: KioskSettings, enrolment: Enrolment | None) -> KioskSettings:
    """Return the settings with what the hub said when it let the kiosk in, if it did: that holds."""
    if enrolment is None:
        return settings
    space = msgspec.structs.replace(settings.space, id=enrolment.space)
    broker = msgspec.structs.replace(
        settings.broker,
        host=enrolment.broker_host,
        port=enrolment.broker_port,
        username=enrolment.username,
        password_file="",
        ca_file="",
    )
    return msgspec.structs.replace(settings, id=enrolment.kiosk, space=space, broker=broker)
