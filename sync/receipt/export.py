"""A receipt as a file to take away: JSON, and CSV for spreadsheets.

Pure.  Of other people only the name they let members read stands in it; no id.
"""

import csv
import io
from datetime import date

import msgspec

from sync.receipt.fold import About, How
from sync.receipt.receipt import Receipt
from sync.store.receipts import Kind

FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""With what a cell begins that a spreadsheet would work out: an apostrophe before it keeps it text."""

COLUMNS = ("what", "day", "who", "how", "about", "useful", "kind", "text", "amount", "counted")


class Met(msgspec.Struct, frozen=True):
    """Somebody who was met."""

    name: str | None
    """`None` where they let no other member read it."""
    days: tuple[date, ...]
    how: How
    about: About
    useful: bool


class Wrote(msgspec.Struct, frozen=True):
    """A line of what came of it."""

    day: date
    kind: Kind
    text: str
    amount: int | None
    counted: bool


class Taken(msgspec.Struct, frozen=True):
    """The whole receipt."""

    span: str
    days_present: int
    met: tuple[Met, ...]
    came_of_it: tuple[Wrote, ...]


def taken(receipt: Receipt) -> Taken:
    """Return a receipt as it is taken away."""
    met = (
        Met(one.name or None, one.days, one.first.how, one.first.about, one.useful) for one in receipt.people
    )
    wrote = (Wrote(one.day, one.kind, one.text, one.amount, one.counted) for one in receipt.lines)
    return Taken(receipt.span.written, receipt.days, tuple(met), tuple(wrote))


def as_json(receipt: Receipt) -> bytes:
    """Return a receipt as JSON."""
    return msgspec.json.format(msgspec.json.encode(taken(receipt))) + b"\n"


def as_csv(receipt: Receipt) -> bytes:
    """Return a receipt as CSV in UTF-8, a line for each meeting and each thing that came of it."""
    file, whole = io.StringIO(newline=""), taken(receipt)
    sheet = csv.DictWriter(file, COLUMNS, restval="")
    sheet.writeheader()
    sheet.writerow({"what": "days_present", "amount": whole.days_present})
    for one in whole.met:
        for day in one.days:
            how, about = one.how.value, one.about.value
            useful = "yes" if one.useful else ""
            row = {"what": "met", "day": day, "who": _cell(one.name or ""), "how": how}
            sheet.writerow({**row, "about": about, "useful": useful})
    for line in whole.came_of_it:
        row = {"what": "came_of_it", "day": line.day, "kind": line.kind.value, "text": _cell(line.text)}
        amount = "" if line.amount is None else line.amount
        sheet.writerow({**row, "amount": amount, "counted": "yes" if line.counted else ""})
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULAS) else text
