"""The screen at rest: who is here, what they look for, what is going on.

Pure.  It is read by everybody who walks past: only what people let the lobby show stands on it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from community.ids import MemberId
from community.introductions.pairing import Pair
from community.members import Member, Mood
from kiosk.core.asking import forgotten_choice
from kiosk.core.initials import initial_of
from kiosk.core.lines import met_line, others_line, present_line
from kiosk.core.pieces import Attention, Chip, Constellation, TableNotice, Trouble
from kiosk.core.sentences import date_of, tint_of
from kiosk.core.speaker import Speaker
from kiosk.core.views import Lobby

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

    @property
    def named(self) -> bool:
        """Whether the lobby names them: they wished it, and are not heads-down today."""
        return self.member.visibility.lobby and self.mood is not Mood.HEADS_DOWN


def lobby_of(
    speaker: Speaker,
    guests: Sequence[Guest],
    now: datetime,
    *,
    synced: bool,
    met_this_week: int,
    trouble: Trouble | None,
    tables: tuple[TableNotice, ...] = (),
    note: str = "",
    sky: Constellation | None = None,
    attention: Attention = Attention.USUAL,
    by_name: bool = False,
) -> Lobby:
    """Return the screen at rest.

    Args:
        speaker: For its words.
        guests: Everybody present, in any order.
        now: Aware.
        synced: Whether the clock can be trusted.
        met_this_week: Meetings recorded since Monday.
        trouble: What is slow, if anything.
        tables: Tables that are announced.
        note: A line for the foot of the screen, shown as it is.
        sky: The community as stars and lines.
        attention: Whether somebody is known to stand before it.
        by_name: Whether anybody can come in without a badge.
    """
    words, second = speaker.both()
    day = speaker.hours.day_of(now)
    named = [guest.member for guest in sorted(guests, key=_latest_first, reverse=True) if guest.named]
    others = len(guests) - len(named)
    needs = looking_for(guests, day)
    local = now.astimezone(speaker.zone)
    met = met_this_week if met_this_week >= FEWEST_MEETINGS else 0
    return Lobby(
        space_name=speaker.space.name,
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
        tables=tables,
        met_week_line=met_line(words, met),
        met_week_line_secondary=met_line(second, met),
        forgotten=forgotten_choice(words) if by_name else None,
        help_line=note,
        constellation=sky,
        attention=attention,
        trouble=trouble,
    )


def looking_for(guests: Iterable[Guest], day: date, limit: int = LOOKING_FOR_AT_MOST) -> tuple[str, ...]:
    """Return what people present look for, the latest arrival first.

    Args:
        guests: Those present, in any order.
        day: Today: needs that ended are left out.
        limit: At most this many, one a person, and only of those who let it be seen.
    """
    shown: list[str] = []
    seeking = [
        guest for guest in guests if guest.member.needs and guest.named and guest.member.may_be_introduced
    ]
    for guest in sorted(seeking, key=_latest_first, reverse=True):
        needs = guest.member.open_needs(day)
        if needs:
            shown.append(needs[0])
            if len(shown) == limit:
                break
    return tuple(shown)


def _latest_first(guest: Guest) -> tuple[datetime, MemberId]:
    return (guest.since, guest.member.id)


def sky_of(members: Iterable[MemberId], ties: Iterable[Pair]) -> Constellation:
    """Return the community without names: a star a member, a line for two who met."""
    order = {member_id: place for place, member_id in enumerate(sorted(members))}
    links = sorted(
        (order[first], order[second]) for first, second in ties if first in order and second in order
    )
    return Constellation(tuple(tint_of(member_id) for member_id in order), tuple(links))


def monday_of(day: date) -> date:
    """Return the Monday of the week that `day` is in."""
    return day - timedelta(days=day.weekday())
