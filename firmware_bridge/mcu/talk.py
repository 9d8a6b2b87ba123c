"""The board's half of the conversation: bytes in, bytes out, and what the host wants done.

No device and no clock in here: the caller brings both.  Times are milliseconds that never run backwards.
"""

import protocol
from frames import FrameReader, encode

_PART = 62
"""Bytes of text in one frame of a HELLO_R, beside its two counters."""
_MOST_PRESSES = 4


class Talk:
    """One board's conversation with whatever host there is, from start to reset.

    Args:
        about: Returns what this board is, `key=value` joined by spaces, ASCII; asked at each HELLO.
        version: Major and minor of the protocol it speaks.
    """

    def __init__(self, about, version=(protocol.MAJOR, protocol.MINOR)):
        self._about = about
        self._version = version
        self._frames = FrameReader()
        self._out = bytearray()
        self._is_met = False
        self._heard_ms = None
        self._seq = 0
        self._last_command = 0
        self._waiting = []  # [kind, payload, told_ms], oldest first
        self._flying = None  # [frame, seq, kind, told_ms, resend_ms]
        # Said once, to nobody in particular: a host that knew us from before our start greets us at once.
        # The zero ends whatever was printed when the last start failed.
        self._out.append(0)
        self._refuse(0, protocol.NAK_HELLO_FIRST, "hello first")

    @property
    def noise(self):
        """How many stretches of noise came in."""
        return self._frames.noise

    def has_host(self, now_ms):
        """Whether a host that was met has spoken lately."""
        return self._is_met and now_ms - self._heard_ms < protocol.NO_HOST_MS

    def receive_data(self, data, now_ms):
        """Take what came; return what is to be done now, as tuples that begin with the type.

        `(HELLO,)`: a host is there, tell it everything anew; `(LIGHT, glow, ttl_ms)`; `(SOUND, tone)`;
        `(RELEASE,)`: let go of the line and start again without the firmware.
        """
        wanted = []
        for kind, seq, payload in self._frames.receive_data(data):
            if kind == protocol.HELLO:
                wanted += self._greet(seq, payload, now_ms)
            elif kind == protocol.RELEASE:
                # From anybody, greeted or not: a host of another version must be able to replace us.
                self._out += encode(protocol.ACK, seq)
                wanted.append((protocol.RELEASE,))
            elif not self.has_host(now_ms):
                # After a silence too: what happened meanwhile was not told to anybody.
                if kind not in (protocol.ACK, protocol.NAK):
                    self._refuse(seq, protocol.NAK_HELLO_FIRST, "hello first")
            else:
                self._heard_ms = now_ms
                wanted += self._hear(kind, seq, payload)
        self._fly(now_ms)
        return wanted

    def tell(self, kind, payload, now_ms):
        """Tell the host of an event; a newer state takes the place of one that still waits to be told."""
        if not self.has_host(now_ms):
            return  # it is told everything at its HELLO; a press without a host means nothing later
        if kind == protocol.PRESSED:
            if sum(1 for event in self._waiting if event[0] == kind) >= _MOST_PRESSES:
                return
        else:
            same = 1 if kind == protocol.SENSOR else 0
            self._waiting = [e for e in self._waiting if e[0] != kind or e[1][:same] != payload[:same]]
        self._waiting.append([kind, payload, now_ms])
        self._fly(now_ms)

    def log(self, text):
        """Tell the host a line for its log; said once, lost if nobody listens."""
        if self._is_met:
            # A zero before it: whatever was printed on the line meanwhile costs no frame.
            self._out += b"\x00" + encode(protocol.LOG, 0, text.encode()[:64])

    def tick(self, now_ms):
        """Say again what was not acknowledged, once it is time."""
        self._fly(now_ms)

    def data_to_send(self):
        """Return the bytes to put on the line now, and forget them."""
        out = bytes(self._out)
        self._out = bytearray()
        return out

    def _greet(self, seq, payload, now_ms):
        if len(payload) < 2 or payload[0] != self._version[0]:
            self._refuse(seq, protocol.NAK_VERSION, "version %d.%d" % self._version)
            return []
        self._is_met = True
        self._heard_ms = now_ms
        self._last_command = seq
        self._waiting = []
        self._flying = None
        text = self._about().encode()
        parts = (len(text) + _PART - 1) // _PART
        for part in range(parts):
            piece = text[part * _PART : (part + 1) * _PART]
            self._out += encode(protocol.HELLO_R, seq, bytes((part, parts)) + piece)
        return [(protocol.HELLO,)]

    def _hear(self, kind, seq, payload):
        if kind == protocol.PING:
            self._out += encode(protocol.PONG, seq, payload)
        elif kind in (protocol.ACK, protocol.NAK):
            if self._flying and self._flying[1] == seq:
                self._flying = None
        elif kind in protocol.COMMANDS:
            return self._command(kind, seq, payload)
        else:
            self._refuse(seq, protocol.NAK_UNKNOWN, "unknown")
        return []

    def _command(self, kind, seq, payload):
        wanted = _meaning(kind, payload)
        if wanted is None:
            self._refuse(seq, protocol.NAK_VALUE, "value")
            return []
        self._out += encode(protocol.ACK, seq)
        if not protocol.is_newer(seq, self._last_command):
            return []  # our acknowledgement was lost: it is done already
        self._last_command = seq
        return [wanted]

    def _refuse(self, seq, code, text):
        self._out += encode(protocol.NAK, seq, bytes((code,)) + text.encode())

    def _fly(self, now_ms):
        """Put the oldest event on the line if none is on its way, or that one again if it is time."""
        if self._flying:
            _, _, kind, told_ms, resend_ms = self._flying
            if kind == protocol.PRESSED and now_ms - told_ms >= protocol.STALE_PRESS_MS:
                self._flying = None
            elif now_ms < resend_ms:
                return
        if not self.has_host(now_ms):
            return
        if not self._flying:
            while self._waiting and _is_stale(self._waiting[0], now_ms):
                self._waiting.pop(0)
            if not self._waiting:
                return
            kind, payload, told_ms = self._waiting.pop(0)
            self._seq = (self._seq + 1) % protocol.SEQS
            self._flying = [encode(kind, self._seq, payload), self._seq, kind, told_ms, 0]
        self._flying[4] = now_ms + protocol.RESEND_MS
        self._out += self._flying[0]


def _is_stale(event, now_ms):
    return event[0] == protocol.PRESSED and now_ms - event[2] >= protocol.STALE_PRESS_MS


def _meaning(kind, payload):
    """Return what a command asks for; `None` if its payload makes no sense here."""
    if kind == protocol.LIGHT:
        if len(payload) < 3 or payload[0] >= len(protocol.GLOWS):
            return None
        return kind, payload[0], (payload[1] | payload[2] << 8) * protocol.TTL_STEP_MS
    if kind == protocol.SOUND:
        if not payload or not 0 < payload[0] < len(protocol.TONES):
            return None
        return kind, payload[0]
    return None
