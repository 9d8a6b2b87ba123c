"""A stand-in for a Pico's `machine`, for the real MicroPython without a board: pins that are files.

`PICO_PINS` names a file of the pins that are held low, `PICO_SEEN` one that is told what the board does.
"""

import io
import os
import select
import sys

PWRON_RESET = 1
WDT_RESET = 3
_STREAM_POLL = 3


def _tell(text):
    with open(os.getenv("PICO_SEEN"), "a") as seen:
        seen.write(text + "\n")


def reset_cause():
    return PWRON_RESET


def reset():
    _tell("reset")
    sys.exit(3)


class Pin:
    IN, OUT, PULL_UP, PULL_DOWN = 0, 1, 1, 2

    def __init__(self, number, mode=OUT, pull=None):
        self.number = number
        self._rests = pull != Pin.PULL_DOWN

    def value(self):
        with open(os.getenv("PICO_PINS")) as pins:
            is_turned = str(self.number) in pins.read().split()
        return int(self._rests != is_turned)


class PWM:
    def __init__(self, pin, *, freq, duty_u16):
        self._freq = freq

    def freq(self, hertz):
        self._freq = hertz

    def duty_u16(self, duty):
        _tell("buzz %d" % (self._freq if duty else 0))


class WDT:
    def __init__(self, *, timeout):
        _tell("watchdog %d" % timeout)

    def feed(self):
        pass


class UART(io.IOBase):
    """Reads what is there, as a board's does with no time-out; a file would wait for all of it."""

    def __init__(self, number, baudrate, *, tx, rx, rxbuf, timeout):
        assert timeout == 0
        _tell("uart %d %d %d %d" % (number, baudrate, tx.number, rx.number))
        self._file = open(os.getenv("PICO_RADAR"), "rb")
        self._poll = select.poll()
        self._poll.register(self._file, select.POLLIN)

    def read(self, most):
        data = b""
        while len(data) < most and self._poll.poll(0):
            data += self._file.read(1)
        return data or None

    def ioctl(self, request, flags):
        return flags & select.POLLIN if request == _STREAM_POLL and self._poll.poll(0) else 0
