"""Sister spaces: whose letters are believed.

Every function runs inside the transaction of the connection it is given.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, Row, delete, insert, select, update

from plumbing.inserts import insert_or_update
from sync.store.schema import facts
from sync.store.sisters_schema import sisters, used_letters

SINCE = "letters_since_s"
"""The fact that says since when it is known which letters were used."""

MOST = 50
"""A page of them can still be looked through."""


@dataclass(frozen=True, slots=True)
class Sister:
    """One space."""

    id: str
    name: str
    address: str
    public_key: str
    since_us: int
    """Microseconds since 1970 UTC."""
    made_by: str
    waits: bool = False
    """Whether an administrator must look at it again before it is believed."""


def every(connection: Connection) -> tuple[Sister, ...]:
    """Return every sister by name, those that wait too."""
    return tuple(map(_sister, connection.execute(select(sisters).order_by(sisters.c.name, sisters.c.id))))


def find(connection: Connection, sister_id: str) -> Sister | None:
    """Return a sister, whether she waits or not; `None` if there is none of this id."""
    row = connection.execute(select(sisters).where(sisters.c.id == sister_id)).one_or_none()
    return None if row is None else _sister(row)


def put(connection: Connection, sister: Sister) -> bool:
    """Keep a sister, in the place of an earlier card of hers; `False` if there are too many."""
    if find(connection, sister.id) is None:
        if len(every(connection)) >= MOST:
            return False
        connection.execute(insert(sisters).values(**_row(sister)))
    else:
        connection.execute(update(sisters).where(sisters.c.id == sister.id).values(**_row(sister)))
    return True


def remove(connection: Connection, sister_id: str) -> bool:
    """Believe a space no more; `False` if there is none of this id."""
    return bool(connection.execute(delete(sisters).where(sisters.c.id == sister_id)).rowcount)


def trust(connection: Connection, sister_id: str) -> bool:
    """Believe a space again that waited; `False` if none of this id waits."""
    waiting = sisters.c.id == sister_id, sisters.c.waits
    return bool(connection.execute(update(sisters).where(*waiting).values(waits=False)).rowcount)


def use(connection: Connection, claim: str, until_s: int) -> bool:
    """Note that a letter was used; `False` if it was before.

    Args:
        connection: In a writing transaction; there is one at a time.
        claim: 64 hexadecimal digits.
        until_s: From when on it is too old in any case, seconds since 1970 UTC.
    """
    if is_used(connection, claim):
        return False
    connection.execute(insert(used_letters).values(claim=claim, until_s=until_s))
    return True


def is_used(connection: Connection, claim: str) -> bool:
    """Say whether a letter was used."""
    return connection.execute(select(used_letters).where(used_letters.c.claim == claim)).first() is not None


def forget(connection: Connection, now_s: int) -> int:
    """Remove letters that are too old to be used again, and return how many they were."""
    return connection.execute(delete(used_letters).where(used_letters.c.until_s <= now_s)).rowcount


def since_s(connection: Connection) -> int:
    """Return since when it is known which letters were used, seconds since 1970 UTC; 0 for always."""
    found = connection.execute(select(facts.c.value).where(facts.c.key == SINCE)).scalar_one_or_none()
    return 0 if found is None else int(found)


def restored(connection: Connection, now_s: int) -> None:
    """Make what came out of a backup fit for use.

    A letter used since the backup must not be good again, so none written before now is; and a sister removed
    since is not believed before an administrator says so.
    """
    row = {"key": SINCE, "value": str(now_s)}
    connection.execute(insert_or_update(connection, facts, ["key"]), [row])
    connection.execute(update(sisters).values(waits=True))


def _row(sister: Sister) -> dict[str, object]:
    return {
        "id": sister.id,
        "name": sister.name,
        "address": sister.address,
        "public_key": sister.public_key,
        "since_us": sister.since_us,
        "made_by": sister.made_by,
        "waits": sister.waits,
    }


def _sister(row: Row[tuple[object, ...]]) -> Sister:
    return Sister(row.id, row.name, row.address, row.public_key, row.since_us, row.made_by, row.waits)
