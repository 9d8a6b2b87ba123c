"""Tokens of the HTTP API: what each may do, until when, and when it was used last.

Every function runs inside the transaction of the connection it is given.  What a program holds is not here,
only its hash.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from sync.store.machines_schema import api_tokens

LONGEST_NAME = 40
"""Characters, as in the table."""

MOST = 50
"""Tokens at once: a page of them can still be looked through."""


@dataclass(frozen=True, slots=True)
class Token:
    """One token, without what opens anything."""

    id: str
    name: str
    scopes: frozenset[str]
    """Words as they were written; what this program does not know of them opens nothing."""
    made_us: int
    """Microseconds since 1970 UTC, as every time here."""
    made_by: str
    ends_us: int
    used_us: int | None
    """`None` if it never was."""


def add(connection: Connection, token: Token, hashed: str) -> bool:
    """Keep a new token; `False` if there are too many, or one of this name.

    Args:
        connection: In a writing transaction.
        token: What it may do.
        hashed: What the database knows of it: 64 hexadecimal digits.
    """
    if connection.execute(select(func.count()).select_from(api_tokens)).scalar_one() >= MOST:
        return False
    if connection.execute(select(api_tokens.c.id).where(api_tokens.c.name == token.name)).first() is not None:
        return False
    connection.execute(
        insert(api_tokens).values(
            id=token.id,
            token=hashed,
            name=token.name,
            scopes=" ".join(sorted(token.scopes)),
            made_us=token.made_us,
            made_by=token.made_by,
            ends_us=token.ends_us,
            used_us=token.used_us,
        )
    )
    return True


def find(connection: Connection, hashed: str, now_us: int) -> Token | None:
    """Return what a token is good for; `None` if it is revoked, over, or none of ours."""
    query = select(api_tokens).where(api_tokens.c.token == hashed, api_tokens.c.ends_us > now_us)
    row = connection.execute(query).one_or_none()
    return None if row is None else _token(row)


def every(connection: Connection) -> tuple[Token, ...]:
    """Return every token that was not revoked, those that are over too, by name."""
    rows = connection.execute(select(api_tokens).order_by(api_tokens.c.name))
    return tuple(_token(row) for row in rows)


def touch(connection: Connection, ids: Iterable[str], now_us: int) -> None:
    """Note that tokens were used."""
    connection.execute(update(api_tokens).where(api_tokens.c.id.in_(tuple(ids))).values(used_us=now_us))


def revoke(connection: Connection, token_id: str) -> str | None:
    """Take a token away at once; return its name, or `None` if there is no such token."""
    here = api_tokens.c.id == token_id
    name = connection.execute(select(api_tokens.c.name).where(here)).scalar_one_or_none()
    connection.execute(delete(api_tokens).where(here))
    return name


def _token(row: Row[tuple[object, ...]]) -> Token:
    return Token(
        row.id,
        row.name,
        frozenset(row.scopes.split()),
        row.made_us,
        row.made_by,
        row.ends_us,
        row.used_us,
    )
