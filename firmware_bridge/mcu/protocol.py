"""The numbers of the serial conversation: PROTOCOL.md in code.  The board and the host both read them here.

Imports nothing, and is written in the Python that MicroPython runs.
"""

MAJOR = 1
"""Another one means another language: neither side guesses."""
MINOR = 0
"""A higher one knows more; what one side does not know it refuses with a NAK, and both go on."""

HELLO = 1
HELLO_R = 2
ACK = 3
NAK = 4
PING = 5
PONG = 6
PRESENCE = 16
PASSED = 17
PRESSED = 18
SENSOR = 19
LIGHT = 32
SOUND = 33
RELEASE = 34
LOG = 48

EVENTS = (PRESENCE, PASSED, PRESSED, SENSOR)
"""What the board says by itself, and says again until it is acknowledged."""
COMMANDS = (LIGHT, SOUND)
"""What the host asks for, and asks again until it is acknowledged."""

NAK_VERSION = 1
NAK_UNKNOWN = 2
NAK_VALUE = 3
NAK_HELLO_FIRST = 4
"""The board has started anew, or never heard of this host."""

RADAR = 1
PIR = 2
BEAM = 3
"""Sensors, as events name them."""

GLOWS = ("off", "rest", "welcome", "accepted", "refused", "look", "trouble")
"""A glow's number is its place here; places are never given anew."""
TONES = ("", "accepted", "refused", "look")
"""A tone's number is its place here; 0 is none."""

SEQS = 256
"""Sequence numbers go round."""
RESEND_MS = 200
PING_MS = 1000
DOWN_MS = 3000
"""The host calls a board mute after so long without a frame."""
NO_HOST_MS = 5000
"""The board shows that nobody speaks to it after so long without a frame."""
STALE_PRESS_MS = 2000
"""A press that nobody acknowledged for so long is forgotten: acting on it late would surprise."""
TTL_STEP_MS = 100
"""Unit of times to live on the wire."""
MOST_TTL = 0xFFFF


def is_newer(seq: int, last: int) -> bool:
    """Say whether `seq` comes after `last` on the ring of sequence numbers, at most half way round."""
    return 0 < (seq - last) % SEQS < SEQS // 2
