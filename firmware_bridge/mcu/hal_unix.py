"""No board at all: the firmware as a program, its pins being lines of text.  For the tests and the demo.

The serial line is standard input and output, as on the board.  `main.py RADAR PINS SHOWN CAPABILITIES`:
files to read the radar's bytes and the pins from, one to write lights and sound to, and what is fitted.
Pins come as `b1 1` (button 1 is held), `p 1` (PIR), `x 1` (beam broken); shown are `ring rrggbb…`, `buzz 880`
and `fed`.
"""

import asyncio
import os
import sys
import time


_STAYS_MS = 30
"""Longer than a switch bounces."""


class Hal:
    """The board that is none, for the life of the process."""

    board = "virtual"
    radar_bytes = 1

    def __init__(self):
        _, radar, pins, shown, capabilities = sys.argv
        self.capabilities = capabilities.split(",")
        self.lights = 0
        for part in self.capabilities:
            if part.startswith("ring:"):
                self.lights = int(part[5:])
        self.boot = "".join("%02x" % byte for byte in os.urandom(4))
        self.reset_cause = "power"
        self.line = sys.stdin.buffer
        self.radar = open(radar, "rb")
        self._pins = open(pins, "rb")
        self._shown = open(shown, "wb")
        self._held = {}
        self._now_ms = 0
        self._ticks = time.ticks_ms()

    def now_ms(self):
        """Milliseconds since the start; they never run backwards."""
        ticks = time.ticks_ms()
        self._now_ms += time.ticks_diff(ticks, self._ticks)
        self._ticks = ticks
        return self._now_ms

    def may_start(self):
        """Whether to run the firmware: whoever starts this program decides."""
        return True

    def jobs(self):
        """What reads the pins."""
        return [self._read_pins()]

    def write(self, data):
        """Put bytes on the line."""
        sys.stdout.buffer.write(data)

    def buttons(self):
        """Whether each button is held, from the left."""
        return [self._held.get("b%d" % number, False) for number in (1, 2, 3)]

    def pir(self):
        """Whether the PIR sensor feels somebody."""
        return self._held.get("p", False)

    def beam(self):
        """Whether something stands in the light barrier."""
        return self._held.get("x", False)

    def ring(self, colours):
        """Show these colours."""
        self._show("ring " + "".join("%02x%02x%02x" % colour for colour in colours))

    def buzz(self, hertz):
        """Sound a tone until told otherwise; 0 is silence."""
        self._show("buzz %d" % hertz)

    def start_watchdog(self):
        """Whoever started this program watches it."""

    def feed(self):
        """All is well."""
        self._show("fed")

    def reset(self):
        """End: whoever started this program starts it anew."""
        sys.exit(1)

    def release(self):
        """End for good."""
        sys.exit(0)

    def _show(self, text):
        self._shown.write(text.encode() + b"\n")

    async def _read_pins(self):
        stream = asyncio.StreamReader(self._pins)
        line = b""
        while True:
            byte = await stream.read(1)
            if not byte:
                raise OSError("the pins ended")
            if byte == b"\n":
                name, value = line.decode().split(" ")
                self._held[name] = value == "1"
                line = b""
                # A contact stays as it is for a moment, however late this program gets to read of it.
                await asyncio.sleep_ms(_STAYS_MS)
            else:
                line += byte
