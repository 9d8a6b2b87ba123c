"""Addresses that are told what happens: which, of what, and whether they are paused.

Every function runs inside the transaction of the connection it is given.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from sync.store.machines_schema import deliveries, webhooks

MOST = 20
"""Webhooks at once: each has a line of its own."""

LONGEST_URL = 500
"""Characters, as in the table."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """One address."""

    id: str
    url: str
    """A secret of its own at some services: not for logs."""
    kinds: frozenset[str]
    """Of what it is told; see `sync.store.outbox.Kind`."""
    made_us: int
    """Microseconds since 1970 UTC, as every time here."""
    made_by: str
    key_version: int = 1
    old_until_us: int = 0
    """Until when the key before this one signs too."""
    paused: bool = False


def add(connection: Connection, webhook: Webhook) -> bool:
    """Keep a new one; `False` if there are too many, or one of this address."""
    if connection.execute(select(func.count()).select_from(webhooks)).scalar_one() >= MOST:
        return False
    if connection.execute(select(webhooks.c.id).where(webhooks.c.url == webhook.url)).first() is not None:
        return False
    connection.execute(
        insert(webhooks).values(
            id=webhook.id,
            url=webhook.url,
            kinds=" ".join(sorted(webhook.kinds)),
            made_us=webhook.made_us,
            made_by=webhook.made_by,
            key_version=webhook.key_version,
            old_until_us=webhook.old_until_us,
            paused=webhook.paused,
        )
    )
    return True


def every(connection: Connection) -> tuple[Webhook, ...]:
    """Return every one, the oldest first."""
    rows = connection.execute(select(webhooks).order_by(webhooks.c.made_us, webhooks.c.id))
    return tuple(_webhook(row) for row in rows)


def find(connection: Connection, webhook_id: str) -> Webhook | None:
    """Return one, or `None`."""
    row = connection.execute(select(webhooks).where(webhooks.c.id == webhook_id)).one_or_none()
    return None if row is None else _webhook(row)


def remove(connection: Connection, webhook_id: str) -> bool:
    """Take one away with all that was on its way to it; `False` if there is none."""
    connection.execute(delete(deliveries).where(deliveries.c.webhook == webhook_id))
    return connection.execute(delete(webhooks).where(webhooks.c.id == webhook_id)).rowcount > 0


def pause(connection: Connection, webhook_id: str, *, paused: bool) -> bool:
    """Stop telling one, or go on: what happens while it is paused is not told later, but for erasures.

    Returns:
        Whether there is such a one.
    """
    here = webhooks.c.id == webhook_id
    return connection.execute(update(webhooks).where(here).values(paused=paused)).rowcount > 0


def new_key(connection: Connection, webhook_id: str, old_until_us: int) -> Webhook | None:
    """Give one the next key; the present one signs beside it until `old_until_us`.

    Returns:
        It as it is now; `None` if there is none.  Only two keys sign at once: one before the former ends now.
    """
    found = find(connection, webhook_id)
    if found is None:
        return None
    values = {"key_version": found.key_version + 1, "old_until_us": old_until_us}
    connection.execute(update(webhooks).where(webhooks.c.id == webhook_id).values(**values))
    return find(connection, webhook_id)


def _webhook(row: Row[tuple[object, ...]]) -> Webhook:
    return Webhook(
        row.id,
        row.url,
        frozenset(row.kinds.split()),
        row.made_us,
        row.made_by,
        row.key_version,
        row.old_until_us,
        row.paused,
    )
