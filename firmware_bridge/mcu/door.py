"""The door at work: every part of the board in its own task, joined here.

All tasks share one event loop, so nothing needs a lock; none may wait otherwise than by `await`.
"""

import asyncio
import sys

import looks
import protocol
from ld2410 import Radar
from senses import SILENT_MS, Beam, Button, Presence
from talk import Talk
from version import FIRMWARE

_LOOK_MS = 10
"""How often switches are read and time is looked at."""
_DRAW_MS = 33
"""Thirty pictures a second."""
_FEED_MS = 500
"""How often the watchdog is fed; it bites after 8 s."""
_SENSORS = {"presence.ld2410": protocol.RADAR, "presence.pir": protocol.PIR, "beam": protocol.BEAM}


class Door:
    """One start of the firmware.

    Args:
        hal: The board: `hal_pico.Hal` or `hal_unix.Hal`, which say what they offer.
    """

    def __init__(self, hal):
        self._hal = hal
        self._names = [part.split(":")[0] for part in hal.capabilities]
        self._talk = Talk(self._about)
        self._presence = Presence()
        self._buttons = [Button() for _ in range(3)]
        self._beam = Beam()
        self._radar = Radar()
        self._radar_ms = hal.now_ms()
        self._works = {}
        self._glow = protocol.GLOWS.index("rest")
        self._glow_until_ms = 0
        self._notes = []
        self._has_notes = asyncio.Event()

    async def run(self):
        """Work until something fails; the caller then starts the board anew."""
        jobs = [self._listen(), self._look(), self._keep()]
        if "presence.ld2410" in self._names:
            jobs.append(self._feel_radar())
        if "ring" in self._names:
            jobs.append(self._draw())
        if "buzzer" in self._names:
            jobs.append(self._sing())
        jobs += self._hal.jobs()
        await asyncio.gather(*jobs)

    def report(self, error):
        """Tell the host, once, why the board starts anew."""
        self._talk.log("%s %s" % (type(error).__name__, error))
        self._flush()

    def _about(self):
        return "fw=%s board=%s proto=%d.%d boot=%s reset=%s caps=%s passed=%d" % (
            FIRMWARE,
            self._hal.board,
            protocol.MAJOR,
            protocol.MINOR,
            self._hal.boot,
            self._hal.reset_cause,
            ",".join(self._hal.capabilities),
            self._beam.passed,  # last: the only one that changes, so that parts of two answers fit together
        )

    def _flush(self):
        data = self._talk.data_to_send()
        if data:
            self._hal.write(data)

    async def _listen(self):
        line = asyncio.StreamReader(self._hal.line)
        while True:
            # One byte at a time: a read of more waits until they have all come.
            data = await line.read(1)
            if not data:
                raise OSError("the line ended")
            for wanted in self._talk.receive_data(data, self._hal.now_ms()):
                self._do(wanted)
            self._flush()

    def _do(self, wanted):
        now_ms = self._hal.now_ms()
        if wanted[0] == protocol.HELLO:
            self._tell_all(now_ms)
        elif wanted[0] == protocol.LIGHT:
            self._glow = wanted[1]
            self._glow_until_ms = now_ms + wanted[2]
        elif wanted[0] == protocol.SOUND:
            self._notes = list(looks.notes(wanted[1]))
            self._has_notes.set()
        elif wanted[0] == protocol.RELEASE:
            self._flush()
            self._hal.release()

    def _tell_all(self, now_ms):
        """Tell a host that has just come how everything is."""
        if "presence.ld2410" in self._names or "presence.pir" in self._names:
            self._tell_presence(now_ms)
        for sensor, works in self._works.items():
            self._talk.tell(protocol.SENSOR, bytes((sensor, works)), now_ms)

    def _tell_presence(self, now_ms):
        sensor = protocol.RADAR if "presence.ld2410" in self._names else protocol.PIR
        near, cm = self._presence.is_near, self._presence.distance_cm if self._presence.is_near else 0
        self._talk.tell(protocol.PRESENCE, bytes((near, sensor, cm & 0xFF, cm >> 8)), now_ms)

    def _tell_health(self, name, works, now_ms):
        sensor = _SENSORS[name]
        if self._works.get(sensor) is not works:
            self._works[sensor] = works
            self._talk.tell(protocol.SENSOR, bytes((sensor, works)), now_ms)

    async def _feel_radar(self):
        stream = asyncio.StreamReader(self._hal.radar)
        while True:
            data = await stream.read(self._hal.radar_bytes)
            now_ms = self._hal.now_ms()
            for distance_cm in self._radar.receive_data(data or b""):
                self._radar_ms = now_ms
                self._tell_health("presence.ld2410", True, now_ms)
                self._presence.feel(distance_cm or None, now_ms)

    async def _look(self):
        while True:
            now_ms = self._hal.now_ms()
            if "buttons" in self._names:
                for at, is_down in enumerate(self._hal.buttons()):
                    if self._buttons[at].feel(is_down, now_ms):
                        self._talk.tell(protocol.PRESSED, bytes((at + 1,)), now_ms)
            if "beam" in self._names:
                if self._beam.feel(self._hal.beam(), now_ms):
                    self._talk.tell(protocol.PASSED, self._beam.passed.to_bytes(4, "little"), now_ms)
                self._tell_health("beam", self._beam.works(now_ms), now_ms)
            if "presence.ld2410" in self._names:
                if now_ms - self._radar_ms >= SILENT_MS:
                    self._tell_health("presence.ld2410", False, now_ms)
            elif "presence.pir" in self._names:
                self._presence.feel(0 if self._hal.pir() else None, now_ms)
            if self._presence.tick(now_ms):
                self._tell_presence(now_ms)
            self._talk.tick(now_ms)
            self._flush()
            await asyncio.sleep_ms(_LOOK_MS)

    async def _draw(self):
        shown, shown_ms, before = None, 0, None
        while True:
            now_ms = self._hal.now_ms()
            glow = self._glow_now(now_ms)
            if glow != shown:
                shown, shown_ms = glow, now_ms
            colours = looks.picture(glow, now_ms - shown_ms, self._hal.lights)
            if colours != before:
                self._hal.ring(colours)
                before = colours
            await asyncio.sleep_ms(_DRAW_MS)

    def _glow_now(self, now_ms):
        if not self._talk.has_host(now_ms):
            return looks.NO_HOST
        return self._glow if now_ms < self._glow_until_ms else protocol.GLOWS.index("rest")

    async def _sing(self):
        while True:
            await self._has_notes.wait()
            self._has_notes.clear()
            while self._notes:
                hertz, lasts_ms = self._notes.pop(0)
                self._hal.buzz(hertz)
                await asyncio.sleep_ms(lasts_ms)
            self._hal.buzz(0)

    async def _keep(self):
        self._hal.start_watchdog()
        while True:
            self._hal.feed()
            await asyncio.sleep_ms(_FEED_MS)


def work(hal):
    """Run the door until it fails, then start the board anew."""
    door = Door(hal)
    try:
        asyncio.run(door.run())
    except Exception as error:  # whatever it is: a door that is stuck is worse than one that starts again
        door.report(error)
        sys.print_exception(error)
        hal.reset()
