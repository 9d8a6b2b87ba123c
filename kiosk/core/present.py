"""Turn what happened into what is shown.

Pure.  A presenter is made for one moment: it knows who is in, the directory, the words of
each language, and the local time, and it answers with views.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from community.badges import BadgeHash, short_code
from community.desk import Rules
from community.ids import MemberId
from community.introductions.introduction import Introduction
from community.members import Member, Mood, Space
from kiosk.core.directory import Directory
from kiosk.core.lines import (
    met_line,
    met_notice,
    others_line,
    present_line,
    random_lines,
    refused_lines,
    subtitle_line,
    unknown_lines,
)
from kiosk.core.questions import question_of
from kiosk.core.reasons import brief_reason_of, for_them_of, reason_of
from kiosk.core.sentences import (
    Words,
    date_of,
    mood_label,
    slot_label,
    time_of,
    tint_of,
)
from kiosk.core.views import (
    MOOD_KEYS,
    Card,
    Chip,
    Choice,
    Constellation,
    Farewell,
    Greeting,
    GreetingSummary,
    Lobby,
    MetNotice,
    OwnCard,
    RandomBadge,
    RefusedBadge,
    Trouble,
    UnknownBadge,
    initial_of,
)

MOODS = (Mood.OPEN, Mood.LOOKING, Mood.HELLO, Mood.HEADS_DOWN)
"""In the order of their keys, `MOOD_KEYS`."""

LOOKING_FOR_AT_MOST = 6
"""Needs on the lobby: what fits and can be read while walking past."""

FEWEST_MEETINGS = 3
"""Meetings this week below which the number is not shown: a small number cheers nobody."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody present, as the lobby needs to know them."""

    member: Member
    since: datetime
    mood: Mood | None = None


@dataclass(frozen=True, slots=True)
class Presenter:
    """Builds views for one moment."""

    directory: Directory
    catalogues: Mapping[str, Words]
    """By two-letter code; `en` is always there."""
    zone: tzinfo
    rules: Rules

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

    def lobby(
        self,
        guests: Sequence[Guest],
        now: datetime,
        *,
        synced: bool,
        met_this_week: int,
        trouble: Trouble | None,
        note: str = "",
        sky: Constellation | None = None,
    ) -> Lobby:
        """Return the screen at rest.

        Args:
            guests: Everybody present, in any order.
            now: Aware.
            synced: Whether the clock can be trusted.
            met_this_week: Meetings recorded since Monday.
            trouble: What is slow, if anything.
            note: A line for the foot of the screen, shown as it is.
            sky: The community as stars and lines.
        """
        words, second = self.both()
        latest_first = sorted(guests, key=lambda guest: (guest.since, guest.member.id), reverse=True)
        named = [guest.member for guest in latest_first if _named(guest)]
        others = len(guests) - len(named)
        needs = _looking_for(latest_first)
        local = now.astimezone(self.zone)
        met = met_this_week if met_this_week >= FEWEST_MEETINGS else 0
        return Lobby(
            space_name=self.space.name,
            clock=f"{local:%H:%M}",
            date=date_of(words, local.date()),
            date_secondary=date_of(second, local.date()),
            clock_uncertain="" if synced else words.gettext("time not confirmed"),
            present_count=len(guests),
            present_line=present_line(words, len(guests)),
            present_line_secondary=present_line(second, len(guests)),
            names=tuple(Chip(m.name, initial_of(m.name), tint_of(m.id)) for m in named),
            others_line=others_line(words, others, alone=not named),
            looking_for_title=words.gettext("Wanted today") if needs else "",
            looking_for_title_secondary=second.gettext("Wanted today") if needs else "",
            looking_for=needs,
            tap_title=words.gettext("Tap in"),
            tap_line=words.gettext("and see whom to meet"),
            tap_line_secondary=second.gettext("Tap your badge and see whom to meet"),
            met_week_line=met_line(words, met),
            met_week_line_secondary=met_line(second, met),
            help_line=note,
            constellation=sky,
            trouble=trouble,
        )

    def greeting(
        self,
        member_id: MemberId,
        at: datetime,
        introductions: Sequence[Introduction],
        *,
        present: int,
        small: GreetingSummary | None,
    ) -> Greeting:
        """Return the greeting of somebody who has just arrived; `present` counts them too."""
        language = self.language(member_id)
        words = self.words(language)
        question_label, question = self._question(words, member_id, introductions, at)
        return Greeting(
            headline=words.gettext("Hello {name}").format(name=self.name(member_id)),
            noted=words.gettext("Checked in, {time}").format(time=time_of(words, at.astimezone(self.zone))),
            subtitle=subtitle_line(words, len(introductions)),
            cards=self._cards(words, introductions),
            question_label=question_label,
            question=question,
            mood_label=words.gettext("Today"),
            moods=moods(words, None),
            empty_line=self._empty_line(words, member_id, present),
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
        present: int,
        mood: Mood | None,
        undone: bool = False,
    ) -> OwnCard:
        """Return the card of a member who is in; `undone` when a check-out was just taken back."""
        language = self.language(member_id)
        words = self.words(language)
        question_label, question = self._question(words, member_id, introductions, now)
        headline = words.gettext("Still here, {name}") if undone else words.gettext("Hello again {name}")
        leave_line = words.gettext("Tap again within {seconds} s to leave").format(
            seconds=round(self.rules.leave_s)
        )
        return OwnCard(
            headline=headline.format(name=self.name(member_id)),
            since_line=words.gettext("Here since {time}").format(
                time=time_of(words, since.astimezone(self.zone))
            ),
            subtitle=subtitle_line(words, len(introductions)),
            cards=self._cards(words, introductions),
            question_label=question_label,
            question=question,
            leave_line="" if undone else leave_line,
            leave_within_s=self.rules.leave_s,
            mood_label=words.gettext("Today"),
            moods=moods(words, mood),
            empty_line=self._empty_line(words, member_id, present),
            language=language,
        )

    def farewell(self, member_id: MemberId, at: datetime) -> Farewell:
        """Return what somebody who leaves sees."""
        language = self.language(member_id)
        words = self.words(language)
        return Farewell(
            headline=words.gettext("See you soon, {name}").format(name=self.name(member_id)),
            line=words.gettext("Checked out, {time}").format(time=time_of(words, at.astimezone(self.zone))),
            undo_line=words.gettext("Not leaving? Tap again."),
            tint=tint_of(member_id),
            language=language,
            shown_for_s=self.rules.undo_s,
        )

    def met(self, first: MemberId, second: MemberId, *, undone: bool = False) -> MetNotice:
        """Return what two members who met see, in both their languages."""
        words = self.words(self.language(first))
        other_words = self.words(self.language(second))
        line, other_line = (met_notice(w, undone=undone) for w in (words, other_words))
        return MetNotice(
            first=self._chip(first),
            second=self._chip(second),
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
            lines=random_lines(words),
            lines_secondary=random_lines(second),
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
            if member is not None:
                cards.append(
                    Card(
                        name=member.name,
                        initial=initial_of(member.name),
                        tint=tint_of(member.id),
                        trade=member.trade,
                        slot_label=slot_label(words, introduction.slot),
                        reason=reason_of(words, introduction.reason, member.name),
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

    def _empty_line(self, words: Words, member_id: MemberId, present: int) -> str:
        member = self.directory.members.get(member_id)
        if member is None or not member.may_be_introduced:
            return words.gettext("Have a good day here.")
        if present <= 1:
            return words.gettext("You open the day: make yourself at home.")
        return words.gettext("Nobody new to introduce just now. Tap again at coffee time.")

    def _chip(self, member_id: MemberId) -> Chip:
        name = self.name(member_id)
        return Chip(name, initial_of(name), tint_of(member_id))


def moods(words: Words, chosen: Mood | None) -> tuple[Choice, ...]:
    """Return the moods to choose from, in the order of their keys."""
    return tuple(
        Choice(key, mood_label(words, mood), chosen=mood is chosen)
        for key, mood in zip(MOOD_KEYS, MOODS, strict=True)
    )


def monday_of(day: date) -> date:
    """Return the Monday of the week that `day` is in."""
    return date.fromordinal(day.toordinal() - day.weekday())


def _named(guest: Guest) -> bool:
    """Say whether the lobby names somebody: they wished it, and are not heads-down today."""
    return guest.member.visibility.lobby and guest.mood is not Mood.HEADS_DOWN


def _looking_for(latest_first: Iterable[Guest]) -> tuple[str, ...]:
    """Return what people present look for: one need a person, only of those who let it be seen."""
    shown = []
    for guest in latest_first:
        member = guest.member
        if member.needs and member.may_be_introduced and _named(guest):
            shown.append(member.needs[0])
    return tuple(shown[:LOOKING_FOR_AT_MOST])
