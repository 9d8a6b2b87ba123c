"""Where a host stands in the kiosk's own pages, and what each key does there.

Pure.  State in, state or deed out: the caller does what a deed says, then asks for the page to show.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

from community.badges import BadgeHash
from community.ids import MemberId
from community.members import Member
from community.names import folded
from kiosk.core.keys import BACK_KEY, CANCEL_KEY, DONE_KEY, ERASE_KEY, NEXT_KEY

LISTED = 8
"""People, or facts, on one page: two columns of four, each as high as a finger, at 80x25."""

MATCHES = 4
"""Names offered while one is typed: one row of keys to touch."""

FEWEST_LETTERS = 2
"""Letters below which nobody is listed: who looks over a shoulder learns little."""

LONGEST_TYPED = 60

STEP = 10
"""Percent by which a key changes the volume."""


@dataclass(frozen=True, slots=True)
class Menu:
    """What there is to do."""


@dataclass(frozen=True, slots=True)
class LayBadge:
    """A new badge is to be laid on the reader."""


@dataclass(frozen=True, slots=True)
class Search:
    """Whose the badge will be is typed."""

    badge: BadgeHash
    typed: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Sure:
    """Whether to link the badge is asked once more."""

    badge: BadgeHash
    member: MemberId


@dataclass(frozen=True, slots=True)
class Noted:
    """That the badge is to be linked was written down."""

    badge: BadgeHash
    member: MemberId


@dataclass(frozen=True, slots=True)
class RollCall:
    """Everybody who is in."""

    page: int = 0


@dataclass(frozen=True, slots=True)
class State:
    """How the kiosk does."""


@dataclass(frozen=True, slots=True)
class Volume:
    """How loud the kiosk is."""


@dataclass(frozen=True, slots=True)
class Restart:
    """Whether the program is to begin anew."""


Page = Menu | LayBadge | Search | Sure | Noted | RollCall | State | Volume | Restart
"""Where the host is."""


@dataclass(frozen=True, slots=True)
class Closed:
    """The host is done."""


@dataclass(frozen=True, slots=True)
class LinkWanted:
    """The badge is to be linked to the member."""

    badge: BadgeHash
    member: MemberId


@dataclass(frozen=True, slots=True)
class RollWanted:
    """The roll call is to be read anew, written down as opened, and shown."""


@dataclass(frozen=True, slots=True)
class Marked:
    """Somebody was seen outside, or was not after all."""

    member: MemberId


@dataclass(frozen=True, slots=True)
class VolumeWanted:
    """The kiosk is to be louder or softer by so many percent; `None` for as loud as the space says."""

    by: int | None


@dataclass(frozen=True, slots=True)
class LanguagesWanted:
    """The lobby's two languages are to change places."""


@dataclass(frozen=True, slots=True)
class RestartWanted:
    """The program is to begin anew."""


Deed = Closed | LinkWanted | RollWanted | Marked | VolumeWanted | LanguagesWanted | RestartWanted
"""What a key asked for."""

LINK_KEY, ROLL_KEY, STATE_KEY, VOLUME_KEY, LANGUAGES_KEY, RESTART_KEY = "1", "2", "3", "4", "5", "6"
"""The keys of the menu, in the order in which they are shown."""

YES_KEY = "1"
"""Says yes where something is asked once more."""

SOFTER_KEY, LOUDER_KEY, USUAL_KEY = "1", "2", "3"

BACK = frozenset({BACK_KEY, CANCEL_KEY})
NEXT = frozenset({NEXT_KEY, "right", "pagedown", "down"})
BEFORE = frozenset({"left", "pageup", "up"})


def press(page: Page, key: str, listed: Sequence[MemberId] = (), *, pages: int = 1) -> Page | Deed:  # noqa: C901, PLR0912 - one case a page, closed by assert_never
    """Return where a key leads, or what it asks for; the same page if it means nothing there.

    Args:
        page: Where the host is.
        key: What was pressed or touched.
        listed: Who is listed on the page, in the order of the digits that choose them.
        pages: How many pages the roll call has, 1 or more.
    """
    match page:
        case Menu():
            return _from_menu(page, key)
        case Search():
            return _search(page, key, listed)
        case Sure(badge=badge, member=member):
            if key == YES_KEY:
                return LinkWanted(badge, member)
            return Search(badge) if key in BACK else page
        case Restart():
            if key == YES_KEY:
                return RestartWanted()
        case RollCall(page=number):
            if key in NEXT or key in BEFORE:
                return RollCall((number + (1 if key in NEXT else -1)) % pages)
            chosen = _chosen(key, listed)
            if chosen is not None:
                return Marked(chosen)
        case Volume():
            steps = {SOFTER_KEY: -STEP, LOUDER_KEY: STEP, USUAL_KEY: None}
            if key in steps:
                return VolumeWanted(steps[key])
        case Noted():
            if key == LINK_KEY:
                return LayBadge()
        case LayBadge() | State():
            pass
        case _:
            assert_never(page)
    return Menu() if key in BACK else page


def laid(page: Page, badge: BadgeHash) -> Page | None:
    """Return where a new badge on the reader leads; `None` where none is waited for."""
    match page:
        case LayBadge() | Search() | Sure() | Noted():
            return Search(badge)
        case Menu() | RollCall() | State() | Volume() | Restart():
            return None
        case _:
            assert_never(page)


def found(typed: str, everybody: Iterable[Member]) -> tuple[Member, ...]:
    """Return whose name has a word that begins with what was typed, by name; at most `MATCHES`.

    Whoever is hidden from hosts is not found: they are named in the roll call alone.
    """
    wanted = folded(typed)
    if len(wanted) < FEWEST_LETTERS:
        return ()
    fitting = [member for member in everybody if member.visibility.hosts and _begins(member.name, wanted)]
    return tuple(sorted(fitting, key=lambda member: (folded(member.name), member.id))[:MATCHES])


def _begins(name: str, wanted: str) -> bool:
    words = name.replace("-", " ").replace("’", " ").replace("'", " ").split()
    return any(folded(" ".join(words[i:])).startswith(wanted) for i in range(len(words)))


def _from_menu(page: Menu, key: str) -> Page | Deed:
    if key in BACK:
        return Closed()
    there: dict[str, Page | Deed] = {
        LINK_KEY: LayBadge(),
        ROLL_KEY: RollWanted(),
        STATE_KEY: State(),
        VOLUME_KEY: Volume(),
        LANGUAGES_KEY: LanguagesWanted(),
        RESTART_KEY: Restart(),
    }
    return there.get(key, page)


def _search(page: Search, key: str, listed: Sequence[MemberId]) -> Page:
    if key == CANCEL_KEY:
        return Menu()
    if key == ERASE_KEY:
        return replace(page, typed=page.typed[:-1])
    chosen = listed[0] if key == DONE_KEY and len(listed) == 1 else _chosen(key, listed)
    if chosen is not None:
        return Sure(page.badge, chosen)
    letter = len(key) == 1 and (key.isalpha() or key in " -'’.")
    return replace(page, typed=page.typed + key) if letter and len(page.typed) < LONGEST_TYPED else page


def _chosen(key: str, listed: Sequence[MemberId]) -> MemberId | None:
    if len(key) != 1 or key not in "123456789":
        return None
    place = int(key) - 1
    return listed[place] if place < len(listed) else None
