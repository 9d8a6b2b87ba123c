"""The measures of a community that lives by itself: about everybody together, never about anybody.

Pure.  Nothing is said over a group smaller than `SMALLEST`, and shares are told in tenths: "of ten meetings
seven came about without a host".  No number here can be asked of a single person, and none is a grade.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Annotated

import msgspec

from community.ids import Count, MemberId
from community.introductions.pairing import Pair
from community.together.life import Arranged, Life, Meeting
from community.together.ties import largest_group, ties_of

SMALLEST = 5
"""People in a group about which anything is said: fewer could be told apart (DESIGN section 6)."""

LOOKED_BACK_DAYS = 90
"""Days whose meetings make a tie, and whose visits make somebody a regular: as long as taps are kept."""

NEW_FOR = timedelta(days=30)
"""The time in which a newcomer is welcomed, their first day included."""

NEWCOMERS_TIES = 2
"""Ties of a newcomer who has arrived: one is a chance, two are a beginning."""

FEW_TIES = 2
"""Ties up to which somebody is counted among those who know few."""

REGULAR_DAYS = 3
"""Days in `LOOKED_BACK_DAYS` from which on somebody is a regular: who came once has had no time to meet."""

TENTHS = 10

Tenths = Annotated[int, msgspec.Meta(ge=0, le=TENTHS)]
"""How many of ten, rounded; half is up."""


class Measures(msgspec.Struct, frozen=True):
    """What is said of a time; `None` is "too few to say": fewer than `SMALLEST` people are behind it."""

    first: date
    last: date
    """Both days are in it."""
    hosts: bool = False
    """Whether any member is marked as looking after the place; if not, what is without them is not known."""
    meetings: Count | None = None
    """Pairs of people who met, once a day."""
    alone: Tenths | None = None
    """Of ten meetings, those that no host arranged, and of which no host was one of the two."""
    suggested: Tenths | None = None
    """Of ten meetings, those that no host arranged and that a screen had suggested: a part of `alone`."""
    newcomers: Count | None = None
    """People whose first thirty days ended in this time."""
    settled: Tenths | None = None
    """Of ten newcomers, those who had met two different people by then."""
    welcomed: Tenths | None = None
    """Of ten newcomers who met anybody by then, those who first met a member, without a host's doing."""
    regulars: Count | None = None
    """People, hosts left out, who came on three days or more of those looked back on."""
    few: Count | None = None
    """Of those, how many met two people or fewer in that time; `None` also for fewer than five of them."""
    whole: Tenths | None = None
    """Of ten regulars and hosts, those in the largest group that is linked by meetings, directly or through
    others."""
    without_hosts: Tenths | None = None
    """The same without the hosts, of ten regulars: what would hold if they left."""
    away: Count | None = None
    """Days on which people met, and no member marked as a host came in."""
    mutual: Tenths | None = None
    """Of ten pairs of whom one found it useful to have met, those of whom both did."""
    bridged: Tenths | None = None
    """Of ten meetings, those between people whose first languages differ."""


def measure(life: Life, first: date, last: date, *, looked_back_days: int = LOOKED_BACK_DAYS) -> Measures:
    """Return the measures of a time.

    Args:
        life: What happened.
        first: The first day.
        last: The last day; regulars and ties are those of the days before it, and it.
        looked_back_days: How many days that is, 1 or more; fewer where taps are not kept so long.

    Returns:
        Ties and regulars are missing where a part of the days looked back on is no longer told.
    """
    happened = [meeting for meeting in life.meetings if first <= meeting.day <= last]
    told = {
        **_meetings(life, happened),
        **_newcomers(life, first, last),
        **_away(life, happened),
        **_mutual(life, first, last),
    }
    begin = last - timedelta(days=looked_back_days - 1)
    if life.since is None or life.since <= begin:
        told.update(_ties(life, begin, last))
    return msgspec.structs.replace(Measures(first, last, hosts=bool(life.hosts)), **told)


def tenths(part: int, of: int) -> Tenths:
    """Return how many of ten a part is; half is up.

    Args:
        part: At most `of`.
        of: 1 or more.
    """
    return (2 * TENTHS * part + of) // (2 * of)


def _share(part: int, of: int, people: int) -> Tenths | None:
    """Return a share that may be said, or `None`."""
    return tenths(part, of) if people >= SMALLEST else None


def _meetings(life: Life, happened: list[Meeting]) -> Mapping[str, int | None]:
    people = len(_people(meeting.pair for meeting in happened))
    if people < SMALLEST:
        return {}
    ways = [meeting.arranged for meeting in happened]
    bridges = sum(_language(life, one) != _language(life, other) for one, other in (m.pair for m in happened))
    return {
        "meetings": len(happened),
        "alone": tenths(len(ways) - ways.count(Arranged.HOST), len(ways)),
        "suggested": tenths(ways.count(Arranged.SCREEN), len(ways)),
        "bridged": tenths(bridges, len(ways)),
    }


def _newcomers(life: Life, first: date, last: date) -> Mapping[str, int | None]:
    """Return how newcomers fared whose thirty days ended in the time, and are told from the first one on."""
    begun = {
        who: day
        for who in life.came
        if (day := _first_day(life, who)) is not None
        and first <= day + NEW_FOR - timedelta(days=1) <= last
        and (life.since is None or life.since <= day)
    }
    met: dict[MemberId, list[Meeting]] = {who: [] for who in begun}
    for meeting in life.meetings:
        for who in meeting.pair:
            if who in begun and begun[who] <= meeting.day < begun[who] + NEW_FOR:
                met[who].append(meeting)
    if len(met) < SMALLEST:
        return {}
    settled = sum(len(_people(m.pair for m in some) - {who}) >= NEWCOMERS_TIES for who, some in met.items())
    firsts = [some[0].arranged for some in met.values() if some]
    by_members = len(firsts) - firsts.count(Arranged.HOST)
    return {
        "newcomers": len(met),
        "settled": tenths(settled, len(met)),
        "welcomed": _share(by_members, len(firsts), len(firsts)),
    }


def _first_day(life: Life, who: MemberId) -> date | None:
    """Return when somebody began here; `None` for hosts, and where that is no longer known."""
    member = life.people[who]
    if member.host:
        return None
    if member.joined is not None:
        return member.joined
    return None if who in life.before else min(life.came[who])


def _ties(life: Life, begin: date, last: date) -> Mapping[str, int | None]:
    days = {who: sum(begin <= day <= last for day in came) for who, came in life.came.items()}
    hosts = life.hosts
    regulars = {who for who, count in days.items() if count >= REGULAR_DAYS and who not in hosts}
    if len(regulars) < SMALLEST:
        return {}
    pairs = {meeting.pair for meeting in life.meetings if begin <= meeting.day <= last}
    ties = ties_of(set(life.people), pairs)
    few = sum(ties[who] <= FEW_TIES for who in regulars)
    around = regulars | {who for who in hosts if days.get(who, 0) >= REGULAR_DAYS}
    told = {
        "regulars": len(regulars),
        "few": few if few >= SMALLEST else None,
        "whole": tenths(largest_group(around, pairs), len(around)),
    }
    if hosts:
        told["without_hosts"] = tenths(largest_group(regulars, pairs), len(regulars))
    return told


def _away(life: Life, happened: list[Meeting]) -> Mapping[str, int | None]:
    """Return on how many days people met while no host came in; none is a number too."""
    hosts = life.hosts
    if not hosts:
        return {}
    present = {day for host in hosts for day in life.came.get(host, ())}
    by_themselves = [meeting for meeting in happened if meeting.day not in present]
    people = len(_people(meeting.pair for meeting in by_themselves))
    days = len({meeting.day for meeting in by_themselves})
    return {"away": days if not days or people >= SMALLEST else None}


def _mutual(life: Life, first: date, last: date) -> Mapping[str, int | None]:
    helped = {whom for whom, (day, useful) in life.useful.items() if useful and first <= day <= last}
    pairs = {(min(whom), max(whom)) for whom in helped}
    both = sum((one, other) in helped and (other, one) in helped for one, other in pairs)
    people = len(_people(pairs))
    return {"mutual": _share(both, len(pairs), people)}


def _people(pairs: Iterable[Pair]) -> set[MemberId]:
    return {who for two in pairs for who in two}


def _language(life: Life, who: MemberId) -> str:
    return life.people[who].languages[0]
