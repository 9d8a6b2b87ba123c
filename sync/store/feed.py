"""The feed: the latest state of everything kiosks must know, each with its revision.

Everything here runs inside one transaction of the caller's.  A change and its revision are
written together, so there is never a revision without its change.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

import msgspec
from sqlalchemy import Connection, func, select

from community.members import Space
from community.wire.codec import digest_of
from community.wire.messages import FeedItem
from plumbing.inserts import insert_or_update
from sync.store.schema import facts, feed

Body = TypeVar("Body", bound=msgspec.Struct)

REVISION = "feed_revision"
"""The key of the revision counter in `facts`."""

KEYS_AT_ONCE = 500
"""Things asked for in one query: far below what either database takes."""


class Kind(Enum):
    """What a feed item is about."""

    MEMBER = "member"
    BADGE = "badge"
    BADGE_SECRET = "badge_secret"  # noqa: S105 - the word for it
    BADGE_META = "badge_meta"
    BADGE_COUNTER = "badge_counter"
    SPACE = "space"
    PLAN = "plan"
    PAST = "past"
    TABLE = "table"
    AGENDA = "agenda"
    WEIGHTS = "weights"
    WORDS = "words"
    TEXT = "text"
    PIN = "pin"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing as it is from now on."""

    kind: Kind
    key: str
    body: msgspec.Struct | None
    """`None` when it is gone."""


def revision(connection: Connection) -> int:
    """Return the latest revision; 0 if nothing was ever said."""
    value = connection.execute(select(facts.c.value).where(facts.c.key == REVISION)).scalar_one_or_none()
    return int(value or 0)


def go_ahead(connection: Connection, by: int) -> None:
    """Skip `by` revisions: after a restore, no kiosk may take what it has for what there is now."""
    row = {"key": REVISION, "value": str(revision(connection) + by)}
    connection.execute(insert_or_update(connection, facts, ["key"]), row)


def write(connection: Connection, changes: Iterable[Change]) -> int:
    """Write changes as one new revision, and return it.  What is already so is no change.

    Args:
        connection: In a writing transaction.
        changes: Each thing at most once.

    Returns:
        The latest revision: the same as before if nothing was changed.
    """
    upto = revision(connection)
    wanted = list(changes)
    stored: dict[tuple[str, str], str | None] = {}
    for kind in {change.kind for change in wanted}:
        keys = [change.key for change in wanted if change.kind is kind]
        stored.update(((kind.value, key), body) for key, body in _bodies(connection, kind, keys))
    rows = []
    for change in wanted:
        body = None if change.body is None else msgspec.json.encode(change.body).decode()
        place = (change.kind.value, change.key)
        if stored.get(place) != body:
            rows.append({"kind": place[0], "key": place[1], "revision": upto + 1, "body": body})
    if not rows:
        return upto
    connection.execute(insert_or_update(connection, feed, ["kind", "key"]), rows)
    connection.execute(
        insert_or_update(connection, facts, ["key"]), {"key": REVISION, "value": str(upto + 1)}
    )
    return upto + 1


def put_space(connection: Connection, space: Space) -> int:
    """Say what the space is called and when it closes; return the latest revision."""
    return write(connection, [Change(Kind.SPACE, Kind.SPACE.value, space)])


def items_since(connection: Connection, since: int) -> tuple[FeedItem, ...]:
    """Return everything that changed after revision `since`, the gone included, oldest change first."""
    query = select(feed).where(feed.c.revision > since).order_by(feed.c.revision, feed.c.kind, feed.c.key)
    return tuple(_item(row.kind, row.key, row.revision, row.body) for row in connection.execute(query))


def find(connection: Connection, kind: Kind, key: str, body: type[Body]) -> Body | None:
    """Return one thing; `None` if it is gone, or never was."""
    here = (feed.c.kind == kind.value) & (feed.c.key == key)
    stored = connection.execute(select(feed.c.body).where(here)).scalar_one_or_none()
    return None if stored is None else msgspec.json.decode(stored, type=body)


def found(connection: Connection, kind: Kind, keys: Sequence[str], body: type[Body]) -> dict[str, Body]:
    """Return those of some things that are there, by their key."""
    stored = _bodies(connection, kind, keys)
    return {key: msgspec.json.decode(raw, type=body) for key, raw in stored if raw is not None}


def all_of(connection: Connection, kind: Kind, body: type[Body]) -> dict[str, Body]:
    """Return everything of a kind by its key, without what is gone."""
    there = (feed.c.kind == kind.value) & feed.c.body.is_not(None)
    rows = connection.execute(select(feed.c.key, feed.c.body).where(there))
    return {row.key: msgspec.json.decode(row.body, type=body) for row in rows}


def count(connection: Connection, kind: Kind) -> int:
    """Return how many things of a kind there are, without what is gone."""
    there = (feed.c.kind == kind.value) & feed.c.body.is_not(None)
    return connection.execute(select(func.count()).select_from(feed).where(there)).scalar_one()


def everything(connection: Connection) -> tuple[FeedItem, ...]:
    """Return everything there is, without what is gone, oldest change first."""
    return tuple(item for item in items_since(connection, 0) if item.body is not None)


def digest(connection: Connection) -> str:
    """Return the digest of everything there is."""
    return digest_of(everything(connection))


def _bodies(connection: Connection, kind: Kind, keys: Sequence[str]) -> Iterator[tuple[str, str | None]]:
    """Yield what was ever written of some things, `None` for what is gone."""
    for first in range(0, len(keys), KEYS_AT_ONCE):
        here = (feed.c.kind == kind.value) & feed.c.key.in_(keys[first : first + KEYS_AT_ONCE])
        for row in connection.execute(select(feed.c.key, feed.c.body).where(here)):
            yield row.key, row.body


def _item(kind: str, key: str, at: int, body: str | None) -> FeedItem:
    return FeedItem(kind, key, at, None if body is None else msgspec.Raw(body.encode()))
