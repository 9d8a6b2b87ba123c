"""A space in Paris and the people in it, for the tests of the rules."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from community.badges import BadgeHash
from community.clock import Hours, Stamp
from community.ids import MemberId
from community.members import Member, Visibility

PARIS = ZoneInfo("Europe/Paris")
HOURS = Hours(PARIS, time(20))

ADA = MemberId("m-ada")
BEN = MemberId("m-ben")
CAM = MemberId("m-cam")
DAN = MemberId("m-dan")

NINE = datetime(2026, 3, 5, 8, 0, tzinfo=UTC)
"""Nine in the morning in Paris, on a Thursday without a clock change."""


def badge(number: int) -> BadgeHash:
    """Return a badge's hash, another one for every number."""
    return BadgeHash(f"k1:{number:032x}")


def paris(year: int, month: int, day: int, hour: int, minute: int = 0, *, fold: int = 0) -> datetime:
    """Return the moment (UTC) at which clocks in Paris show this; `fold=1` for the second time."""
    return datetime(year, month, day, hour, minute, tzinfo=PARIS, fold=fold).astimezone(UTC)


def stamp(at: datetime = NINE) -> Stamp:
    """Return a stamp of a kiosk whose clock is right."""
    return Stamp(round(at.timestamp() * 1_000_000), "boot-1", 60_000_000, synced=True)


def willing(member_id: str, **what: object) -> Member:
    """Return a member who agreed to introductions and whom members may see."""
    facts: dict[str, object] = {"name": f"Name of {member_id}", "visibility": Visibility(members=True)}
    return Member(MemberId(member_id), introductions=True, **{**facts, **what})
