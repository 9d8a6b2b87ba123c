"""The Raspberry Pi Pico: pins, lights, sound, the USB line and the watchdog.

The line is the board's USB serial port, which MicroPython also prints to: what it prints is noise between
frames.  Byte 3 would interrupt the program, so that is switched off; `release` gives the prompt back.
"""

import os
import sys
import time

import machine  # only on a board: elsewhere main falls back to hal_unix
import micropython
import neopixel

import wiring

_RELEASED = "released"
"""A file: the next start leaves the board to its prompt, without the firmware and without a watchdog."""
_WATCHDOG_MS = 8000
"""The longest that the chip can do; once started it cannot be stopped."""
_OUT_MS = 100
"""So long may what was said last take to get out, before a reset takes the USB port away."""
_LOUD = 2**15
"""A square wave."""


class Hal:
    """The board, from power-on or reset until the next."""

    board = "pico"
    radar_bytes = 64

    def __init__(self):
        self.capabilities = []
        self.boot = "".join("%02x" % byte for byte in os.urandom(4))
        self.reset_cause = "watchdog" if machine.reset_cause() == machine.WDT_RESET else "power"
        self.line = sys.stdin.buffer
        self._watchdog = None
        self._now_ms = 0
        self._ticks = time.ticks_ms()
        if wiring.RADAR:
            number, tx, rx = wiring.RADAR
            self.radar = machine.UART(
                number, 256000, tx=machine.Pin(tx), rx=machine.Pin(rx), rxbuf=512, timeout=0
            )
            self.capabilities.append("presence.ld2410")
        elif wiring.PIR is not None:
            self._pir = machine.Pin(wiring.PIR, machine.Pin.IN, machine.Pin.PULL_DOWN)
            self.capabilities.append("presence.pir")
        if wiring.BEAM is not None:
            self._beam = machine.Pin(wiring.BEAM, machine.Pin.IN, machine.Pin.PULL_UP)
            self.capabilities.append("beam")
        if wiring.RING:
            pin, self.lights = wiring.RING
            self._ring = neopixel.NeoPixel(machine.Pin(pin), self.lights)
            self.capabilities.append("ring:%d" % self.lights)
        if wiring.BUZZER is not None:
            self._buzzer = machine.PWM(machine.Pin(wiring.BUZZER), freq=440, duty_u16=0)
            self.capabilities.append("buzzer")
        if wiring.BUTTONS:
            self._buttons = [machine.Pin(pin, machine.Pin.IN, machine.Pin.PULL_UP) for pin in wiring.BUTTONS]
            self.capabilities.append("buttons:%d" % len(self._buttons))

    def now_ms(self):
        """Milliseconds since the start; they never run backwards, not even after weeks."""
        ticks = time.ticks_ms()
        self._now_ms += time.ticks_diff(ticks, self._ticks)
        self._ticks = ticks
        return self._now_ms

    def may_start(self):
        """Whether to run the firmware: not after `release`, nor while the left button is held at power-on."""
        try:
            os.remove(_RELEASED)
        except OSError:
            is_held = wiring.BUTTONS and self.buttons()[0]
            if not is_held:
                micropython.kbd_intr(-1)
            return not is_held
        return False

    def jobs(self):
        """No more tasks than every board has."""
        return []

    def write(self, data):
        """Put bytes on the line."""
        sys.stdout.buffer.write(data)

    def buttons(self):
        """Whether each button is held, from the left."""
        return [not pin.value() for pin in self._buttons]

    def pir(self):
        """Whether the PIR sensor feels somebody."""
        return bool(self._pir.value())

    def beam(self):
        """Whether something stands in the light barrier."""
        return not self._beam.value()

    def ring(self, colours):
        """Show these colours."""
        for at, colour in enumerate(colours):
            self._ring[at] = colour
        self._ring.write()

    def buzz(self, hertz):
        """Sound a tone until told otherwise; 0 is silence."""
        if hertz:
            self._buzzer.freq(hertz)
        self._buzzer.duty_u16(_LOUD if hertz else 0)

    def start_watchdog(self):
        """From now on the board resets unless it is fed."""
        self._watchdog = machine.WDT(timeout=_WATCHDOG_MS)

    def feed(self):
        """All is well."""
        self._watchdog.feed()

    def reset(self):
        """Start the board anew."""
        time.sleep_ms(_OUT_MS)
        machine.reset()

    def release(self):
        """Start the board anew without the firmware, so that files can be copied to it."""
        with open(_RELEASED, "w"):
            pass
        time.sleep_ms(_OUT_MS)
        machine.reset()
