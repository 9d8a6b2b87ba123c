"""The five sounds of the kiosk, made from numbers: closed eyes tell them apart by contour and rhythm.

Pure.  In goes up, out comes down, met climbs a chord in four quick steps, quiet is one soft note, a problem
is two low pulses with a rest between.  Sine waves with one soft overtone, all of it below `HIGHEST_HZ`: what
ears that hear high tones badly hear too.  Each note swells and fades, so that nothing clicks.

Source: BART's gates (2026): up on entry, down on exit; below 2.5 kHz as ISO 24500 wants it for older ears.
"""

import math
import struct
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

RATE_HZ = 22_050
"""Samples in a second: more than four times the highest partial."""

HIGHEST_HZ = 2_500
"""Hertz above which there is no energy worth naming."""

PEAK = 0.8
"""The loudest sample at full volume, of 1: what two notes add up to stays below what clips."""

OVERTONE = 0.18
"""How strong the octave above sounds, of the note: a pure sine is hard to place in a room."""

ATTACK_S, RELEASE_S = 0.012, 0.06
"""Seconds in which a note swells and fades: shorter is a click."""


class Chime(Enum):
    """What the kiosk says without words."""

    IN = "in"
    OUT = "out"
    MET = "met"
    QUIET = "quiet"
    """Noted, softly."""
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Note:
    """One note of a chime."""

    hertz: float
    begins_s: float
    lasts_s: float
    """Seconds until it has faded."""
    level: float = 1.0
    """0 to 1."""


SCORES: dict[Chime, tuple[Note, ...]] = {
    Chime.IN: (Note(659.26, 0.0, 0.12), Note(987.77, 0.10, 0.17)),
    Chime.OUT: (Note(987.77, 0.0, 0.12), Note(659.26, 0.10, 0.17)),
    Chime.MET: (
        Note(523.25, 0.0, 0.11),
        Note(659.26, 0.09, 0.11),
        Note(783.99, 0.18, 0.11),
        Note(1046.50, 0.27, 0.19),
    ),
    Chime.QUIET: (Note(440.0, 0.0, 0.22, 0.35),),
    Chime.PROBLEM: (Note(329.63, 0.0, 0.20), Note(246.94, 0.30, 0.28)),
}
"""What each of them plays."""


def length_s(chime: Chime) -> float:
    """Return how many seconds a chime lasts."""
    return max(note.begins_s + note.lasts_s for note in SCORES[chime])


def samples_of(chime: Chime, gain: float) -> tuple[int, ...]:
    """Return a chime as 16-bit samples, `RATE_HZ` a second, one channel.

    Args:
        chime: Which.
        gain: 0 to 1; as `kiosk.core.loudness.gain_of` makes it.

    Returns:
        The first and the last are 0, and none is as large as 16 bits allow.
    """
    count = round(length_s(chime) * RATE_HZ) + 1
    wave = [0.0] * count
    for note in SCORES[chime]:
        first = round(note.begins_s * RATE_HZ)
        for i in range(min(round(note.lasts_s * RATE_HZ), count - first)):
            at_s = i / RATE_HZ
            turn = 2 * math.pi * note.hertz * at_s
            tone = (math.sin(turn) + OVERTONE * math.sin(2 * turn)) / (1 + OVERTONE)
            wave[first + i] += note.level * _envelope(at_s, note.lasts_s) * tone
    scale = 32_767 * PEAK * min(max(gain, 0.0), 1.0)
    loudest = max(1.0, *(abs(value) for value in wave))
    return tuple(round(value / loudest * scale) for value in wave)


@lru_cache(64)
def wav_of(chime: Chime, gain: float) -> bytes:
    """Return a chime as a WAV file, ready to be played."""
    samples = samples_of(chime, gain)
    return wav(struct.pack(f"<{len(samples)}h", *samples), RATE_HZ)


def wav(data: bytes, rate_hz: int) -> bytes:
    """Return 16-bit samples of one channel with the head of a WAV file before them."""
    head = struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF",
        36 + len(data),
        b"WAVE",
        b"fmt ",
        16,
        1,
        1,
        rate_hz,
        2 * rate_hz,
        2,
        16,
        b"data",
        len(data),
    )
    return head + data


def _envelope(at_s: float, lasts_s: float) -> float:
    """Return how loud a note is, 0 to 1: a quarter of a cosine up, a slow decay, a quarter down."""
    left_s = lasts_s - at_s
    swell = 0.5 - 0.5 * math.cos(math.pi * min(1.0, at_s / ATTACK_S))
    fade = 0.5 - 0.5 * math.cos(math.pi * min(1.0, left_s / RELEASE_S))
    return swell * fade * math.exp(-2.0 * at_s / lasts_s)
