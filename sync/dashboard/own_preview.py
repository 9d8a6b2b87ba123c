"""Exactly what others will see of a member: drawn by the code that draws it for them.

The hub's own pages draw what hosts read.  What stands at the door is drawn by the kiosk's code, which the hub
does not know: the command hands over something that draws it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from community.clock import Hours
from community.members import Member, Space
from community.visits import Visit
from sync.introductions.wanted import NeedsBoard, needs_board
from sync.views.people import Person, roster
from sync.views.world import first_name, may_be_named


@dataclass(frozen=True, slots=True)
class CardLook:
    """How a member stands on the screen of another whom they are introduced to."""

    name: str
    trade: str
    slot: str
    reason: str
    place: str


@dataclass(frozen=True, slots=True)
class DoorLook:
    """What screens at the door show of a member who is in; each text as it stands there."""

    present: str
    """How many are in."""
    name: str
    """On the screen at rest; empty for nowhere."""
    wanted: tuple[str, ...]
    offered: tuple[str, ...]
    card: CardLook | None
    """`None` where they are introduced to nobody."""


DrawDoor = Callable[[Member, Space, Hours, datetime, str], DoorLook]
"""Draws the door: of whom, where, when, and in which language another member would read it."""


@dataclass(frozen=True, slots=True)
class Preview:
    """All of it, of somebody who is in and has chosen no mood."""

    door: DoorLook | None
    """`None` where nothing draws it."""
    person: Person | None
    """As on the hosts' list of who is in; `None` for a number without a name."""
    board: NeedsBoard
    """As on the hosts' board of needs."""
    world: str
    """The name that anybody on the net may read; empty for none."""


def preview_of(
    member: Member,
    space: Space,
    hours: Hours,
    at: datetime,
    language: str,
    *,
    world: bool,
    picture: bool,
    draw: DrawDoor | None,
) -> Preview:
    """Return what others would see if a member were as they are here, and in.

    Args:
        member: As they would be.
        space: The place.
        hours: Tells its days.
        at: Now, aware.
        language: Of who looks at the preview.
        world: Whether they say yes to being named to anybody on the net.
        picture: Whether they gave a picture that is for hosts.
        draw: Draws the door; `None` for nothing there.
    """
    visit, known, day = Visit(member.id, at), {member.id: member}, hours.day_of(at)
    here = roster([visit], known, day, (), known if picture else ()).people
    named = may_be_named(member, visit, said_yes=world, sure=True) and bool(member.name.split())
    return Preview(
        draw(member, space, hours, at, language) if draw is not None else None,
        here[0] if here else None,
        needs_board(known, {member.id: None}, {}, day),
        first_name(member) if named else "",
    )
