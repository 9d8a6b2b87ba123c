"""Guests: whom they come to see, typed at the lobby, and how a member hears that somebody came.

Pure.  Nobody is ever listed or confirmed: what a guest reads is the same for a member who is in, one who is
not, one who is hidden, and for nobody at all.  A member hears of a guest at their own next tap, never in the
lobby, and never by the guest's name.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from community.clock import Hours, at_of
from community.events import CardOpened, CheckedIn, CheckedOut, Event, GuestCame, VisitCorrected
from community.guests import LONGEST_WORDS
from community.ids import MemberId
from community.members import Member
from community.names import folded
from kiosk.core.asking import keyboard
from kiosk.core.keys import CANCEL_KEY, DONE_KEY, ERASE_KEY, GUEST_KEY
from kiosk.core.pieces import Choice
from kiosk.core.sentences import Words
from kiosk.core.speaker import Speaker
from kiosk.core.views import GuestNotice, Typing

HOUR_S = 3_600.0


@dataclass(frozen=True, slots=True)
class Asking:
    """What a guest is typing."""

    whom: str = field(default="", repr=False)
    """Whom they come to see, once that is typed."""
    typed: str = field(default="", repr=False)

    @property
    def asks_whom(self) -> bool:
        """Whether it is asked whom they come to see, and not who they are."""
        return not self.whom


@dataclass(frozen=True, slots=True)
class Named:
    """A guest has typed all there is to type."""

    whom: str = field(repr=False)
    name: str = field(repr=False)
    """Empty if they did not say who they are."""


@dataclass(frozen=True, slots=True)
class Gone:
    """A guest does not want to type after all."""


def press(asking: Asking, key: str) -> Asking | Named | Gone:
    """Return what a key makes of what is typed; the same if nothing."""
    if key == CANCEL_KEY:
        return Gone()
    if key == ERASE_KEY:
        return replace(asking, typed=asking.typed[:-1])
    if key == DONE_KEY:
        typed = asking.typed.strip()
        if asking.asks_whom:
            return Asking(whom=typed) if folded(typed) else asking
        return Named(asking.whom, typed)
    # what is typed must stay in one line, whatever a keyboard can send
    fits = len(key) == 1 and (key.isalnum() or key in " -'’.") and len(asking.typed) < LONGEST_WORDS
    return replace(asking, typed=asking.typed + key) if fits else asking


def visited(typed: str, everybody: Iterable[Member]) -> MemberId | None:
    """Return the one member whose name, or first name, was typed; accents and capitals do not count.

    Returns:
        `None` for nobody, and for a name that several have: a host reads what was typed.
    """
    wanted = folded(typed)
    if not wanted:
        return None
    members = tuple(everybody)
    for theirs in (
        [member.id for member in members if folded(member.name) == wanted],
        [member.id for member in members if folded((member.name.split() or [""])[0]) == wanted],
    ):
        if theirs:
            return theirs[0] if len(theirs) == 1 else None
    return None


@dataclass(frozen=True, slots=True)
class Throttle:
    """How many guests were noted in the last hour: more than a few is somebody playing."""

    most: int
    noted_s: tuple[float, ...] = ()
    """When, monotonic seconds, oldest first."""

    def note(self, now_s: float) -> "Throttle | None":
        """Return the throttle with one guest more; `None` if there were too many."""
        lately = tuple(at_s for at_s in self.noted_s if now_s - at_s < HOUR_S)
        return None if len(lately) >= self.most else replace(self, noted_s=(*lately, now_s))


class Visited:
    """Who is to hear that somebody came for them, or that a host put their visit right.

    A fold over the log.  Lives as long as the room.
    """

    def __init__(self, hours: Hours) -> None:
        self._hours = hours
        self._came: dict[MemberId, datetime] = {}
        self._telling: dict[MemberId, datetime] = {}
        self._by_hand: dict[MemberId, VisitCorrected] = {}
        self._telling_by_hand: dict[MemberId, VisitCorrected] = {}

    def add(self, at: datetime, event: Event) -> None:
        """Fold one event (aware, UTC)."""
        match event:
            case GuestCame(member=member) if member is not None:
                self._came[member] = at
            case CheckedIn(member=member) | CardOpened(member=member):
                self._telling.pop(member, None)
                self._telling_by_hand.pop(member, None)
                if member in self._came:
                    self._telling[member] = self._came.pop(member)
                if member in self._by_hand:
                    self._telling_by_hand[member] = self._by_hand.pop(member)
            case VisitCorrected(member=member):
                self._by_hand[member] = event
            case CheckedOut(member=member):
                self._telling.pop(member, None)
                self._telling_by_hand.pop(member, None)
            case _:
                pass

    def came_for(self, member: MemberId, at: datetime) -> datetime | None:
        """Return when somebody came for a member who has just tapped; `None` for nobody, or not today."""
        came = self._telling.get(member)
        return came if came is not None and self._hours.day_of(came) == self._hours.day_of(at) else None

    def put_right(self, member: MemberId, at: datetime) -> VisitCorrected | None:
        """Return what a host put right of a member's visit, for who has just tapped; today's only."""
        said = self._telling_by_hand.get(member)
        if said is None or self._hours.day_of(at_of(said.arrived_us)) != self._hours.day_of(at):
            return None
        return said


def guest_choice(words: Words) -> Choice:
    """Return the way in for guests."""
    return Choice(GUEST_KEY, words.gettext("I am here to see someone"))


def asking_of(speaker: Speaker, asking: Asking) -> Typing:
    """Return what is on the screen while a guest types."""
    words, second = speaker.both()
    return Typing(
        headline=_headline(words, asking),
        headline_secondary=_headline(second, asking),
        line=_line(words, asking),
        line_secondary=_line(second, asking),
        typed=asking.typed,
        rows=keyboard(words),
    )


def noted(speaker: Speaker) -> GuestNotice:
    """Return what every guest reads, whoever it is they come to see."""
    words, second = speaker.both()
    return GuestNotice(
        headline=words.gettext("Noted, welcome"),
        headline_secondary=second.gettext("Noted, welcome"),
        lines=_noted_lines(words),
        lines_secondary=_noted_lines(second),
    )


def too_many(speaker: Speaker) -> GuestNotice:
    """Return what guests read while too many were noted."""
    words, second = speaker.both()
    return GuestNotice(
        headline=words.gettext("Please go to the reception"),
        headline_secondary=second.gettext("Please go to the reception"),
        lines=(words.gettext("Nobody can be called from here just now."),),
        lines_secondary=(second.gettext("Nobody can be called from here just now."),),
    )


def visitor_line(speaker: Speaker, language: str, came: datetime | None) -> str:
    """Return how a member hears that somebody came for them; empty for nobody."""
    if came is None:
        return ""
    words = speaker.words(language)
    return words.gettext("Someone has been here for you since {time}.").format(time=speaker.time(words, came))


def by_hand_line(speaker: Speaker, language: str, said: VisitCorrected | None) -> str:
    """Return how a member hears that a host noted when they came or left; empty for nothing."""
    if said is None:
        return ""
    words = speaker.words(language)
    came = speaker.time(words, at_of(said.arrived_us))
    if not said.left_us:
        return words.gettext("A host noted your arrival: {time}.").format(time=came)
    left = speaker.time(words, at_of(said.left_us))
    return words.gettext("A host noted your visit: {came} to {left}.").format(came=came, left=left)


def _noted_lines(words: Words) -> tuple[str, ...]:
    return (
        words.gettext("Please take a seat: someone will come for you."),
        words.gettext("If nobody does, please ask at the reception."),
    )


def _headline(words: Words, asking: Asking) -> str:
    return (
        words.gettext("Whom do you come to see?") if asking.asks_whom else words.gettext("And who are you?")
    )


def _line(words: Words, asking: Asking) -> str:
    if asking.asks_whom:
        return words.gettext("Their first name is enough.")
    return words.gettext("Your first name, for the hosts and for today only; or just OK.")
