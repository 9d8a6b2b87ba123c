"""An iCalendar file, cut into its entries before anything in it is understood.

Pure.  Each entry is then read by itself, so that one that is broken spoils no other; and of years of entries
most are seen at a glance to be of another time.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

BEGINS = b"BEGIN:VCALENDAR"
ENDS = b"END:VCALENDAR"

BYTE_ORDER_MARK = b"\xef\xbb\xbf"

LONGEST = timedelta(days=40)
"""How long an entry may last before it is taken for one that is over: what lasts longer is no moment."""

_KEPT = {b"VEVENT", b"VTIMEZONE"}
_UID = re.compile(rb"^UID(?:;[^:]*)?:(.*)$", re.MULTILINE | re.IGNORECASE)
_CLASS = re.compile(rb"^CLASS(?:;[^:]*)?:(.*)$", re.MULTILINE | re.IGNORECASE)
_STARTS = re.compile(rb"^DTSTART[^:\r\n]*:(\d{8})", re.MULTILINE | re.IGNORECASE)
_ENDS = re.compile(rb"^DTEND[^:\r\n]*:(\d{8})", re.MULTILINE | re.IGNORECASE)
_REPEATS = re.compile(rb"^(?:RRULE|RDATE|RECURRENCE-ID)[;:]", re.MULTILINE | re.IGNORECASE)
_UNTIL = re.compile(rb"^RRULE[^\r\n]*UNTIL=(\d{8})", re.MULTILINE | re.IGNORECASE)
_FOLD = re.compile(rb"\r?\n[ \t]")


@dataclass(frozen=True, slots=True)
class Block:
    """One entry, or one description of a time zone, as it is written; long lines put together again."""

    text: bytes

    @property
    def uid(self) -> bytes:
        """By what an entry and its exceptions know each other; empty if it has none."""
        found = _UID.search(self.text)
        return found[1].strip() if found else b""

    @property
    def is_private(self) -> bool:
        """Whether it is for its owner only; a class nobody knows is private too (RFC 5545, 3.8.1.3)."""
        return any(found[1].strip().upper() != b"PUBLIC" for found in _CLASS.finditer(self.text))

    def is_of_another_time(self, first: date, last: date) -> bool:
        """Say whether it surely does not take place from `first` to `last`; when in doubt it may."""
        starts = _day(_STARTS.search(self.text))
        if starts is None:
            return False
        if starts > last + timedelta(days=1):
            return True
        before = first - timedelta(days=1)
        if _REPEATS.search(self.text):
            until = _day(_UNTIL.search(self.text))
            rules = self.text.upper().count(b"\nRRULE")
            extra = b"\nRDATE" in self.text.upper() or b"\nRECURRENCE-ID" in self.text.upper()
            return until is not None and rules == 1 and not extra and until < before - LONGEST
        ends = _day(_ENDS.search(self.text))
        return ends < before if ends is not None else starts < before - LONGEST


@dataclass(frozen=True, slots=True)
class Pieces:
    """What a file is made of."""

    entries: tuple[Block, ...]
    zones: tuple[Block, ...]
    unfinished: int
    """Entries that begin and do not end."""


def is_calendar(content: bytes) -> bool:
    """Say whether this is a whole iCalendar file, and no web page."""
    stripped = content.removeprefix(BYTE_ORDER_MARK).strip()
    return stripped[: len(BEGINS)].upper() == BEGINS and stripped[-len(ENDS) :].upper() == ENDS


def cut(content: bytes) -> Pieces:
    """Cut a file into its entries."""
    found: dict[bytes, list[Block]] = {kind: [] for kind in _KEPT}
    unfinished = 0
    for kind, text in _pieces(_FOLD.sub(b"", content)):
        if text is None:
            unfinished += kind == b"VEVENT"
        else:
            found[kind].append(Block(text))
    return Pieces(tuple(found[b"VEVENT"]), tuple(found[b"VTIMEZONE"]), unfinished)


def _pieces(content: bytes) -> Iterator[tuple[bytes, bytes | None]]:
    """Yield each piece with its kind; `None` for the text of one that does not end."""
    inside, lines = b"", list[bytes]()
    for line in content.splitlines():
        word, _, kind = line.strip().upper().partition(b":")
        if word == b"BEGIN" and kind in _KEPT:
            if inside:
                yield inside, None
            inside, lines = kind, []
        if inside:
            lines.append(line)
        if word == b"END" and kind == inside and inside:
            yield inside, b"\r\n".join(lines) + b"\r\n"
            inside, lines = b"", []
    if inside:
        yield inside, None


def _day(found: re.Match[bytes] | None) -> date | None:
    if found is None:
        return None
    digits = found[1].decode()
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
