"""The hub's tables of notices, beside those of `sync.store.schema` and made as they are."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text

from sync.store.schema import metadata

channels = Table(
    "notice_channels",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("name", String(40), nullable=False),
    Column("address", Text, nullable=False),
    Column("kinds", String(200), nullable=False),
    Column("language", String(8), nullable=False),
    Column("mail", Boolean, nullable=False),
)
"""Where hosts are told; `address` is a secret.  `kinds` are words with blanks between them; `mail` says that
members' e-mail goes through it."""

members = Table(
    "notice_members",
    metadata,
    Column("member_id", String(64), primary_key=True),
    Column("address", Text, nullable=False),
    Column("guests", Boolean, nullable=False),
    Column("found", Boolean, nullable=False),
    Column("code", String(8), nullable=False),
)
"""How members are told; `address` is empty for nowhere, and used once the `code` sent there was typed, which
is empty then.  `found`: whoever asks for them may be told."""

wishes = Table(
    "notice_wishes",
    metadata,
    Column("member_id", String(64), primary_key=True),
    Column("other_id", String(64), primary_key=True),
    Column("asked_us", BigInteger, nullable=False),
    Index("notice_wishes_by_other", "other_id"),
)
"""Whom a member wants to be told of, once.  The other is never told that there is a row."""

troubles = Table(
    "notice_troubles",
    metadata,
    Column("trouble", String(64), primary_key=True),
    Column("since_us", BigInteger, nullable=False),
)
"""Troubles that hosts were told of and that are not over."""

outbox = Table(
    "notice_outbox",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("key", String(200), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("channel_id", Integer, nullable=True),
    Column("member_id", String(64), nullable=True),
    Column("subject", String(64), nullable=False),
    Column("made_us", BigInteger, nullable=False),
    Column("next_us", BigInteger, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("done_us", BigInteger, nullable=True),
    Index("notice_outbox_by_time", "done_us", "next_us"),
)
"""What is to be told and what was, never in words: they are made when it is sent, if it is still true.  It
goes to one of `channel_id` and `member_id`; `subject` is a member's id or a kiosk's.  `outcome` is that of
the last try; `done_us` is empty while it waits."""
