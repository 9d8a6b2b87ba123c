"""Dates, times, and names of languages, as hosts read them; the one home of Babel.

The names of months, days and languages are Babel's.  In which order they stand, and what stands between them,
is said by the catalogue, as patterns of Unicode's CLDR (UTS 35, "Date Format Patterns"): a language that
comes needs no code.
"""

import re
from datetime import date, datetime, timedelta, tzinfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton

from plumbing.words import SOURCE, Words

_DAY = re.compile(r"\bd\b")
"""The day's number in a pattern."""

A_WEEK = timedelta(days=7)
"""Within it a day of the week and its number are enough."""

MOST_OF_A_YEAR = timedelta(days=300)
"""Within it a month says which year is meant."""


def clock_time(words: Words, zone: tzinfo, at: datetime) -> str:
    """Return the time of day: `9:42`, `9 h 42`."""
    local = at.astimezone(zone)
    return words.gettext("{hour}:{minute:02d}").format(hour=local.hour, minute=local.minute)


def long_date(words: Words, language: str, day: date) -> str:
    """Return a day in words: `samedi 21 novembre`, `sábado 21 de noviembre`."""
    # Translators: a pattern of Unicode's CLDR for a date such as "Saturday 21 November".
    return _drawn(words, language, day, words.gettext("EEEE d MMMM"))


def short_date(words: Words, language: str, day: date) -> str:
    """Return a day with its year, short: `21 nov. 2026`."""
    # Translators: a pattern of Unicode's CLDR for a date such as "21 Nov 2026".
    return _drawn(words, language, day, words.gettext("d MMM y"))


def full_date(words: Words, language: str, day: date) -> str:
    """Return a day with its year, in words: `21 novembre 2026`, `21 de noviembre de 2026`."""
    # Translators: a pattern of Unicode's CLDR for a date such as "21 November 2026".
    return _drawn(words, language, day, words.gettext("d MMMM y"))


def month_name(words: Words, language: str, day: date) -> str:
    """Return the month a day is in, with its year: `novembre 2026`, `noviembre de 2026`."""
    # Translators: a pattern of Unicode's CLDR for a month such as "November 2026".
    return format_date(day, words.gettext("LLLL y"), locale=_locale(language))


def short_month(language: str, day: date) -> str:
    """Return a month with its year, short: `nov. 2026`."""
    return format_skeleton("yMMM", day, locale=_locale(language))


def with_day(words: Words, language: str, days: tuple[date, date], shown: str) -> str:
    """Return a time of day with its day before it, unless that is today.

    Args:
        words: Of the reader's language.
        language: Two letters, the same.
        days: The day of that time, and today.
        shown: The time of day, as it is said.
    """
    day, today = days
    if day == today:
        return shown
    if day == today - timedelta(days=1):
        return words.gettext("yesterday, {time}").format(time=shown)
    # Translators: a pattern of Unicode's CLDR for a date such as "Sat 21 Nov".
    said = _drawn(words, language, day, words.gettext("EEE d MMM"))
    # Translators: a day before today, and a time.
    return words.gettext("{day}, {time}").format(day=said, time=shown)


def last_day(words: Words, language: str, day: date, today: date) -> str:
    """Return until when something holds: `until Friday 28`, `jusqu’à demain`.

    Args:
        words: Of the reader's language.
        language: Two letters, the same.
        day: The last day on which it holds; not before today.
        today: The space's day.
    """
    if day == today:
        return words.gettext("until tonight")
    if day == today + timedelta(days=1):
        return words.gettext("until tomorrow")
    if day - today < A_WEEK:
        # Translators: a pattern of Unicode's CLDR for a date within the coming week such as "Friday 28".
        said = _drawn(words, language, day, words.gettext("EEEE d"))
    elif day - today < MOST_OF_A_YEAR:
        said = long_date(words, language, day)
    else:
        said = full_date(words, language, day)
    # Translators: {day} is a date in words, such as "Friday 28 November".
    return words.gettext("until {day}").format(day=said)


def language_name(code: str, language: str) -> str:
    """Return what a language is called in another, or in itself; its code where that is not known."""
    try:
        return Locale.parse(code).get_display_name(_locale(language)) or code
    except (UnknownLocaleError, ValueError):
        return code


def _drawn(words: Words, language: str, day: date, pattern: str) -> str:
    """Return a day in a pattern; the first of a month has a number of its own where a language says so."""
    if day.day == 1:
        # Translators: the number of the first day of a month, as in "Saturday 1 November"; in French "1er".
        pattern = _DAY.sub("'" + words.gettext("1") + "'", pattern)
    return format_date(day, pattern, locale=_locale(language))


def _locale(language: str) -> Locale:
    """Return Babel's knowledge of a language; of English for one that Babel does not know."""
    try:
        return Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return Locale.parse(SOURCE)
