"""Who belongs to the space, and what each of them lets be seen.

Pure.  These facts travel in the hub's feed, so they are wire types too: a field may
be added with a default, never renamed or retyped (`tests/contract` holds the bytes).
"""

from datetime import date
from enum import Enum
from typing import Annotated

import msgspec

from community.ids import MemberId
from community.proofs import Level

LONGEST_ITEM = 120
"""Characters in one need, offer or interest: what can still be read in a glance at a card."""

LONGEST_NAME = 60
"""Characters in a name: the longest a greeting can hold in plain text at 80 columns."""


class Mood(Enum):
    """What a member is open to today: chosen at the tap, gone at check-out."""

    OPEN = "open"
    LOOKING = "looking"
    HELLO = "hello"
    HEADS_DOWN = "heads_down"
    """Never suggested, never announced."""


class Intent(Enum):
    """What a member said they are here for; nothing said is modest, not closed (`Member.open_to`)."""

    BUSINESS = "business"
    """Clients and partners are welcome."""
    ADVISE = "advise"
    """Glad to advise in their trade."""
    BE_ASKED = "be_asked"
    """Glad to be asked about what they wrote under "ask me about", and nothing else."""
    COMPANY = "company"
    """Just company: no business, please."""


class Visibility(msgspec.Struct, frozen=True):
    """To whom a member is named; everybody else sees only a count.

    The default is modest: hosts know who is in, nobody else is told until the
    member says so.
    """

    lobby: bool = False
    """Named on the kiosk's idle screen and the lobby screen."""
    members: bool = False
    """Named to other members who are present, in introductions above all."""
    hosts: bool = True
    """Named to hosts on the dashboard.  Hidden people are still counted there."""


class Comfort(msgspec.Struct, frozen=True):
    """How screens and sound suit a member: for their own greeting and card, and nobody else's."""

    large_text: bool = False
    """Everything in large letters, one person to meet at a time."""
    spoken: bool = False
    """Read aloud what is shown to them."""
    stays_s: Annotated[int, msgspec.Meta(ge=10, le=300)] = 25
    """Seconds until the lobby returns after their last key."""


class Member(msgspec.Struct, frozen=True):
    """One member as kiosk and hub know them."""

    id: MemberId
    name: str
    """The name they chose to be greeted by; at most `LONGEST_NAME` characters."""
    languages: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)] = ("fr",)
    """Two-letter codes, the preferred one first; never empty."""
    trade: str = ""
    company: str = ""
    """Empty for somebody who works alone: two empty companies are not the same one."""
    needs: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    interests: tuple[str, ...] = ()
    place: str = ""
    """Where they usually sit, in their own words; empty if they did not say."""
    visibility: Visibility = Visibility()
    introductions: bool = False
    """Whether they agreed to be suggested to others, and to have others suggested."""
    joined: date | None = None
    needs_until: tuple[date | None, ...] = ()
    """The last day of each need, in the order of `needs`; a missing one has no end."""
    ask_about: tuple[str, ...] = ()
    """What they know and like to be asked about."""
    intents: tuple[Intent, ...] = ()
    avoid: tuple[MemberId, ...] = ()
    """Whom they would rather not meet.  Private: it is never shown, to them or to anybody, and it holds
    both ways."""
    avoid_topics: tuple[str, ...] = ()
    """Words they do not want to be approached with: an item that holds one is never a reason."""
    comfort: Comfort = Comfort()
    host: bool = False
    """Whether they look after the place: their badge and PIN open the kiosk's own pages."""

    def open_needs(self, day: date) -> tuple[str, ...]:
        """Return the needs that still hold on `day`."""
        ends = (*self.needs_until, *(None for _ in self.needs))
        return tuple(
            need for need, until in zip(self.needs, ends, strict=False) if until is None or day <= until
        )

    def avoids(self, other: "Member") -> bool:
        """Say whether one of the two would rather not meet the other."""
        return other.id in self.avoid or self.id in other.avoid

    def open_to(self, intent: Intent) -> bool:
        """Say whether they are open to this.

        Who said nothing is open to business, as writing a need or an offer says, and to be asked about
        what they wrote for that purpose; nobody advises without having said so.
        """
        if not self.intents:
            return intent is Intent.BUSINESS or (intent is Intent.BE_ASKED and bool(self.ask_about))
        return intent in self.intents

    def is_named_in_lobby(self, mood: Mood | None) -> bool:
        """Say whether the lobby names them: they wished it, and are not heads-down today."""
        return self.visibility.lobby and mood is not Mood.HEADS_DOWN

    def is_quoted_in_lobby(self, mood: Mood | None) -> bool:
        """Say whether the lobby may say what they look for or offer: it names them, and they agreed."""
        return self.is_named_in_lobby(mood) and self.may_be_introduced

    @property
    def language(self) -> str:
        """The language to greet them in."""
        return self.languages[0]

    @property
    def may_be_introduced(self) -> bool:
        """Whether an introduction may name them: they agreed, and members may read their name."""
        return self.introductions and self.visibility.members


class Space(msgspec.Struct, frozen=True):
    """What a kiosk must know about the place it stands in."""

    name: str = "Foyer"
    timezone: str = "Europe/Paris"
    """An IANA name; the programs turn it into a `tzinfo`."""
    closing: str = "20:00"
    """Local time, HH:MM, at which presence ends by itself (marked as assumed)."""
    languages: tuple[str, str] = ("fr", "en")
    """The lobby's two languages, large and small."""
    plan_at: str = "11:30"
    """Local time, HH:MM, at which the plan of the day's introductions is completed; before it a tap
    commits only what is among the best both could hope for."""
    shown_a_day: Annotated[int, msgspec.Meta(ge=0, le=20)] = 3
    """How many introductions a person takes part in on one day, at most."""
    badge_level: Level = Level.UID
    """What every badge must show at least; a badge's own level may ask for more."""
    formal: bool = False
    """Whether people are addressed formally where a language has two ways ("vous")."""
    volume: Annotated[int, msgspec.Meta(ge=0, le=100)] = 60
    """How loud kiosks are, in percent; 0 is silent."""
    quiet_from: str = ""
    """Local time, HH:MM, from which kiosks are silent until `quiet_until`; empty for never."""
    quiet_until: str = ""
    address: str = ""
    """Where members' pages are reached from a phone ("https://foyer.example.org"); empty for nowhere."""
