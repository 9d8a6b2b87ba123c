"""What is left of events once they are let go of: what they said of members, clocks, and crowds."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "earlier",
        sa.Column("member_id", sa.String(length=64), nullable=False),
        sa.Column("fold", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("member_id"),
    )
    op.create_table(
        "boots",
        sa.Column("kiosk", sa.String(length=32), nullable=False),
        sa.Column("boot", sa.Text(), nullable=False),
        sa.Column("began_by_us", sa.BigInteger(), nullable=False),
        sa.Column("good_wall_us", sa.BigInteger(), nullable=True),
        sa.Column("good_up_us", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("kiosk", "boot"),
    )
    op.create_table(
        "crowds",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("hour", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "hour"),
    )
