"""The kiosk's tables.  The log row *is* the outbox: no second table can disagree with it."""

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, String, Table, Text

metadata = MetaData()

log = Table(
    "log",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("raw", LargeBinary, nullable=False),
)
"""One row an event, numbered 1, 2, 3 …; `raw` is the record's JSON, sent byte for byte."""

items = Table(
    "items",
    metadata,
    Column("kind", String(16), primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("revision", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
)
"""The hub's feed as far as it has come: members, badges, the space."""

facts = Table(
    "facts",
    metadata,
    Column("key", String(32), primary_key=True),
    Column("value", Text, nullable=False),
)
"""Single values: `epoch`, `last_seq`, `acknowledged`, `revision`."""
