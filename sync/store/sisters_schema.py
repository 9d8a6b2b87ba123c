"""The hub's tables of sister spaces and their visitors: beside `sync.store.schema`, in the same metadata."""

from sqlalchemy import BigInteger, Boolean, Column, Index, String, Table, Text

from sync.store.schema import metadata

sisters = Table(
    "sisters",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("public_key", String(64), nullable=False),
    Column("since_us", BigInteger, nullable=False),
    Column("made_by", String(64), nullable=False),
    Column("waits", Boolean, nullable=False),
)
"""Spaces whose letters are believed, as on their cards; one that `waits` is not, until an administrator has
looked at it again: it came out of a backup."""

visitors = Table(
    "visitors",
    metadata,
    Column("member_id", String(64), primary_key=True),
    Column("home", String(32), nullable=False),
    Column("home_name", Text, nullable=False),
    Column("visitor", String(64), nullable=False),
    Column("issued_s", BigInteger, nullable=False),
    Column("until", String(10), nullable=False),
    Index("visitors_by_home", "home", "visitor", unique=True),
)
"""Members who visit from a sister: under which name she knows them (`sync.sisters.letters.pseudonym`), when
their last letter was written, and the last day (ISO, the space's) of their visit."""

used_letters = Table(
    "used_letters",
    metadata,
    Column("claim", String(64), primary_key=True),
    Column("until_s", BigInteger, nullable=False),
)
"""Letters that were used, until they are too old to be used again; `claim` is a hash of who wrote which."""
