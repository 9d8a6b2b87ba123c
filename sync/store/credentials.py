"""With what kiosks may come in: names, passwords as the broker keeps them, and the keys they sign with.

Every function runs inside the transaction of the connection it is given.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from community.ids import KioskId
from sync.store.schema import credentials


@dataclass(frozen=True, slots=True)
class Credential:
    """One way in."""

    kiosk: KioskId
    number: int
    """1, 2, 3 … for each kiosk."""
    password: str
    """As the broker keeps it."""
    public_key: str
    issued_us: int
    used_us: int | None
    """When the kiosk first came in with it."""
    ended_us: int | None
    """When it stopped being good."""


@dataclass(frozen=True, slots=True)
class Keys:
    """With what a kiosk that was let in once may sign."""

    good: tuple[str, ...]
    """Public keys; none if it was shut out."""


def issue(connection: Connection, kiosk: KioskId, password: str, public_key: str, now_us: int) -> int:
    """Add a way in beside those there are, and return its number."""
    last = connection.execute(
        select(func.max(credentials.c.number)).where(credentials.c.kiosk == kiosk)
    ).scalar_one()
    number = (last or 0) + 1
    connection.execute(
        insert(credentials).values(
            kiosk=kiosk, number=number, password=password, public_key=public_key, issued_us=now_us
        )
    )
    return number


def used(connection: Connection, kiosk: KioskId, number: int, now_us: int) -> bool:
    """Note that a kiosk came in; at the first time, what it had before ends.

    Returns:
        Whether anything changed that the broker must know.
    """
    mine = credentials.c.kiosk == kiosk
    first = connection.execute(
        update(credentials)
        .where(mine, credentials.c.number == number, credentials.c.used_us.is_(None))
        .where(credentials.c.ended_us.is_(None))
        .values(used_us=now_us)
    )
    if first.rowcount != 1:
        return False
    ended = connection.execute(
        update(credentials)
        .where(mine, credentials.c.number < number, credentials.c.ended_us.is_(None))
        .values(ended_us=now_us)
    )
    return ended.rowcount > 0


def end(connection: Connection, kiosk: KioskId, now_us: int) -> bool:
    """Shut a kiosk out; return whether it was in."""
    done = connection.execute(
        update(credentials)
        .where(credentials.c.kiosk == kiosk, credentials.c.ended_us.is_(None))
        .values(ended_us=now_us)
    )
    return done.rowcount > 0


def good(connection: Connection) -> tuple[Credential, ...]:
    """Return every way in there is, by kiosk and number."""
    return _some(connection, only_good=True)


def every(connection: Connection) -> tuple[Credential, ...]:
    """Return every way in there ever was, by kiosk and number."""
    return _some(connection, only_good=False)


def keys_of(connection: Connection, kiosks: Iterable[KioskId]) -> Mapping[KioskId, Keys]:
    """Return the keys of those kiosks that were let in once; others are left out."""
    found: dict[KioskId, list[str]] = defaultdict(list)
    query = select(credentials.c.kiosk, credentials.c.public_key, credentials.c.ended_us).where(
        credentials.c.kiosk.in_(sorted(set(kiosks)))
    )
    for row in connection.execute(query):
        keys = found[KioskId(row.kiosk)]
        if row.ended_us is None and row.public_key not in keys:
            keys.append(row.public_key)
    return {kiosk: Keys(tuple(keys)) for kiosk, keys in found.items()}


def last_of(connection: Connection, kiosk: KioskId) -> Credential | None:
    """Return the newest way in a kiosk was given, good or not; `None` if it never was let in."""
    row = connection.execute(
        select(credentials).where(credentials.c.kiosk == kiosk).order_by(credentials.c.number.desc()).limit(1)
    ).one_or_none()
    return None if row is None else _credential(row)


def _some(connection: Connection, *, only_good: bool) -> tuple[Credential, ...]:
    query = select(credentials).order_by(credentials.c.kiosk, credentials.c.number)
    if only_good:
        query = query.where(credentials.c.ended_us.is_(None))
    return tuple(_credential(row) for row in connection.execute(query))


def _credential(row: Row[Any]) -> Credential:
    return Credential(
        KioskId(row.kiosk),
        row.number,
        row.password,
        row.public_key,
        row.issued_us,
        row.used_us,
        row.ended_us,
    )
