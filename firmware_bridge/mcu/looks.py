"""How each light looks and each tone sounds.  Told apart by movement and place too, not by colour alone.

Colours are (red, green, blue), 0 to 255, kept low: a ring at full power dazzles and draws an ampere.
"""

import protocol

NO_HOST = -1
"""Shown when no host speaks to the board; no host can ask for it."""

_DARK = (0, 0, 0)
_EMBER = (14, 6, 1)
_WARM = (60, 34, 10)
_GREEN = (0, 70, 12)
_RED = (80, 0, 0)
_BLUE = (0, 20, 80)
_AMBER = (70, 28, 0)
_VIOLET = (12, 0, 18)

# Tones as (hertz, milliseconds); 0 hertz is a rest.  Rising, falling, and three times the same.
_TONES = {
    "accepted": ((880, 70), (0, 20), (1320, 120)),
    "refused": ((330, 160), (0, 50), (220, 260)),
    "look": ((660, 60), (0, 60), (660, 60), (0, 60), (660, 60)),
}


def notes(tone):
    """Return the notes of a tone by its number, as pairs of hertz and milliseconds."""
    return _TONES[protocol.TONES[tone]]


def picture(glow, age_ms, count):
    """Return the colours of a ring of `count` lights, `age_ms` after this glow began.

    The first light is at the top, the others go round clockwise.
    """
    if glow == NO_HOST:
        return _comet(_VIOLET, age_ms, count, 4000, 1)
    name = protocol.GLOWS[glow]
    if name == "rest":
        return [_scaled(_EMBER, _breath(age_ms, 6000))] * count
    if name == "welcome":
        return _comet(_WARM, age_ms, count, 1200, max(1, count // 2))
    if name == "accepted":
        return [_GREEN] * count
    if name == "refused":
        # Two quick blinks, then it stays: a blinking light that goes on is an alarm.
        return [_DARK if age_ms < 600 and age_ms // 150 % 2 else _RED] * count
    if name == "look":
        # The upper half only: it points at the screen.
        pulse = _scaled(_BLUE, _breath(age_ms, 1000))
        return [pulse if at <= count // 4 or at >= count - count // 4 else _DARK for at in range(count)]
    if name == "trouble":
        # Every other light, in turns.
        return [_AMBER if (at + age_ms // 1000) % 2 else _DARK for at in range(count)]
    return [_DARK] * count


def _comet(colour, age_ms, count, round_ms, tail):
    head = age_ms % round_ms * count // round_ms
    lights = [_DARK] * count
    for back in range(tail):
        lights[(head - back) % count] = _scaled(colour, 255 - 255 * back // tail)
    return lights


def _breath(age_ms, round_ms):
    """Up and down within one round, between 60 and 255."""
    at = age_ms % round_ms * 512 // round_ms
    return 60 + (at if at < 256 else 511 - at) * 195 // 255


def _scaled(colour, level):
    return tuple(part * level // 255 for part in colour)
