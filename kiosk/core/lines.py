"""The short lines around the cards: counts, notices, what to do with a badge.

Pure; see `kiosk.core.sentences` for what the sentences may and may not say.
"""

from typing import assert_never

from community.proofs import ProofFault
from kiosk.core.sentences import Words


def present_line(words: Words, count: int) -> str:
    """Return how many are here; a welcome for an empty room."""
    if count == 0:
        return words.gettext("Welcome")
    return words.ngettext("{count} person here", "{count} people here", count).format(count=count)


def others_line(words: Words, count: int, *, alone: bool) -> str:
    """Return "and 3 others"; empty for none, or when `alone`: then the count says it all."""
    if count == 0 or alone:
        return ""
    return words.ngettext("and {count} other", "and {count} others", count).format(count=count)


def met_line(words: Words, count: int) -> str:
    """Return how many meetings the week has seen; empty for 0."""
    if count == 0:
        return ""
    return words.ngettext("{count} meeting this week", "{count} meetings this week", count).format(
        count=count
    )


def met_notice(words: Words, *, undone: bool) -> str:
    """Return what two members who met are told, or that it was taken back."""
    if undone:
        return words.gettext("Taken back: no meeting noted.")
    return words.gettext("You two met: noted. Enjoy the conversation!")


def subtitle_line(words: Words, count: int) -> str:
    """Return how many people there are to meet; empty for 0."""
    match count:
        case 0:
            return ""
        case 1:
            return words.gettext("One person to meet today")
        case 2:
            return words.gettext("Two people to meet today")
        case _:
            return words.gettext("Three people to meet today")


def today_line(words: Words, met: int) -> str:
    """Return what today was for somebody who leaves: whom they met as far as it was recorded, or thanks."""
    match met:
        case 0:
            return words.gettext("Thank you for being here today.")
        case 1:
            return words.gettext("You met somebody today.")
        case 2:
            return words.gettext("You met two people today.")
        case 3:
            return words.gettext("You met three people today.")
        case _:
            return words.ngettext(
                "You met {count} person today.", "You met {count} people today.", met
            ).format(count=met)


def unknown_lines(words: Words) -> tuple[str, ...]:
    """Return what to do with a badge that nobody linked yet."""
    return (
        words.gettext("Give this code to a host: they link the badge in two clicks."),
        words.gettext("Then tap again, and you are in."),
    )


def random_lines(words: Words, *, by_name: bool) -> tuple[str, ...]:
    """Return why a phone or bank card cannot be a badge, and what can; `by_name`: a name and a PIN, too."""
    ask = words.gettext("Ask a host for a card or a sticker.")
    if by_name:
        ask = words.gettext("Ask a host for a card or a sticker. With a PIN, your name is enough.")
    return (
        words.gettext("Phones and bank cards show a new number at every tap, so they cannot be a badge."),
        ask,
    )


def not_proven_lines(words: Words, fault: ProofFault) -> tuple[str, ...]:
    """Return what a badge that did not show that it is no copy is told, whoever holds it."""
    return (_what_failed(words, fault), words.gettext("Nothing was noted. A host will help you right away."))


def hold_still_lines(words: Words) -> tuple[str, ...]:
    """Return what to do with a badge that was taken away too soon."""
    return (words.gettext("Leave your badge on the reader until the screen greets you."),)


def refused_lines(words: Words) -> tuple[str, ...]:
    """Return what a revoked or lost badge is told."""
    return (
        words.gettext("This badge no longer works here."),
        words.gettext("A host will help you right away."),
    )


def _what_failed(words: Words, fault: ProofFault) -> str:
    match fault:
        case ProofFault.MISSING:
            return words.gettext("This badge shows a number, but not the proof that goes with it.")
        case ProofFault.FORGED:
            return words.gettext("The proof that this badge shows is not right.")
        case ProofFault.REPLAYED:
            return words.gettext("What this badge shows was shown before.")
        case ProofFault.WRONG_KEY:
            return words.gettext("This badge was made with a key that is not used here.")
        case _:
            assert_never(fault)
