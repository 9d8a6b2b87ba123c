"""The kiosk's copy of the hub's feed, swapped in one transaction or not at all."""

from collections.abc import Iterable, Sequence

import msgspec
from sqlalchemy import Connection, delete, select

from community.wire.codec import digest_of
from community.wire.messages import FeedItem
from kiosk.store.schema import items
from kiosk.store.tables import fact, set_fact
from plumbing.database import Database, insert_or_update


class _WrongDigestError(Exception):
    """Raised inside the transaction so that it rolls back."""


class DirectoryStore:
    """The stored feed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.revision = int(database.read_now(lambda c: fact(c, "revision", "0")))
        """The revision stored; 0 for none."""

    def items(self) -> tuple[FeedItem, ...]:
        """Return everything stored, in no particular order."""
        return self._database.read_now(_all)

    async def swap(
        self, changed: Sequence[FeedItem], *, since: int, upto: int, digest: str
    ) -> tuple[FeedItem, ...] | None:
        """Apply a delta (`since` above 0) or a snapshot, all or nothing.

        Returns:
            Everything stored afterwards, or `None` if what would come out does not have the
            hub's digest: nothing was changed, ask for a snapshot.

        Raises:
            DatabaseError: Nothing was changed.
        """

        def work(connection: Connection) -> tuple[FeedItem, ...]:
            if since == 0:
                connection.execute(delete(items))
            _apply(connection, changed)
            stored = _all(connection)
            if digest_of(stored) != digest:
                raise _WrongDigestError
            set_fact(connection, "revision", str(upto))
            return stored

        try:
            stored = await self._database.write(work)
        except _WrongDigestError:
            return None
        self.revision = upto
        return stored


def _apply(connection: Connection, changed: Iterable[FeedItem]) -> None:
    put = []
    for item in changed:
        if item.body is None:
            connection.execute(delete(items).where(items.c.kind == item.kind, items.c.key == item.key))
        else:
            body = bytes(item.body).decode()
            put.append({"kind": item.kind, "key": item.key, "revision": item.revision, "body": body})
    if put:
        connection.execute(insert_or_update(connection, items, ["kind", "key"]), put)


def _all(connection: Connection) -> tuple[FeedItem, ...]:
    rows = connection.execute(select(items))
    return tuple(FeedItem(row.kind, row.key, row.revision, msgspec.Raw(row.body.encode())) for row in rows)
