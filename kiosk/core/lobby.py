"""The screen at rest: who is here, what they look for, what is going on.

Pure.  It is read by everybody who walks past: only what people let the lobby show stands on it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from community.ids import MemberId
from community.introductions.pairing import Pair
from kiosk.core.asking import forgotten_choice
from kiosk.core.guests import Guest
from kiosk.core.initials import initial_of
from kiosk.core.lines import met_line, others_line, present_line
from kiosk.core.moments import programme_of
from kiosk.core.pieces import Attention, Chip, Constellation, TableNotice, Trouble
from kiosk.core.sentences import Words, date_of, tint_of
from kiosk.core.speaker import Speaker
from kiosk.core.variety import looking_for, offering, turn_of
from kiosk.core.views import Lobby

LOOKING_FOR_AT_MOST = 6
"""Needs on the lobby: what fits and can be read while walking past."""

OFFERING_AT_MOST = 4
"""Offers on the lobby: fewer than needs, for it is needs that somebody can do something about."""

MOMENTS_AT_MOST = 4
"""Moments of the day on the lobby."""

NOON = 12
"""Local hour before which an empty room is one that is not awake yet."""

FEWEST_MEETINGS = 3
"""Meetings this week below which the number is not shown: a small number cheers nobody."""


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a screen hangs, as far as what stands on it goes."""

    reads: bool = True
    """Whether badges are read here; elsewhere the screen says where."""
    distance_m: int = 1
    """From how far it is read."""

    @property
    def most(self) -> "Most":
        """How much there is room for."""
        return FROM_AFAR if self.distance_m >= FAR_M else NEAR


@dataclass(frozen=True, slots=True)
class Most:
    """How many lines of each kind the lobby has at most."""

    looking_for: int
    offering: int
    moments: int


FAR_M = 5
"""From so many metres on fewer things are said, and larger."""

NEAR = Most(LOOKING_FOR_AT_MOST, OFFERING_AT_MOST, MOMENTS_AT_MOST)
FROM_AFAR = Most(3, 2, 2)
"""What can be read in passing, from the other end of a room."""

AT_THE_DOOR = Stand()


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
    stand: Stand = AT_THE_DOOR,
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
        stand: Where the screen hangs.
    """
    words, second = speaker.both()
    day = speaker.hours.day_of(now)
    named = [guest.member for guest in sorted(guests, key=_latest_first, reverse=True) if guest.named]
    others = len(guests) - len(named)
    turn, seed, most = turn_of(speaker.hours, now, len(guests)), speaker.space.name, stand.most
    needs = looking_for(guests, day, most.looking_for, seed=seed, turn=turn)
    offers = offering(guests, day, most.offering, seed=seed, turn=turn)
    programme = programme_of(speaker, now, most.moments)
    calm = not (needs or offers)
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
        offering_title=words.gettext("Offered today") if offers else "",
        offering_title_secondary=second.gettext("Offered today") if offers else "",
        offering=offers,
        moments_title=programme.title,
        moments_title_secondary=programme.title_secondary,
        moments=programme.lines,
        calm_line=_calm_line(words, speaker, guests, local) if calm else "",
        calm_line_secondary=_calm_line(second, speaker, guests, local) if calm else "",
        tap_title=words.gettext("Tap in") if stand.reads else words.gettext("Tap in at the door"),
        tap_line=words.gettext("and see whom to meet"),
        tap_line_secondary=_tap_line(second, stand),
        tables=tables,
        met_week_line=met_line(words, met),
        met_week_line_secondary=met_line(second, met),
        forgotten=forgotten_choice(words) if by_name and stand.reads else None,
        help_line=note,
        constellation=sky,
        attention=attention,
        trouble=trouble,
    )


def _tap_line(words: Words, stand: Stand) -> str:
    if stand.reads:
        return words.gettext("Tap your badge and see whom to meet")
    return words.gettext("Tap your badge at the door and see whom to meet")


def _calm_line(words: Words, speaker: Speaker, guests: Sequence[Guest], local: datetime) -> str:
    """Return something kind for a lobby on which nobody looks for or offers anything."""
    if not speaker.directory.members:
        return words.gettext("The first badges are waiting with a host.")
    if guests:
        return words.gettext("What you look for or offer can stand here: just tell a host.")
    if local.hour < NOON:
        return words.gettext("A quiet morning: whoever comes first opens the day.")
    return words.gettext("It is quiet here now: the best seats are free.")


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
