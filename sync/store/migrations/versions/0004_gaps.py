"""Numbers no kiosk has any more, so that no cursor waits for them."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "gaps",
        sa.Column("kiosk", sa.String(length=32), nullable=False),
        sa.Column("epoch", sa.String(length=32), nullable=False),
        sa.Column("first", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("noticed_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("kiosk", "epoch", "first"),
    )
