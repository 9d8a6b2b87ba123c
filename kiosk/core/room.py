"""The room behind the door: who is in, who met whom, and what each outcome shows.

Pure: a fold over the log together with the directory; it answers with views.  One lives as long
as the kiosk and is told of every committed event.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import assert_never

from community.clock import Hours
from community.desk import Desk
from community.events import Event, Record, members_of
from community.ids import MemberId
from community.inquiry import Question
from community.introductions.introduction import Introduction
from community.introductions.memory import Memory
from community.introductions.rules import plan_hour
from community.outcomes import (
    Arrived,
    CannotLink,
    LeaveUndone,
    Left,
    MetEachOther,
    MetUndone,
    MoodSet,
    NotProven,
    Outcome,
    OwnCard,
    Refused,
    Said,
    SaidUseful,
    SeatGivenUp,
    SeatTaken,
    Unknown,
    Unsaid,
)
from kiosk.core.attendance import Attendance
from kiosk.core.directory import Directory
from kiosk.core.elsewhere import Dated
from kiosk.core.farewell import farewell_of, questions_to
from kiosk.core.greeted import Greeted, Greetings
from kiosk.core.introducing import NOBODY, Chosen, Introducer, Planning
from kiosk.core.lobby import AT_THE_DOOR, Stand, lobby_of, monday_of, sky_of
from kiosk.core.lore import Lore
from kiosk.core.loudness import Listener, listener_of
from kiosk.core.occasions import USUAL, Occasion, coming_of, occasion_of
from kiosk.core.own_page import Address, nowhere
from kiosk.core.pieces import Attention
from kiosk.core.present import Presenter
from kiosk.core.roster import Roster
from kiosk.core.seats import Seats, is_named
from kiosk.core.sentences import Words
from kiosk.core.speaker import Speaker
from kiosk.core.tables import Gathering
from kiosk.core.troubles import Fault, hub_trouble, trouble_screen
from kiosk.core.variety import looking_for
from kiosk.core.views import GreetingSummary, HoldStill, Lobby, TroubleScreen, View
from kiosk.core.visitors import Visited, by_hand_line, visitor_line
from kiosk.core.waiting import Waiting


@dataclass(frozen=True, slots=True)
class Scenery:
    """A view, and what goes with it."""

    view: View
    introductions: tuple[Introduction, ...] = ()
    """Those it shows."""
    follows: tuple[Event, ...] = ()
    """What is to be written once it is shown: new pairs of the plan, and who was shown."""
    seat: Gathering | None = None
    """The table it offers a seat at."""
    questions: tuple[Question, ...] = ()
    """What it asks somebody who leaves."""


class Room:
    """Everything a view is made from."""

    def __init__(
        self,
        directory: Directory,
        hours: Hours,
        catalogues: Mapping[str, Words],
        own_page: Address = nowhere,
    ) -> None:
        self._directory = directory
        self._own_page = own_page
        self.hours = hours
        self._catalogues = catalogues
        self._roster = Roster(hours, directory.members)
        self.memory = Memory(hours)
        """What the log says of introductions."""
        self._latest: dict[MemberId, datetime] = {}
        """When each member was last named by an event folded here."""
        self._visited = Visited(hours)
        self._introducer = Introducer(hours)
        self._attendance = Attendance(hours)
        self._greetings = Greetings()

    @property
    def directory(self) -> Directory:
        """Who is who; replaced as a whole when the hub says something new."""
        return self._directory

    @directory.setter
    def directory(self, directory: Directory) -> None:
        self._directory = directory
        self._roster.know(directory.members)

    def add(self, records: Iterable[Record]) -> None:
        """Fold committed events, in order."""
        for record in records:
            self._fold(record.at.at, record.event)

    def hear(self, elsewhere: Sequence[Dated]) -> bool:
        """Fold what happened at other doors, oldest first, if it comes last for everybody it names.

        Returns:
            `False` if something of it belongs before what is folded already: nothing was changed, and
            everything is to be folded anew.
        """
        for at, event in elsewhere:
            before = [self._latest[member] for member in members_of(event) if member in self._latest]
            if any(at < latest for latest in before) or self.memory.is_past(at):
                return False
        for at, event in elsewhere:
            self._fold(at, event)
        return True

    def fold_anew(self, events: Iterable[Dated]) -> None:
        """Forget who is in and who was shown to whom, and fold everything again, oldest first."""
        self._roster = Roster(self.hours, self._directory.members)
        self.memory = Memory(self.hours, version=self.memory.version + 1)
        self._attendance = Attendance(self.hours)
        self._latest.clear()
        self._visited = Visited(self.hours)
        for at, event in events:
            self._fold(at, event)

    def _fold(self, at: datetime, event: Event) -> None:
        self._roster.add(at, event)
        self.memory.add(at, event)
        self._attendance.add(at, event)
        self._visited.add(at, event)
        for member in members_of(event):
            self._latest[member] = at

    def arrivals(self, at: datetime) -> dict[MemberId, datetime]:
        """Return who is in, and since when: what a desk starts from."""
        return self._roster.arrivals(at)

    def cleared(self) -> None:
        """Note that the screen went back to rest: nobody is reading."""
        self._greetings = Greetings()

    def scenery(  # noqa: C901 - one case an outcome, closed by assert_never
        self, outcome: Outcome, desk: Desk, at: datetime, now_s: float
    ) -> Scenery:
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
            case (
                OwnCard(member_id=member_id)
                | LeaveUndone(member_id=member_id)
                | MoodSet(member_id=member_id)
                | SeatTaken(member_id=member_id)
                | SeatGivenUp(member_id=member_id)
            ):
                return self._own_card(outcome, member_id, desk, at, now_s)
            case Left(member_id=member_id, at=left):
                return self._farewell(member_id, left, desk)
            case Said() | SaidUseful() | Unsaid() as said:
                return Scenery(farewell_of(presenter, said.member_id, at, desk.inquiry, desk.farewell_s()))
            case MetEachOther(first=first, second=second):
                return Scenery(presenter.met(first, second))
            case MetUndone(first=first, second=second):
                return Scenery(presenter.met(first, second, undone=True))
            case Unknown(badge=badge):
                return Scenery(presenter.unknown(badge))
            case Refused():
                return Scenery(presenter.refused())
            case NotProven(fault=fault):
                return Scenery(presenter.not_proven(fault))
            case CannotLink():
                return Scenery(presenter.random())
            case _:
                assert_never(outcome)

    def lobby(
        self,
        desk: Desk,
        now: datetime,
        *,
        synced: bool,
        hub_reachable: bool,
        waiting: int,
        note: str = "",
        attention: Attention = Attention.USUAL,
        stand: Stand = AT_THE_DOOR,
    ) -> Lobby:
        """Return the screen at rest."""
        presenter = self._presenter(desk)
        guests = self._roster.guests(now)
        return lobby_of(
            presenter,
            tuple(guests.values()),
            now,
            synced=synced,
            met_this_week=self.memory.meetings_since(monday_of(self.hours.day_of(now))),
            trouble=None if hub_reachable else hub_trouble(waiting, *presenter.both(), notes=stand.reads),
            tables=self._seats(now).announced(presenter),
            note=note,
            sky=sky_of(self.directory.members, self.memory.ties()),
            attention=attention,
            by_name=bool(self.directory.pins),
            stand=stand,
        )

    def trouble(self, fault: Fault, desk: Desk) -> TroubleScreen:
        """Return the full screen for a fault."""
        return trouble_screen(fault, *self._presenter(desk).both())

    def hold_still(self, desk: Desk) -> HoldStill:
        """Return what a badge that was taken away too soon is told."""
        return self._presenter(desk).hold_still()

    def listener(self, member_id: MemberId | None, at: datetime) -> Listener:
        """Return whom a sign is for: a member, or whoever stands there."""
        member = None if member_id is None else self.directory.members.get(member_id)
        mood = None if member is None else self._roster.mood(member.id, at)
        return listener_of(self.directory.space, self.hours.zone, at, member, mood)

    def offers(self, desk: Desk, scenery: Scenery, now_s: float) -> Desk:
        """Return the desk once a scenery is shown: it may offer a seat, or ask questions."""
        if scenery.seat is not None and desk.faced is not None:
            coming = desk.faced in scenery.seat.coming
            stays_s = scenery.view.shown_for_s or 0.0
            return desk.offering(scenery.seat.table.id, now_s, coming=coming, stays_s=stays_s)
        return desk.asking(scenery.questions)

    def needs_lore(self, at: datetime) -> date | None:
        """Return the day for which introductions are to be thought over anew; `None` if nothing changed."""
        day = self.hours.day_of(at)
        lore = self._introducer.lore
        return None if lore is not None and lore.holds(self.directory, day) else day

    @property
    def lore(self) -> Lore | None:
        """What introductions are decided from."""
        return self._introducer.lore

    @lore.setter
    def lore(self, lore: Lore) -> None:
        self._introducer.lore = lore

    def prepare(self, at: datetime) -> None:
        """Work out what the next tap will need; between taps."""
        guests = self._roster.guests(at)
        self._introducer.prepare(guests, self.directory, self.memory, self.hours.day_of(at))

    def planning(self, at: datetime) -> Planning | None:
        """Return what the day's plan is to be completed from without the hub; `None` if that is not due."""
        return self._introducer.planning(self._roster.guests(at), self.directory, self.memory, at)

    def _greeting(
        self, member_id: MemberId, arrived: datetime, desk: Desk, at: datetime, now_s: float
    ) -> Scenery:
        presenter = self._presenter(desk)
        chosen = self._chosen(member_id, at)
        earlier = self._earlier(member_id, presenter, at, now_s)
        stays_s = presenter.comfort(member_id).stays_s
        greeted = Greeted(member_id, chosen.introductions, now_s + stays_s)
        self._greetings = self._greetings.greet(greeted, now_s)
        seat, invitation = self._seats(at).offered(member_id, presenter)
        view = presenter.greeting(
            member_id,
            arrived,
            chosen.introductions,
            waiting=self._waiting(member_id, chosen, presenter, at),
            earlier=earlier,
            occasion=self._occasion(member_id, len(chosen.introductions), presenter, at),
            table=invitation,
        )
        view = replace(view, visitor_line=self._visitor_line(member_id, presenter, at))
        return Scenery(view, chosen.introductions, chosen.follows, seat)

    def _earlier(
        self, member_id: MemberId, presenter: Presenter, at: datetime, now_s: float
    ) -> list[GreetingSummary]:
        """Return the strips of those who were greeted just before and may still be reading.

        They stand on another member's greeting: only people who are in, not heads-down, named to members, and
        whom the other does not avoid are in them.
        """
        guests = self._roster.guests(at)
        reader = self.directory.members.get(member_id)

        def may_be_read(named: MemberId) -> bool:
            guest = guests.get(named)
            return is_named(guest) and (reader is None or not reader.avoids(guest.member))

        return [
            presenter.summary(before.member_id, [i for i in before.introductions if may_be_read(i.member_id)])
            for before in self._greetings.before(member_id, now_s)
            if may_be_read(before.member_id)
        ]

    def _occasion(self, member_id: MemberId, people: int, presenter: Presenter, at: datetime) -> Occasion:
        """Return what is said to somebody who has just come in on this day only."""
        visitor = self.directory.members.get(member_id)
        if visitor is None:
            return USUAL
        hosts = (guest for guest in self._roster.guests(at).values() if guest.member.host)
        found = (g.member.name for g in hosts if is_named(g) and not visitor.avoids(g.member))
        coming = coming_of(visitor, self._attendance, self.directory.past, at)
        words = presenter.words(presenter.language(member_id))
        return occasion_of(words, coming, host=next(found, ""), people=people)

    def _own_card(
        self, outcome: Outcome, member_id: MemberId, desk: Desk, at: datetime, now_s: float
    ) -> Scenery:
        presenter = self._presenter(desk)
        chosen = self._chosen(member_id, at)
        seat, invitation = self._seats(at).offered(member_id, presenter)
        view = presenter.own_card(
            member_id,
            desk.since(member_id, at) or at,
            at,
            chosen.introductions,
            waiting=self._waiting(member_id, chosen, presenter, at),
            leave_within_s=desk.leaves_within_s(now_s),
            undone=isinstance(outcome, LeaveUndone),
            table=invitation,
            answered=isinstance(outcome, SeatTaken | SeatGivenUp),
        )
        view = replace(view, visitor_line=self._visitor_line(member_id, presenter, at))
        return Scenery(view, chosen.introductions, chosen.follows, seat)

    def _visitor_line(self, member_id: MemberId, presenter: Presenter, at: datetime) -> str:
        language, visited = presenter.language(member_id), self._visited
        came = visitor_line(presenter, language, visited.came_for(member_id, at))
        return came or by_hand_line(presenter, language, visited.put_right(member_id, at))

    def _farewell(self, member_id: MemberId, left: datetime, desk: Desk) -> Scenery:
        """Return what somebody who leaves sees: they are asked about those they may still be told of."""
        day = self.hours.day_of(left)
        asked = questions_to(member_id, day, self.directory, self.memory)
        met = sum(member_id in two for two in self.memory.today(day).met)
        desk = desk.asking(asked)
        presenter = self._presenter(desk)
        view = farewell_of(presenter, member_id, left, desk.inquiry, desk.farewell_s(), met)
        return Scenery(view, questions=asked)

    def _chosen(self, member_id: MemberId, at: datetime) -> Chosen:
        visitor = self.directory.members.get(member_id)
        if visitor is None:
            return NOBODY
        guests = self._roster.guests(at)
        return self._introducer.introduce(visitor, guests, self.directory, self.memory, at)

    def _waiting(self, member_id: MemberId, chosen: Chosen, presenter: Presenter, at: datetime) -> Waiting:
        guests = self._roster.guests(at)
        mood = self._roster.mood(member_id, at)
        if chosen.introductions:
            return Waiting(len(guests), mood)
        words = presenter.words(presenter.language(member_id))
        day = self.hours.day_of(at)
        hour = plan_hour(self.directory.space, self.hours, day)
        others = (guest for guest in guests.values() if guest.member.id != member_id)
        return Waiting(
            len(guests),
            mood,
            later=presenter.time(words, hour) if chosen.later and at < hour else "",
            wanted=next(iter(looking_for(others, day, limit=1)), ""),
        )

    def _seats(self, at: datetime) -> Seats:
        return Seats(self.directory, self.memory, self._roster.guests(at), at)

    @property
    def speaker(self) -> Speaker:
        """Who is spoken to, and in which words."""
        return Speaker(self.directory, self._catalogues, self.hours)

    def _presenter(self, desk: Desk) -> Presenter:
        return Presenter(self.directory, self._catalogues, self.hours, desk.rules, self._own_page)
