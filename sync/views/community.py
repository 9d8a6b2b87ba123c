"""Who met whom, as hosts may see it: a picture of dots and lines, and the same as rows.

Only what was said in the open, by two badges or by a host; what one of the two said on leaving is theirs.
Whoever hides from hosts is a dot without a name, and nothing they said of themselves (company, language)
decides what is shown: a filter looks at named people only, and their lines.  Who met nobody is not drawn.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from community.ids import MemberId
from community.introductions.pairing import Pair
from community.members import Member
from community.names import words_of
from community.together.life import Meeting
from sync.views.people import Known

ROWS_AT_MOST = 40
"""Rows of one page."""

NAMES_AT_MOST = 1_000
"""Names in all rows of one page, unless its first row has more: the page stays light."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a host wishes to see; the default is everything."""

    days: int | None = None
    """Ties of so many days, today included; `None` for all."""
    company: str = ""
    """As it stands in `choices`; empty for all."""
    language: str = ""
    """Two letters; empty for all."""


@dataclass(frozen=True, slots=True)
class Dot:
    """One person in the picture."""

    member_id: MemberId | None
    """`None` for somebody who is not named."""
    name: str
    """Empty for the same."""
    host: bool = False
    """Looks after the place; never said of somebody who is not named."""

    @property
    def is_named(self) -> bool:
        """Whether hosts may know who it is."""
        return self.member_id is not None


@dataclass(frozen=True, slots=True)
class Map:
    """The picture.  A dot is known by its place in this answer only."""

    dots: tuple[Dot, ...]
    links: tuple[tuple[int, int], ...]
    """Places of two dots, each pair once."""


@dataclass(frozen=True, slots=True)
class Row:
    """What a dot says, in words."""

    dot: Dot
    met: tuple[Dot, ...]
    """Named people, by name."""
    others: int
    """How many more they met, who are not named."""

    @property
    def count(self) -> int:
        """How many they met."""
        return len(self.met) + self.others


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be wished for: what named people say of themselves."""

    companies: tuple[str, ...]
    languages: tuple[str, ...]


def open_ties(meetings: Iterable[Meeting], older: Mapping[Pair, date]) -> Mapping[Pair, date]:
    """Return who met whom in the open, and on which day last."""
    ties = dict(older)
    for meeting in meetings:
        if meeting.is_open:
            ties[meeting.pair] = max(meeting.day, ties.get(meeting.pair, meeting.day))
    return ties


def choices(known: Known) -> Choices:
    """Return what can be wished for, in the order of the alphabet; names that differ in case only are one."""
    named = [member for member in known.values() if member.visibility.hosts]
    companies = {_folded(member.company): member.company for member in named if member.company.strip()}
    languages = {language for member in named for language in member.languages}
    return Choices(tuple(companies[key] for key in sorted(companies)), tuple(sorted(languages)))


def map_of(
    ties: Mapping[Pair, date], known: Known, wish: Wish, day: date, shuffle: Callable[[list[MemberId]], None]
) -> Map:
    """Return the picture.

    Args:
        ties: Who met whom, and when last.
        known: The directory; who is not in it, is not shown.
        wish: What to show.
        day: Today.
        shuffle: Puts people into an order that says nothing of them.
    """
    shown = [two for two, met in ties.items() if _is_shown(two, met, known, wish, day)]
    people = sorted({who for two in shown for who in two})
    shuffle(people)
    places = {who: place for place, who in enumerate(people)}
    links = sorted((min(places[one], places[other]), max(places[one], places[other])) for one, other in shown)
    return Map(tuple(_dot(known[who]) for who in people), tuple(links))


def rows_of(shown: Map) -> tuple[Row, ...]:
    """Return the same in words: named people by name, then the others, those who met most first."""
    around: dict[int, list[Dot]] = defaultdict(list)
    for one, other in shown.links:
        around[one].append(shown.dots[other])
        around[other].append(shown.dots[one])
    rows = []
    for place, dot in enumerate(shown.dots):
        named = sorted((other for other in around[place] if other.is_named), key=_by_name)
        rows.append(Row(dot, tuple(named), len(around[place]) - len(named)))
    named_rows = sorted((row for row in rows if row.dot.is_named), key=lambda row: _by_name(row.dot))
    # by what they show: an order of ids would be the same in two answers
    hidden = [row for row in rows if not row.dot.is_named]
    hidden.sort(key=lambda row: (-row.count, [each.name for each in row.met]))
    return (*named_rows, *hidden)


def found(rows: Iterable[Row], typed: str) -> tuple[Row, ...]:
    """Return the rows of people whose name has every word that was typed, or begins with it."""
    wanted = words_of(typed)
    return tuple(row for row in rows if all(_has(words_of(row.dot.name), word) for word in wanted))


def pages_of(rows: Iterable[Row]) -> tuple[tuple[Row, ...], ...]:
    """Return the rows in pages that stay light; one empty page if there are none."""
    pages: list[list[Row]] = [[]]
    names = 0
    for row in rows:
        if pages[-1] and (len(pages[-1]) == ROWS_AT_MOST or names + len(row.met) > NAMES_AT_MOST):
            pages.append([])
            names = 0
        pages[-1].append(row)
        names += len(row.met)
    return tuple(tuple(page) for page in pages)


def _is_shown(two: Pair, met: date, known: Known, wish: Wish, day: date) -> bool:
    if wish.days is not None and met <= day - timedelta(days=wish.days):
        return False
    both = [known[who] for who in two if who in known]
    wished = wish.company or wish.language
    return len(both) == len(two) and (not wished or any(_fits(member, wish) for member in both))


def _fits(member: Member, wish: Wish) -> bool:
    return (
        member.visibility.hosts
        and (not wish.company or _folded(member.company) == _folded(wish.company))
        and (not wish.language or wish.language in member.languages)
    )


def _dot(member: Member) -> Dot:
    if not member.visibility.hosts:
        return Dot(None, "")
    return Dot(member.id, member.name, member.host)


def _by_name(dot: Dot) -> tuple[Sequence[str], str]:
    return words_of(dot.name), dot.member_id or ""


def _has(words: Iterable[str], wanted: str) -> bool:
    return any(word.startswith(wanted) for word in words)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
