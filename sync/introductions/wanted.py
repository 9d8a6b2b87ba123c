"""The needs board: what people here look for and offer, those who are in first, and who of them could help.

For hosts only, and it says nothing that they could not already read or hear elsewhere.  Named is whom hosts
may know and who agreed to be introduced, or who chose "looking for" today.  Whoever hides from hosts, and
lets the lobby say what they look for, is quoted as the lobby quotes them: without a name, and never where
the words name somebody.  Who is heads-down today is left out.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from community.ids import MemberId
from community.introductions.judge import SLOTS
from community.introductions.matchmaker import Matchmaker
from community.introductions.sides import Kind
from community.introductions.slots import Slot
from community.introductions.today import Today
from community.members import Member, Mood
from community.names import folded, names_of, names_somebody, words_of
from sync.introductions.judges import Judges, Moods
from sync.introductions.room import Room
from sync.views.people import Known, name_for_hosts

HELPERS_AT_MOST = 3
"""People who could help, for one need: more is a list, and somebody must be asked first."""

AWAY_AT_MOST = 60
"""Needs of people who are not in: what one page can hold."""

USEFUL = {Slot.PARTNER: Kind.OFFER, Slot.ADVICE: Kind.KNOWLEDGE}
"""Where one has what the other looks for, offers first; neighbours only have something in common."""


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody whom hosts may know."""

    member_id: MemberId
    name: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """One need that holds today."""

    text: str
    until: date | None
    """Its last day; `None` if it has none, or nobody is named."""
    who: Named | None
    """`None` for somebody who prefers not to be named to hosts."""
    today: bool = False
    """Whether they came to look for something today."""
    helpers: tuple[Named, ...] = ()
    """Who is in and could help, the best first; at most `HELPERS_AT_MOST`."""


@dataclass(frozen=True, slots=True)
class Offered:
    """What somebody who is in can give."""

    items: tuple[str, ...]
    who: Named | None
    """`None` for somebody who prefers not to be named to hosts."""


@dataclass(frozen=True, slots=True)
class NeedsBoard:
    """Everything on the board."""

    day: date
    here: tuple[Wanted, ...]
    """Of people who are in: first of those who came to look for something, then what ends soonest; what has
    no name comes last."""
    offers: tuple[Offered, ...]
    """Of people who are in, by name; what has no name comes last."""
    away: tuple[Wanted, ...]
    """Of people who are not in, first what somebody who is in could help with; at most `AWAY_AT_MOST`."""
    away_more: int = 0
    """How many more of those there are."""

    @property
    def is_empty(self) -> bool:
        """Whether nobody looks for or offers anything."""
        return not (self.here or self.offers or self.away)


Helpers = Mapping[tuple[MemberId, str], Sequence[MemberId]]
"""Who could help whom with which need, the best first."""


def board_of(room: Room, today: Today, moods: Moods, judges: Judges) -> NeedsBoard:
    """Return the board of a moment; takes hundredths of a second for hundreds of members.

    Args:
        room: What the database says.
        today: What today's events say.
        moods: Of everybody who is in.
        judges: Say who could help; who avoids whom, or would rather not, is not put together here either.
    """
    seekers = [
        one for one in room.members.values() if _is_shared(one, moods) and quoted(one, moods, room.day)
    ]
    judge = judges.judge(room, today, moods)
    return needs_board(room.members, moods, helpers_of(judge, room.members, moods, seekers), room.day)


def needs_board(known: Known, moods: Moods, helpers: Helpers, day: date) -> NeedsBoard:
    """Return the board.

    Args:
        known: The directory.
        moods: Of everybody who is in.
        helpers: Who could help with what; only those whom hosts may know are named.
        day: Today: needs that ended before it are left out.
    """
    here: list[Wanted] = []
    offers: list[Offered] = []
    away: list[Wanted] = []
    for member in known.values():
        if moods.get(member.id) is Mood.HEADS_DOWN:
            continue
        (here if member.id in moods else away).extend(_wanted(member, known, moods, helpers, day))
        if member.id in moods and member.offers and _is_shared(member, moods):
            offers.append(Offered(member.offers, Named(member.id, member.name)))
    here.sort(key=_urgency)
    offers.sort(key=lambda each: _by_name(each.who))
    away.sort(key=lambda each: (not each.helpers, *_urgency(each)))
    silent = [known[one] for one in moods if one in known and _is_overheard(known[one], moods)]
    names = names_of(known[one].name for one in moods if one in known)
    needs = _overheard((need for one in silent for need in one.open_needs(day)), names)
    gifts = _overheard((offer for one in silent for offer in one.offers), names)
    return NeedsBoard(
        day,
        (*here, *(Wanted(text, None, None) for text in needs)),
        (*offers, *(Offered((text,), None) for text in gifts)),
        tuple(away[:AWAY_AT_MOST]),
        max(0, len(away) - AWAY_AT_MOST),
    )


def quoted(member: Member, moods: Moods, day: date) -> tuple[str, ...]:
    """Return what of a member's needs hosts may read beside their name; empty for nothing.

    Everything that still holds, of who agreed to be introduced; what they came for, of who says so today
    by their mood; both only of whom hosts may know.
    """
    if not member.visibility.hosts or moods.get(member.id) is Mood.HEADS_DOWN:
        return ()
    if member.may_be_introduced:
        return member.open_needs(day)
    return member.open_needs(day)[:1] if moods.get(member.id) is Mood.LOOKING else ()


def helpers_of(judge: Matchmaker, known: Known, moods: Moods, seekers: Iterable[Member]) -> Helpers:
    """Return who is in and could help whom, as introductions judge it: who offers it before who knows of it.

    Args:
        judge: Of this moment.
        known: The directory.
        moods: Of everybody who is in.
        seekers: Whose needs are looked at.
    """
    inside = [one for one in moods if one in known and _is_shared(known[one], moods)]
    places = {one: place for place, one in enumerate(inside)}
    found: dict[tuple[MemberId, str], dict[MemberId, None]] = defaultdict(dict)
    for seeker in seekers:
        answers = {
            slot: [answer for answer in judge.crowd.ground.answers(kind, seeker.id) if answer[0] in places]
            for slot, kind in USEFUL.items()
        }
        if not any(answers.values()):
            continue
        scores = judge.row(seeker.id, inside)
        for slot, theirs in answers.items():
            for other, need in theirs:
                if scores[SLOTS.index(slot), places[other]] > 0:
                    found[seeker.id, need][other] = None
    return {need: tuple(useful) for need, useful in found.items()}


def _wanted(member: Member, known: Known, moods: Moods, helpers: Helpers, day: date) -> Iterable[Wanted]:
    ends = {
        need: until
        for need, until in zip(member.needs, member.needs_until, strict=False)
        if until is not None and until >= day
    }
    for need in quoted(member, moods, day):
        useful = helpers.get((member.id, need), ())
        named = [Named(other, name) for other in useful if (name := name_for_hosts(known, other))]
        yield Wanted(
            need,
            ends.get(need),
            Named(member.id, member.name),
            moods.get(member.id) is Mood.LOOKING,
            tuple(named[:HELPERS_AT_MOST]),
        )


def _is_shared(member: Member, moods: Moods) -> bool:
    """Say whether hosts may read a member's profile beside their name today."""
    return (
        member.visibility.hosts and member.may_be_introduced and moods.get(member.id) is not Mood.HEADS_DOWN
    )


def _is_overheard(member: Member, moods: Moods) -> bool:
    """Say whether a member hides from hosts, but lets the lobby say what they look for."""
    return not member.visibility.hosts and member.is_quoted_in_lobby(moods.get(member.id))


def _overheard(items: Iterable[str], names: frozenset[str]) -> Iterable[str]:
    """Return what stands there without a name: each once, in an order that tells nothing of whose it is."""
    said: dict[str, str] = {}
    for item in sorted(items):
        if not names_somebody(item, names):
            said.setdefault(folded(item) or item, item)
    return said.values()


def _urgency(wanted: Wanted) -> tuple[bool, date, tuple[str, ...], str]:
    return not wanted.today, wanted.until or date.max, _by_name(wanted.who), wanted.text


def _by_name(who: Named | None) -> tuple[str, ...]:
    return () if who is None else words_of(who.name)
