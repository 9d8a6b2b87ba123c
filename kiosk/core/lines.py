"""The short lines around the cards: counts, notices, what to do with a badge.

Pure; see `kiosk.core.sentences` for what the sentences may and may not say.
"""

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


def refused_lines(words: Words) -> tuple[str, ...]:
    """Return what a revoked or lost badge is told."""
    return (
        words.gettext("This badge no longer works here."),
        words.gettext("A host will help you right away."),
    )
