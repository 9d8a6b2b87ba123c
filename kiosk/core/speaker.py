"""Who is spoken to, and in which words: what everything that turns outcomes into views has in common.

Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from community.clock import Hours
from community.ids import MemberId
from community.members import Comfort, Space
from kiosk.core.directory import Directory
from kiosk.core.initials import initial_of
from kiosk.core.pieces import Chip
from kiosk.core.sentences import Words, time_of, tint_of


@dataclass(frozen=True, slots=True)
class Speaker:
    """The directory, the words of each language, and the local time, for one moment."""

    directory: Directory
    catalogues: Mapping[str, Words]
    """By two-letter code; `en` is always there."""
    hours: Hours

    @property
    def zone(self) -> tzinfo:
        """The space's time zone."""
        return self.hours.zone

    @property
    def space(self) -> Space:
        """The place this kiosk stands in."""
        return self.directory.space

    def words(self, language: str) -> Words:
        """Return one language's words; the space's first language where we do not speak it."""
        for code in (language, self.space.languages[0], "en"):
            if code in self.catalogues:
                return self.catalogues[code]
        raise KeyError("en")

    def both(self) -> tuple[Words, Words]:
        """Return the words of the space's two languages, large and small."""
        first, second = self.space.languages
        return self.words(first), self.words(second)

    def name(self, member_id: MemberId) -> str:
        """Return a member's chosen name; empty if the directory no longer has them."""
        member = self.directory.members.get(member_id)
        return member.name if member is not None else ""

    def language(self, member_id: MemberId) -> str:
        """Return the language to speak to a member in."""
        member = self.directory.members.get(member_id)
        return member.language if member is not None else self.space.languages[0]

    def comfort(self, member_id: MemberId) -> Comfort:
        """Return how screens suit a member."""
        member = self.directory.members.get(member_id)
        return member.comfort if member is not None else Comfort()

    def time(self, words: Words, at: datetime) -> str:
        """Return a moment as clocks here show it."""
        return time_of(words, at.astimezone(self.zone))

    def chip(self, member_id: MemberId) -> Chip:
        """Return a member, small."""
        name = self.name(member_id)
        return Chip(name, initial_of(name), tint_of(member_id))
