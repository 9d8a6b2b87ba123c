"""The hub's tables of what is a member's own: beside `sync.store.schema`, in the same metadata."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Table, Text

from sync.store.schema import metadata

kept_days = Table(
    "kept_days",
    metadata,
    Column("member_id", String(64), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("days", Integer, nullable=False),
)
"""On how many days of a month (ISO, the space's) a member came, of those whose taps are gone: theirs."""

kept_meetings = Table(
    "kept_meetings",
    metadata,
    Column("member_id", String(64), primary_key=True),
    Column("other_id", String(64), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("how", String(16), nullable=False),
    Column("about", String(16), nullable=False),
    Column("useful", Boolean, nullable=False),
    Index("kept_meetings_by_other", "other_id"),
)
"""Whom a member met, as `sync.receipt.fold.Meeting` says, from taps that were let go of: theirs alone."""

came_of_it = Table(
    "came_of_it",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("member_id", String(64), nullable=False),
    Column("day", String(10), nullable=False),
    Column("written", String(10), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("amount", Integer, nullable=True),
    Column("counted", Boolean, nullable=False),
    Index("came_of_it_by_member", "member_id"),
)
"""What came of it, in a member's own words.  Anybody else reads only `kind` and `amount` of those with
`counted`, in sums over five people or more (decision 0035)."""

told_sums = Table(
    "told_sums",
    metadata,
    Column("quarter", String(7), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("lines", Integer, nullable=True),
    Column("amount", Integer, nullable=True),
)
"""What hosts were told of a quarter that was over, as they first read it: a sum that went down when somebody
was erased or took their line back would tell what theirs was (decision 0035)."""

photos = Table(
    "photos",
    metadata,
    Column("member_id", String(64), primary_key=True),
    Column("image", LargeBinary, nullable=False),
    Column("hosts", Boolean, nullable=False),
    Column("members", Boolean, nullable=False),
)
"""Pictures members gave of themselves, as `sync.photos` makes them, and who may see each."""
