"""The newcomers' path, and failed taps that were seen to."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_table(
        "buddies",
        sa.Column("member_id", sa.String(64), primary_key=True),
        sa.Column("buddy_id", sa.String(64), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("host", sa.String(64), nullable=False),
    )
    op.create_table("volunteers", sa.Column("member_id", sa.String(64), primary_key=True))
    op.create_table(
        "newcomer_messages",
        sa.Column("member_id", sa.String(64), primary_key=True),
        sa.Column("message", sa.String(16), primary_key=True),
        sa.Column("settled", sa.String(16), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("host", sa.String(64), nullable=False),
    )
    op.create_table(
        "newcomer_texts",
        sa.Column("message", sa.String(16), primary_key=True),
        sa.Column("language", sa.String(8), primary_key=True),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "tap_marks",
        sa.Column("subject", sa.String(80), primary_key=True),
        sa.Column("upto_us", sa.BigInteger, nullable=False),
        sa.Column("host", sa.String(64), nullable=False),
    )
