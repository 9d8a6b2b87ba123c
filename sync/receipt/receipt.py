"""One member's receipt for a stretch of time, read from the log and from what outlived it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from community.clock import Hours
from community.events import Answer, Answered
from community.ids import MemberId
from community.introductions.pairing import Pair, pair
from sync.introductions.history import TELLING, Moment, dated
from sync.introductions.past import told
from sync.presence import Clocks
from sync.receipt.fold import About, How, Meeting, days_present, meetings
from sync.receipt.spans import Span
from sync.store import briefs, directory, earlier, receipts, traces
from sync.store.receipts import KeptMeeting, Line


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who was met."""

    member_id: MemberId
    name: str
    """Empty where they let no other member read it (any more)."""
    first: Meeting
    """How it began, in this span."""
    days: tuple[date, ...]
    """Every day of the span on which the two met, the earliest first."""
    useful: bool
    """Whether the member said of any of these that it was."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """All of it."""

    span: Span
    days: int
    """On how many days they came."""
    people: tuple[Person, ...]
    """The earliest met first."""
    lines: tuple[Line, ...]
    """What came of it, in their words, the latest first."""

    @property
    def amount(self) -> int:
        """What they wrote down, together."""
        return sum(line.amount or 0 for line in self.lines)

    @property
    def by_screen(self) -> int:
        """How many of the people were shown to them, or they to them."""
        return sum(person.first.how is How.SCREEN for person in self.people)


def read_receipt(connection: Connection, member_id: MemberId, hours: Hours, span: Span) -> Receipt:
    """Read a member's receipt.

    Args:
        connection: In a read transaction.
        member_id: Whose.
        hours: Tells the space's days.
        span: Of which time.

    Raises:
        EarlierError: What was kept of the past is another version's.
    """
    moments = _story(connection, member_id)
    kept = map(meeting_of, receipts.meetings(connection, member_id))
    found = meetings(moments, hours, shown_before(connection), introduced_by_hosts(connection), kept)
    here = [one for one in found if one.member == member_id and span.holds(one.day)]
    days = sum(span.holds(day) for day in days_present(moments, hours).get(member_id, ()))
    days += sum(count for month, count in receipts.days(connection, member_id).items() if month in span.names)
    names = {one.id: one.name if one.visibility.members else "" for one in directory.all_members(connection)}
    lines = tuple(line for line in receipts.lines(connection, member_id) if span.holds(line.day))
    return Receipt(span, days, _people(here, names), lines)


def read_met(connection: Connection, member_id: MemberId, hours: Hours) -> frozenset[MemberId]:
    """Read who met a member as both badges, or they themselves, said; the member's own word is not enough.

    Whoever would rather not meet the member, or whom the member would rather not meet, is not among them.

    Args:
        connection: In a read transaction.
        member_id: Whom they met.
        hours: Tells the space's days.

    Raises:
        EarlierError: What was kept of the past is another version's.
    """
    moments = _story(connection, member_id)
    kept = map(meeting_of, receipts.meetings_with(connection, member_id))
    met = {one.member for one in meetings(moments, hours, before=kept) if one.other == member_id}
    barred = {
        two.other if past.member == member_id else past.member
        for past in earlier.everybody(connection)
        for two in past.pairs
        if two.barred and member_id in {past.member, two.other}
    }
    for _, event in told(moments, hours):
        match event:
            case Answered(member=one, other=other, answer=Answer.RATHER_NOT) if member_id in {one, other}:
                barred.update((one, other))
            case _:
                pass
    return frozenset(met - barred)


def _story(connection: Connection, member_id: MemberId) -> tuple[Moment, ...]:
    """Return what the log says of a member, oldest first, at corrected times."""
    stored = traces.of_member(connection, member_id, TELLING)
    if all(item.record.at.synced for item in stored):
        clocks = Clocks()
        clocks.learn(stored)
    else:
        clocks = dated(connection)  # a clock that was not set is known by what else its kiosk said
    keyed = [((clocks.happened(one).at, one.kiosk, one.epoch, one.record.seq), one) for one in stored]
    keyed.sort(key=lambda pair: pair[0])
    return tuple((key[0], one.record.event) for key, one in keyed)


def shown_before(connection: Connection) -> Mapping[Pair, date]:
    """Return when two people were last shown to each other, as far as taps that are gone said it.

    Raises:
        EarlierError: What was kept of the past is another version's.
    """
    return {
        pair(past.member, two.other): two.shown
        for past in earlier.everybody(connection)
        for two in past.pairs
        if two.shown is not None
    }


def introduced_by_hosts(connection: Connection) -> Mapping[Pair, Collection[date]]:
    """Return on which days hosts said that they introduced two people, as far back as that is kept."""
    return briefs.introduced(connection)


def meeting_of(kept: KeptMeeting) -> Meeting:
    """Return a meeting as it was kept; a word that this program does not know says nothing."""
    how = next((each for each in How if each.value == kept.how), How.OURSELVES)
    about = next((each for each in About if each.value == kept.about), About.NEITHER)
    return Meeting(kept.member, kept.other, kept.day, how, about, kept.useful)


def _people(met: Collection[Meeting], names: Mapping[MemberId, str]) -> tuple[Person, ...]:
    """Return whom somebody met; who is no longer in the directory is not among them."""
    theirs: dict[MemberId, list[Meeting]] = {}
    for one in sorted(met, key=lambda each: (each.day, each.other)):
        if one.other in names:
            theirs.setdefault(one.other, []).append(one)
    return tuple(
        Person(other, names[other], ones[0], tuple(one.day for one in ones), any(one.useful for one in ones))
        for other, ones in theirs.items()
    )
