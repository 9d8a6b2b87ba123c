"""Why two people may not be introduced, as data.

Pure.  Every reason there is for a pair, not the first found: whoever explains prints them all, and whoever
scores lets none through.
"""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from enum import Enum

from community.ids import MemberId
from community.introductions.pairing import PairPast
from community.introductions.slots import Slot
from community.members import Intent, Member, Mood

REST_DAYS = 10
"""Working days for which a pair rests that was shown and came to nothing."""

LONG_REST_DAYS = 60
"""The same once it happened `OFTEN` times."""

OFTEN = 3

CATCH_UP_DAYS = 30
"""Days after which people who met may be reminded of each other."""


class Bar(Enum):
    """One reason why two people may not be introduced."""

    SELF = "self"
    UNKNOWN = "unknown"
    """One of them is no member, or no longer."""
    NOT_AGREED = "not_agreed"
    """One of them did not agree to introductions."""
    HIDDEN = "hidden"
    """One of them is not named to other members."""
    HEADS_DOWN = "heads_down"
    """One of them does not want to be disturbed today."""
    NO_COMMON_LANGUAGE = "no_common_language"
    AVOIDED = "avoided"
    """One of them would rather not meet the other, and said so in the profile."""
    REFUSED = "refused"
    """One of them would rather not, and said so when they were introduced."""
    RESTING = "resting"
    """They were shown to each other lately, and nothing came of it."""
    MET_LATELY = "met_lately"
    """They met less than `CATCH_UP_DAYS` ago."""
    MET = "met"
    """They know each other: no partner and no adviser need be found."""
    SAME_COMPANY = "same_company"
    NOT_FOR_BUSINESS = "not_for_business"
    """One of them is not open to business."""
    NOBODY_TO_ASK = "nobody_to_ask"
    """Neither of them is glad to be asked, or to advise."""


TABLE_BARS = frozenset(
    {
        Bar.SELF,
        Bar.UNKNOWN,
        Bar.NOT_AGREED,
        Bar.HIDDEN,
        Bar.HEADS_DOWN,
        Bar.NO_COMMON_LANGUAGE,
        Bar.AVOIDED,
        Bar.REFUSED,
    }
)
"""What also bars two people from one table; the rest is about introducing the two to each other."""

_EVERY_SLOT = frozenset(Slot)

SLOTS_BARRED: Mapping[Bar, frozenset[Slot]] = {
    **dict.fromkeys((*TABLE_BARS, Bar.RESTING), _EVERY_SLOT),
    Bar.MET_LATELY: frozenset({Slot.NEIGHBOUR}),
    Bar.MET: frozenset({Slot.PARTNER, Slot.ADVICE}),
    Bar.SAME_COMPANY: frozenset({Slot.PARTNER}),
    Bar.NOT_FOR_BUSINESS: frozenset({Slot.PARTNER}),
    Bar.NOBODY_TO_ASK: frozenset({Slot.ADVICE}),
}
"""The slots each bar closes."""


def bars(
    one: Member | None,
    other: Member | None,
    moods: Mapping[MemberId, Mood | None],
    between: PairPast,
    day: date,
) -> tuple[Bar, ...]:
    """Return every reason why two people may not be introduced, in the order of `Bar`.

    Args:
        one: `None` for somebody who is no member.
        other: The same.
        moods: Of those present.
        between: What is known between the two.
        day: Today.
    """
    if one is None or other is None:
        return (Bar.UNKNOWN,)
    both = (one, other)
    holds = {
        Bar.SELF: one.id == other.id,
        Bar.NOT_AGREED: not all(member.introductions for member in both),
        Bar.HIDDEN: not all(member.visibility.members for member in both),
        Bar.HEADS_DOWN: any(moods.get(member.id) is Mood.HEADS_DOWN for member in both),
        Bar.NO_COMMON_LANGUAGE: spoken(one).isdisjoint(spoken(other)),
        Bar.AVOIDED: one.avoids(other),
        Bar.SAME_COMPANY: company_of(one) != "" and company_of(one) == company_of(other),
        Bar.NOT_FOR_BUSINESS: not all(member.open_to(Intent.BUSINESS) for member in both),
        Bar.NOBODY_TO_ASK: not any(may_be_asked(member) for member in both),
    }
    found = {bar for bar, held in holds.items() if held} | set(bars_between(between, day))
    return tuple(bar for bar in Bar if bar in found)


def bars_between(between: PairPast, day: date) -> tuple[Bar, ...]:
    """Return what the past of two people bars, in the order of `Bar`."""
    found = []
    if between.barred:
        found.append(Bar.REFUSED)
    if is_resting(between, day):
        found.append(Bar.RESTING)
    if between.met is not None:
        if day - between.met < timedelta(days=CATCH_UP_DAYS):
            found.append(Bar.MET_LATELY)
        found.append(Bar.MET)
    return tuple(found)


def is_resting(between: PairPast, day: date) -> bool:
    """Say whether a pair was shown lately and came to nothing.

    Having been shown today bars nothing: a second look at today's card must not lose anybody.
    """
    shown, met = between.shown, between.met
    if shown is None or shown >= day or (met is not None and met >= shown):
        return False
    rest = LONG_REST_DAYS if between.times >= OFTEN else REST_DAYS
    return working_days(shown, day) <= rest


def working_days(since: date, until: date) -> int:
    """Return how many of the days after `since`, up to and including `until`, are Monday to Friday."""
    return _working_days_to(until) - _working_days_to(since)


def spoken(member: Member) -> frozenset[str]:
    """Return the languages a member speaks, their codes in one spelling."""
    return frozenset(code.casefold() for code in member.languages)


def company_of(member: Member) -> str:
    """Return a member's company in one spelling; empty for who works alone."""
    return " ".join(member.company.casefold().split())


def may_be_asked(member: Member) -> bool:
    """Say whether a member is glad to be asked or to advise."""
    return member.open_to(Intent.ADVISE) or member.open_to(Intent.BE_ASKED)


def barred_slots(found: Collection[Bar]) -> frozenset[Slot]:
    """Return the slots that some bars close together."""
    return frozenset().union(*(SLOTS_BARRED[bar] for bar in found))


def _working_days_to(day: date) -> int:
    """Return the working days from Monday, 1 January of year 1 to `day`, that day included."""
    weeks, days = divmod(day.toordinal(), 7)
    return weeks * 5 + min(days, 5)
