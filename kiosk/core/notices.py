"""What a badge is told that greets nobody, and what two are told who met.

Pure.
"""

from dataclasses import dataclass

from community.badges import BadgeHash, short_code
from community.desk_rules import Rules
from community.ids import MemberId
from community.proofs import ProofFault
from kiosk.core.asking import forgotten_choice
from kiosk.core.lines import (
    hold_still_lines,
    met_notice,
    not_proven_lines,
    random_lines,
    refused_lines,
    unknown_lines,
)
from kiosk.core.speaker import Speaker
from kiosk.core.views import HoldStill, MetNotice, RandomBadge, RefusedBadge, UnknownBadge


@dataclass(frozen=True, slots=True)
class Notices(Speaker):
    """Builds notices for one moment."""

    rules: Rules

    def met(self, first: MemberId, second: MemberId, *, undone: bool = False) -> MetNotice:
        """Return what two members who met see, in both their languages."""
        words = self.words(self.language(first))
        other_words = self.words(self.language(second))
        line, other_line = (met_notice(w, undone=undone) for w in (words, other_words))
        return MetNotice(
            first=self.chip(first),
            second=self.chip(second),
            line=line,
            line_secondary="" if other_line == line else other_line,
            undo_line="" if undone else words.gettext("Not right? Tap again."),
            shown_for_s=self.rules.undo_s,
        )

    def unknown(self, badge: BadgeHash) -> UnknownBadge:
        """Return what a badge that nobody linked yet is told, in both languages of the space."""
        words, second = self.both()
        return UnknownBadge(
            headline=words.gettext("This badge is new here"),
            headline_secondary=second.gettext("This badge is new here"),
            code=short_code(badge),
            lines=unknown_lines(words),
            lines_secondary=unknown_lines(second),
        )

    def random(self) -> RandomBadge:
        """Return why a phone or bank card cannot be a badge, and what can."""
        words, second = self.both()
        return RandomBadge(
            headline=words.gettext("This card changes its number"),
            headline_secondary=second.gettext("This card changes its number"),
            lines=random_lines(words, by_name=bool(self.directory.pins)),
            lines_secondary=random_lines(second, by_name=bool(self.directory.pins)),
            forgotten=forgotten_choice(words) if self.directory.pins else None,
        )

    def refused(self) -> RefusedBadge:
        """Return what a revoked or lost badge is told; nothing about whose it was."""
        words, second = self.both()
        return RefusedBadge(
            headline=words.gettext("Please see the host"),
            headline_secondary=second.gettext("Please see the host"),
            lines=refused_lines(words),
            lines_secondary=refused_lines(second),
        )

    def not_proven(self, fault: ProofFault) -> RefusedBadge:
        """Return what a badge that may be a copy is told; nothing about whose number it showed."""
        words, second = self.both()
        return RefusedBadge(
            headline=words.gettext("Please see the host"),
            headline_secondary=second.gettext("Please see the host"),
            lines=not_proven_lines(words, fault),
            lines_secondary=not_proven_lines(second, fault),
        )

    def hold_still(self) -> HoldStill:
        """Return what a badge that was taken away too soon is told."""
        words, second = self.both()
        return HoldStill(
            headline=words.gettext("Hold your badge still"),
            headline_secondary=second.gettext("Hold your badge still"),
            lines=hold_still_lines(words),
            lines_secondary=hold_still_lines(second),
        )
