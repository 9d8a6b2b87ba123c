"""The kiosk's tables.  The log row *is* the outbox: no second table can disagree with it."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()

log = Table(
    "log",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("raw", LargeBinary, nullable=False),
)
"""One row an event; `raw` is the record's JSON, sent byte for byte.

`seq` is the event's place in this file, 1, 2, 3 …  In the first epoch it is the event's number too;
in a later one the number is the place less `begins`."""

former = Table(
    "former",
    metadata,
    Column("upto", Integer, primary_key=True, autoincrement=False),
    Column("epoch", String(32), nullable=False),
    Column("after", Integer, nullable=False),
)
"""Epochs that ended because the file was restored from an old copy: places `after` + 1 to `upto`."""

marks = Table(
    "marks",
    metadata,
    Column("at_us", BigInteger, primary_key=True, autoincrement=False),
    Column("place", Integer, nullable=False),
)
"""How far the log had grown at a moment (microseconds since 1970 UTC, by a synchronised clock): one row a
day, so that what is old enough to be let go is known whatever the clock said when it was written."""

erased = Table(
    "erased",
    metadata,
    Column("member_id", String(64), primary_key=True),
    Column("at_us", BigInteger, nullable=False),
)
"""Members the hub said were erased, and when: outlives every snapshot of a hub that forgot it."""

tries = Table(
    "tries",
    metadata,
    Column("who", String(64), primary_key=True),
    Column("wrong", Integer, nullable=False),
    Column("wall_us", BigInteger, nullable=False),
    Column("boot", Text, nullable=False),
    Column("up_us", BigInteger, nullable=False),
    Column("synced", Boolean, nullable=False),
)
"""Wrong PINs not forgotten yet.  `who` is a member's id, `?` and a keyed hash for a name that is nobody's, or
empty for everybody at this kiosk; the rest the clocks at the last of them."""

guests = Table(
    "guests",
    metadata,
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("at_us", BigInteger, nullable=False),
    Column("asked", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("salt", String(64), nullable=False),
)
"""What guests typed, by the place of their event in the log: forgotten once the hub has it, or after a
day."""

elsewhere = Table(
    "elsewhere",
    metadata,
    Column("place", Integer, primary_key=True, autoincrement=True),
    Column("kiosk", String(32), nullable=False),
    Column("content", String(32), nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("heard", LargeBinary, nullable=False),
    Column("age_us", BigInteger, nullable=False),
    Column("guess", Boolean, nullable=False),
    Index("elsewhere_once", "kiosk", "content", unique=True),
)
"""Events of the other doors of the last day and a half, in the order in which they were heard.  `raw` is the
record without what concerns its own door alone, `heard` the JSON of this kiosk's clocks at that moment,
`age_us` how old the event was then, `guess` whether that is only the least it can have been."""

counters = Table(
    "counters",
    metadata,
    Column("badge", String(64), primary_key=True),
    Column("upto", BigInteger, nullable=False),
)
"""How far each secure badge has counted; nothing up to there is a proof any more."""

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
"""Single values: `epoch` and the place it `begins` after, `last_seq` and `acknowledged` (places), `revision`
and `digest` of the feed."""
