"""Read a table from the bytes of a file of an office program: letters, separator, lines, or a workbook.

A line that cannot be taken apart is told of and left out; it never swallows the ones after it, even where a
quotation mark is not closed.
"""

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from plumbing.words import Sentence
from sync.errors import MembersFileError
from sync.workbooks import rows_of

LARGEST_FILE_BYTES = 5_000_000
"""Ten thousand members with full profiles: more is another file by mistake."""

MOST_ROWS = 20_000
"""Lines below the first: as many short ones as fit the size are still another file by mistake."""

MOST_COLUMNS = 200
"""The widest export of an office program has a hundred and fifty."""

MOST_LINES = 50
"""Lines that one row may take: an address or a note has some, an open quotation mark would take all."""

SEPARATORS = (",", ";", "\t", "|")

SAVE_AS = Sentence(
    "save it as CSV in UTF-8 (in Excel: “CSV UTF-8”; in LibreOffice: “Text CSV” with the character set "
    "“Unicode (UTF-8)”)"
)

WORKBOOK = b"PK\x03\x04"
"""What every .xlsx and .ods file begins with: it is a ZIP."""


class Letters(Enum):
    """How a file's bytes were read."""

    UTF_8 = "UTF-8"
    UTF_16 = "UTF-16"
    WINDOWS = "Windows-1252"
    """What Excel saves as plain “CSV” in Western Europe.  A guess: somebody must see that names are right."""
    WORKBOOK = "xlsx"
    """The first sheet of a workbook, whose letters are certain."""


@dataclass(frozen=True, slots=True)
class Row:
    """One good line."""

    line: int
    """Where it begins, counted from 1."""
    cells: tuple[str, ...]
    """As many as the header has, or fewer; they may hold line breaks."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that cannot be taken apart."""

    line: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Table:
    """A file read; what its columns mean is not known yet."""

    header: tuple[str, ...]
    """As written, without blanks around; a name may be empty or there twice."""
    line: int
    """The header's line, counted from 1."""
    rows: tuple[Row, ...]
    """In the order of the file, without empty ones."""
    faults: tuple[Fault, ...]
    letters: Letters


def read_table(content: bytes) -> Table:
    """Read a table.

    Args:
        content: The whole file.

    Raises:
        MembersFileError: It is no text, empty, or larger than any list of members.
    """
    if len(content) > LARGEST_FILE_BYTES:
        raise MembersFileError(Sentence("this is larger than any list of members: is it the right file?"))
    if content.startswith(WORKBOOK):
        return _from_workbook(content)
    text, letters = _text(content)
    # not `splitlines`, which also breaks at what only printers mean
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    first = 1 if lines[0].lower().startswith("sep=") else 0
    while first < len(lines) and not lines[first].strip():
        first += 1
    if first == len(lines):
        raise MembersFileError(Sentence("this file is empty"))
    separator = max(SEPARATORS, key=lambda each: _width(lines[first], each))
    cells, taken = _row(lines, first, separator, None)
    header = () if isinstance(cells, str) else tuple(" ".join(cell.split()) for cell in cells)
    if len(header) > MOST_COLUMNS:
        raise MembersFileError(Sentence("this file has too many columns for a list of members"))
    rows, faults = [], []
    for found in _rows(lines, first + taken, separator, header):
        if isinstance(found, Fault):
            faults.append(found)
        else:
            rows.append(found)
        if len(rows) + len(faults) > MOST_ROWS:
            raise MembersFileError(Sentence("this is larger than any list of members: is it the right file?"))
    return Table(header, first + 1, tuple(rows), tuple(faults), letters)


def _from_workbook(content: bytes) -> Table:
    """Read a table from a workbook; its rows are numbered as the program shows them."""
    found = rows_of(content, MOST_ROWS + 1, MOST_COLUMNS)
    if not found:
        raise MembersFileError(Sentence("this file is empty"))
    (line, first), *rest = found
    header = tuple(" ".join(cell.split()) for cell in first)
    if len(header) > MOST_COLUMNS:
        raise MembersFileError(Sentence("this file has too many columns for a list of members"))
    if found[-1][0] - line > MOST_ROWS:
        raise MembersFileError(Sentence("this is larger than any list of members: is it the right file?"))
    rows, faults = [], []
    for number, cells in rest:
        if len(cells) > len(header):
            faults.append(
                Fault(number, Sentence("it has cells beyond the columns that the first line names"))
            )
        else:
            rows.append(Row(number, cells))
    return Table(header, line, tuple(rows), tuple(faults), Letters.WORKBOOK)


def _text(content: bytes) -> tuple[str, Letters]:
    """Return the text and how it was read: what can be UTF-8 is, nothing else looks like it by chance."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        tried = [("utf-16", Letters.UTF_16)]
    else:
        tried = [("utf-8-sig", Letters.UTF_8), ("cp1252", Letters.WINDOWS)]
    for codec, letters in tried:
        try:
            text = content.decode(codec)
        except UnicodeDecodeError:
            continue
        if any(letter in text for letter in _NEVER_IN_TEXT):
            break
        return text, letters
    raise MembersFileError(
        Sentence("this is not a CSV file, or not in letters that can be told: {cure}", cure=SAVE_AS)
    )


_NEVER_IN_TEXT = tuple(map(chr, (*range(7), *range(14, 27))))
"""Control characters that no office program writes; a picture or a program begins with some."""


def _width(line: str, separator: str) -> int:
    cells = _cells(line, separator)
    return 0 if isinstance(cells, str) else len(cells)


def _rows(lines: Sequence[str], at: int, separator: str, header: Sequence[str]) -> Iterator[Row | Fault]:
    while at < len(lines):
        line = at + 1
        cells, taken = _row(lines, at, separator, len(header))
        at += taken
        if isinstance(cells, str):
            yield Fault(line, cells)
        elif len(cells) > len(header):
            yield Fault(
                line,
                Sentence(
                    "it has {count} cells and the first line names {columns}: "
                    "put text that holds the separator in quotation marks",
                    count=len(cells),
                    columns=len(header),
                ),
            )
        elif any(cell.strip() for cell in cells):
            yield Row(line, tuple(cells))


def _row(lines: Sequence[str], at: int, separator: str, width: int | None) -> tuple[list[str] | str, int]:
    """Return a row's cells, or what is wrong with it, and how many lines it takes.

    A quotation mark that this line does not close is closed by a later one only if all of them together
    are one good row of `width` cells; otherwise this line alone is wrong.
    """
    alone = _cells(lines[at], separator)
    if not isinstance(alone, str) or width is None:
        return alone, 1
    for taken in range(2, min(MOST_LINES, len(lines) - at) + 1):
        if '"' not in lines[at + taken - 1]:
            continue
        cells = _cells("\n".join(lines[at : at + taken]), separator)
        if not isinstance(cells, str):
            return (cells, taken) if len(cells) == width else (alone, 1)
    return alone, 1


def _cells(row: str, separator: str) -> list[str] | str:
    """Return a row's cells, or what is wrong with it."""
    try:
        return next(csv.reader(io.StringIO(row), delimiter=separator, strict=True), [])
    except csv.Error:
        return Sentence("a quotation mark is not closed on this line, or there is text after it")
