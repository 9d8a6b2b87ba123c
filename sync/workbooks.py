"""Read the first sheet of an .xlsx workbook, row by row; the one home of openpyxl.

A workbook is a ZIP of XML that anybody may have made: what it unpacks to is looked at before anything is
unpacked, and no more rows and columns are asked for than a list of members has.
"""

import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time

from openpyxl import load_workbook

from plumbing.words import Sentence
from sync.errors import MembersFileError

MOST_UNPACKED_BYTES = 50_000_000
"""Ten times the largest file: text in a workbook shrinks by about that much, a bomb by a thousand."""

MOST_PARTS = 2_000
"""Files in the ZIP: a workbook has some dozens."""

MAIN = "xl/workbook.xml"
"""What makes a ZIP a workbook of this kind."""

Rows = list[tuple[int, tuple[str, ...]]]
"""Each with its number, counted from 1, and its cells as text; without empty ones."""


def rows_of(content: bytes, most_rows: int, most_columns: int) -> Rows:
    """Read the first sheet that is not hidden.

    Args:
        content: The whole file.
        most_rows: Rows to look at; of a longer sheet one more is looked at, so that the caller can tell.
        most_columns: The same for columns.

    Raises:
        MembersFileError: It is no workbook, damaged, locked with a password, or unpacks to far too much.
    """
    _check(content)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what openpyxl leaves out: styles, rules, pictures
            return list(_rows(content, most_rows, most_columns))
    except Exception as error:
        # Whatever a damaged file makes the library raise (it has no family of errors): it cannot be read.
        raise MembersFileError(
            Sentence("this workbook is damaged or cannot be read: open it and save it again as .xlsx")
        ) from error


def _check(content: bytes) -> None:
    """Look at what is in the ZIP, before anything is unpacked; nothing is unpacked beyond what it says."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _no_workbook() from error
    if MAIN not in {part.filename for part in parts}:
        raise _no_workbook()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED_BYTES:
        raise MembersFileError(Sentence("this is larger than any list of members: is it the right file?"))


def _no_workbook() -> MembersFileError:
    return MembersFileError(
        Sentence("this is a packed file, but no workbook of Excel (.xlsx): save it as .xlsx or CSV")
    )


def _rows(content: bytes, most_rows: int, most_columns: int) -> Iterator[tuple[int, tuple[str, ...]]]:
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        sheet = next((each for each in book.worksheets if each.sheet_state == "visible"), book.worksheets[0])
        sheet.reset_dimensions()  # what the file says of its size may be wrong
        width = most_columns
        for first in sheet.iter_rows(max_row=most_rows, max_col=most_columns + 1, values_only=True):
            if cells := _cells(first):
                width = len(cells)
                break
        # each row is as wide as it is asked for, whatever is in it: no wider than the first one and a cell
        found = sheet.iter_rows(max_row=most_rows + 1, max_col=width + 1, values_only=True)
        for number, row in enumerate(found, 1):
            if cells := _cells(row):
                yield number, cells
    finally:
        book.close()


def _cells(row: Iterable[object]) -> tuple[str, ...]:
    """Return a row's cells without empty ones at its end."""
    cells = [_text(value) for value in row]
    while cells and not cells[-1].strip():
        cells.pop()
    return tuple(cells)


def _text(value: object) -> str:
    """Return a cell as somebody would have typed it into a CSV file."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if value.time() == time.min:
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat()
        case _:
            return str(value)
