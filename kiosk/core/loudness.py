"""How loud the kiosk is for somebody now: one rule for its speaker, its voice and the door's buzzer.

Pure.
"""

import re
from dataclasses import dataclass
from datetime import datetime, time, tzinfo

from community.members import Member, Mood, Space
from firmware_bridge.door import Tone
from kiosk.core.chimes import Chime
from kiosk.core.signs import Sign

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")

RANGE_DB = 30.0
"""Decibels between 1 % and 100 %: ears hear ratios, so equal steps of the setting are equal steps for
them."""


@dataclass(frozen=True, slots=True)
class Listener:
    """Whom a sign is for, and what holds where they stand."""

    space: Space
    local: time
    """The space's own time of day."""
    heads_down: bool = False
    """Whether they want to be left alone today: they hear the soft one."""
    spoken: str = ""
    """The language in which they want to be read to; empty for not at all, and where nobody is known."""


@dataclass(frozen=True, slots=True)
class Buzzer:
    """The sound of the microcontroller at the door."""

    there: bool = False
    """Whether it is there, and set to sound."""
    beside: bool = False
    """Whether the kiosk's own speaker sounds beside it."""


NO_BUZZER = Buzzer()


@dataclass(frozen=True, slots=True)
class Heard:
    """What sounds."""

    chime: Chime | None = None
    """From the kiosk's own speaker."""
    gain: float = 0.0
    """0 to 1: of the chime, and of what is said aloud."""
    tone: Tone | None = None
    """From the buzzer, which knows one loudness; a door without one drops it."""


SILENCE = Heard()


def listener_of(
    space: Space, zone: tzinfo, at: datetime, member: Member | None, mood: Mood | None
) -> Listener:
    """Return whom a sign is for.

    Args:
        space: Where.
        zone: Its time zone.
        at: The moment, aware.
        member: Who, if that is known.
        mood: What they chose today.
    """
    spoken = member.language if member is not None and member.comfort.spoken else ""
    return Listener(space, at.astimezone(zone).time(), heads_down=mood is Mood.HEADS_DOWN, spoken=spoken)


def heard(sign: Sign, listener: Listener, buzzer: Buzzer = NO_BUZZER) -> Heard:
    """Return what of a sign sounds.

    A problem is told to everybody alike; to somebody who is heads-down the rest is the soft one, which the
    buzzer cannot play.
    """
    gain = gain_now(listener)
    if gain <= 0:
        return SILENCE
    chime, tone = sign.chime, sign.tone
    if listener.heads_down and chime not in {None, Chime.PROBLEM}:
        chime, tone = Chime.QUIET, None
    if tone is not None and buzzer.there and not buzzer.beside:
        chime = None
    return Heard(chime, gain, tone)


def gain_now(listener: Listener) -> float:
    """Return how loud the kiosk is now, 0 to 1: nothing in quiet hours."""
    space = listener.space
    quiet = is_quiet(space.quiet_from, space.quiet_until, listener.local)
    return 0.0 if quiet else gain_of(space.volume)


def gain_of(percent: int) -> float:
    """Return what the samples are multiplied with: 0 for 0 %, 1 for 100 %, `RANGE_DB` between 1 and 100 %."""
    if percent <= 0:
        return 0.0
    return float(10 ** (-RANGE_DB * (100 - min(percent, 100)) / 100 / 20))


def is_quiet(begins: str, ends: str, local: time) -> bool:
    """Say whether quiet hours hold.

    Args:
        begins: HH:MM; empty, or anything else, for no quiet hours.
        ends: Likewise; earlier than `begins` where they go on over midnight.
        local: The time of day there.
    """
    if not (_TIME.fullmatch(begins) and _TIME.fullmatch(ends)):
        return False
    first, last, now = time.fromisoformat(begins), time.fromisoformat(ends), local.replace(tzinfo=None)
    if first <= last:
        return first <= now < last
    return now >= first or now < last
