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
    """By two-letter code, `xx@formal` for formal words where a language has them; `en` is always there."""
    hours: Hours

    @property
    def zone(self) -> tzinfo:
        """The space's time zone."""
        return self.hours.zone

    @property
    def space(self) -> Space:
        """The place this kiosk stands in."""
        return self.directory.space

    def spoken(self, *languages: str) -> str:
        """Return the first of these languages that we speak; the space's first where we speak none."""
        for code in (*languages, self.space.languages[0]):
            if code in self.catalogues:
                return code
        return "en"

    def words(self, language: str) -> Words:
        """Return the words for a member: in that language if we speak it, formal if the space wishes so."""
        return self.formal_words(language) if self.space.formal else self.catalogues[self.spoken(language)]

    def formal_words(self, language: str) -> Words:
        """Return the words for somebody we do not know: a guest, a strange badge, whoever walks past."""
        code = self.spoken(language)
        return self.catalogues.get(f"{code}@formal", self.catalogues[code])

    def both(self) -> tuple[Words, Words]:
        """Return the words of the space's two languages, large and small, for whoever reads them: formal."""
        first, second = self.space.languages
        return self.formal_words(first), self.formal_words(second)

    def name(self, member_id: MemberId) -> str:
        """Return a member's chosen name; empty if the directory no longer has them."""
        member = self.directory.members.get(member_id)
        return member.name if member is not None else ""

    def language(self, member_id: MemberId) -> str:
        """Return the language to speak to a member in: the first of theirs that we speak."""
        member = self.directory.members.get(member_id)
        return self.spoken(*member.languages) if member is not None else self.spoken()

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
