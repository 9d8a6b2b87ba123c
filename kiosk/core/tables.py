"""Coffee and lunch tables, as they are announced and offered.

Pure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from community.ids import MemberId
from community.introductions.tables import Occasion, Table
from kiosk.core.pieces import Invitation, TableNotice
from kiosk.core.sentences import Words
from kiosk.core.speaker import Speaker

LATEST = timedelta(minutes=10)
"""After its beginning a table is still announced for this long: somebody is always late."""

ANNOUNCED = 2
"""Tables on the lobby, at most."""


@dataclass(frozen=True, slots=True)
class Gathering:
    """A table, with what was said of it at this door too."""

    table: Table
    coming: tuple[MemberId, ...]
    """Who said yes, in the order of the invitation."""

    def invites(self, member_id: MemberId) -> bool:
        """Say whether somebody is invited to it."""
        return member_id in self.table.invited


def gathering_of(table: Table, said: Mapping[MemberId, bool]) -> Gathering:
    """Return a table with what the hub and this door heard; what was said here counts, it is the newer."""
    return Gathering(table, table.coming_of(said, table.coming))


def still_to_come(tables: Iterable[Table], now: datetime) -> tuple[Table, ...]:
    """Return the tables of the next hours that can still be joined, the next one first."""
    open_ones = (t for t in tables if now < t.at + LATEST and t.at < now + timedelta(hours=14))
    return tuple(sorted(open_ones, key=lambda table: (table.at, table.id)))


def notice_of(speaker: Speaker, gathering: Gathering, named: Sequence[str]) -> TableNotice:
    """Return a table as the lobby announces it.

    Args:
        speaker: For its words.
        gathering: The table.
        named: Names of those who are coming and whom the lobby may name.
    """
    words, second = speaker.both()
    others = len(gathering.coming) - len(named)
    return TableNotice(
        line=title_of(speaker, words, gathering.table),
        line_secondary=title_of(speaker, second, gathering.table),
        who=_expected(words, named, others),
        who_secondary=_expected(second, named, others),
    )


def invitation_of(
    speaker: Speaker, words: Words, gathering: Gathering, member_id: MemberId, named: Sequence[str]
) -> Invitation:
    """Return a table as it is offered to somebody who is invited, or has said yes.

    Args:
        speaker: For its time zone.
        words: The reader's.
        gathering: The table.
        member_id: The reader.
        named: Names of the others whom the reader may be told of: all who are invited, or those who
            are coming once the reader is.
    """
    title = title_of(speaker, words, gathering.table)
    if member_id in gathering.coming:
        said = (
            words.gettext("{table}: you are expected, with {names}.")
            if named
            else words.gettext("{table}: you are expected.")
        )
        line = said.format(table=title, names=together(words, named))
        return Invitation(line, words.gettext("Not coming after all"), accepted=True)
    said = (
        words.gettext("{table}: {names} and you would have things to tell each other.")
        if named
        else words.gettext("{table}: a seat is free for you.")
    )
    return Invitation(
        said.format(table=title, names=", ".join(named)),
        words.gettext("I’m coming"),
        how=words.gettext("or tap again in a moment"),
    )


def title_of(speaker: Speaker, words: Words, table: Table) -> str:
    """Return what a table is, when, and where."""
    match table.occasion:
        case Occasion.COFFEE:
            what = words.gettext("Coffee at {time}")
        case Occasion.LUNCH:
            what = words.gettext("Lunch at {time}")
        case _:
            assert_never(table.occasion)
    title = what.format(time=speaker.time(words, table.at))
    return f"{title}, {table.place}" if table.place else title


def together(words: Words, names: Sequence[str]) -> str:
    """Return names as they are said together: `A`, `A and B`, `A, B and C`; empty for none."""
    if len(names) <= 1:
        return "".join(names)
    # Translators: how a list of names ends.
    ending = words.gettext("{names} and {last}")
    if _changes_and(words, names[-1]):
        # Translators: the same before a name that begins with one of the letters above; Spanish says "e".
        ending = words.gettext("{names} & {last}")
    return ending.format(names=", ".join(names[:-1]), last=names[-1])


def _changes_and(words: Words, name: str) -> bool:
    """Say whether a language has another "and" before this name; the longest beginning it lists decides."""
    # Translators: beginnings of names before which "and" is another word, in small letters, after a colon;
    # "-" before a longer one takes it out again; "—" for none.  In Spanish: i í hi -hia -hie -hio.
    listed = words.gettext("“and” changes before: —").partition(":")[2].split()
    fits = [beginning for beginning in listed if name.casefold().startswith(beginning.removeprefix("-"))]
    return bool(fits) and not max(fits, key=len).startswith("-")


def _expected(words: Words, named: Sequence[str], others: int) -> str:
    """Return who is coming; who is not named is counted."""
    if not named and not others:
        return words.gettext("Tap in: you may be expected")
    if not named:
        return words.ngettext("{count} person is coming", "{count} people are coming", others).format(
            count=others
        )
    if not others:
        return words.gettext("With {names}").format(names=together(words, named))
    return words.ngettext("With {names} and {count} other", "With {names} and {count} others", others).format(
        names=", ".join(named), count=others
    )
