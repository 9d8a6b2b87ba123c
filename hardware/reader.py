"""What every badge reader offers, whatever chip is behind it.

A reader owns one thread from `start` to `stop`.  It is made with callbacks,
`on_tap`, `on_state` and perhaps `on_cut`; **all are called from the reader's own
thread**, one call at a time, so they must only hand over
(`call_soon_threadsafe`) and return at once: while they run, no badge is read.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol, TypeAlias

from hardware.errors import ReaderFault
from hardware.uid import Uid


class Technology(Enum):
    """What kind of card answered; says what else could be asked of it."""

    TYPE_1 = "type-1"
    """Topaz and Jewel; rare."""
    TYPE_2 = "type-2"
    """NTAG, MIFARE Ultralight."""
    CLASSIC = "classic"
    """MIFARE Classic: only its number is read, its encryption is broken."""
    ISO_DEP = "iso-dep"
    """Cards that take commands: NTAG 424, DESFire, phones, bank cards."""
    FELICA = "felica"
    """FeliCa; the number is its 8-byte IDm."""
    OTHER = "other"
    """Answers as Type A and as nothing above, such as a phone in peer-to-peer mode."""


def technology_of(sel_res: int) -> Technology:
    """What a Type A card can do, by its answer to SELECT (0 to 255).  Source: NXP AN10833."""
    if sel_res & 0x20:
        return Technology.ISO_DEP
    if sel_res & 0x08:
        return Technology.CLASSIC
    return Technology.OTHER if sel_res else Technology.TYPE_2


@dataclass(frozen=True, slots=True)
class Proven:
    """A secure badge showed that it knows its key."""

    uid: Uid
    """The number it showed with its key: that of the chip, even where the chip draws random ones."""
    key: int
    """The version of the key it knows, 1 or more."""
    counter: int | None = None
    """How often its message was read, as the chip counts; `None` where nothing can be replayed."""


class Unproven(Enum):
    """Why a secure badge did not show that it knows its key."""

    FORGED = "forged"
    """What it computed is wrong."""
    WRONG_KEY = "wrong key"
    """It has keys, but none of this space."""


Proof: TypeAlias = Proven | Unproven

Transmit: TypeAlias = Callable[[bytes], bytes]
"""Sends one command APDU to the card in the field and returns its whole answer, status word last.

Raises `CardLifted` once the card is gone, `ReaderGone` if the line failed.
"""

Prove: TypeAlias = Callable[[Uid, Transmit], Proof | None]
"""Has an ISO-DEP card show that it knows its key; `None` for a card that is no secure badge.

Called from the reader's thread, while the card is in the field; lets `CardLifted` through.
"""


@dataclass(frozen=True, slots=True)
class Tap:
    """One presentation of one card, from touch to lift."""

    uid: Uid
    read_s: float
    """When the read was complete: monotonic seconds."""
    technology: Technology
    proof: Proof | None = None
    """What a secure badge showed; `None` for any other card, and where the reader was not given a `Prove`."""


@dataclass(frozen=True, slots=True)
class ReaderReady:
    """The reader is open and polls for cards."""

    firmware: str
    """Chip and version, fit to be shown, such as `PN532 v1.6`."""
    port: str
    """Path of the device file, as configured."""
    baud: int
    """Speed of the line, bits per second."""


@dataclass(frozen=True, slots=True)
class ReaderLost:
    """The reader cannot be used now; it keeps trying by itself."""

    kind: ReaderFault
    sentence: str
    """What happened, where, and what to do."""


ReaderState: TypeAlias = ReaderReady | ReaderLost

OnTap: TypeAlias = Callable[[Tap], None]
OnState: TypeAlias = Callable[[ReaderState], None]
OnCut: TypeAlias = Callable[[], None]
"""A card was taken away before it had said everything: no tap, and somebody should say `hold it still`.

May be called several times for one card that is held badly.
"""


class BadgeReader(Protocol):
    """A device that tells of taps until it is stopped."""

    def start(self) -> None:
        """Begin, in a thread of its own; returns at once, the reader may not be there yet.

        Raises:
            RuntimeError: It was started before; a reader lives once.
        """

    def stop(self) -> None:
        """End it.  On return the thread is gone, the port is closed, and no callback comes any more.

        May be called twice, and before `start`; not from a callback.
        """
