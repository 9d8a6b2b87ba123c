"""Read members from a CSV file an office program saved.

A line that is wrong is told of and left out; it never stops the others, and a member is never
read by halves.  Problems name the line, the column and the cure, not what stands there: it
may be a person's.  What a file would change, and the change, is `members_import`.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

import msgspec

from community.ids import MemberId
from community.members import Comfort, Member, Visibility
from plumbing.words import Sentence, sentence_of, why
from sync import profiles
from sync.errors import MembersFileError
from sync.exports import Line
from sync.tables import LARGEST_FILE_BYTES, SAVE_AS, Letters, Table, read_table

COLUMNS = (
    *("id", "name", "trade", "company", "languages", "needs", "offers", "interests"),
    *("visibility", "introductions", "joined", "badge", "place"),
    *("ask_about", "intents", "avoid", "avoid_topics", "host", *profiles.COMFORTS),
)
"""What is read; only `id` and `name` must be there, and what is not there stays as the hub knows it."""
KNOWN = ", ".join(COLUMNS)

LEFT_ALONE = frozenset({"card", "weekdays", "language_note"})
"""Columns of the demo's village that say nothing about a member."""

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the file that has to be put right."""

    line: int
    """Counted from 1, as editors and office programs do."""
    column: str
    """Empty where the whole line is meant."""
    sentence: str
    """What is wrong and what to do, without quoting the cell."""

    @property
    def told(self) -> Sentence:
        """The place and the sentence, as a host is told them."""
        line, column, what = self.line, self.column, self.sentence
        if not column:
            return Sentence("line {line}: {what}", line=line, what=what)
        return Sentence("line {line}, column {column}: {what}", line=line, column=column, what=what)


@dataclass(frozen=True, slots=True)
class Person:
    """One good line."""

    line: int
    member: Member
    uids: tuple[bytes, ...]
    """Numbers of their badges, in the order written; often empty."""
    avoid_elsewhere: tuple[str, ...] = ()
    """Ids and names they would rather not meet that are not in this file: they may be in the directory."""
    blank: frozenset[str] = frozenset()
    """Columns in which this line says nothing: what is known stays."""


@dataclass(frozen=True, slots=True)
class MembersFile:
    """A file read; nothing of it is written yet."""

    people: tuple[Person, ...]
    """In the order of the file."""
    problems: tuple[Problem, ...]
    """In the order of the file; empty if every line is good."""
    columns: frozenset[str] = frozenset(COLUMNS)
    """Those the first line names."""


def load(file: Path, parse_uid: Callable[[str], bytes]) -> MembersFile:
    """Read a members file; see `read`.

    Raises:
        MembersFileError: It cannot be opened, or is no members file at all.
    """
    try:
        too_large = file.stat().st_size > LARGEST_FILE_BYTES
        content = b"" if too_large else file.read_bytes()
    except OSError as error:
        raise MembersFileError(
            Sentence("{file}: the members file cannot be read: {why}", file=file, why=why(error))
        ) from error
    if too_large:
        raise MembersFileError(
            Sentence("{file}: this is larger than any list of members: is it the right file?", file=file)
        )
    try:
        return read(content, parse_uid)
    except MembersFileError as error:
        raise MembersFileError(Sentence("{file}: {what}", file=file, what=error)) from error


def read(content: bytes, parse_uid: Callable[[str], bytes], today: date | None = None) -> MembersFile:
    """Read a members file.

    Args:
        content: CSV; `tables` says in which letters and with which separators.
        parse_uid: Turns a badge number as written into its bytes, or raises a `ValueError` whose
            sentence does not quote it.
        today: The day from which "end of the month" is understood; this machine's if `None`.

    Raises:
        MembersFileError: It is no table of text, or its first line does not name the columns.
    """
    table = read_table(content)
    if table.letters is Letters.WINDOWS:  # a guess, and nobody looks at the names here
        raise MembersFileError(Sentence("this file is not text in UTF-8: {cure}", cure=SAVE_AS))
    header = tuple(name.lower() for name in table.header)
    if not {"id", "name"} <= set(header):
        raise MembersFileError(
            Sentence(
                "the first line must name the columns, `id` and `name` among them; known: {known}",
                known=KNOWN,
            )
        )
    lines = (Line(row.line, dict(zip(header, row.cells, strict=False)), frozenset()) for row in table.rows)
    return read_lines(
        lines, header, parse_uid, today, problems=(*_header_problems(header, table.line), *faults(table))
    )


def read_lines(
    lines: Iterable[Line],
    columns: Collection[str],
    parse_uid: Callable[[str], bytes],
    today: date | None = None,
    problems: Iterable[Problem] = (),
) -> MembersFile:
    """Read what has the form of a members file already; see `read`.

    Args:
        lines: In the order of the file.
        columns: Those that the file has.
        parse_uid: As in `read`.
        today: As in `read`.
        problems: What is known to be wrong with other lines.
    """
    reader = _Reader(parse_uid, today or datetime.now(UTC).astimezone().date())
    for line in lines:
        reader.take(line)
    people, unclear = _find_avoided(reader.people)
    told = sorted([*problems, *reader.problems, *unclear], key=lambda problem: problem.line)
    return MembersFile(people, tuple(told), frozenset(columns))


def faults(table: Table) -> tuple[Problem, ...]:
    """Return what is wrong with lines that cannot be taken apart."""
    return tuple(Problem(fault.line, "", fault.sentence) for fault in table.faults)


def avoided(person: Person, known: Iterable[Member]) -> tuple[list[MemberId], list[Problem]]:
    """Find in the directory whom a person would rather not meet and the file does not name."""
    everybody = list(known) if person.avoid_elsewhere else []
    ids, problems = [], []
    for number, written in enumerate(person.avoid_elsewhere, 1):
        meant = _meant(written, everybody)
        if len(meant) == 1:
            ids.append(meant[0])
        else:
            problems.append(_unclear(person, number, len(meant)))
    return [one for one in dict.fromkeys(ids) if one != person.member.id], problems


class _Reader:
    """Collects good lines and problems."""

    def __init__(self, parse_uid: Callable[[str], bytes], today: date) -> None:
        self.people: list[Person] = []
        self.problems: list[Problem] = []
        self._parse_uid = parse_uid
        self._today = today
        self._ids: dict[str, int] = {}
        self._uids: dict[bytes, int] = {}

    def take(self, read: Line) -> None:
        """Read one line; it becomes a person, or problems."""
        before, line, row = len(self.problems), read.line, read.cells

        def cell(column: str, parse: Callable[[str], Value], instead: Value) -> Value:
            try:
                return parse(profiles.clean(row.get(column, "")))
            except ValueError as error:
                self.problems.append(Problem(line, column, sentence_of(error)))
                return instead

        no_uids: tuple[bytes, ...] = ()
        uids = cell("badge", self._parse_uids, no_uids)
        no_needs: tuple[tuple[str, ...], tuple[date | None, ...]] = ((), ())
        nobody: tuple[str, ...] = ()
        needs, ends = cell("needs", lambda text: profiles.parse_needs(text, self._today), no_needs)
        member = Member(
            id=MemberId(cell("id", self._parse_id, "")),
            name=cell("name", profiles.parse_name, ""),
            languages=cell("languages", profiles.parse_languages, ()),
            trade=cell("trade", profiles.parse_line, ""),
            company=cell("company", profiles.parse_line, ""),
            needs=needs,
            needs_until=ends,
            offers=cell("offers", profiles.parse_items, ()),
            interests=cell("interests", profiles.parse_items, ()),
            place=cell("place", profiles.parse_line, ""),
            visibility=cell("visibility", profiles.parse_visibility, Visibility()),
            introductions=cell("introductions", profiles.parse_yes_or_no, False),
            joined=cell("joined", profiles.parse_date, None),
            ask_about=cell("ask_about", profiles.parse_items, ()),
            intents=cell("intents", profiles.parse_intents, ()),
            avoid_topics=cell("avoid_topics", profiles.parse_items, ()),
            host=cell("host", profiles.parse_yes_or_no, False),
            comfort=Comfort(
                cell("large_text", profiles.parse_yes_or_no, False),
                cell("spoken", profiles.parse_yes_or_no, False),
                cell("stays_s", profiles.parse_stay, Comfort().stays_s),
            ),
        )
        avoid = cell("avoid", profiles.parse_items, nobody)
        if len(self.problems) == before:
            self._ids[member.id] = line
            self._uids.update(dict.fromkeys(uids, line))
            self.people.append(Person(line, member, uids, avoid, read.blank))

    def _parse_id(self, text: str) -> str:
        if not ID.fullmatch(text):
            raise profiles.refused(
                "every member needs an id of 1 to 64 letters without accents, digits, '.', '_' or '-'"
            )
        if text in self._ids:
            raise profiles.refused(
                "line {line} has the same id: give every member their own", line=self._ids[text]
            )
        return text

    def _parse_uids(self, text: str) -> tuple[bytes, ...]:
        uids: list[bytes] = []
        for part in profiles.split(text):
            try:
                uid = self._parse_uid(part)
            except ValueError as error:
                raise profiles.refused("this is not the number of a badge: {why}", why=error) from error
            if uid in self._uids:
                line = self._uids[uid]
                raise profiles.refused(
                    "line {line} has the same badge: a badge belongs to one member", line=line
                )
            if uid not in uids:
                uids.append(uid)
        return tuple(uids)


def _header_problems(header: Sequence[str], line: int) -> Iterator[Problem]:
    for column in sorted({column for column in header if column and header.count(column) > 1}):
        yield Problem(line, column[:30], Sentence("this column is there twice: keep one"))
    for column in header:
        if column and column not in COLUMNS and column not in LEFT_ALONE:
            cure = Sentence(
                "there is no such column: correct its name or remove it; known: {known}", known=KNOWN
            )
            yield Problem(line, column[:30], cure)


def _find_avoided(people: Sequence[Person]) -> tuple[tuple[Person, ...], list[Problem]]:
    """Turn ids and names of people in the file into ids; the others are left for `write`."""
    everybody = [person.member for person in people]
    found, problems = [], []
    for person in people:
        ids, elsewhere = [], []
        for number, written in enumerate(person.avoid_elsewhere, 1):
            meant = _meant(written, everybody)
            if len(meant) > 1:
                problems.append(_unclear(person, number, len(meant)))
            elif meant:
                ids.append(meant[0])
            else:
                elsewhere.append(written)
        member = msgspec.structs.replace(
            person.member, avoid=tuple(one for one in dict.fromkeys(ids) if one != person.member.id)
        )
        found.append(replace(person, member=member, avoid_elsewhere=tuple(elsewhere)))
    return tuple(found), problems


def _meant(written: str, everybody: Iterable[Member]) -> list[MemberId]:
    """Return whom an id or a whole name can mean; an id means one person even if it is also a name."""
    people = list(everybody)
    if any(written == member.id for member in people):
        return [MemberId(written)]
    name = " ".join(written.split()).casefold()
    return [member.id for member in people if " ".join(member.name.split()).casefold() == name]


def _unclear(person: Person, number: int, count: int) -> Problem:
    sentence = (
        Sentence(
            "item {number}: several members have this name: write the id of the one who is meant",
            number=number,
        )
        if count
        else Sentence(
            "item {number}: no member has this id or exactly this name, here or in the directory",
            number=number,
        )
    )
    return Problem(person.line, "avoid", sentence)
