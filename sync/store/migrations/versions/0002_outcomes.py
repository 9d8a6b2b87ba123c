"""What came of introductions, for learning: one row for each answer that says yes or no."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "outcomes",
        sa.Column("member_id", sa.String(length=64), nullable=False),
        sa.Column("other_id", sa.String(length=64), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("yes", sa.Boolean(), nullable=False),
        sa.Column("chance", sa.Float(), nullable=False),
        sa.Column("weights", sa.String(length=64), nullable=False),
        sa.Column("features", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("member_id", "other_id", "day"),
    )
    op.create_index("outcomes_by_day", "outcomes", ["day"], unique=False)
    op.create_index("outcomes_by_other", "outcomes", ["other_id"], unique=False)
