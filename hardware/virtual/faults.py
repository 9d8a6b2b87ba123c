"""What can go wrong between the chip and the Pi, as values to be scheduled.

Pure.  Each fault strikes an answer of the chip, once it has understood a
command; the chip itself stays sane, as a real one does behind a bad wire.
"""

from dataclasses import dataclass, replace
from enum import Enum


class Fault(Enum):
    """One way to fail."""

    LOST_ACK = "lost ack"
    """The answer comes without the ACK before it."""
    SHORT_FRAME = "short frame"
    """Only the first 3 bytes of the answer arrive."""
    ONE_BYTE = "one byte"
    """Only the first byte arrives: nfcpy looks for a length where there is none."""
    GARBAGE = "garbage"
    """Noise arrives in the answer's place."""
    BAD_CHECKSUM = "bad checksum"
    """The answer's data checksum is wrong."""
    ERROR_FRAME = "error frame"
    """The chip answers that it did not understand."""
    MUTE = "mute"
    """Neither ACK nor answer."""
    SLOW = "slow"
    """The answer takes `SLOW_S` longer."""
    UNPLUG = "unplug"
    """The line hangs up between the ACK and the answer."""


SLOW_S = 0.7
"""How long a slow answer is held back, seconds: more than is healthy, less than nfcpy waits for a card."""

_SHORT_BYTES = 3


@dataclass(frozen=True, slots=True)
class Scheduled:
    """A fault waiting for its command."""

    fault: Fault
    command: int | None = None
    """Strikes only this command (its code, such as 0x4A); `None` for any."""
    skip: int = 0
    """Fitting commands to let pass first, 0 or more."""
    times: int | None = 1
    """How often it strikes, 1 or more; `None` until it is cleared."""


def next_fault(plan: tuple[Scheduled, ...], command: int) -> tuple[tuple[Scheduled, ...], Fault | None]:
    """Which fault strikes this command.

    Args:
        plan: What is scheduled, first come first served.
        command: Code of the command the chip has just understood.

    Returns:
        The plan without what has been used up, and the fault, or `None`.
    """
    for index, item in enumerate(plan):
        if item.command not in {None, command}:
            continue
        before, after = plan[:index], plan[index + 1 :]
        if item.skip:
            return (*before, replace(item, skip=item.skip - 1), *after), None
        if item.times is None:
            return plan, item.fault
        rest = (replace(item, times=item.times - 1),) if item.times > 1 else ()
        return (*before, *rest, *after), item.fault
    return plan, None


def damage(fault: Fault | None, frame: bytes) -> bytes:
    """The bytes that arrive when `fault` strikes this answer; the frame itself for faults of another kind."""
    match fault:
        case Fault.SHORT_FRAME:
            return frame[:_SHORT_BYTES]
        case Fault.ONE_BYTE:
            return frame[:1]
        case Fault.GARBAGE:
            return bytes.fromhex("A55A3C") * 4
        case Fault.BAD_CHECKSUM:
            return frame[:-2] + bytes([(frame[-2] + 1) & 0xFF]) + frame[-1:]
        case _:
            return frame
