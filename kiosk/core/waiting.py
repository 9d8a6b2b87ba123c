"""What stands in the place of people to meet when nobody can be introduced now: kind, and what comes next.

Pure.
"""

from dataclasses import dataclass

from community.members import Member, Mood
from kiosk.core.sentences import Words


@dataclass(frozen=True, slots=True)
class Waiting:
    """What may be said to somebody to whom nobody is introduced now."""

    present: int
    """Everybody present, the reader included."""
    mood: Mood | None = None
    later: str = ""
    """The local time from which on there may be somebody; empty if that is over or not to be expected."""
    wanted: str = ""
    """What somebody else present looks for, who lets it be seen; empty for nothing."""


def empty_line(words: Words, member: Member | None, waiting: Waiting) -> str:
    """Return the line; `member` is who reads it, if the directory still has them."""
    if member is None or not member.may_be_introduced:
        return words.gettext("Have a good day here.")
    if waiting.mood is Mood.HEADS_DOWN:
        return words.gettext("Heads-down: you are not suggested to anybody today. Good work!")
    if waiting.present <= 1:
        return words.gettext("You open the day: make yourself at home.")
    if waiting.later:
        return words.gettext("Nobody new to introduce just yet. Tap again from {time} on.").format(
            time=waiting.later
        )
    if waiting.wanted:
        return words.gettext(
            "Nobody new to introduce just now. Someone here wants “{need}”: any idea?"
        ).format(need=waiting.wanted)
    return words.gettext("Nobody new to introduce just now. Enjoy your day here.")
