"""The five chimes are told apart by contour and rhythm, stay low, and do not click."""

import io
import itertools
import wave

import numpy as np
import pytest

from kiosk.core.chimes import HIGHEST_HZ, PEAK, RATE_HZ, SCORES, Chime, length_s, samples_of, wav_of

FRAME = 441
"""Samples in 20 ms: the shortest note has five of them."""


def heard(chime: Chime, gain: float = 1.0) -> np.ndarray:
    with wave.open(io.BytesIO(wav_of(chime, gain))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE_HZ)
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").astype(float)


def pitches(chime: Chime) -> list[float]:
    """Return the strongest frequency of each frame that sounds, in hertz."""
    sound = heard(chime)
    found = []
    for begin in range(0, len(sound) - 2 * FRAME, FRAME):
        frame = sound[begin : begin + 2 * FRAME] * np.hanning(2 * FRAME)
        if np.abs(frame).max() > 800:
            spectrum = np.abs(np.fft.rfft(frame, 16_384))
            found.append(float(np.argmax(spectrum)) * RATE_HZ / 16_384)
    return found


def contour(chime: Chime) -> str:
    """Return how the pitch goes: up, down, or neither, step by step."""
    steps = [after / before for before, after in itertools.pairwise(pitches(chime))]
    return "".join("u" if step > 1.12 else "d" for step in steps if not 1 / 1.12 < step < 1.12)


@pytest.mark.parametrize(
    ("chime", "goes"),
    [(Chime.IN, "u"), (Chime.OUT, "d"), (Chime.MET, "uuu"), (Chime.QUIET, ""), (Chime.PROBLEM, "d")],
)
def test_each_has_its_contour(chime, goes):
    assert contour(chime) == goes


def test_no_two_have_the_same_rhythm_and_contour():
    said = {chime: (contour(chime), len(SCORES[chime]), round(length_s(chime), 2)) for chime in Chime}
    assert len(set(said.values())) == len(Chime)


@pytest.mark.parametrize(
    ("chime", "seconds"),
    [(Chime.IN, 0.27), (Chime.OUT, 0.27), (Chime.MET, 0.46), (Chime.PROBLEM, 0.58)],
)
def test_each_lasts_as_long_as_it_should(chime, seconds):
    assert len(heard(chime)) / RATE_HZ == pytest.approx(seconds, abs=0.002)


def test_a_problem_has_a_silence_between_its_pulses_that_coming_in_has_not():
    def quietest(chime: Chime) -> float:
        sound = np.abs(heard(chime))
        middle = sound[len(sound) // 4 : 3 * len(sound) // 4]
        return float(min(middle[i : i + FRAME].max() for i in range(0, len(middle) - FRAME, 100)))

    assert quietest(Chime.PROBLEM) < 10
    assert quietest(Chime.IN) > 1_000


@pytest.mark.parametrize("chime", Chime)
def test_a_note_begins_where_the_score_says(chime):
    """Each note's own pitch is not there before it, and is once it has swelled."""
    sound = heard(chime)

    def strength(hertz: float, at_s: float) -> float:
        begin = max(0, round(at_s * RATE_HZ))
        part = sound[begin : begin + 2 * FRAME]
        turn = np.exp(-2j * np.pi * hertz * np.arange(len(part)) / RATE_HZ)
        return float(abs((part * np.hanning(len(part)) * turn).sum()))

    for note in SCORES[chime]:
        there = strength(note.hertz, note.begins_s + 0.02)
        if note.begins_s > 0.05:
            assert strength(note.hertz, note.begins_s - 0.045) < 0.25 * there
        assert there > 0


@pytest.mark.parametrize("chime", Chime)
def test_nearly_all_energy_is_where_old_ears_hear(chime):
    spectrum = np.abs(np.fft.rfft(heard(chime))) ** 2
    hertz = np.fft.rfftfreq(len(heard(chime)), 1 / RATE_HZ)
    assert spectrum[hertz > HIGHEST_HZ].sum() / spectrum.sum() < 1e-4


@pytest.mark.parametrize("chime", Chime)
def test_nothing_clips_and_nothing_clicks(chime):
    sound = heard(chime)
    assert np.abs(sound).max() <= 32_767 * PEAK + 1 < 32_767
    assert sound[0] == sound[-1] == 0
    # a click is a step that the highest note alone could not make
    assert np.abs(np.diff(sound)).max() < 2 * np.pi * 2_100 / RATE_HZ * 32_767 * PEAK


def test_quiet_is_much_softer_than_the_others():
    loudness = {chime: float(np.sqrt((heard(chime) ** 2).mean())) for chime in Chime}
    assert all(loudness[Chime.QUIET] < 0.5 * loudness[chime] for chime in Chime if chime is not Chime.QUIET)


@pytest.mark.parametrize("gain", [0.0, 0.1, 0.5, 1.0, 7.0, -1.0])
def test_gain_is_what_samples_are_multiplied_with(gain):
    whole, part = max(samples_of(Chime.MET, 1.0)), max(samples_of(Chime.MET, gain))
    assert part == pytest.approx(whole * min(max(gain, 0.0), 1.0), abs=1)
