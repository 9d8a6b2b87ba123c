"""The kiosk's copy of the hub's feed, swapped in one transaction or not at all."""

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, delete, insert, select

from community.badges import Badge, BadgeHash
from community.ids import MemberId
from community.secrets import BadgeCounter
from community.wire.codec import digest_of
from community.wire.messages import LARGEST_TOLD, Erasure, FeedItem
from kiosk.store import counters
from kiosk.store.schema import erased, items
from kiosk.store.tables import fact, set_fact
from plumbing.database import Database
from plumbing.inserts import insert_or_update


class _WrongDigestError(Exception):
    """Raised inside the transaction so that it rolls back."""


class _ForgottenError(Exception):
    """Raised inside the transaction so that it rolls back: the hub forgot these erasures."""

    def __init__(self, forgotten: tuple[Erasure, ...]) -> None:
        super().__init__()
        self.forgotten = forgotten


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Erasures that the hub's feed does not know: it was restored from an older copy."""

    erasures: tuple[Erasure, ...]
    """Latest first, at most `LARGEST_TOLD`."""


class DirectoryStore:
    """The stored feed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.revision = int(database.read_now(lambda c: fact(c, "revision", "0")))
        """The revision stored; 0 for none."""
        self.digest = database.read_now(_digest)
        """`digest_of` what is stored; empty for nothing."""

    def items(self) -> tuple[FeedItem, ...]:
        """Return everything stored, in no particular order."""
        return self._database.read_now(_all)

    async def swap(
        self, changed: Sequence[FeedItem], *, since: int, upto: int, digest: str
    ) -> tuple[FeedItem, ...] | Forgotten | None:
        """Apply a delta (`since` above 0) or a snapshot, all or nothing.

        Returns:
            Everything stored afterwards, or `None` if what would come out does not have the
            hub's digest: nothing was changed, ask for a snapshot.  `Forgotten` if it would bring somebody
            back who was erased: nothing was changed, tell the hub.

        Raises:
            DatabaseError: Nothing was changed.
        """

        def work(connection: Connection) -> tuple[FeedItem, ...]:
            theirs = _badges_of(connection) if any(item.kind == "erased" for item in changed) else {}
            if since == 0:
                connection.execute(delete(items))
            _apply(connection, changed)
            stored = _all(connection)
            if digest_of(stored) != digest:
                raise _WrongDigestError
            forgotten = _take_erasures(connection, stored)
            if forgotten:
                raise _ForgottenError(forgotten)
            counters.raise_to(connection, _counters_in(changed))
            counters.forget(connection, _gone(connection, theirs))
            set_fact(connection, "revision", str(upto))
            set_fact(connection, "digest", digest)
            return stored

        try:
            stored = await self._database.write(work)
        except _WrongDigestError:
            return None
        except _ForgottenError as error:
            return Forgotten(error.forgotten)
        self.revision, self.digest = upto, digest
        return stored

    async def wipe(self) -> None:
        """Forget everything the hub ever said, so that it is not in the file either; the log stays.

        Raises:
            DatabaseError: Not all of it is forgotten.
        """

        def work(connection: Connection) -> None:
            connection.exec_driver_sql("PRAGMA secure_delete=ON")
            connection.execute(delete(items))
            set_fact(connection, "revision", "0")
            set_fact(connection, "digest", "")

        await self._database.write(work)
        await self._database.settle()
        self.revision, self.digest = 0, ""


def _counters_in(changed: Iterable[FeedItem]) -> tuple[tuple[BadgeHash, int], ...]:
    """Return what the hub says of how far badges have counted."""
    told = []
    for item in changed:
        if item.kind == "badge_counter" and item.body is not None:
            with contextlib.suppress(msgspec.DecodeError):  # what a newer hub says otherwise is left alone
                said = msgspec.json.decode(item.body, type=BadgeCounter)
                told.append((said.badge, said.upto))
    return tuple(told)


def _badges_of(connection: Connection) -> dict[BadgeHash, MemberId]:
    """Return whose each badge is, as stored now."""
    bodies = connection.execute(select(items.c.body).where(items.c.kind == "badge")).scalars()
    found = {}
    for body in bodies:
        with contextlib.suppress(msgspec.DecodeError):
            badge = msgspec.json.decode(body, type=Badge)
            found[badge.hash] = badge.member_id
    return found


def _gone(connection: Connection, theirs: Mapping[BadgeHash, MemberId]) -> tuple[BadgeHash, ...]:
    """Return the badges whose member is erased now."""
    names = set(connection.execute(select(erased.c.member_id)).scalars())
    return tuple(badge for badge, member in theirs.items() if member in names)


def _digest(connection: Connection) -> str:
    """Return the digest of what is stored; computed where an older program did not keep it."""
    if fact(connection, "revision", "0") == "0":
        return ""
    return fact(connection, "digest") or digest_of(_all(connection))


def _take_erasures(connection: Connection, stored: Iterable[FeedItem]) -> tuple[Erasure, ...]:
    """Note what the feed says of erasures; return those of ours it contradicts without knowing them."""
    said = []
    for item in stored:
        if item.kind == "erased" and item.body is not None:
            with contextlib.suppress(msgspec.DecodeError):  # what a newer hub says otherwise is left alone
                said.append(msgspec.json.decode(item.body, type=Erasure))
    known = {MemberId(row.member_id): row.at_us for row in connection.execute(select(erased))}
    for erasure in said:
        if erasure.at_us < known.get(erasure.member, 0):
            continue  # ours is later: below
        gone = delete(erased).where(erased.c.member_id == erasure.member)
        connection.execute(gone)
        if not erasure.lifted:
            connection.execute(insert(erased), {"member_id": erasure.member, "at_us": erasure.at_us})
        known.pop(erasure.member, None)
    ours = [Erasure(member, at_us) for member, at_us in known.items()]
    return tuple(sorted(ours, key=lambda erasure: -erasure.at_us)[:LARGEST_TOLD])


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
