"""Somebody present, as the lobby and introductions need to know them.

Pure.
"""

from dataclasses import dataclass
from datetime import datetime

from community.members import Member, Mood


@dataclass(frozen=True, slots=True)
class Guest:
    """One of those who are in."""

    member: Member
    since: datetime
    mood: Mood | None = None

    @property
    def named(self) -> bool:
        """Whether the lobby names them: they wished it, and are not heads-down today."""
        return self.member.is_named_in_lobby(self.mood)

    @property
    def speaks(self) -> bool:
        """Whether the lobby may say what they look for or offer: they are named, and may be introduced."""
        return self.member.is_quoted_in_lobby(self.mood)
