"""Today's moments, from the space's own calendar: what is going on, and what is still to come.

Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from community.agenda import Agenda, Moment
from community.clock import DAY_STARTS
from kiosk.core.pieces import MomentLine
from kiosk.core.sentences import Words
from kiosk.core.speaker import Speaker

UNSAID = timedelta(hours=1)
"""How long a moment is on of which nobody said when it ends."""


@dataclass(frozen=True, slots=True)
class Programme:
    """Some moments, and of which day."""

    title: str = ""
    """"Aujourd'hui", or "Demain" once nothing more is on today; empty when there is no moment."""
    title_secondary: str = ""
    lines: tuple[MomentLine, ...] = ()


def programme_of(speaker: Speaker, now: datetime, limit: int) -> Programme:
    """Return what the lobby says is on.

    Args:
        speaker: For its words, and the agendas in its directory.
        now: Aware.
        limit: At most so many lines.
    """
    words, second = speaker.both()
    today = speaker.hours.day_of(now)
    lines = _lines(speaker, words, today, now)
    if lines:
        return Programme(words.gettext("Today"), second.gettext("Today"), _fitting(lines, limit))
    lines = _lines(speaker, words, today + timedelta(days=1), now)
    if lines:
        return Programme(words.gettext("Tomorrow"), second.gettext("Tomorrow"), _fitting(lines, limit))
    return Programme()


@dataclass(frozen=True, slots=True)
class _Line:
    line: MomentLine
    all_day: bool


def _lines(speaker: Speaker, words: Words, day: date, now: datetime) -> list[_Line]:
    """Return a day's moments that are not over: what has an hour first, in its order."""
    agendas: Mapping[date, Agenda] = speaker.directory.agendas
    agenda = agendas.get(day)
    if agenda is None:
        return []
    opens = speaker.hours.moment(day, DAY_STARTS)
    found = [
        _line(speaker, words, moment, opens, now) for moment in agenda.moments if not _is_over(moment, now)
    ]
    return sorted(found, key=lambda one: one.all_day)  # a stable order: otherwise as the agenda has it


def _line(speaker: Speaker, words: Words, moment: Moment, opens: datetime, now: datetime) -> _Line:
    all_day = words.gettext("all day")
    if moment.starts is None:
        return _Line(MomentLine(all_day, moment.title, moment.place), all_day=True)
    if moment.starts >= opens:
        at = speaker.time(words, moment.starts)
        return _Line(MomentLine(at, moment.title, moment.place, now=moment.starts <= now), all_day=False)
    # it began on another day
    if moment.ends is None or moment.ends >= opens + timedelta(days=1):
        return _Line(MomentLine(all_day, moment.title, moment.place), all_day=True)
    until = words.gettext("until {time}").format(time=speaker.time(words, moment.ends))
    return _Line(MomentLine(until, moment.title, moment.place, now=True), all_day=False)


def _is_over(moment: Moment, now: datetime) -> bool:
    if moment.starts is None:
        return False
    return (moment.ends if moment.ends is not None else moment.starts + UNSAID) <= now


def _fitting(lines: list[_Line], limit: int) -> tuple[MomentLine, ...]:
    """Return as many as fit; one of all day keeps its place."""
    timed = [one.line for one in lines if not one.all_day]
    all_day = [one.line for one in lines if one.all_day]
    room = limit - 1 if all_day and limit > 1 else limit
    return tuple((timed[:room] + all_day)[:limit])
