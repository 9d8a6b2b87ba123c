"""Deliveries to webhooks: what is due, what came of a try, what was given up and sent again by hand.

Every function runs inside the transaction of the connection it is given.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Row, delete, func, select, update

from sync.store.machines_schema import deliveries, webhooks
from sync.store.outbox import LATEST_US, Kind, State

KEPT_US = 7 * 86_400_000_000
"""Microseconds for which what was delivered can be looked at."""

PARKED_KEPT_US = 30 * 86_400_000_000
"""Microseconds for which what was given up can be sent again."""

LONGEST_ANSWER = 40
"""Characters, as in the table."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to one webhook."""

    id: str
    webhook: str
    kind: str
    body: bytes
    """The same for every try."""
    made_us: int
    """Microseconds since 1970 UTC, as every time here."""
    first_us: int | None
    """When it was tried first; sending it again by hand begins anew."""
    due_us: int | None
    tries: int
    state: State
    answer: str
    """The last one: a status, or a word for why there was none."""
    last_us: int | None


def due(connection: Connection, now_us: int, busy: Collection[str]) -> tuple[Delivery, ...]:
    """Return the next delivery of each webhook that has one now, but for those in `busy`."""
    found = []
    for webhook in connection.execute(select(webhooks.c.id).where(~webhooks.c.paused)).scalars():
        if webhook not in busy:
            row = connection.execute(
                select(deliveries)
                .where(deliveries.c.webhook == webhook, deliveries.c.due_us <= now_us)
                .order_by(deliveries.c.due_us, deliveries.c.number)
                .limit(1)
            ).one_or_none()
            found += [] if row is None else [_delivery(row)]
    return tuple(found)


def next_due_us(connection: Connection, busy: Collection[str]) -> int | None:
    """Return when something is due next of those that are not in `busy`; `None` if nothing is."""
    going = select(webhooks.c.id).where(~webhooks.c.paused, webhooks.c.id.not_in(list(busy)))
    query = select(func.min(deliveries.c.due_us)).where(deliveries.c.webhook.in_(going))
    return connection.execute(query).scalar_one_or_none()


def tried(
    connection: Connection, delivery: Delivery, state: State, answer: str, now_us: int, due_us: int | None
) -> None:
    """Keep what came of a try; nothing if it was taken back meanwhile."""
    connection.execute(
        update(deliveries)
        .where(deliveries.c.id == delivery.id)
        .values(
            state=state.value,
            answer=answer[:LONGEST_ANSWER],
            first_us=now_us if delivery.first_us is None else delivery.first_us,
            last_us=now_us,
            due_us=due_us,
            tries=deliveries.c.tries + 1,
        )
    )


def resend(connection: Connection, webhook: str, message: str, now_us: int) -> int:
    """Send again what was given up; an empty `message` means all of a webhook's.

    Returns:
        How many that are.
    """
    these = (deliveries.c.webhook == webhook) & (deliveries.c.state == State.PARKED.value)
    if message:
        these &= deliveries.c.id == message
    values = {"state": State.WAITING.value, "due_us": now_us, "first_us": None, "tries": 0}
    return connection.execute(update(deliveries).where(these).values(**values)).rowcount


def latest(connection: Connection, webhook: str, limit: int) -> tuple[Delivery, ...]:
    """Return a webhook's last deliveries, the newest first."""
    query = select(deliveries).where(deliveries.c.webhook == webhook)
    rows = connection.execute(query.order_by(deliveries.c.number.desc()).limit(limit))
    return tuple(_delivery(row) for row in rows)


def counts(connection: Connection) -> Mapping[tuple[str, State], int]:
    """Return how many there are by webhook and state."""
    query = select(deliveries.c.webhook, deliveries.c.state, func.count().label("many"))
    rows = connection.execute(query.group_by(deliveries.c.webhook, deliveries.c.state))
    return {(row.webhook, State(row.state)): row.many for row in rows}


def sweep(connection: Connection, now_us: int) -> int:
    """Let go of what was delivered, or given up, long ago; return how many that were.

    And of what waits for a paused webhook: comings and goings after a day, since they are no news then, the
    rest as what was given up.  That somebody was erased waits as long as it must.
    """
    over = (deliveries.c.state == State.DONE.value) & (deliveries.c.made_us < now_us - KEPT_US)
    gone = (deliveries.c.state == State.PARKED.value) & (deliveries.c.made_us < now_us - PARKED_KEPT_US)
    paused = deliveries.c.webhook.in_(select(webhooks.c.id).where(webhooks.c.paused))
    waits = paused & (deliveries.c.state == State.WAITING.value)
    coming = deliveries.c.kind.in_([Kind.ARRIVED.value, Kind.LEFT.value])
    stale = waits & coming & (deliveries.c.made_us < now_us - LATEST_US)
    old = waits & (deliveries.c.kind != Kind.ERASED.value) & (deliveries.c.made_us < now_us - PARKED_KEPT_US)
    return connection.execute(delete(deliveries).where(over | gone | stale | old)).rowcount


def _delivery(row: Row[tuple[object, ...]]) -> Delivery:
    return Delivery(
        row.id,
        row.webhook,
        row.kind,
        row.body,
        row.made_us,
        row.first_us,
        row.due_us,
        row.tries,
        State(row.state),
        row.answer,
        row.last_us,
    )


def restored(connection: Connection) -> None:
    """Forget comings and goings that were not told before a backup was made: who came may hide since.

    What was given up goes too: it could be sent again by hand.
    """
    untold = deliveries.c.state != State.DONE.value
    coming = deliveries.c.kind.in_([Kind.ARRIVED.value, Kind.LEFT.value])
    connection.execute(delete(deliveries).where(coming, untold))
