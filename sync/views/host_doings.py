"""What hosts did at the doors today, for the page "Now": badges linked or not, roll calls opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlalchemy import Connection, select

from community.badges import BadgeHash, short_code
from community.events import BadgeLinkAsked, RollCallOpened
from community.ids import KioskId, MemberId
from sync.presence import Happened
from sync.store.schema import badges
from sync.views.people import Known, name_for_hosts

MOST = 20
"""Lines shown."""


class What(Enum):
    """What was done."""

    LINKED = "linked"
    NOT_LINKED = "not-linked"
    """The badge is somebody else's now, or nobody's: the hub did not do it, or it was undone since."""
    ROLL_CALL = "roll-call"


@dataclass(frozen=True, slots=True)
class Doing:
    """One of them."""

    at: datetime
    kiosk: KioskId
    what: What
    host: str
    """The name; empty if that may not be said."""
    code: str = ""
    """Of the badge, as it stood on the screen; empty for a roll call."""
    name: str = ""
    """Whose the badge was to be; empty if that may not be said."""
    uncertain: bool = False
    """As in `Happened`."""


def read_doings(connection: Connection, happened: Sequence[Happened], known: Known) -> tuple[Doing, ...]:
    """Read what hosts did at the doors today, newest first.

    Args:
        connection: In a read transaction.
        happened: What happened today, newest first.
        known: The directory.
    """
    asked = {item.event.badge for item in happened if isinstance(item.event, BadgeLinkAsked)}
    owners = {
        BadgeHash(row.hash): MemberId(row.member_id)
        for row in connection.execute(
            select(badges.c.hash, badges.c.member_id).where(badges.c.hash.in_(list(asked)))
        )
    }
    found = []
    for item in happened:
        match item.event:
            case BadgeLinkAsked(badge=badge, member=member, by=by):
                what = What.LINKED if owners.get(badge) == member else What.NOT_LINKED
                code, name = short_code(badge), name_for_hosts(known, member)
            case RollCallOpened(by=by):
                what, code, name = What.ROLL_CALL, "", ""
            case _:
                continue
        host = name_for_hosts(known, by)
        found.append(Doing(item.at, item.kiosk, what, host, code, name, item.uncertain))
    return tuple(found[:MOST])
