"""Who is on the newcomers' path, what is done for each, and what is next.

Pure, and for hosts only.  Of people whom hosts may know; that somebody has met nobody yet is a hint to hosts,
and is told to nobody else.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from community.ids import MemberId
from community.members import Member, Mood

ON_PATH_FOR = timedelta(days=30)
"""From the first visit, or from joining: afterwards nobody is new any more."""

LONG_KNOWN = timedelta(days=90)
"""Who joined so long before their first visit was not new at it: the door was."""

VISITS = 3
"""Visits after which somebody knows the place."""

INTRODUCTIONS = 2
"""People to meet on the first day."""


class Next(Enum):
    """The one thing a host can do next for a newcomer."""

    INVITE = "invite"
    """They have not come yet."""
    INTRODUCE = "introduce"
    """They are in for the first time and have not met two people yet, or for the second and nobody."""
    BUDDY = "buddy"
    """They are in, and nobody looks after them."""
    MEETING = "meeting"
    """By their third visit no meeting is recorded: bring somebody to their table."""
    RETURN = "return"
    """They are not in; the next visit brings the next step."""
    NOTHING = "nothing"
    """Everything is done, or goes by itself."""


@dataclass(frozen=True, slots=True)
class Coming:
    """What is known of one member's coming."""

    days: frozenset[date]
    """On which they came, as far back as taps are kept, today among them."""
    visits: int
    """Days on which they ever came."""
    met: int
    """People they met, today among them."""

    @property
    def first(self) -> date | None:
        """The day of their first visit; `None` if they never came, or so long ago that it is not known."""
        return min(self.days) if self.days and len(self.days) >= self.visits else None


@dataclass(frozen=True, slots=True)
class Buddy:
    """Who looks after a newcomer."""

    member_id: MemberId
    name: str
    """Empty if hosts may not read it any more."""
    is_in: bool


@dataclass(frozen=True, slots=True)
class Newcomer:
    """One line of the page."""

    member_id: MemberId
    name: str
    is_in: bool
    began: date
    """Their first visit; the day they joined if they have not come yet."""
    visits: int
    met: int
    meet: tuple[str, ...]
    """Whom today's plan has for them."""
    buddy: Buddy | None
    next: Next


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could look after a newcomer today."""

    member_id: MemberId
    name: str
    volunteers: bool


NOT_YET = Coming(frozenset(), 0, 0)


def newcomers(
    members: Iterable[Member],
    coming: Mapping[MemberId, Coming],
    inside: Collection[MemberId],
    meet: Mapping[MemberId, tuple[str, ...]],
    buddies: Mapping[MemberId, Buddy],
    day: date,
) -> tuple[Newcomer, ...]:
    """Return who is on the path, those who are in first, then the latest to begin.

    Args:
        members: Everybody; who looks after the place, and who is hidden from hosts, is left out.
        coming: What is known of each.
        inside: Who is in.
        meet: Whom today's plan has for each.
        buddies: Who looks after whom.
        day: Today.
    """
    found = []
    for member in members:
        if member.host or not member.visibility.hosts:
            continue
        known = coming.get(member.id, NOT_YET)
        began = _began(member, known)
        if began is None or not timedelta(0) <= day - began <= ON_PATH_FOR:
            continue
        is_in, buddy = member.id in inside, buddies.get(member.id)
        found.append(
            Newcomer(
                member.id,
                member.name,
                is_in,
                began,
                known.visits,
                known.met,
                meet.get(member.id, ()),
                buddy,
                _next(known, buddy, is_in=is_in),
            )
        )
    found.sort(key=lambda one: (not one.is_in, -one.began.toordinal(), one.name.casefold(), one.member_id))
    return tuple(found)


def candidates(
    newcomer: Member,
    members: Mapping[MemberId, Member],
    moods: Mapping[MemberId, Mood | None],
    volunteers: Collection[MemberId],
    known_well: Collection[MemberId],
) -> tuple[Candidate, ...]:
    """Return who is in and could look after a newcomer: who offered to first, then by language and name.

    Nobody is left out for a reason that is private: who would rather not is only named later.

    Args:
        newcomer: Whom.
        members: The directory.
        moods: Of everybody who is in.
        volunteers: Who offered to welcome newcomers.
        known_well: Who is not new themselves.
    """
    found = [
        members[one]
        for one, mood in moods.items()
        if one in members
        and one in known_well
        and one != newcomer.id
        and mood is not Mood.HEADS_DOWN
        and members[one].visibility.hosts
    ]
    found.sort(
        key=lambda one: (
            one.id not in volunteers,
            newcomer.avoids(one) or not set(newcomer.languages) & set(one.languages),
            one.name.casefold(),
            one.id,
        )
    )
    return tuple(Candidate(one.id, one.name, one.id in volunteers) for one in found)


def first_day(member: Member, known: Coming) -> date | None:
    """Return the day on which somebody came as a newcomer; `None` if that is not known, or they were none."""
    first = known.first
    if first is not None and member.joined is not None and first - member.joined > LONG_KNOWN:
        return None
    return first


def _began(member: Member, known: Coming) -> date | None:
    """Return when somebody's path began; `None` if that is not known, or long ago."""
    if known.visits:
        return first_day(member, known)
    return member.joined


def _next(known: Coming, buddy: Buddy | None, *, is_in: bool) -> Next:
    if not known.visits:
        return Next.INVITE
    if known.visits >= VISITS and known.met == 0:
        return Next.MEETING
    if not is_in:
        return Next.RETURN if known.visits < VISITS else Next.NOTHING
    if known.visits < VISITS and known.met < (INTRODUCTIONS if known.visits == 1 else 1):
        return Next.INTRODUCE
    if buddy is None and known.visits <= VISITS:
        return Next.BUDDY
    return Next.NOTHING
