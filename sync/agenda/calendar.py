"""What an iCalendar file says of the next days: title, beginning, end and place, and nothing else of it.

The one home of icalendar.  Whoever wrote an entry wrote it for a calendar, not for a screen: descriptions,
guests and what is marked as private are never looked at further.
"""

import unicodedata
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from icalendar import Event, Timezone

from community.agenda import LONGEST_TITLE, MOMENTS_AT_MOST, Agenda, Moment
from community.clock import DAY_STARTS, Hours
from sync.agenda.blocks import Block, Pieces, cut
from sync.agenda.repeats import Allowance, EndlessError, Rule, Series, midnight

LONGEST_PLACE = 60
"""Characters of a place: the name of a room, not its postal address."""

MOST_ALL_DAY = 4
"""Moments of all day, where there are more moments than a day has room for."""

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Found:
    """What a file holds for the days asked for."""

    agendas: tuple[Agenda, ...]
    """One for each day that has moments, the earliest first."""
    broken: int
    """Entries that could not be read."""
    private: int
    """Entries that are marked as private."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry, understood."""

    sequence: int
    instead_of: datetime | date | None
    """Which occurrence it replaces (aware, UTC; or a day); `None` for an entry of its own."""
    cancelled: bool
    title: str
    place: str
    series: Series
    length: timedelta | None


def read(content: bytes, first: date, days: int, zone: tzinfo) -> Found:
    """Read a calendar.

    Args:
        content: A whole file, see `blocks.is_calendar`.
        first: The first day wanted, as the space counts its days.
        days: How many, 1 or more.
        zone: The space's: of times that name none, or one that nobody knows.
    """
    pieces, allowed = cut(content), Allowance()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # icalendar says aloud what it guesses of time zones
        for described in pieces.zones:
            _learn_zone(described, allowed)
        families, broken, private = _families(pieces, first, first + (days - 1) * DAY, zone, allowed)
        on: dict[date, set[Moment]] = {first + n * DAY: set() for n in range(days)}
        for family in families:
            try:
                with allowed.patience():
                    moments = tuple(_moments(family, tuple(on), zone))
            except (EndlessError, ValueError, TypeError, OverflowError):
                broken += 1
            else:
                for day, moment in moments:
                    on[day].add(moment)
    agendas = (Agenda(day, _in_order(moments)) for day, moments in on.items() if moments)
    return Found(tuple(agendas), pieces.unfinished + broken, private)


def _families(
    pieces: Pieces, first: date, last: date, zone: tzinfo, allowed: Allowance
) -> tuple[list[list[_Entry]], int, int]:
    """Return the entries that may be of these days, each with its exceptions; how many are broken; private.

    One that is private hides its whole family: an exception of a private series seldom says so again.
    """
    families: dict[bytes, list[_Entry]] = {}
    hidden: set[bytes] = set()
    broken = private = 0
    for number, block in enumerate(pieces.entries):
        uid = block.uid or b"\x00%d" % number
        if block.is_private:
            hidden.add(uid)
            private += 1
        elif not block.is_of_another_time(first, last):
            try:
                with allowed.patience():
                    families.setdefault(uid, []).append(_entry(block, zone))
            except (EndlessError, ValueError, TypeError, AttributeError, KeyError, OverflowError):
                broken += 1
    return [family for uid, family in families.items() if uid not in hidden], broken, private


def _learn_zone(described: Block, allowed: Allowance) -> None:
    """Let icalendar know a time zone that the file describes; one that is broken is as good as unknown."""
    try:
        with allowed.patience():
            Timezone.from_ical(described.text)
    except (EndlessError, ValueError, TypeError, AttributeError, KeyError, IndexError, OverflowError):
        return


def _entry(block: Block, zone: tzinfo) -> _Entry:
    """Understand one entry.

    Raises:
        ValueError, TypeError, AttributeError, KeyError, OverflowError: It is broken.
        EndlessError: It takes too long.
    """
    event: Mapping[str, Any] = Event.from_ical(block.text)  # any property may hold anything, or be broken
    starts, ends = _when(event["DTSTART"]), event.get("DTEND")
    own = _zone_of(starts, zone)
    length = None
    if ends is not None:
        length = _on_clock(_when(ends), own) - _on_clock(starts, own)
    elif "DURATION" in event:
        length = event["DURATION"].dt
    if not isinstance(length, timedelta | None):
        raise TypeError(type(length))
    replaces = event.get("RECURRENCE-ID")
    return _Entry(
        sequence=int(event.get("SEQUENCE", 0)),
        instead_of=None if replaces is None else _identity(_when(replaces), own),
        cancelled=str(event.get("STATUS", "")).upper() == "CANCELLED",
        title=_shown(str(event.get("SUMMARY", "")), LONGEST_TITLE),
        place=_place(str(event.get("LOCATION", ""))),
        series=Series(
            starts=_on_clock(starts, own),
            zone=own,
            all_day=not isinstance(starts, datetime),
            rules=tuple(_rule(rule, own) for rule in _each(event.get("RRULE"))),
            extra=tuple(_extra(at, starts, own) for at in _listed(event.get("RDATE"))),
            left_out=frozenset(_identity(at, own) for at in _listed(event.get("EXDATE"))),
        ),
        length=length if length is None or length >= timedelta() else None,
    )


def _rule(rule: Any, own: tzinfo) -> Rule:
    """Take the end out of a rule: what it is compared with is the entry's own clock."""
    parts = {str(key).upper(): value for key, value in rule.items()}
    ends = parts.pop("UNTIL", None)
    until = None
    if ends:
        end = ends[0]
        until = (
            _on_clock(end, own) if isinstance(end, datetime) else midnight(end) + DAY - timedelta.resolution
        )
    text = ";".join(
        part for part in rule.to_ical().decode().split(";") if not part.upper().startswith("UNTIL=")
    )
    interval = int(parts.get("INTERVAL", [1])[0])
    return Rule(text, str(parts["FREQ"][0]).upper(), interval, "COUNT" in parts, until)


def _moments(family: Iterable[_Entry], days: tuple[date, ...], zone: tzinfo) -> Iterator[tuple[date, Moment]]:
    """Yield what an entry with its exceptions is on which of `days`.

    Raises:
        EndlessError, ValueError, OverflowError: It cannot be worked out.
    """
    members = sorted(family, key=lambda entry: entry.sequence)
    masters = [entry for entry in members if entry.instead_of is None]
    instead = {entry.instead_of: entry for entry in members if entry.instead_of is not None}
    if masters:
        master = masters[-1]  # the same entry twice: the one that was changed oftener counts
        if master.cancelled:
            return
        yield from _of_series(master, frozenset(instead), days, zone)
    for entry in instead.values():
        if not entry.cancelled:
            yield from _of_series(entry, frozenset(), days, zone)


def _of_series(
    entry: _Entry, replaced: frozenset[datetime | date], days: tuple[date, ...], zone: tzinfo
) -> Iterator[tuple[date, Moment]]:
    if not entry.title:
        return
    series = entry.series
    begin = midnight(days[0]) - (entry.length or timedelta()) - DAY
    for at in series.takes_place(begin, midnight(days[-1]) + 3 * DAY):
        moment = series.aware(at)
        if at.date() in replaced or (not series.all_day and moment in replaced):
            continue
        if series.all_day:
            after = at.date() + max((entry.length or DAY).days, 1) * DAY
            for day in days:
                if at.date() <= day < after:
                    yield day, Moment(entry.title, place=entry.place)
            continue
        ends = None if entry.length is None else series.aware(at + entry.length)
        told = Moment(entry.title, moment, ends, entry.place)
        hours = Hours(zone)
        for day in days:
            if _is_on(moment, ends, hours.moment(day, DAY_STARTS), hours.moment(day + DAY, DAY_STARTS)):
                yield day, told


def _is_on(starts: datetime, ends: datetime | None, opens: datetime, closes: datetime) -> bool:
    return starts < closes and (starts >= opens or (ends is not None and ends > opens))


def _in_order(moments: Iterable[Moment]) -> tuple[Moment, ...]:
    """Return a day's moments, those of all day first, as many as a day has room for."""
    every = tuple(moments)
    all_day = sorted((m for m in every if m.starts is None), key=lambda m: m.title)
    timed = sorted((m for m in every if m.starts is not None), key=lambda m: (m.starts, m.title))
    room = max(MOST_ALL_DAY, MOMENTS_AT_MOST - len(timed))
    return tuple((all_day[:room] + timed)[:MOMENTS_AT_MOST])


def _when(field: Any) -> datetime | date:
    when = field.dt
    if not isinstance(when, date):
        raise TypeError(type(when))
    return when


def _zone_of(starts: datetime | date, zone: tzinfo) -> tzinfo:
    return starts.tzinfo if isinstance(starts, datetime) and starts.tzinfo is not None else zone


def _on_clock(when: datetime | date, own: tzinfo) -> datetime:
    """Return what a clock of an entry's zone shows then; midnight for a day."""
    if not isinstance(when, datetime):
        return midnight(when)
    return (
        when.replace(tzinfo=None) if when.tzinfo in {None, own} else when.astimezone(own).replace(tzinfo=None)
    )


def _identity(when: datetime | date, own: tzinfo) -> datetime | date:
    """Return by what an occurrence is known: a moment in UTC, or a day."""
    if not isinstance(when, datetime):
        return when
    return (when if when.tzinfo is not None else when.replace(tzinfo=own)).astimezone(UTC)


def _extra(at: datetime | date, starts: datetime | date, own: tzinfo) -> datetime:
    """Return an extra time on the entry's clock; where only a day is said, at the entry's hour."""
    hour = _on_clock(starts, own).time()
    return _on_clock(at, own) if isinstance(at, datetime) else datetime.combine(at, hour)


def _each(field: Any) -> list[Any]:
    """Return a property that may be there not at all, once, or often, as a list."""
    return [] if field is None else field if isinstance(field, list) else [field]


def _listed(field: Any) -> Iterator[datetime | date]:
    """Yield the days and moments of EXDATE or RDATE; of a period only its beginning."""
    for several in _each(field):
        for one in several.dts:
            yield one.dt[0] if isinstance(one.dt, tuple) else one.dt


def _place(text: str) -> str:
    """Return a place that may stand on a screen: no address on the net, where a password may be in it."""
    shown = _shown(text, LONGEST_PLACE)
    return "" if "://" in shown or "@" in shown or shown.lower().startswith("www.") else shown


def _shown(text: str, longest: int) -> str:
    """Return a text as one line without what cannot be seen, at most `longest` characters."""
    seen = "".join(" " if letter.isspace() else letter for letter in text)
    line = " ".join("".join(letter for letter in seen if unicodedata.category(letter) not in _UNSEEN).split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


_UNSEEN: Mapping[str, None] = dict.fromkeys(("Cc", "Cs", "Co", "Cn", "Cf"))
"""Letters that would be drawn as nothing, or turn a line around."""
