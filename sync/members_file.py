"""Read members from a CSV file an office program saved, and write them into the directory.

A line that is wrong is told of and left out; it never stops the others, and a member is never
written by halves.  Problems name the line, the column and the cure, not what stands there: it
may be a person's.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

from community.badges import BadgeKey
from community.ids import MemberId
from community.members import LONGEST_ITEM, LONGEST_NAME, Member, Visibility
from plumbing.words import Sentence, sentence_of, why
from sync.errors import BadgeTakenError, MembersFileError
from sync.store import directory

COLUMNS = (
    *("id", "name", "trade", "company", "languages", "needs", "offers", "interests"),
    *("visibility", "introductions", "joined", "badge", "place"),
)
"""What is read; only `id` and `name` must be there."""
KNOWN = ", ".join(COLUMNS)

LEFT_ALONE = frozenset({"card", "weekdays", "language_note"})
"""Columns of the demo's village that say nothing about a member."""

LARGEST_FILE_BYTES = 5_000_000
"""Ten thousand members with full profiles: more is another file by mistake."""

MOST_ITEMS = 30
"""Items in one list: nobody is known by more."""

SEPARATORS = (",", ";", "\t")

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
LANGUAGE = re.compile(r"[a-z]{2}")

VISIBILITIES: Mapping[str, Visibility] = {
    "": Visibility(),
    "named": Visibility(lobby=True, members=True, hosts=True),
    "counted": Visibility(lobby=False, members=True, hosts=True),
    "hidden": Visibility(lobby=False, members=False, hosts=False),
}
YES = frozenset({"yes", "oui", "true", "1"})
NO = frozenset({"", "no", "non", "false", "0"})

SAVE_AS = Sentence(
    "save it as CSV in UTF-8 (in Excel: “CSV UTF-8”; in LibreOffice: “Text CSV” with the character set "
    "“Unicode (UTF-8)”)"
)

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


@dataclass(frozen=True, slots=True)
class MembersFile:
    """A file read; nothing of it is written yet."""

    people: tuple[Person, ...]
    """In the order of the file."""
    problems: tuple[Problem, ...]
    """In the order of the file; empty if every line is good."""


@dataclass(frozen=True, slots=True)
class Written:
    """What an import did."""

    members: int
    badges: int
    problems: tuple[Problem, ...]
    """Those of the file, and badges that belong to others."""


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


def read(content: bytes, parse_uid: Callable[[str], bytes]) -> MembersFile:
    """Read a members file.

    Args:
        content: CSV in UTF-8, cells separated by commas, semicolons or tabs.
        parse_uid: Turns a badge number as written into its bytes, or raises a `ValueError` whose
            sentence does not quote it.

    Raises:
        MembersFileError: It is not text in UTF-8, or its first line does not name the columns.
    """
    lines = [line.rstrip("\n") for line in io.StringIO(_text(content), newline=None)]
    first = 1 if lines and lines[0].lower().startswith("sep=") else 0
    separator, header = _header(lines[first:])
    reader = _Reader(parse_uid)
    reader.problems += _header_problems(header, first + 1)
    for number, line in enumerate(lines[first + 1 :], first + 2):
        cells = _cells(line, separator)
        if isinstance(cells, str):
            reader.problems.append(Problem(number, "", cells))
        elif len(cells) > len(header):
            reader.problems.append(
                Problem(
                    number,
                    "",
                    Sentence(
                        "it has {count} cells and the first line names {columns}: "
                        "put text that holds the separator in quotation marks",
                        count=len(cells),
                        columns=len(header),
                    ),
                )
            )
        elif any(cells):
            reader.take(number, dict(zip(header, cells, strict=False)))
    return MembersFile(tuple(reader.people), tuple(reader.problems))


def write(connection: Connection, file: MembersFile, key: BadgeKey, linked_us: int) -> Written:
    """Write members and badges into the directory, in the caller's one transaction.

    Args:
        connection: In a writing transaction.
        file: What `read` returned.
        key: The space's badge key.
        linked_us: Now, microseconds since 1970 UTC.

    Returns:
        What was written; a caller who wants all of a file or nothing rolls back if there are problems.
    """
    problems = list(file.problems)
    linked = 0
    for person in file.people:
        directory.put_member(connection, person.member)
    for person in file.people:
        for uid in person.uids:
            try:
                directory.link(connection, key.hash(uid), person.member.id, linked_us)
                linked += 1
            except BadgeTakenError as error:
                problems.append(Problem(person.line, "badge", sentence_of(error)))
    return Written(len(file.people), linked, tuple(problems))


def refused(english: str, /, **blanks: object) -> ValueError:
    """Return what a cell's parser raises: a sentence that does not quote the cell."""
    return ValueError(Sentence(english, **blanks))


class _Reader:
    """Collects good lines and problems."""

    def __init__(self, parse_uid: Callable[[str], bytes]) -> None:
        self.people: list[Person] = []
        self.problems: list[Problem] = []
        self._parse_uid = parse_uid
        self._ids: dict[str, int] = {}
        self._uids: dict[bytes, int] = {}

    def take(self, line: int, row: Mapping[str, str]) -> None:
        """Read one line; it becomes a person, or problems."""
        before = len(self.problems)

        def cell(column: str, parse: Callable[[str], Value], instead: Value) -> Value:
            try:
                return parse(_clean(row.get(column, "")))
            except ValueError as error:
                self.problems.append(Problem(line, column, sentence_of(error)))
                return instead

        no_uids: tuple[bytes, ...] = ()
        uids = cell("badge", self._parse_uids, no_uids)
        member = Member(
            id=MemberId(cell("id", self._parse_id, "")),
            name=cell("name", _parse_name, ""),
            languages=cell("languages", _parse_languages, ()),
            trade=cell("trade", _parse_line, ""),
            company=cell("company", _parse_line, ""),
            needs=cell("needs", _parse_items, ()),
            offers=cell("offers", _parse_items, ()),
            interests=cell("interests", _parse_items, ()),
            place=cell("place", _parse_line, ""),
            visibility=cell("visibility", _parse_visibility, Visibility()),
            introductions=cell("introductions", _parse_yes_or_no, False),
            joined=cell("joined", _parse_date, None),
        )
        if len(self.problems) == before:
            self._ids[member.id] = line
            self._uids.update(dict.fromkeys(uids, line))
            self.people.append(Person(line, member, uids))

    def _parse_id(self, text: str) -> str:
        if not ID.fullmatch(text):
            raise refused(
                "every member needs an id of 1 to 64 letters without accents, digits, '.', '_' or '-'"
            )
        if text in self._ids:
            raise refused("line {line} has the same id: give every member their own", line=self._ids[text])
        return text

    def _parse_uids(self, text: str) -> tuple[bytes, ...]:
        uids: list[bytes] = []
        for part in _split(text):
            try:
                uid = self._parse_uid(part)
            except ValueError as error:
                raise refused("this is not the number of a badge: {why}", why=error) from error
            if uid in self._uids:
                line = self._uids[uid]
                raise refused("line {line} has the same badge: a badge belongs to one member", line=line)
            if uid not in uids:
                uids.append(uid)
        return tuple(uids)


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MembersFileError(Sentence("this file is not text in UTF-8: {cure}", cure=SAVE_AS)) from error
    if "\0" in text:
        raise MembersFileError(Sentence("this is not a CSV file, or not in UTF-8: {cure}", cure=SAVE_AS))
    return text


def _header(lines: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    line = lines[0] if lines else ""
    separator = max(SEPARATORS, key=line.count)
    cells = _cells(line, separator)
    header = () if isinstance(cells, str) else tuple(cell.strip().lower() for cell in cells)
    if not {"id", "name"} <= set(header):
        raise MembersFileError(
            Sentence(
                "the first line must name the columns, `id` and `name` among them; known: {known}",
                known=KNOWN,
            )
        )
    return separator, header


def _header_problems(header: Sequence[str], line: int) -> Iterator[Problem]:
    for column in sorted({column for column in header if column and header.count(column) > 1}):
        yield Problem(line, column[:30], Sentence("this column is there twice: keep one"))
    for column in header:
        if column and column not in COLUMNS and column not in LEFT_ALONE:
            cure = Sentence(
                "there is no such column: correct its name or remove it; known: {known}", known=KNOWN
            )
            yield Problem(line, column[:30], cure)


def _cells(line: str, separator: str) -> list[str] | str:
    """Return a line's cells, or what is wrong with it."""
    try:
        return next(csv.reader([line], delimiter=separator, strict=True), [])
    except csv.Error:
        return Sentence(
            "a quotation mark is not closed on this line, or there is text after it: a cell holds one line"
        )


def _clean(text: str) -> str:
    """Return the text as one line in the usual form.

    Raises:
        ValueError: It holds characters that cannot be shown.
    """
    text = unicodedata.normalize("NFC", text).strip()
    if any(unicodedata.category(letter) in {"Cc", "Cs", "Co", "Cn", "Zl", "Zp"} for letter in text):
        raise refused("it holds characters that cannot be shown: type it again")
    if any(unicodedata.bidirectional(letter) in {"RLO", "LRO", "RLE", "LRE", "PDF"} for letter in text):
        raise refused("it holds characters that turn the direction of the text: type it again")
    return text


def _split(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for part in map(str.strip, text.split(";")) if part))


def _parse_name(text: str) -> str:
    if not text:
        raise refused("every member needs a name to be greeted by")
    return _no_longer(text, LONGEST_NAME)


def _parse_line(text: str) -> str:
    return _no_longer(text, LONGEST_ITEM)


def _no_longer(text: str, most: int) -> str:
    if len(text) > most:
        raise refused(
            "it has {count} characters, at most {most} fit on the screen", count=len(text), most=most
        )
    return text


def _parse_items(text: str) -> tuple[str, ...]:
    items = _split(text)
    if len(items) > MOST_ITEMS:
        raise refused(
            "it has {count} items, at most {most} are read: keep the best", count=len(items), most=MOST_ITEMS
        )
    for number, item in enumerate(items, 1):
        if len(item) > LONGEST_ITEM:
            raise refused(
                "item {number} has {count} characters, at most {most} fit on the screen; "
                "separate items by semicolons",
                number=number,
                count=len(item),
                most=LONGEST_ITEM,
            )
    return items


def _parse_languages(text: str) -> tuple[str, ...]:
    languages = tuple(part.lower() for part in _split(text))
    if not all(LANGUAGE.fullmatch(language) for language in languages):
        raise refused("use two-letter codes, the preferred one first, for example fr;en")
    return languages or ("fr",)


def _parse_visibility(text: str) -> Visibility:
    if text.lower() not in VISIBILITIES:
        raise refused("use named, counted or hidden; empty is the modest default")
    return VISIBILITIES[text.lower()]


def _parse_yes_or_no(text: str) -> bool:
    if text.lower() not in YES | NO:
        raise refused("use yes or no")
    return text.lower() in YES


def _parse_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise refused("use year-month-day, for example 2026-09-15") from error
