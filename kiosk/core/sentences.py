"""How the kiosk's sentences are made: words of a language, times, dates, labels, words that matter.

Pure: the catalogues come in as an argument.  English is the source; `kiosk/locale` holds the
others.  Nobody's gender is guessed, and no sentence says how many people somebody knows.

In a message, `*…*` marks the words that matter; they come out as strong spans.
"""

import zlib
from datetime import date, datetime
from typing import Protocol, assert_never

from community.ids import MemberId
from community.introductions.slots import Slot
from community.members import Mood
from community.outcomes import (
    Outcome,
)
from kiosk.core.pieces import TINTS, Span


class Words(Protocol):
    """One language: what `plumbing.words` loads."""

    def gettext(self, message: str, /) -> str:
        """Return the translation of `message`."""

    def ngettext(self, msgid1: str, msgid2: str, n: int, /) -> str:
        """Return the translation for `n` things."""


def time_of(words: Words, local: datetime) -> str:
    """Return a local time as it is said: `9:42`, `9 h 42`."""
    return words.gettext("{hour}:{minute:02d}").format(hour=local.hour, minute=local.minute)


def date_of(words: Words, day: date) -> str:
    """Return a day as it is said, without the year: `Saturday 21 November`, `samedi 21 novembre`."""
    weekdays = (
        words.gettext("Monday"),
        words.gettext("Tuesday"),
        words.gettext("Wednesday"),
        words.gettext("Thursday"),
        words.gettext("Friday"),
        words.gettext("Saturday"),
        words.gettext("Sunday"),
    )
    return words.gettext("{weekday} {day_and_month}").format(
        weekday=weekdays[day.weekday()], day_and_month=day_and_month(words, day)
    )


def day_and_month(words: Words, day: date) -> str:
    """Return `21 November`, `21 novembre`, `1er décembre`."""
    months = (
        words.gettext("January"),
        words.gettext("February"),
        words.gettext("March"),
        words.gettext("April"),
        words.gettext("May"),
        words.gettext("June"),
        words.gettext("July"),
        words.gettext("August"),
        words.gettext("September"),
        words.gettext("October"),
        words.gettext("November"),
        words.gettext("December"),
    )
    # Translators: the first day of a month; French says "1er".
    first = words.gettext("1 {month}")
    # Translators: any other day of a month.
    other = words.gettext("{day} {month}")
    return (first if day.day == 1 else other).format(day=day.day, month=months[day.month - 1])


def slot_label(words: Words, slot: Slot) -> str:
    """Return what an introduction is for, in two or three words."""
    match slot:
        case Slot.PARTNER:
            return words.gettext("Client or partner")
        case Slot.ADVICE:
            return words.gettext("Advice")
        case Slot.NEIGHBOUR:
            return words.gettext("Neighbour")
        case _:
            assert_never(slot)


def mood_label(words: Words, mood: Mood) -> str:
    """Return a mood as a member says it of themselves."""
    match mood:
        case Mood.OPEN:
            return words.gettext("Open to a chat")
        case Mood.LOOKING:
            return words.gettext("Looking for help")
        case Mood.HELLO:
            return words.gettext("Just hello")
        case Mood.HEADS_DOWN:
            return words.gettext("Heads-down")
        case _:
            assert_never(mood)


def spans(message: str, **values: str) -> tuple[Span, ...]:
    """Fill a message in and split it at its `*…*`; what is filled in may hold anything."""
    pieces = message.split("*")
    filled = (Span(piece.format(**values), strong=bool(i % 2)) for i, piece in enumerate(pieces))
    return tuple(span for span in filled if span.text)


def tint_of(member_id: MemberId) -> int:
    """Return a person's own tint, the same on every screen and every day."""
    return zlib.crc32(member_id.encode()) % TINTS


def outcome_word(outcome: Outcome) -> str:
    """Return the outcome's name for traces: a word of ours, never a person's."""
    return type(outcome).__name__
