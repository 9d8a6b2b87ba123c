"""Passkeys of hosts' accounts, as rows: public keys, of which there is nothing to steal.

Every function runs inside the transaction of the connection it is given.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from community.clock import at_of, us_of
from sync.store import accounts
from sync.store.accounts import Host
from sync.store.schema import passkeys

MOST = 20
"""Of one account."""

LONGEST_LABEL = 40
"""Characters, as in the table."""


@dataclass(frozen=True, slots=True)
class Passkey:
    """One passkey."""

    id: str
    """What the device calls it, in base64url."""
    domain: str
    """What it is bound to: it opens no other."""
    key: bytes = field(repr=False)
    """The public key, with what Web Authentication keeps beside it."""
    uses: int
    """What the device counted last; always 0 from a device that does not count."""
    label: str
    """What its owner calls it; may be empty."""
    created: datetime
    """Aware, UTC; so is `used`."""
    used: datetime | None = None


def of_host(connection: Connection, host_id: int) -> tuple[Passkey, ...]:
    """Return an account's passkeys, oldest first."""
    rows = connection.execute(
        select(passkeys).where(passkeys.c.host_id == host_id).order_by(passkeys.c.created_us, passkeys.c.id)
    )
    return tuple(_passkey(row) for row in rows)


def by_id(connection: Connection, passkey: str) -> tuple[Host, Passkey] | None:
    """Return a passkey and whose it is, or `None`."""
    row = connection.execute(select(passkeys).where(passkeys.c.id == passkey)).one_or_none()
    host = None if row is None else accounts.host_by_id(connection, row.host_id)
    return None if row is None or host is None else (host, _passkey(row))


def add(connection: Connection, host_id: int, new: Passkey) -> bool:
    """Keep a new one; `False` if the account has as many as it may, or somebody has this one already."""
    if by_id(connection, new.id) is not None or len(of_host(connection, host_id)) >= MOST:
        return False
    connection.execute(
        insert(passkeys).values(
            id=new.id,
            host_id=host_id,
            domain=new.domain,
            key=new.key,
            uses=new.uses,
            label=new.label[:LONGEST_LABEL],
            created_us=us_of(new.created),
        )
    )
    return True


def was_used(connection: Connection, passkey: str, uses: int, at: datetime) -> None:
    """Note that somebody logged in with it."""
    connection.execute(update(passkeys).where(passkeys.c.id == passkey).values(uses=uses, used_us=us_of(at)))


def remove(connection: Connection, host_id: int, passkey: str) -> bool:
    """Remove one of an account's; `False` if it has none such."""
    own = (passkeys.c.id == passkey) & (passkeys.c.host_id == host_id)
    return connection.execute(delete(passkeys).where(own)).rowcount == 1


def _passkey(row: Row[Any]) -> Passkey:
    used = None if row.used_us is None else at_of(row.used_us)
    return Passkey(row.id, row.domain, row.key, row.uses, row.label, at_of(row.created_us), used)
