"""The room behind the door: who is in, who met whom, and what each outcome shows.

Pure: a fold over the log together with the directory; it answers with views.  One lives as long
as the kiosk and is told of every committed event.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from community.clock import Hours
from community.desk import (
    Arrived,
    CannotLink,
    Desk,
    LeaveUndone,
    Left,
    MetEachOther,
    MetUndone,
    MoodSet,
    Outcome,
    OwnCard,
    Refused,
    Unknown,
)
from community.events import Record, Shown
from community.ids import MemberId
from community.introductions.introduction import Introduction
from community.introductions.memory import Memory
from community.introductions.pairing import pair
from community.introductions.plan import Candidate, introduce
from community.members import Mood
from community.visits import Visits
from kiosk.core.directory import Directory
from kiosk.core.present import Guest, Presenter, monday_of
from kiosk.core.sentences import Words, tint_of
from kiosk.core.troubles import Fault, hub_trouble, trouble_screen
from kiosk.core.views import Constellation, GreetingSummary, Lobby, TroubleScreen, View

STILL_READING_S = 12.0
"""Seconds for which somebody greeted may still be reading when the next member arrives."""


@dataclass(frozen=True, slots=True)
class Scenery:
    """A view, and the introductions it shows."""

    view: View
    introductions: tuple[Introduction, ...] = ()


@dataclass(frozen=True, slots=True)
class _Greeted:
    member_id: MemberId
    introductions: tuple[Introduction, ...]
    now_s: float


class Room:
    """Everything a view is made from."""

    def __init__(self, directory: Directory, hours: Hours, catalogues: Mapping[str, Words]) -> None:
        self.directory = directory
        """Who is who; replaced as a whole when the hub says something new."""
        self.hours = hours
        self._catalogues = catalogues
        self._visits = Visits(hours)
        self._memory = Memory(hours)
        self._greeted: _Greeted | None = None

    def add(self, records: Iterable[Record]) -> None:
        """Fold committed events, in order."""
        for record in records:
            self._visits.add(record.at.at, record.event)
            self._memory.add(record.at.at, record.event)

    def arrivals(self, at: datetime) -> dict[MemberId, datetime]:
        """Return who is in, and since when: what a desk starts from."""
        return {visit.member_id: visit.arrived for visit in self._visits.present(at)}

    def cleared(self) -> None:
        """Note that the screen went back to rest: nobody is reading."""
        self._greeted = None

    def scenery(self, outcome: Outcome, desk: Desk, at: datetime, now_s: float) -> Scenery:  # noqa: C901 - one case an outcome, closed
        """Return what an outcome shows.

        Args:
            outcome: What happened, already committed and folded.
            desk: The desk after it.
            at: The moment (aware, UTC).
            now_s: The same, monotonic seconds.
        """
        presenter = self._presenter(desk)
        match outcome:
            case Arrived(member_id=member_id, at=arrived):
                return self._greeting(member_id, arrived, desk, at, now_s)
            case OwnCard(member_id=member_id, since=since):
                return self._own_card(member_id, since, desk, at)
            case LeaveUndone(member_id=member_id, since=since):
                return self._own_card(member_id, since, desk, at, undone=True)
            case MoodSet(member_id=member_id):
                return self._own_card(member_id, desk.since(member_id, at) or at, desk, at)
            case Left(member_id=member_id, at=left):
                return Scenery(presenter.farewell(member_id, left))
            case MetEachOther(first=first, second=second):
                return Scenery(presenter.met(first, second))
            case MetUndone(first=first, second=second):
                return Scenery(presenter.met(first, second, undone=True))
            case Unknown(badge=badge):
                return Scenery(presenter.unknown(badge))
            case Refused():
                return Scenery(presenter.refused())
            case CannotLink():
                return Scenery(presenter.random())
            case _:
                assert_never(outcome)

    def newly_shown(
        self, member_id: MemberId, introductions: Sequence[Introduction], at: datetime
    ) -> tuple[Shown, ...]:
        """Return those of the introductions that were not shown to this pair today already."""
        day = self.hours.day_of(at)
        last_shown = self._memory.history(member_id, day).last_shown
        return tuple(
            Shown(i.member_id, i.slot)
            for i in introductions
            if last_shown.get(pair(member_id, i.member_id)) != day
        )

    def lobby(
        self, desk: Desk, now: datetime, *, synced: bool, hub_reachable: bool, waiting: int, note: str = ""
    ) -> Lobby:
        """Return the screen at rest."""
        presenter = self._presenter(desk)
        return presenter.lobby(
            self._guests(now),
            now,
            synced=synced,
            met_this_week=self._memory.meetings_since(monday_of(self.hours.day_of(now))),
            trouble=None if hub_reachable else hub_trouble(waiting, *presenter.both()),
            note=note,
            sky=self._sky(),
        )

    def trouble(self, fault: Fault, desk: Desk) -> TroubleScreen:
        """Return the full screen for a fault."""
        return trouble_screen(fault, *self._presenter(desk).both())

    def _sky(self) -> Constellation:
        """Return the community without names: a star a member, a line for two who met."""
        order = {member_id: place for place, member_id in enumerate(sorted(self.directory.members))}
        links = sorted(
            (order[first], order[second])
            for first, second in self._memory.ties()
            if first in order and second in order
        )
        return Constellation(tuple(tint_of(member_id) for member_id in order), tuple(links))

    def _greeting(
        self, member_id: MemberId, arrived: datetime, desk: Desk, at: datetime, now_s: float
    ) -> Scenery:
        presenter = self._presenter(desk)
        introductions = self._introductions(member_id, at)
        small = self._small(member_id, presenter, at, now_s)
        self._greeted = _Greeted(member_id, introductions, now_s)
        count = len(self._visits.present(at))
        view = presenter.greeting(member_id, arrived, introductions, present=count, small=small)
        return Scenery(view, introductions)

    def _small(
        self, member_id: MemberId, presenter: Presenter, at: datetime, now_s: float
    ) -> GreetingSummary | None:
        """Return the strip of whoever was greeted just before, if they may still be reading.

        It stands on another member's greeting: only people who are in, not heads-down, and named to
        members are in it.
        """
        before = self._greeted
        if before is None or before.member_id == member_id or now_s - before.now_s >= STILL_READING_S:
            return None
        named = {
            guest.member.id
            for guest in self._guests(at)
            if guest.member.visibility.members and guest.mood is not Mood.HEADS_DOWN
        }
        if before.member_id not in named:
            return None
        return presenter.summary(before.member_id, [i for i in before.introductions if i.member_id in named])

    def _own_card(
        self, member_id: MemberId, since: datetime, desk: Desk, at: datetime, *, undone: bool = False
    ) -> Scenery:
        introductions = self._introductions(member_id, at)
        visit = self._visits.open_visit(member_id, at)
        view = self._presenter(desk).own_card(
            member_id,
            since,
            at,
            introductions,
            present=len(self._visits.present(at)),
            mood=None if visit is None else visit.mood,
            undone=undone,
        )
        return Scenery(view, introductions)

    def _introductions(self, member_id: MemberId, at: datetime) -> tuple[Introduction, ...]:
        visitor = self.directory.members.get(member_id)
        visit = self._visits.open_visit(member_id, at)
        if visitor is None or (visit is not None and visit.mood is Mood.HEADS_DOWN):
            return ()
        day = self.hours.day_of(at)
        candidates = [Candidate(guest.member, guest.mood) for guest in self._guests(at)]
        return introduce(visitor, candidates, self._memory.history(member_id, day), day, self.directory.fit)

    def _guests(self, at: datetime) -> list[Guest]:
        members = self.directory.members
        return [
            Guest(members[visit.member_id], visit.arrived, visit.mood)
            for visit in self._visits.present(at)
            if visit.member_id in members
        ]

    def _presenter(self, desk: Desk) -> Presenter:
        return Presenter(self.directory, self._catalogues, self.hours.zone, desk.rules)
