"""What hosts did, and what they put away for good in the quarantine."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table, and two columns."""
    op.create_table(
        "deeds",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("deed", sa.String(length=32), nullable=False),
        sa.Column("host", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("deeds_by_time", "deeds", ["at_us"], unique=False)
    op.add_column("quarantine", sa.Column("aside_us", sa.BigInteger(), nullable=True))
    op.add_column("quarantine", sa.Column("aside_by", sa.String(length=64), nullable=True))
