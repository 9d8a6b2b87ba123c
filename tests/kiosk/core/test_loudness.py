"""How loud the kiosk is: volume, quiet hours, heads-down, and never twice."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from community.ids import MemberId
from community.members import Comfort, Member, Mood, Space
from firmware_bridge.door import Tone
from kiosk.core import signs
from kiosk.core.chimes import Chime
from kiosk.core.loudness import (
    RANGE_DB,
    SILENCE,
    Buzzer,
    Heard,
    Listener,
    gain_now,
    gain_of,
    heard,
    is_quiet,
    listener_of,
)

NOON = time(12)
LOUD = Space(volume=100)
BUZZER = Buzzer(there=True)


def test_equal_steps_of_the_volume_are_equal_ratios():
    assert gain_of(100) == 1.0
    assert gain_of(120) == 1.0
    assert (gain_of(0), gain_of(-5)) == (0.0, 0.0)
    assert gain_of(75) / gain_of(50) == pytest.approx(gain_of(50) / gain_of(25))
    assert gain_of(50) == pytest.approx(10 ** (-RANGE_DB / 2 / 20))


@pytest.mark.parametrize(
    ("begins", "ends", "at", "quiet"),
    [
        ("12:00", "14:00", "11:59", False),
        ("12:00", "14:00", "12:00", True),
        ("12:00", "14:00", "13:59", True),
        ("12:00", "14:00", "14:00", False),
        ("21:30", "07:00", "21:29", False),
        ("21:30", "07:00", "23:59", True),
        ("21:30", "07:00", "00:00", True),
        ("21:30", "07:00", "06:59", True),
        ("21:30", "07:00", "07:00", False),
        ("12:00", "12:00", "12:00", False),
        ("", "", "12:00", False),
        ("12:00", "", "12:00", False),
        ("noon", "14:00", "13:00", False),
        ("24:00", "14:00", "13:00", False),
    ],
)
def test_quiet_hours_may_go_over_midnight(begins, ends, at, quiet):
    assert is_quiet(begins, ends, time.fromisoformat(at)) is quiet


def test_a_quiet_hour_silences_speaker_and_buzzer_alike():
    space = Space(volume=100, quiet_from="11:00", quiet_until="13:00")
    assert heard(signs.REFUSED, Listener(space, NOON), BUZZER) == SILENCE
    assert gain_now(Listener(space, time(14))) == 1.0
    assert heard(signs.ACCEPTED, Listener(Space(volume=0), NOON), BUZZER) == SILENCE


def test_without_a_buzzer_the_speaker_sounds_alone():
    assert heard(signs.ACCEPTED, Listener(LOUD, NOON)) == Heard(Chime.IN, 1.0, Tone.ACCEPTED)


def test_where_the_buzzer_sounds_the_speaker_does_not_unless_it_is_told_to():
    listener = Listener(LOUD, NOON)
    assert heard(signs.MET, listener, BUZZER) == Heard(None, 1.0, Tone.ACCEPTED)
    beside = Buzzer(there=True, beside=True)
    assert heard(signs.MET, listener, beside) == Heard(Chime.MET, 1.0, Tone.ACCEPTED)


def test_somebody_heads_down_hears_the_soft_one_and_no_buzzer():
    listener = Listener(LOUD, NOON, heads_down=True)
    for sign in (signs.ACCEPTED, signs.LEFT, signs.MET, signs.NOTED, signs.LOOK):
        assert heard(sign, listener, BUZZER) == Heard(Chime.QUIET, 1.0, None)
    assert heard(signs.NOT_NOTED, listener) == Heard(Chime.PROBLEM, 1.0, Tone.REFUSED)
    assert heard(signs.QUIETLY, listener, BUZZER) == Heard(None, 1.0, None)


def test_a_listener_is_the_space_its_time_and_what_a_member_asked_for():
    at, paris = datetime(2026, 11, 20, 11, 0, tzinfo=UTC), ZoneInfo("Europe/Paris")
    reader = Member(MemberId("m-1"), "Léa", languages=("en",), comfort=Comfort(spoken=True))
    assert listener_of(LOUD, paris, at, None, None) == Listener(LOUD, NOON)
    assert listener_of(LOUD, paris, at, reader, Mood.HEADS_DOWN) == Listener(
        LOUD, NOON, heads_down=True, spoken="en"
    )
    assert listener_of(LOUD, paris, at, Member(MemberId("m-2"), "Bo"), Mood.OPEN) == Listener(LOUD, NOON)
