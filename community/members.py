"""Who belongs to the space, and what each of them lets be seen.

Pure.  These facts travel in the hub's feed, so they are wire types too: a field may
be added with a default, never renamed or retyped (`tests/contract` holds the bytes).
"""

from datetime import date
from enum import Enum
from typing import Annotated

import msgspec

from community.ids import MemberId

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
