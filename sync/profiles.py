"""Read one cell of a members file each; what cannot be read is a sentence that does not quote it.

Pure.  A `ValueError` holds a `Sentence`: what is wrong and what to do.
"""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from datetime import date

import msgspec

from community.members import LONGEST_ITEM, LONGEST_NAME, Comfort, Intent, Member, Visibility
from plumbing.words import Sentence, sentence_of
from sync.needs import read_need

MOST_ITEMS = 30
"""Items in one list: nobody is known by more."""

SHORTEST_STAY_S, LONGEST_STAY_S = 10, 300
"""Seconds a greeting may stay, as in `Comfort`."""

LANGUAGE = re.compile(r"[a-z]{2}")

VISIBILITIES: Mapping[str, Visibility] = {
    "": Visibility(),
    "named": Visibility(lobby=True, members=True, hosts=True),
    "counted": Visibility(lobby=False, members=True, hosts=True),
    "hidden": Visibility(lobby=False, members=False, hosts=False),
}
"""What one word means for lobby, members and hosts."""

COMFORTS = ("large_text", "spoken", "stays_s")
"""Columns of `Member.comfort`."""

YES = frozenset({"yes", "oui", "true", "1"})
NO = frozenset({"", "no", "non", "false", "0"})

INTENTS: Mapping[str, Intent] = {
    word: intent
    for intent, words in (
        (Intent.BUSINESS, "business|affaires|clients"),
        (Intent.ADVISE, "advise|advice|conseiller|conseil|conseils"),
        (Intent.BE_ASKED, "be_asked|be asked|ask me|questions"),
        (Intent.COMPANY, "company|just company|compagnie|de la compagnie"),
    )
    for word in words.split("|")
}
"""What somebody is here for, as people write it."""


def refused(english: str, /, **blanks: object) -> ValueError:
    """Return what a cell's parser raises: a sentence that does not quote the cell."""
    return ValueError(Sentence(english, **blanks))


def clean(text: str) -> str:
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


def split(text: str) -> tuple[str, ...]:
    """Return what semicolons separate, each once, in the order written."""
    return tuple(dict.fromkeys(part for part in map(str.strip, text.split(";")) if part))


def parse_name(text: str) -> str:
    """Read the name somebody is greeted by."""
    if not text:
        raise refused("every member needs a name to be greeted by")
    return _no_longer(text, LONGEST_NAME)


def parse_line(text: str) -> str:
    """Read a short line; it may be empty."""
    return _no_longer(text, LONGEST_ITEM)


def parse_items(text: str) -> tuple[str, ...]:
    """Read a list of short items; one that is too long is refused, never cut: half a sentence misleads."""
    return _short_enough(_few_enough(split(text)))


def parse_needs(text: str, today: date) -> tuple[tuple[str, ...], tuple[date | None, ...]]:
    """Read needs, each with or without its last day.

    Args:
        text: As `parse_items`; an item may end like "(until 2026-11-30)" or "(fin du mois)".
        today: The day from which "end of the month" is understood.

    Returns:
        The needs without their ends, and the last day of each; the latter empty if none has an end.
    """
    found: dict[str, date | None] = {}
    for number, item in enumerate(_few_enough(split(text)), 1):
        try:
            need = read_need(item, today)
        except ValueError as error:
            raise refused("item {number}: {what}", number=number, what=sentence_of(error)) from error
        found.setdefault(need.text, need.until)
    ends = tuple(found.values())
    return _short_enough(tuple(found)), ends if any(ends) else ()


def parse_need_rows(
    rows: Sequence[tuple[str, str]], today: date
) -> tuple[tuple[str, ...], tuple[date | None, ...]]:
    """Read needs one by one, as `parse_needs`; a day beside one counts more than one in its words.

    Args:
        rows: Each need, and its last day as `YYYY-MM-DD`; empty for none.
        today: The day from which "end of the month" is understood.
    """
    found: dict[str, date | None] = {}
    for text, until in rows:
        items, ends = parse_needs(clean(text), today)
        day = parse_date(until.strip())
        for item, end in zip(items, ends or (None,) * len(items), strict=True):
            found.setdefault(item, day or end)
    parse_items(";".join(found))
    return tuple(found), tuple(found.values()) if any(found.values()) else ()


def parse_intents(text: str) -> tuple[Intent, ...]:
    """Read what somebody is here for; empty says nothing."""
    words = [" ".join(part.lower().split()) for part in split(text.replace(",", ";"))]
    if not all(word in INTENTS for word in words):
        raise refused("use business, advise, be_asked or company; several with semicolons")
    return tuple(dict.fromkeys(INTENTS[word] for word in words))


def parse_languages(text: str) -> tuple[str, ...]:
    """Read two-letter codes; French where none is written."""
    languages = tuple(part.lower() for part in split(text))
    if not all(LANGUAGE.fullmatch(language) for language in languages):
        raise refused("use two-letter codes, the preferred one first, for example fr;en")
    return languages or ("fr",)


def parse_visibility(text: str) -> Visibility:
    """Read to whom somebody is named."""
    if text.lower() not in VISIBILITIES:
        raise refused("use named, counted or hidden; empty is the modest default")
    return VISIBILITIES[text.lower()]


def parse_yes_or_no(text: str) -> bool:
    """Read a yes or a no; empty is no."""
    if text.lower() not in YES | NO:
        raise refused("use yes or no")
    return text.lower() in YES


def parse_stay(text: str) -> int:
    """Read for how many seconds a greeting stays; empty is the usual time."""
    if not text:
        return Comfort().stays_s
    if not text.isascii() or not text.isdecimal() or not SHORTEST_STAY_S <= int(text) <= LONGEST_STAY_S:
        raise refused("use whole seconds from {least} to {most}", least=SHORTEST_STAY_S, most=LONGEST_STAY_S)
    return int(text)


def parse_date(text: str) -> date | None:
    """Read a day; empty is none."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise refused("use year-month-day, for example 2026-09-15") from error


def kept(member: Member, before: Member | None, missing: Collection[str]) -> Member:
    """Return a member as a file says, with what it has no column for as it was before.

    Args:
        member: As the file says.
        before: As they were; `None` for a new one.
        missing: The columns that are not in the file.
    """
    if before is None:
        return member
    fields = {field for field in missing if hasattr(before, field)}
    if "needs" in fields:
        fields.add("needs_until")
    comforts = {field: getattr(before.comfort, field) for field in COMFORTS if field in missing}
    comfort = msgspec.structs.replace(member.comfort, **comforts)
    was = {field: getattr(before, field) for field in fields}
    return msgspec.structs.replace(member, comfort=comfort, **was)


def _no_longer(text: str, most: int) -> str:
    if len(text) > most:
        raise refused(
            "it has {count} characters, at most {most} fit on the screen", count=len(text), most=most
        )
    return text


def _few_enough(items: tuple[str, ...]) -> tuple[str, ...]:
    if len(items) > MOST_ITEMS:
        raise refused(
            "it has {count} items, at most {most} are read: keep the best", count=len(items), most=MOST_ITEMS
        )
    return items


def _short_enough(items: tuple[str, ...]) -> tuple[str, ...]:
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
