"""The host's half of the conversation with the board: bytes in, values out, and when to look again.

Pure: no clock, no I/O.  The caller brings the time (monotonic seconds) and carries the bytes.

Every state the conversation can be in, and what ends it:

* *greeting*: HELLO goes out four times a second until the board has said what it is;
* *talking*: the board is pinged every second, and is mute after three without a frame from it;
* *over*: it speaks another major version, or is mute; only `connected` begins anew.

A board that starts anew meanwhile answers everything with "hello first", and is greeted again.  One command
is on its way at a time and is sent again every 200 ms until it is acknowledged or has become pointless.
Events are acknowledged each time they come and told once, by boot id and sequence number.
"""

from collections import deque
from dataclasses import dataclass
from enum import Enum
from typing import assert_never

from firmware_bridge.door import Light, Passed, Tone
from firmware_bridge.heard import Heard, Logged, Met, Mute, OtherVersion, Pong, Told
from firmware_bridge.mcu import protocol
from firmware_bridge.mcu.frames import FrameReader, encode
from firmware_bridge.messages import (
    Counted,
    light_payload,
    read_about,
    read_event,
    read_version,
    sound_payload,
)

HELLO_AGAIN_S = 0.25
"""Seconds; a board that resets when its port is opened takes up to two until it hears."""

TONE_S = 1.0
"""A tone that has not begun after so many seconds would be taken for another tap's."""

MOST_TONES = 4
"""Tones waiting; more would still sound when everybody has left."""

MOST_MISSED = 1000
"""More bodies at once than this is a broken counter, not a crowd."""

_RESEND_S = protocol.RESEND_MS / 1000
_PING_S = protocol.PING_MS / 1000
_DOWN_S = protocol.DOWN_MS / 1000


class _Stage(Enum):
    OVER = "over"
    GREETING = "greeting"
    TALKING = "talking"


@dataclass(slots=True)
class _Flight:
    """The one command on its way."""

    kind: int
    seq: int
    frame: bytes
    again_s: float
    until_s: float


class Link:
    """The conversation with one board, over any number of connections.

    Args:
        seq: The first sequence number, 0 to 255; best another one at each start of the program.
        version: Major and minor of the protocol we speak.
    """

    def __init__(self, seq: int = 0, version: tuple[int, int] = (protocol.MAJOR, protocol.MINOR)) -> None:
        self._version = version
        self._stage = _Stage.OVER
        self._frames = FrameReader()
        self._out = bytearray()
        self._seq = seq % protocol.SEQS
        # Pings have numbers of their own: the board tells a new command from a repeat by how far it is from
        # the last one, and there may be thousands of pings between two.
        self._ping_seq = 0
        self._hello_seq = -1
        self._parts: dict[int, bytes] = {}
        self._boot: str | None = None
        self._last_event: int | None = None
        self._passed = 0
        self._light: Light | None = None
        self._light_until_s = 0.0
        self._is_light_due = False
        self._tones: deque[tuple[Tone, float]] = deque(maxlen=MOST_TONES)
        self._flight: _Flight | None = None
        self._pinged: tuple[int, float] | None = None
        self._greet_s = self._ping_s = self._down_s = float("inf")

    @property
    def noise(self) -> int:
        """How many stretches between two frames were none, since the port was opened."""
        return self._frames.noise

    def connected(self, now_s: float) -> None:
        """The port has just been opened: greet whoever is there."""
        self._frames = FrameReader()
        self._out.clear()
        self._down_s = now_s + _DOWN_S
        self._greet(now_s)

    def light(self, light: Light, now_s: float) -> None:
        """Want this light from now on, in place of the one before."""
        self._light, self._light_until_s, self._is_light_due = light, now_s + light.ttl_s, True
        if self._flight is not None and self._flight.kind == protocol.LIGHT:
            self._flight = None  # a state is not worth saying any more once there is a newer one
        self._fly(now_s)

    def sound(self, tone: Tone, now_s: float) -> None:
        """Want this tone, now; forgotten unless the board is there within a second."""
        self._tones.append((tone, now_s + TONE_S))
        self._fly(now_s)

    def data_to_send(self) -> bytes:
        """Return the bytes to put on the line now, and forget them."""
        data = bytes(self._out)
        self._out.clear()
        return data

    def next_deadline_s(self) -> float:
        """Return when `tick` has something to do; infinity once the conversation is over."""
        match self._stage:
            case _Stage.OVER:
                return float("inf")
            case _Stage.GREETING:
                return min(self._greet_s, self._down_s)
            case _Stage.TALKING:
                again_s = float("inf") if self._flight is None else self._flight.again_s
                return min(self._ping_s, self._down_s, again_s)
            case _:
                assert_never(self._stage)

    def tick(self, now_s: float) -> list[Heard]:
        """Do what is due: greet, ping, send again, or give the board up."""
        if self._stage is _Stage.OVER:
            return []
        if now_s >= self._down_s:
            self._stage = _Stage.OVER
            return [Mute()]
        if self._stage is _Stage.GREETING and now_s >= self._greet_s:
            self._say_hello(now_s)
        if self._stage is _Stage.TALKING:
            if now_s >= self._ping_s:
                self._ping(now_s)
            self._fly(now_s)
        return []

    def receive_data(self, data: bytes, now_s: float) -> list[Heard]:
        """Take any piece of what came; return what it says, in order."""
        heard: list[Heard] = []
        for kind, seq, payload in self._frames.receive_data(data):
            if self._stage is not _Stage.OVER:
                self._down_s = now_s + _DOWN_S
                heard += self._hear(kind, seq, payload, now_s)
        self._fly(now_s)
        return heard

    def _hear(self, kind: int, seq: int, payload: bytes, now_s: float) -> list[Heard]:
        match kind:
            case protocol.HELLO_R:
                return self._meet(seq, payload, now_s)
            case protocol.NAK:
                return self._refused(seq, payload, now_s)
            case protocol.LOG:
                return [Logged(payload.decode("utf-8", "replace"))]
            case _ if self._stage is not _Stage.TALKING:
                return []  # whoever it comes from, we do not know yet which start of it this is
            case protocol.PONG:
                return self._ponged(seq, now_s)
            case protocol.ACK:
                self._acknowledged(seq)
                return []
            case _:
                return self._told(kind, seq, payload)

    def _meet(self, seq: int, payload: bytes, now_s: float) -> list[Heard]:
        if self._stage is not _Stage.GREETING or seq != self._hello_seq or len(payload) < 2:  # noqa: PLR2004
            return []
        self._parts[payload[0]] = payload[2:]
        if set(self._parts) != set(range(payload[1])):
            return []
        about = read_about(b"".join(self._parts[part] for part in range(payload[1])))
        if about is None:
            return []
        if about.protocol[0] != self._version[0]:
            self._stage = _Stage.OVER
            return [OtherVersion("{}.{}".format(*about.protocol))]
        self._stage = _Stage.TALKING
        self._ping_s = now_s + _PING_S
        self._flight = None
        self._is_light_due = self._light is not None
        missed: list[Heard] = []
        if about.boot == self._boot:
            missed = self._counted(about.passed)
        else:
            self._boot, self._last_event, self._passed = about.boot, None, about.passed
        return [Met(about), *missed]

    def _refused(self, seq: int, payload: bytes, now_s: float) -> list[Heard]:
        code = payload[:1]
        if code == bytes((protocol.NAK_VERSION,)):
            self._stage = _Stage.OVER
            theirs = read_version(payload[1:].decode("ascii", "replace").removeprefix("version "))
            return [OtherVersion("{}.{}".format(*theirs) if theirs else "?")]
        if code == bytes((protocol.NAK_HELLO_FIRST,)):
            if self._stage is _Stage.TALKING:
                self._greet(now_s)
        else:
            self._acknowledged(seq)  # it knows no such thing: an older board goes without
        return []

    def _ponged(self, seq: int, now_s: float) -> list[Heard]:
        if self._pinged is None or self._pinged[0] != seq:
            return []
        began_s, self._pinged = self._pinged[1], None
        self._ping_s = max(now_s, began_s + _PING_S)
        return [Pong(now_s - began_s)]

    def _acknowledged(self, seq: int) -> None:
        if self._flight is not None and self._flight.seq == seq:
            self._flight = None

    def _told(self, kind: int, seq: int, payload: bytes) -> list[Heard]:
        event = read_event(kind, payload)
        if event is None:
            self._out += encode(protocol.NAK, seq, bytes((protocol.NAK_UNKNOWN,)) + b"unknown")
            return []
        self._out += encode(protocol.ACK, seq)
        if self._last_event is not None and not protocol.is_newer(seq, self._last_event):
            return []  # our acknowledgement was lost: it was told already
        self._last_event = seq
        return self._counted(event.passed) if isinstance(event, Counted) else [Told(event)]

    def _counted(self, passed: int) -> list[Heard]:
        missed, self._passed = max(0, passed - self._passed), passed
        return [Told(Passed())] * min(missed, MOST_MISSED)

    def _greet(self, now_s: float) -> None:
        self._stage = _Stage.GREETING
        self._parts = {}
        self._flight = self._pinged = None
        self._hello_seq = self._next_seq()
        self._say_hello(now_s)

    def _say_hello(self, now_s: float) -> None:
        # Again with the same number: on a bad line the parts of several answers make up one.
        self._greet_s = now_s + HELLO_AGAIN_S
        # A zero before it ends whatever noise came before.
        self._out += b"\x00" + encode(protocol.HELLO, self._hello_seq, bytes(self._version))

    def _ping(self, now_s: float) -> None:
        if self._pinged is None:
            self._ping_seq = (self._ping_seq + 1) % protocol.SEQS
            self._pinged = self._ping_seq, now_s
        # One that is not answered is said again soon: three lost pings would otherwise be a mute board.
        self._ping_s = now_s + _RESEND_S
        self._out += encode(protocol.PING, self._ping_seq)

    def _fly(self, now_s: float) -> None:
        """Put the next command on the line if none is on its way, or that one again if it is time."""
        if self._stage is not _Stage.TALKING:
            return
        if self._flight is not None and now_s >= self._flight.until_s:
            self._flight = None
        if self._flight is None:
            self._flight = self._next_flight(now_s)
        if self._flight is not None and now_s >= self._flight.again_s:
            self._flight.again_s = now_s + _RESEND_S
            self._out += self._flight.frame

    def _next_flight(self, now_s: float) -> _Flight | None:
        if self._is_light_due and self._light is not None:
            self._is_light_due = False
            left_s = self._light_until_s - now_s
            if left_s > 0:
                return self._flight_of(
                    protocol.LIGHT, light_payload(self._light.glow, left_s), self._light_until_s
                )
        while self._tones:
            tone, until_s = self._tones.popleft()
            if now_s < until_s:
                return self._flight_of(protocol.SOUND, sound_payload(tone), until_s)
        return None

    def _flight_of(self, kind: int, payload: bytes, until_s: float) -> _Flight:
        seq = self._next_seq()
        return _Flight(kind, seq, encode(kind, seq, payload), float("-inf"), until_s)

    def _next_seq(self) -> int:
        self._seq = (self._seq + 1) % protocol.SEQS
        return self._seq
