"""With what badges that cannot be copied are checked, and how far they have counted."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "badge_secrets",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("sun", sa.LargeBinary(), nullable=False),
        sa.Column("mutual", sa.LargeBinary(), nullable=False),
        sa.Column("hides", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_table(
        "badge_counters",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("upto", sa.BigInteger(), nullable=False),
        sa.Column("shared", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hash"),
    )
