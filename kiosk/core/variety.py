"""What the lobby says people here look for and offer: other things every day, other ones first now and then.

Pure.  A screen that says the same every day is not seen any more.  So each person says one thing a day, the
next one the day after; and who comes first moves on with each arrival and every 20 minutes, at no other time.
Every screen of a space draws the same.

Nobody's name stands beside what they say, and what they say names nobody who is here.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from community.clock import DAY_STARTS, Hours
from community.introductions.lots import lot
from community.members import Mood
from community.names import folded, names_of, names_somebody
from kiosk.core.guests import Guest

STEP = timedelta(minutes=20)
"""How long the same thing stands first in a room where nobody comes or goes."""


def turn_of(hours: Hours, now: datetime, present: int) -> int:
    """Return how often what stands first has changed today: with time, and with who is here."""
    begun = hours.moment(hours.day_of(now), DAY_STARTS)
    return max(0, (now - begun) // STEP) + present


def looking_for(
    guests: Iterable[Guest], day: date, limit: int, *, seed: str = "", turn: int = 0
) -> tuple[str, ...]:
    """Return what people present look for; first of those who came to look for something today.

    Args:
        guests: Those present, in any order.
        day: Today: needs that ended are left out.
        limit: At most this many, one a person, and only of those who let it be seen.
        seed: The space's: another space draws other ones.
        turn: As `turn_of` says.
    """
    return _said(guests, lambda guest: guest.member.open_needs(day), day, limit, f"{seed} needs", turn)


def offering(
    guests: Iterable[Guest], day: date, limit: int, *, seed: str = "", turn: int = 0
) -> tuple[str, ...]:
    """Return what people present offer; the rest as `looking_for`."""
    return _said(guests, lambda guest: guest.member.offers, day, limit, f"{seed} offers", turn)


def _said(
    guests: Iterable[Guest],
    items: Callable[[Guest], tuple[str, ...]],
    day: date,
    limit: int,
    seed: str,
    turn: int,
) -> tuple[str, ...]:
    everybody = tuple(guests)
    names = names_of(guest.member.name for guest in everybody)
    drawn = sorted(
        (lot(seed, day.isoformat(), guest.member.id), guest.member.id, guest)
        for guest in everybody
        if guest.speaks and items(guest)
    )
    eager = [guest for _, _, guest in drawn if guest.mood is Mood.LOOKING]
    others = [guest for _, _, guest in drawn if guest.mood is not Mood.LOOKING]
    found: dict[str, str] = {}
    for guest in (*_turned(eager, turn), *_turned(others, turn)):
        if len(found) == limit:
            break
        said = tuple(item for item in items(guest) if not names_somebody(item, names))
        if said:
            first = int(lot(seed, guest.member.id) * len(said))
            mine = said[(day.toordinal() + first) % len(said)]
            found.setdefault(folded(mine) or mine, mine)
    return tuple(found.values())


def _turned(guests: list[Guest], turn: int) -> list[Guest]:
    """Return the guests with another one first, those before them last."""
    if not guests:
        return guests
    first = turn % len(guests)
    return guests[first:] + guests[:first]
