"""What views are made of: people, reasons, choices, as data (see `kiosk.core.views`).

Pure.
"""

from dataclasses import dataclass
from enum import Enum

TINTS = 7
"""How many personal tints there are.  A tint is an index, 0 to 6, and stays a person's own everywhere."""


CARDS_AT_MOST = 3
"""Cards on one greeting: more than three people to meet is a list, and nobody meets a list."""


class Attention(Enum):
    """What the lobby is like, where the door feels who stands before it."""

    USUAL = "usual"
    """As it is where nothing feels anybody."""
    AWAKE = "awake"
    """Somebody is near: the invitation is large."""
    ASLEEP = "asleep"
    """Nobody has been near for a while: dimmed, never dark."""


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a sentence; `strong` marks the words that matter ("traduction")."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """A person, small: a tinted disc with an initial, and the name they chose."""

    name: str
    initial: str
    """One letter (see `kiosk.core.initials.initial_of`)."""
    tint: int
    """0 to `TINTS` - 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One person to meet, and why."""

    name: str
    initial: str
    tint: int
    """0 to `TINTS` - 1, the same as on this person's `Chip`."""
    trade: str
    """What they do, in two or three words; empty if they did not say."""
    slot_label: str
    """Which of the three kinds of introduction this is: "Client ou partenaire", "Conseil", "Voisinage"."""
    reason: tuple[Span, ...]
    """One sentence.  Joined, the spans are the whole text, spaces included."""
    brief: tuple[Span, ...] = ()
    """The same in fewer words, for a card too small for `reason`; empty if there is no shorter way."""
    for_them: tuple[Span, ...] = ()
    """A short sentence to follow `reason` where there is room: what meeting is good for on their side."""
    place: str | None = None
    """Where to find them, in their own words; `None` if they did not say."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few things to choose: a mood of the day, or an answer."""

    key: str
    """One of `MOOD_KEYS` or `ANSWER_KEYS`; a touch on the choice sends the same key."""
    label: str
    chosen: bool = False
    sign: str = ""
    """Shown in the place of the key: which button at the door chooses it; empty where there are none."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """A seat at a table, offered to whoever reads this, or taken by them."""

    line: str
    """"Café à 10 h 30, près de la fenêtre : Amina, Jules et toi auriez des choses à vous dire."."""
    label: str
    """What `TABLE_KEY` does, on a button: "Je viens"."""
    how: str = ""
    """How to say it with the badge alone; empty where another line of the view says so."""
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class TableNotice:
    """A table that is announced to everybody."""

    line: str
    """"Café à 10 h 30, près de la fenêtre"."""
    line_secondary: str
    who: str
    """Who is expected, as far as they are named in the lobby, or what to do."""
    who_secondary: str = ""


@dataclass(frozen=True, slots=True)
class MomentLine:
    """Something of today that anybody may come to, from the space's calendar."""

    at: str
    """When it starts, as clocks here show it: "12:30"; "toute la journée" where it lasts all day."""
    title: str
    """In the calendar's own words."""
    place: str = ""
    """Empty if the calendar does not say."""
    now: bool = False
    """Whether it is going on."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A quiet bar at the foot of the lobby: something is slow, and nothing is lost."""

    line: str
    line_secondary: str = ""


@dataclass(frozen=True, slots=True)
class Constellation:
    """The community as stars and lines: no names, safe on a public screen.

    A star is a member, by tint; a line is a meeting, as two indices into
    `stars`.  The order of `stars` must be stable from one lobby to the next,
    or the sky jumps.
    """

    stars: tuple[int, ...]
    links: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class HostRow:
    """One line of a host's page: a person of the roll call, or a fact about the kiosk."""

    title: str
    detail: str = ""
    key: str = ""
    """What chooses it, by key and by touch; empty for nothing."""
    done: bool = False
    """Whether it is ticked."""
    wrong: bool = False
    """Whether something about it is not as it should be."""
