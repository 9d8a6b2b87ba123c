"""Turn what happened to a member, or to a badge, into what is shown.

Pure.  A presenter is made for one moment, and answers with views.  The lobby and the farewell have
their own modules.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from community.badges import BadgeHash, short_code
from community.desk_rules import Rules
from community.ids import MemberId
from community.introductions.introduction import Introduction
from community.members import Mood
from community.proofs import ProofFault
from kiosk.core.asking import forgotten_choice
from kiosk.core.host_way import with_host
from kiosk.core.initials import initial_of
from kiosk.core.keys import LEAVE_KEY, MOOD_KEYS
from kiosk.core.lines import (
    hold_still_lines,
    met_notice,
    not_proven_lines,
    random_lines,
    refused_lines,
    subtitle_line,
    unknown_lines,
)
from kiosk.core.pieces import Card, Choice, Invitation
from kiosk.core.questions import question_of
from kiosk.core.reasons import brief_reason_of, for_them_of, reason_of
from kiosk.core.sentences import Words, mood_label, slot_label, tint_of
from kiosk.core.speaker import Speaker
from kiosk.core.views import (
    Greeting,
    GreetingSummary,
    HoldStill,
    MetNotice,
    OwnCard,
    RandomBadge,
    RefusedBadge,
    UnknownBadge,
)

MOODS = (Mood.OPEN, Mood.LOOKING, Mood.HELLO, Mood.HEADS_DOWN)
"""In the order of their keys, `MOOD_KEYS`."""


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


@dataclass(frozen=True, slots=True)
class Presenter(Speaker):
    """Builds the views of single members, and notices."""

    rules: Rules

    def greeting(
        self,
        member_id: MemberId,
        at: datetime,
        introductions: Sequence[Introduction],
        *,
        waiting: Waiting,
        small: GreetingSummary | None,
        table: Invitation | None = None,
    ) -> Greeting:
        """Return the greeting of somebody who has just arrived."""
        language = self.language(member_id)
        words = self.words(language)
        question_label, question = self._question(words, member_id, introductions, at)
        return Greeting(
            headline=words.gettext("Hello {name}").format(name=self.name(member_id)),
            noted=words.gettext("Checked in, {time}").format(time=self.time(words, at)),
            subtitle=subtitle_line(words, len(introductions)),
            cards=self._cards(words, introductions),
            question_label=question_label,
            question=question,
            mood_label=words.gettext("Today"),
            moods=with_host(moods(words, None), words, self.directory.members.get(member_id)),
            empty_line=self._empty_line(words, member_id, waiting),
            table=table,
            small=small,
            language=language,
        )

    def own_card(
        self,
        member_id: MemberId,
        since: datetime,
        now: datetime,
        introductions: Sequence[Introduction],
        *,
        waiting: Waiting,
        leave_within_s: float = 0.0,
        undone: bool = False,
        table: Invitation | None = None,
        answered: bool = False,
    ) -> OwnCard:
        """Return the card of a member who is in.

        Args:
            member_id: Whose.
            since: When their visit began.
            now: Aware.
            introductions: Whom to meet.
            waiting: What to say if that is nobody.
            leave_within_s: For how long a tap means leaving; 0 for not at all.
            undone: Whether a check-out was just taken back.
            table: A table they are invited to.
            answered: Whether they have just said that they are coming, or not after all.
        """
        language = self.language(member_id)
        words = self.words(language)
        question_label, question = self._question(words, member_id, introductions, now)
        headline = words.gettext("Hello again {name}")
        if undone:
            headline = words.gettext("Still here, {name}")
        elif answered:
            headline = words.gettext("Noted, {name}")
        asks, closed = "", ""
        if leave_within_s > 0:
            seconds = round(self.rules.leave_s)
            asks = words.gettext("Tap again within {seconds} s to leave").format(seconds=seconds)
            if member_id in self.directory.pins:  # they may have come in without a badge
                asks = words.gettext("Leaving? Within {seconds} s, tap again or press {key}").format(
                    seconds=seconds, key=LEAVE_KEY
                )
        if table is not None and not table.accepted:
            table = replace(table, how="")
            closed = words.gettext("Coming? Tap again now.")
        elif table is not None and answered:
            asks, leave_within_s = words.gettext("Not coming after all? Tap again."), self.rules.undo_s
        return OwnCard(
            headline=headline.format(name=self.name(member_id)),
            since_line=words.gettext("Here since {time}").format(time=self.time(words, since)),
            subtitle=subtitle_line(words, len(introductions)),
            cards=self._cards(words, introductions),
            question_label=question_label,
            question=question,
            leave_line=asks,
            leave_within_s=leave_within_s,
            leave_closed_line=closed,
            mood_label=words.gettext("Today"),
            moods=with_host(moods(words, waiting.mood), words, self.directory.members.get(member_id)),
            empty_line=self._empty_line(words, member_id, waiting),
            table=table,
            language=language,
        )

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

    def summary(self, member_id: MemberId, introductions: Sequence[Introduction]) -> GreetingSummary:
        """Return a greeting shrunk to a strip because another member has arrived."""
        words = self.words(self.language(member_id))
        names = tuple(self.name(i.member_id) for i in introductions)
        name = self.name(member_id)
        line = words.gettext("{name}, to meet: {names}") if names else words.gettext("{name}, welcome")
        return GreetingSummary(
            name=name,
            initial=initial_of(name),
            tint=tint_of(member_id),
            line=line.format(name=name, names=", ".join(names)),
            names=names,
        )

    def _cards(self, words: Words, introductions: Iterable[Introduction]) -> tuple[Card, ...]:
        cards = []
        for introduction in introductions:
            member = self.directory.members.get(introduction.member_id)
            if member is not None and member.may_be_introduced:
                cards.append(
                    Card(
                        name=member.name,
                        initial=initial_of(member.name),
                        tint=tint_of(member.id),
                        trade=member.trade,
                        slot_label=slot_label(words, introduction.slot),
                        reason=reason_of(words, introduction.reason, member.name, member.trade),
                        brief=brief_reason_of(words, introduction.reason, member.name),
                        for_them=for_them_of(words, introduction.for_them, member.name),
                        place=member.place or None,
                    )
                )
        return tuple(cards)

    def _question(
        self, words: Words, member_id: MemberId, introductions: Sequence[Introduction], at: datetime
    ) -> tuple[str, str]:
        if not introductions:
            return "", ""
        first = introductions[0]
        day = at.astimezone(self.zone).date()
        label = words.gettext("To break the ice with {name}").format(name=self.name(first.member_id))
        return label, question_of(words, first.reason, member_id, first.member_id, day)

    def _empty_line(self, words: Words, member_id: MemberId, waiting: Waiting) -> str:
        member = self.directory.members.get(member_id)
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


def moods(words: Words, chosen: Mood | None) -> tuple[Choice, ...]:
    """Return the moods to choose from, in the order of their keys."""
    return tuple(
        Choice(key, mood_label(words, mood), chosen=mood is chosen)
        for key, mood in zip(MOOD_KEYS, MOODS, strict=True)
    )
