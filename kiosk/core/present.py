"""Turn what happened to a member, or to a badge, into what is shown.

Pure.  A presenter is made for one moment, and answers with views.  The lobby and the farewell have
their own modules.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from community.ids import MemberId
from community.introductions.introduction import Introduction
from community.members import Mood
from kiosk.core.host_way import with_host
from kiosk.core.initials import initial_of
from kiosk.core.keys import LEAVE_KEY, MOOD_KEYS
from kiosk.core.lines import (
    subtitle_line,
)
from kiosk.core.notices import Notices
from kiosk.core.occasions import USUAL, Occasion
from kiosk.core.own_page import Address, nowhere
from kiosk.core.pieces import Card, Choice, Invitation
from kiosk.core.questions import question_of
from kiosk.core.reasons import brief_reason_of, for_them_of, reason_of
from kiosk.core.sentences import Words, mood_label, slot_label, tint_of
from kiosk.core.views import (
    Greeting,
    GreetingSummary,
    OwnCard,
)
from kiosk.core.waiting import Waiting, empty_line

MOODS = (Mood.OPEN, Mood.LOOKING, Mood.HELLO, Mood.HEADS_DOWN)
"""In the order of their keys, `MOOD_KEYS`."""


@dataclass(frozen=True, slots=True)
class Presenter(Notices):
    """Builds the views of single members, and notices."""

    own_page: Address = nowhere
    """Where members' own pages are."""

    def greeting(
        self,
        member_id: MemberId,
        at: datetime,
        introductions: Sequence[Introduction],
        *,
        waiting: Waiting,
        earlier: Sequence[GreetingSummary] = (),
        occasion: Occasion = USUAL,
        table: Invitation | None = None,
    ) -> Greeting:
        """Return the greeting of somebody who has just arrived.

        Args:
            member_id: Who.
            at: When; aware.
            introductions: Whom to meet.
            waiting: What to say if that is nobody.
            earlier: Of those greeted just before, the newest first.
            occasion: What is said on this day only.
            table: A table they are invited to.
        """
        comfort, (own_page, own_page_line) = self.comfort(member_id), self._own_page(member_id)
        language = self.language(member_id)
        words = self.words(language)
        question_label, question = self._question(words, member_id, introductions, at)
        return Greeting(
            headline=words.gettext("Hello {name}").format(name=self.name(member_id)),
            noted=words.gettext("Checked in, {time}").format(time=self.time(words, at)),
            subtitle=occasion.meet or subtitle_line(words, len(introductions)),
            cards=self._cards(words, introductions),
            question_label=question_label,
            question=question,
            mood_label=words.gettext("Today"),
            moods=with_host(moods(words, None), words, self.directory.members.get(member_id)),
            empty_line=occasion.alone or empty_line(words, self.directory.members.get(member_id), waiting),
            table=table,
            small=earlier[0] if earlier else None,
            earlier=tuple(earlier[1:]),
            occasion=occasion.line,
            own_page=own_page,
            own_page_line=own_page_line,
            large=comfort.large_text,
            language=language,
            shown_for_s=float(comfort.stays_s),
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
        comfort, (own_page, own_page_line) = self.comfort(member_id), self._own_page(member_id)
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
            empty_line=empty_line(words, self.directory.members.get(member_id), waiting),
            table=table,
            own_page=own_page,
            own_page_line=own_page_line,
            large=comfort.large_text,
            language=language,
            shown_for_s=float(comfort.stays_s),
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

    def _own_page(self, member_id: MemberId) -> tuple[str, str]:
        """Return the address of somebody's own page, and what its code opens; both empty for none."""
        address = self.own_page(self.space, member_id)
        line = self.words(self.language(member_id)).gettext("Your page, for two minutes")
        return address, line if address else ""

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


def moods(words: Words, chosen: Mood | None) -> tuple[Choice, ...]:
    """Return the moods to choose from, in the order of their keys."""
    return tuple(
        Choice(key, mood_label(words, mood), chosen=mood is chosen)
        for key, mood in zip(MOOD_KEYS, MOODS, strict=True)
    )
