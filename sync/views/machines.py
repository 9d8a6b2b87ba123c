"""Tokens and webhooks, as an administrator sees them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from community.clock import at_of
from sync.store import api_tokens, deliveries, webhooks
from sync.store.deliveries import Delivery
from sync.store.outbox import State
from sync.store.webhooks import Webhook

SHOWN = 20
"""Deliveries of a webhook on the page, the newest first."""


@dataclass(frozen=True, slots=True)
class TokenLine:
    """One token."""

    id: str
    name: str
    scopes: tuple[str, ...]
    made_by: str
    ends: datetime
    """The last moment it is good; aware, UTC, as every time here."""
    used: datetime | None
    over: bool


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """One message."""

    id: str
    kind: str
    made: datetime
    tries: int
    state: str
    answer: str
    due: datetime | None
    """When it is tried next; `None` if nothing more is tried by itself."""


@dataclass(frozen=True, slots=True)
class WebhookLine:
    """One webhook with what was told to it last."""

    id: str
    url: str
    kinds: tuple[str, ...]
    made_by: str
    paused: bool
    old_until: datetime | None
    """Until when the former key signs too; `None` if it does not."""
    waiting: int
    parked: int
    deliveries: tuple[DeliveryLine, ...]


def read_tokens(connection: Connection, at: datetime) -> tuple[TokenLine, ...]:
    """Read every token, by name; `at` is now."""
    return tuple(
        TokenLine(
            token.id,
            token.name,
            tuple(sorted(token.scopes)),
            token.made_by,
            at_of(token.ends_us - 1),
            None if token.used_us is None else at_of(token.used_us),
            at_of(token.ends_us) <= at,
        )
        for token in api_tokens.every(connection)
    )


def read_webhooks(connection: Connection, at: datetime) -> tuple[WebhookLine, ...]:
    """Read every webhook, the oldest first; `at` is now."""
    counts = deliveries.counts(connection)
    lines = []
    for webhook in webhooks.every(connection):
        last = deliveries.latest(connection, webhook.id, SHOWN)
        waiting = counts.get((webhook.id, State.WAITING), 0)
        lines.append(_line(webhook, last, waiting, counts.get((webhook.id, State.PARKED), 0), at))
    return tuple(lines)


def _line(
    webhook: Webhook, last: tuple[Delivery, ...], waiting: int, parked: int, at: datetime
) -> WebhookLine:
    two_keys = webhook.key_version > 1 and at_of(webhook.old_until_us) > at
    return WebhookLine(
        webhook.id,
        webhook.url,
        tuple(sorted(webhook.kinds)),
        webhook.made_by,
        webhook.paused,
        at_of(webhook.old_until_us) if two_keys else None,
        waiting,
        parked,
        tuple(
            DeliveryLine(
                each.id,
                each.kind,
                at_of(each.made_us),
                each.tries,
                each.state.value,
                each.answer,
                None if each.due_us is None else at_of(each.due_us),
            )
            for each in last
        ),
    )
