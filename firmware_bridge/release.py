"""Have a board let go of its line, so that files can be copied to it.

Not a part of the conversation in `link`: every version of the firmware understands it, greeted or not, so
that one that speaks another version can still be replaced.
"""

import time
from pathlib import Path

from firmware_bridge.door import BridgeFault
from firmware_bridge.errors import PortGone
from firmware_bridge.mcu import protocol
from firmware_bridge.mcu.frames import FrameReader, encode
from firmware_bridge.port import Port

ANSWER_S = 3.0
"""Seconds; a board that resets when its port is opened takes up to two until it hears."""

LEAVES_S = 3.0
"""Seconds; a USB board's port goes away within one, a board on UART pins keeps it."""

_AGAIN_S = protocol.RESEND_MS / 1000
_FRAME = b"\x00" + encode(protocol.RELEASE, 0)


def release(path: Path | str) -> bool:
    """Ask the board at `path` to start without its firmware, and wait until it has gone.

    Returns:
        Whether a firmware of ours was there and said yes.

    Raises:
        PortGone: The port cannot be opened, or went away before the board had answered.
    """
    port = Port(path)
    try:
        if not _has_agreed(port):
            return False
        _wait_until_gone(port)
        return True
    finally:
        port.close()


def _has_agreed(port: Port) -> bool:
    frames = FrameReader()
    end_s = time.monotonic() + ANSWER_S
    again_s = 0.0
    while (now_s := time.monotonic()) < end_s:
        if now_s >= again_s:
            port.write(_FRAME)
            again_s = now_s + _AGAIN_S
        for kind, seq, _ in frames.receive_data(port.read(again_s - now_s)):
            if (kind, seq) == (protocol.ACK, 0):
                return True
    return False


def _wait_until_gone(port: Port) -> None:
    end_s = time.monotonic() + LEAVES_S
    try:
        while (now_s := time.monotonic()) < end_s:
            port.read(end_s - now_s)
    except PortGone as gone:
        if gone.kind is not BridgeFault.UNPLUGGED:
            raise
