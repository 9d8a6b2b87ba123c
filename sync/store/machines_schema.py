"""The tables of what other programs may ask, and are told: tokens of the API, webhooks, deliveries.

Beside `sync.store.schema`, of whose rules and `metadata` they are part.
"""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, String, Table

from sync.store.schema import metadata

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("token", String(64), nullable=False, unique=True),
    Column("name", String(40), nullable=False),
    Column("scopes", String(200), nullable=False),
    Column("made_us", BigInteger, nullable=False),
    Column("made_by", String(64), nullable=False),
    Column("ends_us", BigInteger, nullable=False),
    Column("used_us", BigInteger, nullable=True),
)
"""With what other programs may ask the API: `token` is the hash of what they hold, `scopes` words with blanks
between them.  A row is gone as soon as its token is revoked (decision 0032)."""

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("url", String(500), nullable=False),
    Column("kinds", String(200), nullable=False),
    Column("made_us", BigInteger, nullable=False),
    Column("made_by", String(64), nullable=False),
    Column("key_version", Integer, nullable=False),
    Column("old_until_us", BigInteger, nullable=False),
    Column("paused", Boolean, nullable=False),
)
"""Addresses that are told what happens.  Their keys are not here: they are drawn from the space's secret, and
`key_version`; the version before signs too until `old_until_us` (decision 0033)."""

deliveries = Table(
    "deliveries",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", String(40), nullable=False, unique=True),
    Column("webhook", String(16), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("member_id", String(64), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("made_us", BigInteger, nullable=False),
    Column("first_us", BigInteger, nullable=True),
    Column("due_us", BigInteger, nullable=True),
    Column("tries", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("answer", String(40), nullable=False),
    Column("last_us", BigInteger, nullable=True),
    Index("deliveries_by_webhook", "webhook", "number"),
    Index("deliveries_by_due", "due_us"),
    Index("deliveries_by_member", "member_id"),
)
"""What is told to a webhook, byte for byte, written with what happened.  `due_us` is empty where nothing more
will be tried by itself."""
