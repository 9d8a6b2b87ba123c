"""Notices: where they go, who asked for whom, what hosts were told of, and what waits to be sent."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.create_table(
        "notice_channels",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("kinds", sa.String(200), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("mail", sa.Boolean, nullable=False),
    )
    op.create_table(
        "notice_members",
        sa.Column("member_id", sa.String(64), primary_key=True),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("guests", sa.Boolean, nullable=False),
        sa.Column("found", sa.Boolean, nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
    )
    op.create_table(
        "notice_wishes",
        sa.Column("member_id", sa.String(64), primary_key=True),
        sa.Column("other_id", sa.String(64), primary_key=True),
        sa.Column("asked_us", sa.BigInteger, nullable=False),
    )
    op.create_index("notice_wishes_by_other", "notice_wishes", ["other_id"])
    op.create_table(
        "notice_troubles",
        sa.Column("trouble", sa.String(64), primary_key=True),
        sa.Column("since_us", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "notice_outbox",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("key", sa.String(200), nullable=False, unique=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("channel_id", sa.Integer, nullable=True),
        sa.Column("member_id", sa.String(64), nullable=True),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("made_us", sa.BigInteger, nullable=False),
        sa.Column("next_us", sa.BigInteger, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("done_us", sa.BigInteger, nullable=True),
    )
    op.create_index("notice_outbox_by_time", "notice_outbox", ["done_us", "next_us"])
