"""A sentence for one day only: a first visit, an anniversary, a return.

Pure.  Said on the greeting, at the first arrival of a day, and never again that day.  No sentence says how
few somebody knows, how long they were away or that they are the only one: it says that they are welcome.
"""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from community.ids import MemberId
from community.introductions.pairing import PersonPast
from community.members import Member
from kiosk.core.attendance import Attendance, Days
from kiosk.core.sentences import Words

NEW_FOR = timedelta(days=45)
"""After that nobody is welcomed as new: who joined before Foyer came is at home here already."""

KNOWS_ITS_PEOPLE = 20
"""Days somebody must have come before a house can tell, without a date, who is new in it."""

SETTLED_AFTER = 3
"""Visits after which somebody has settled in: the lighter welcomes are over."""

STILL = timedelta(days=7)
"""How long after an anniversary it is still one, for whoever was not in on the day."""

WEEKS_AWAY = 8
"""Weeks without a visit after which coming back is a joy: what the hub's count of weekdays reaches."""


@dataclass(frozen=True, slots=True)
class Coming:
    """Somebody who has just come in, and what is known of their days here."""

    day: date
    joined: date | None
    """Since when they are a member, if the hub was told."""
    days: Days
    """As this door knows them, the arrival of now included."""
    past: PersonPast
    """As the hub knows them, up to yesterday."""
    known_for: int
    """The most days that anybody here came, as the hub counts them: 0 in a house that begins.  Asked only of
    somebody whose `joined` is not known."""


def coming_of(
    member: Member, attendance: Attendance, pasts: Mapping[MemberId, PersonPast], at: datetime
) -> Coming:
    """Return what is known of the days of somebody who has just come in; `attendance` knows of it."""
    return Coming(
        attendance.hours.day_of(at),
        member.joined,
        attendance.of(member.id),
        pasts.get(member.id) or PersonPast(member.id),
        max((past.days for past in pasts.values()), default=0) if member.joined is None else 0,
    )


@dataclass(frozen=True, slots=True)
class Occasion:
    """What is said on this day only; on most days nothing."""

    line: str = ""
    """A line of its own: two short sentences at most."""
    meet: str = ""
    """In the place of "Two people to meet today"; empty for that."""
    alone: str = ""
    """In the place of what is said when nobody can be introduced; empty for that."""


USUAL = Occasion()


def occasion_of(words: Words, coming: Coming, *, host: str, people: int) -> Occasion:
    """Return what is said on this day only.

    Args:
        words: In whose language.
        coming: Who has come, and their days here.
        host: The name of a host who is in and lets it be seen; empty for none.
        people: How many people they are introduced to now.
    """
    if coming.days.times > 1:
        return USUAL  # it was said this morning
    visits = max(coming.past.days, coming.days.count - 1)
    new = _is_new(coming)
    if new and visits == 0:
        return _first_visit(words, host, people)
    months = _months(coming)
    if months:
        return Occasion(_anniversary(words, months))
    if new and visits < SETTLED_AFTER:
        return Occasion(_early_visit(words, visits))
    if _was_away(coming):
        return Occasion(words.gettext("What a joy to see you again."))
    return USUAL


def _is_new(coming: Coming) -> bool:
    if coming.joined is None:
        return coming.known_for >= KNOWS_ITS_PEOPLE
    return coming.day - coming.joined <= NEW_FOR


def _first_visit(words: Words, host: str, people: int) -> Occasion:
    welcome = words.gettext("Welcome to the house!")
    if host:
        welcome = words.gettext("Welcome! {name} is here for you.").format(name=host)
    match people:
        case 0:
            meet = ""
        case 1:
            meet = words.gettext("Somebody will be glad to meet you")
        case 2:
            meet = words.gettext("Two people will be glad to meet you")
        case _:
            meet = words.gettext("Three people will be glad to meet you")
    leave = words.gettext("On your way out, tap twice.")
    return Occasion(
        f"{welcome} {leave}",
        meet,
        words.gettext("Say hello wherever you like: people here enjoy showing the place."),
    )


def _early_visit(words: Words, visits: int) -> str:
    if visits == 1:
        return words.gettext("Good to have you back. Any question? Just ask.")
    return words.gettext("Good to see you here again: make yourself at home.")


def _months(coming: Coming) -> int:
    """Return after how many months of membership they come now, if that is an anniversary; else 0.

    It is one on the day itself, and on the first visit of the week after it.
    """
    joined, before = coming.joined, coming.days.before
    if joined is None or joined >= coming.day:
        return 0
    for months in (1, 12 * (coming.day.year - joined.year), 12 * (coming.day.year - joined.year - 1)):
        due = _after(joined, months)
        if months and due <= coming.day < due + STILL and (before is None or before < due):
            return months
    return 0


def _after(day: date, months: int) -> date:
    """Return the same day some months later; the last one of a month that is too short."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _anniversary(words: Words, months: int) -> str:
    if months == 1:
        return words.gettext("One month with us already. Thank you for being part of the house!")
    years = months // 12
    return words.ngettext(
        "{count} year with us already. Thank you for being part of the house!",
        "{count} years with us already. Thank you for being part of the house!",
        years,
    ).format(count=years)


def _was_away(coming: Coming) -> bool:
    """Say whether they come back after `WEEKS_AWAY`: the hub saw them before, and not in those weeks."""
    before = coming.days.before
    recently = before is not None and coming.day - before < timedelta(weeks=WEEKS_AWAY)
    return coming.past.days > 0 and not any(coming.past.weekdays) and not recently
