"""What somebody who types at the door sees: the keys, what is typed, and what became of it.

Pure.  It is read by whoever stands behind them: a badge's member is not named before the PIN was right, and
of a PIN only dots are shown.
"""

from typing import assert_never

from kiosk.core.entry import Entry, Said
from kiosk.core.keys import CANCEL_KEY, DONE_KEY, ERASE_KEY, FORGOTTEN_KEY, SPACE_KEY
from kiosk.core.pieces import Choice
from kiosk.core.sentences import Words
from kiosk.core.speaker import Speaker
from kiosk.core.views import RefusedBadge, Typing

DOT = "●"

LETTERS = ("ABCDEFGHI", "JKLMNOPQR", "STUVWXYZ0", "123456789")
"""In the order of the alphabet: nobody has to know which keyboard a country is used to."""

DIGITS = ("123", "456", "789")


def typing_of(speaker: Speaker, entry: Entry) -> Typing:
    """Return what is on the screen while something is typed."""
    words, second = speaker.both()
    rows = keyboard(words)
    if not entry.asks_name:
        cancel, _space, erase, done = rows[-1]
        rows = (*map(_keys, DIGITS), (erase, Choice("0", "0"), done), (cancel,))
    return Typing(
        headline=_headline(words, entry),
        headline_secondary=_headline(second, entry),
        line=_line(words, entry),
        line_secondary=_line(second, entry),
        typed=entry.typed if entry.asks_name else DOT * len(entry.typed),
        rows=rows,
        wrong=entry.said is not Said.NOTHING,
    )


def keyboard(words: Words) -> tuple[tuple[Choice, ...], ...]:
    """Return the keys for typing a name, row by row."""
    cancel, space = Choice(CANCEL_KEY, words.gettext("Cancel")), Choice(SPACE_KEY, words.gettext("Space"))
    erase, done = Choice(ERASE_KEY, words.gettext("Erase")), Choice(DONE_KEY, words.gettext("OK"))
    return (*map(_keys, LETTERS), (cancel, space, erase, done))


def forgotten_choice(words: Words) -> Choice:
    """Return the way in for somebody without a badge."""
    return Choice(FORGOTTEN_KEY, words.gettext("Badge forgotten?"))


def too_many(speaker: Speaker) -> RefusedBadge:
    """Return what is said after too many wrong PINs; to whoever typed a name, too, that is nobody's."""
    words, second = speaker.both()
    return _see_the_host(words, second, _too_many_lines(words), _too_many_lines(second))


def no_pin_yet(speaker: Speaker) -> RefusedBadge:
    """Return what is said to a badge that asks for a PIN its member does not have yet."""
    words, second = speaker.both()
    return _see_the_host(words, second, _no_pin_lines(words), _no_pin_lines(second))


def _see_the_host(
    words: Words, second: Words, lines: tuple[str, ...], lines_secondary: tuple[str, ...]
) -> RefusedBadge:
    return RefusedBadge(
        headline=words.gettext("Please see the host"),
        headline_secondary=second.gettext("Please see the host"),
        lines=lines,
        lines_secondary=lines_secondary,
    )


def _too_many_lines(words: Words) -> tuple[str, ...]:
    return (
        words.gettext("That was wrong several times, so PINs wait a little here now."),
        words.gettext("A host will help you right away."),
    )


def _no_pin_lines(words: Words) -> tuple[str, ...]:
    return (
        words.gettext("This badge asks for a PIN, and it has none yet."),
        words.gettext("A host sets one up with you in a minute."),
    )


def _keys(row: str) -> tuple[Choice, ...]:
    return tuple(Choice(letter.lower(), letter) for letter in row)


def _headline(words: Words, entry: Entry) -> str:
    return words.gettext("Your name") if entry.asks_name else words.gettext("Your PIN")


def _line(words: Words, entry: Entry) -> str:
    if entry.checking:
        return words.gettext("One moment…")
    match entry.said:
        case Said.SHORT:
            return words.gettext("A PIN has four digits or more.")
        case Said.WRONG if entry.badge is not None:
            return words.gettext("That was not it. Try again, slowly.")
        case Said.WRONG:
            return words.gettext("Name and PIN do not fit together. Try again.")
        case Said.NOTHING if entry.asks_name:
            return words.gettext("All of it, as you are greeted here; or your member number.")
        case Said.NOTHING:
            return words.gettext("The digits you chose. Nobody sees them here.")
        case _:
            assert_never(entry.said)
