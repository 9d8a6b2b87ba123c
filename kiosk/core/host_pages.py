"""What a host sees in the kiosk's own pages: one view for each place they can be.

Pure.  In the host's own language, and of people no more than the place needs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from community.badges import short_code
from community.ids import KioskId, MemberId
from community.members import Member
from kiosk.core.host import (
    FEWEST_LETTERS,
    LANGUAGES_KEY,
    LINK_KEY,
    LISTED,
    LOUDER_KEY,
    RESTART_KEY,
    ROLL_KEY,
    SOFTER_KEY,
    STATE_KEY,
    USUAL_KEY,
    VOLUME_KEY,
    YES_KEY,
    LayBadge,
    Menu,
    Noted,
    Page,
    Restart,
    RollCall,
    Search,
    State,
    Sure,
    Volume,
    found,
)
from kiosk.core.host_roll import Inside
from kiosk.core.host_state import Facts, state_rows
from kiosk.core.keys import BACK_KEY, CANCEL_KEY, ERASE_KEY, NEXT_KEY, SPACE_KEY
from kiosk.core.languages import language_name
from kiosk.core.pieces import Choice, HostRow
from kiosk.core.sentences import Words
from kiosk.core.speaker import Speaker
from kiosk.core.views import HostPage, Typing, View

STAYS_S = 60.0
"""Seconds after the last key until the lobby returns: names of members stand here."""

LETTERS = ("ABCDEFGHI", "JKLMNOPQR", "STUVWXYZ-")


@dataclass(frozen=True, slots=True)
class Around:
    """What the pages are made from."""

    speaker: Speaker
    host: MemberId
    facts: Facts
    may_restart: bool = False
    """Whether something starts the program again when it ends."""
    own_volume: bool = False
    """Whether this kiosk is louder or softer than the space says."""
    inside: tuple[Inside, ...] = ()
    seen: frozenset[MemberId] = frozenset()
    """Whom the host has seen outside."""

    @property
    def words(self) -> Words:
        """The host's."""
        return self.speaker.words(self.speaker.language(self.host))

    @property
    def pages(self) -> int:
        """Of the roll call, 1 or more."""
        return max(1, -(-len(self.inside) // LISTED))


def listed(page: Page, around: Around) -> tuple[MemberId, ...]:
    """Return whom the digits choose on a page."""
    match page:
        case Search(typed=typed):
            return tuple(member.id for member in _found(typed, around))
        case RollCall(page=number):
            return tuple(one.member for one in _on(number, around))
        case _:
            return ()


def view_of(page: Page, around: Around) -> View:
    """Return what is on the screen."""
    words = around.words
    match page:
        case Menu():
            return _menu(around)
        case LayBadge():
            return _page(
                around,
                words.gettext("Link a badge"),
                words.gettext("Lay the new badge on the reader and leave it there for a moment."),
                choices=(_back(words),),
            )
        case Search():
            return _search(page, around)
        case Sure(badge=badge, member=member):
            line = words.gettext("Badge {code} will greet {name}. Is that right?")
            return _page(
                around,
                words.gettext("Link a badge"),
                line.format(code=short_code(badge), name=around.speaker.name(member)),
                choices=(Choice(YES_KEY, words.gettext("Yes, link it")), _back(words, words.gettext("No"))),
            )
        case Noted(badge=badge, member=member):
            return _noted(page, around)
        case RollCall(page=number):
            return _roll_call(number, around)
        case State():
            return _page(
                around,
                words.gettext("State of the kiosk"),
                rows=state_rows(words, around.speaker, around.facts),
                choices=(_back(words),),
            )
        case Volume():
            return _volume(around)
        case Restart():
            return _page(
                around,
                words.gettext("Restart"),
                words.gettext("The program starts again; that takes a few seconds. Nothing is lost."),
                choices=(Choice(YES_KEY, words.gettext("Yes, restart")), _back(words, words.gettext("No"))),
            )
        case _:
            assert_never(page)


def _menu(around: Around) -> HostPage:
    words = around.words
    first, second = around.speaker.space.languages
    languages = words.gettext("Lobby: {first} first")
    choices = [
        Choice(LINK_KEY, words.gettext("Link a badge")),
        Choice(ROLL_KEY, words.gettext("Roll call")),
        Choice(STATE_KEY, words.gettext("State of the kiosk")),
        Choice(VOLUME_KEY, words.gettext("Volume")),
    ]
    if first != second:
        label = languages.format(first=language_name(words, second) or second)
        choices.append(Choice(LANGUAGES_KEY, label))
    if around.may_restart:
        choices.append(Choice(RESTART_KEY, words.gettext("Restart")))
    choices.append(_back(words, words.gettext("Done")))
    return _page(around, words.gettext("Host’s pages"), choices=tuple(choices))


def _search(page: Search, around: Around) -> Typing:
    words = around.words
    people = _found(page.typed, around)
    if people:
        line = words.gettext("Whose badge is it? Touch the name, or press its number.")
    elif len(page.typed) < FEWEST_LETTERS:
        line = words.gettext("Type the first letters of the name.")
    else:
        line = words.gettext("Nobody is called so. New members are added on the dashboard.")
    names = tuple(Choice(str(n), f"{n}  {label}") for n, label in enumerate(_labels(people), 1))
    acts = (
        Choice(CANCEL_KEY, words.gettext("Cancel")),
        Choice(SPACE_KEY, words.gettext("Space")),
        Choice(ERASE_KEY, words.gettext("Erase")),
    )
    letters = tuple(tuple(Choice(letter.lower(), letter) for letter in row) for row in LETTERS)
    return Typing(
        headline=words.gettext("Badge {code}").format(code=short_code(page.badge)),
        line=line,
        typed=page.typed,
        rows=(*([names] if names else []), *letters, acts),
        shown_for_s=STAYS_S,
    )


def _noted(page: Noted, around: Around) -> HostPage:
    words = around.words
    name, code = around.speaker.name(page.member), short_code(page.badge)
    if around.facts.hub_reachable:
        line = words.gettext("In a moment, badge {code} greets {name}: try it.")
    else:
        line = words.gettext("Noted. Badge {code} greets {name} once the hub has been reached.")
    return _page(
        around,
        words.gettext("Noted"),
        line.format(code=code, name=name),
        choices=(Choice(LINK_KEY, words.gettext("Another badge")), _back(words)),
    )


def _roll_call(number: int, around: Around) -> HostPage:
    words, speaker = around.words, around.speaker
    count, seen = len(around.inside), sum(one.member in around.seen for one in around.inside)
    line = words.ngettext("{count} person in", "{count} people in", count).format(count=count)
    line += " · " + words.ngettext("{count} seen outside", "{count} seen outside", seen).format(count=seen)
    if not around.facts.hub_reachable:
        line += " · " + words.gettext("without network: other doors as last heard")
    rows = tuple(
        HostRow(
            speaker.name(one.member) or words.gettext("Name no longer known here"),
            _whereabouts(words, speaker, one),
            key=str(n),
            done=one.member in around.seen,
            wrong=not one.certain,
        )
        for n, one in enumerate(_on(number, around), 1)
    )
    choices = [_back(words)]
    if around.pages > 1:
        label = words.gettext("Next page ({page} of {pages})")
        choices.insert(0, Choice(NEXT_KEY, label.format(page=number + 1, pages=around.pages)))
    return _page(around, words.gettext("Roll call"), line, rows=rows, choices=tuple(choices))


def _whereabouts(words: Words, speaker: Speaker, one: Inside) -> str:
    since = words.gettext("since {time}").format(time=speaker.time(words, one.since))
    parts = [since if one.door is None else f"{since}, {_door(words, one.door)}"]
    if one.seen is not None and one.seen_at is not None:
        line = words.gettext("seen {time}").format(time=speaker.time(words, one.seen))
        parts.append(line if one.seen_at == one.door else f"{line}, {_door(words, one.seen_at)}")
    if not one.certain:
        parts.append(words.gettext("time not certain"))
    return " · ".join(parts)


def _door(words: Words, door: KioskId) -> str:
    return door or words.gettext("this door")


def _volume(around: Around) -> HostPage:
    words, volume = around.words, around.speaker.space.volume
    line = words.gettext("{percent} %").format(percent=volume) if volume else words.gettext("Silent")
    if around.own_volume:
        line += " · " + words.gettext("set on this kiosk")
    choices = [
        Choice(SOFTER_KEY, words.gettext("Softer")),
        Choice(LOUDER_KEY, words.gettext("Louder")),
        Choice(USUAL_KEY, words.gettext("As everywhere here")),
        _back(words),
    ]
    return _page(around, words.gettext("Volume"), line, choices=tuple(choices))


def _page(
    around: Around,
    headline: str,
    line: str = "",
    *,
    rows: tuple[HostRow, ...] = (),
    choices: tuple[Choice, ...] = (),
) -> HostPage:
    language = around.speaker.language(around.host)
    return HostPage(
        headline=headline, line=line, rows=rows, choices=choices, language=language, shown_for_s=STAYS_S
    )


def _back(words: Words, label: str = "") -> Choice:
    return Choice(BACK_KEY, label or words.gettext("Back"))


def _on(number: int, around: Around) -> tuple[Inside, ...]:
    return around.inside[number * LISTED : (number + 1) * LISTED]


def _found(typed: str, around: Around) -> tuple[Member, ...]:
    return found(typed, around.speaker.directory.members.values())


def _labels(people: Sequence[Member]) -> list[str]:
    """Return names; of two that are the same, with what tells them apart as far as anything does."""
    names = [member.name for member in people]
    return [
        f"{member.name} ({member.company or member.trade or member.id})"
        if names.count(member.name) > 1
        else member.name
        for member in people
    ]
