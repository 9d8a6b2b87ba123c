"""Badges that cannot be copied: with what they are checked, and how far they have counted.

Everything here runs inside one transaction of the caller's.  What they are checked with was made from a
secret that is not here (`foyer badges`, decision 0015); it stays when a badge is unlinked, so that it is as
good for the next member, and goes with the member it belonged to when that one is erased.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, Row, delete, select, update

from community.badges import Badge, BadgeHash, BadgeStatus
from community.events import BadgeProved, Event
from community.ids import MemberId
from community.proofs import Level, strongest
from community.secrets import BadgeCounter, BadgeSecret, MetaKey
from plumbing.inserts import insert_or_update
from sync.store import feed
from sync.store.feed import Change, Kind
from sync.store.schema import badge_counters, badge_secrets, badges

_KINDS = (Kind.BADGE, Kind.BADGE_SECRET, Kind.BADGE_COUNTER)
"""What the feed says of one badge."""


STANDING = select(badges, badge_secrets.c.level.label("programmed"), badge_secrets.c.version).join(
    badge_secrets, badges.c.hash == badge_secrets.c.hash, isouter=True
)
"""Linked badges, each with what its chip was programmed for, if it was."""

_behind = (
    select(badge_counters.c.hash, badge_counters.c.upto)
    .join(badges, badges.c.hash == badge_counters.c.hash)
    .where(badge_counters.c.upto > badge_counters.c.shared)
    .order_by(badge_counters.c.hash)
)
"""Linked badges that have counted further than the feed says."""


def put(connection: Connection, secret: BadgeSecret, meta: MetaKey, level: Level, counter: int) -> None:
    """Keep what a badge was programmed with; kiosks hear of it when the badge is linked.

    Args:
        connection: In a writing transaction.
        secret: The badge's own keys.
        meta: What all badges of that version have in common.
        level: What it must show.
        counter: How far it has counted; a number below the one that is known changes nothing.
    """
    row = {
        "hash": secret.hash,
        "version": secret.version,
        "level": level.value,
        "sun": secret.sun,
        "mutual": secret.mutual,
        "hides": secret.hides,
    }
    connection.execute(insert_or_update(connection, badge_secrets, ["hash"]), row)
    feed.write(connection, [Change(Kind.BADGE_META, str(meta.version), meta)])
    _raise(connection, secret.hash, counter)


def told(connection: Connection, badge: BadgeHash) -> list[Change]:
    """Return what the feed says of a badge, which must be linked to somebody."""
    row = connection.execute(STANDING.where(badges.c.hash == badge)).one()
    changes = [Change(Kind.BADGE, badge, badge_of(row))]
    secret = connection.execute(select(badge_secrets).where(badge_secrets.c.hash == badge)).first()
    if secret is None:
        return changes
    body = BadgeSecret(badge, secret.version, secret.sun, secret.mutual, secret.hides)
    changes.append(Change(Kind.BADGE_SECRET, badge, body))
    upto = counted(connection, badge)
    if upto is not None:
        changes.append(Change(Kind.BADGE_COUNTER, badge, BadgeCounter(badge, upto)))
        _shared(connection, badge, upto)
    return changes


def untold(badge: BadgeHash) -> list[Change]:
    """Return what the feed says of a badge that is linked to nobody any more."""
    return [Change(kind, badge, None) for kind in _KINDS]


def badge_of(row: Row[tuple[object, ...]]) -> Badge:
    """Return the badge of a row of `STANDING`; the harder of what a host asks and its chip can counts."""
    programmed = Level.UID if row.programmed is None else Level(row.programmed)
    level = strongest(Level(row.level), programmed)
    return Badge(
        BadgeHash(row.hash), MemberId(row.member_id), BadgeStatus(row.status), level, row.version or 0
    )


def all_badges(connection: Connection) -> tuple[Badge, ...]:
    """Return every linked badge with what it must show, by hash."""
    return tuple(badge_of(row) for row in connection.execute(STANDING.order_by(badges.c.hash)))


def is_programmed(connection: Connection, badge: BadgeHash) -> bool:
    """Say whether a badge's chip was programmed for what it must show."""
    known = select(badge_secrets.c.hash).where(badge_secrets.c.hash == badge)
    return connection.execute(known).first() is not None


def count(connection: Connection, events: Iterable[Event]) -> None:
    """Raise the counters of secure badges to what doors say; of badges nobody programmed nothing is kept."""
    most: dict[BadgeHash, int] = {}
    for event in events:
        if isinstance(event, BadgeProved):
            most[event.badge] = max(event.counter, most.get(event.badge, -1))
    for badge, upto in most.items():
        if is_programmed(connection, badge):
            _raise(connection, badge, upto)


def counted(connection: Connection, badge: BadgeHash) -> int | None:
    """Return how far a badge has counted; `None` if nobody has heard of it."""
    query = select(badge_counters.c.upto).where(badge_counters.c.hash == badge)
    return connection.execute(query).scalar_one_or_none()


def is_behind(connection: Connection) -> bool:
    """Say whether the feed lacks something of what linked badges have counted."""
    return connection.execute(_behind.limit(1)).first() is not None


def share(connection: Connection) -> int:
    """Let the feed say how far linked badges have counted; return its latest revision."""
    changes = []
    for row in connection.execute(_behind).all():
        badge = BadgeHash(row.hash)
        changes.append(Change(Kind.BADGE_COUNTER, badge, BadgeCounter(badge, row.upto)))
        _shared(connection, badge, row.upto)
    return feed.write(connection, changes)


def forget(connection: Connection, gone: Iterable[BadgeHash]) -> None:
    """Forget badges of somebody who is erased: they are programmed anew for whoever gets them."""
    for badge in gone:
        connection.execute(delete(badge_secrets).where(badge_secrets.c.hash == badge))
        connection.execute(delete(badge_counters).where(badge_counters.c.hash == badge))


def _raise(connection: Connection, badge: BadgeHash, upto: int) -> None:
    before = counted(connection, badge)
    if before is None:
        connection.execute(badge_counters.insert(), {"hash": badge, "upto": upto, "shared": -1})
    elif upto > before:
        here = badge_counters.c.hash == badge
        connection.execute(update(badge_counters).where(here).values(upto=upto))


def _shared(connection: Connection, badge: BadgeHash, upto: int) -> None:
    connection.execute(update(badge_counters).where(badge_counters.c.hash == badge).values(shared=upto))
