"""Read until when a need holds from the way people write it: "une juriste (jusqu'au 2026-11-30)".

Pure.  French and English, in brackets or at the end of the line.  What is in brackets and begins like an
end must be one; a sentence that happens to hold "until" is left as it stands.
"""

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

from plumbing.words import Sentence

LONGEST_ITEM_WITH_END = 400
"""Characters looked at for an end: what is longer is no item anyway, and is refused elsewhere."""

MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "january jan janvier janv",
            "february feb fevrier fevr fev",
            "march mar mars",
            "april apr avril avr",
            "may mai",
            "june jun juin",
            "july jul juillet juil",
            "august aug aout",
            "september sept sep septembre",
            "october oct octobre",
            "november nov novembre",
            "december dec decembre",
        ),
        1,
    )
    for word in words.split()
}
"""As written without accents and full stops."""

SUNDAY = 6

_UNTIL = r"(?:jusqu\s?['’]?\s?(?:au|aux|a la|a l['’]|a|en|)|until|till|up to|by|avant(?: le| la)?|->|=>|→)"
_BRACKETS = re.compile(r"\s*[(\[]\s*(?P<inside>[^()\[\]]*?)\s*[)\]]\s*$")
_TRAILING = re.compile(rf"[\s,;:–—-]+(?P<inside>{_UNTIL}\s+\S.*)$")
_BEGINS = re.compile(rf"{_UNTIL}(?=[\s\d]|$)\s*")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_DAY_FIRST = re.compile(r"(?:le |the )?(\d{1,2})(?:er|st|nd|rd|th|e)?(?: of)? ([a-z]+)(?: (\d{4}))?")
_MONTH_FIRST = re.compile(r"([a-z]+) (\d{1,2})(?:st|nd|rd|th)?(?: (\d{4}))?")
_MONTH_END = re.compile(r"(?:la |the )?(?:fin|end)(?: de| of)? +(?:d')?([a-z]+)(?: (\d{4}))?")
_THIS_MONTH = frozenset(
    """
    fin du mois|fin de mois|la fin du mois|fin de ce mois|la fin de ce mois|ce mois|ce mois-ci
    |end of month|end of the month|end of this month|the end of the month|the end of this month
    |the end of month|this month|month end|eom
    """.replace("\n", "")
    .replace("    ", "")
    .split("|")
)
_THIS_WEEK = frozenset(
    (
        "cette semaine|fin de semaine|la fin de la semaine|fin de la semaine|this week|end of week"
        "|end of the week|the end of the week|the end of this week"
    ).split("|")
)
_THIS_YEAR = frozenset(
    (
        "fin d'annee|fin de l'annee|la fin de l'annee|cette annee|this year|end of year|end of the year"
        "|the end of the year|the end of this year"
    ).split("|")
)


@dataclass(frozen=True, slots=True)
class Need:
    """One need as it was written."""

    text: str
    until: date | None = None
    """The last day on which it holds; `None` if it has no end."""


def read_need(written: str, today: date) -> Need:
    """Take the end of a need, if it has one, from its words.

    Args:
        written: One line, its outer spaces gone.
        today: The day from which "end of the month" and dates without a year are understood.

    Returns:
        The need without its end.  An end that is already past is kept: the need just holds no more.

    Raises:
        ValueError: There is an end in brackets, and it cannot be understood.
    """
    if len(written) > LONGEST_ITEM_WITH_END:
        return Need(written)
    if found := _BRACKETS.search(written):
        inside = _plain(found["inside"])
        begins = _BEGINS.match(inside)
        until = _day(inside[begins.end() :] if begins else inside, today)
        text = written[: found.start()].rstrip(" ,;:–—-")
        if until is not None and text:
            return Need(text, until)
        if begins:
            raise ValueError(_NOT_A_DAY)
        return Need(written)
    plain = _plain(written)
    if len(plain) == len(written) and (found := _TRAILING.search(plain)):
        begins = _BEGINS.match(found["inside"])
        until = _day(found["inside"][begins.end() :], today) if begins else None
        text = written[: found.start()].rstrip(" ,;:–—-")
        if until is not None and text:
            return Need(text, until)
    return Need(written)


_NOT_A_DAY = Sentence(
    "until when it holds cannot be read: write the last day as year-month-day, "
    "for example (until 2026-11-30), or (end of month)"
)


def _plain(text: str) -> str:
    """Return the text in small letters without accents, letter for letter where that is possible."""
    folded = []
    for letter in text:
        base = unicodedata.normalize("NFD", letter)[0]
        folded.append(base.lower() if len(base.lower()) == 1 else base)
    return "".join(folded).replace("’", "'")


def _day(words: str, today: date) -> date | None:
    """Return the day some plain words mean, or `None`."""
    words = re.sub(r"\s+", " ", words.replace(",", " ")).strip(" .")
    words = re.sub(r"(?<=[a-z])\.", "", words)
    if words in _THIS_MONTH:
        return _end_of_month(today.year, today.month)
    if words in _THIS_WEEK:
        return today + timedelta(days=SUNDAY - today.weekday())
    if words in _THIS_YEAR:
        return date(today.year, 12, 31)
    if found := _ISO.fullmatch(words):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := _NUMBERS.fullmatch(words):
        return _european(int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY_FIRST.fullmatch(words):
        return _named(found[2], int(found[1]), found[3], today)
    if found := _MONTH_FIRST.fullmatch(words):
        return _named(found[1], int(found[2]), found[3], today)
    if (found := _MONTH_END.fullmatch(words)) and found[1] in MONTHS:
        month = MONTHS[found[1]]
        year = int(found[2]) if found[2] else today.year + (month < today.month)
        return _end_of_month(year, month)
    return None


def _european(first: int, second: int, year: int) -> date | None:
    """Return a day written in numbers if it can only be meant in one way."""
    readings = {day for day in (_date(year, second, first), _date(year, first, second)) if day is not None}
    return readings.pop() if len(readings) == 1 else None


def _named(month: str, day: int, year: str | None, today: date) -> date | None:
    number = MONTHS.get(month)
    if number is None:
        return None
    if year is not None:
        return _date(int(year), number, day)
    this_year = _date(today.year, number, day)
    return this_year if this_year is not None and this_year >= today else _date(today.year + 1, number, day)


def _end_of_month(year: int, month: int) -> date | None:
    return _date(year, month, calendar.monthrange(year, month)[1]) if 1 <= year < date.max.year else None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
