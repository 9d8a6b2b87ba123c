"""The hub's tables of what hosts do for newcomers and failed taps: in the metadata of `sync.store.schema`."""

from sqlalchemy import BigInteger, Column, String, Table, Text

from sync.store.schema import metadata

buddies = Table(
    "buddies",
    metadata,
    Column("member_id", String(64), primary_key=True),
    Column("buddy_id", String(64), nullable=False),
    Column("day", String(10), nullable=False),
    Column("host", String(64), nullable=False),
)
"""Who looks after which newcomer, since which day (ISO, the space's), and who asked them (decision 0031)."""

volunteers = Table("volunteers", metadata, Column("member_id", String(64), primary_key=True))
"""Members who offered to welcome newcomers."""

newcomer_messages = Table(
    "newcomer_messages",
    metadata,
    Column("member_id", String(64), primary_key=True),
    Column("message", String(16), primary_key=True),
    Column("settled", String(16), nullable=False),
    Column("day", String(10), nullable=False),
    Column("host", String(64), nullable=False),
)
"""What was done about each message to a newcomer: nothing is written twice."""

newcomer_texts = Table(
    "newcomer_texts",
    metadata,
    Column("message", String(16), primary_key=True),
    Column("language", String(8), primary_key=True),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
)
"""What newcomers are written where a host wrote something else than ours."""

tap_marks = Table(
    "tap_marks",
    metadata,
    Column("subject", String(80), primary_key=True),
    Column("upto_us", BigInteger, nullable=False),
    Column("host", String(64), nullable=False),
)
"""Failed taps that a host saw to: a badge's keyed hash, or `pin:` and a member's id, and up to when."""
