"""What a badge must show, what a host calls it, and whose it was before."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("badges", sa.Column("level", sa.String(16), nullable=False, server_default="uid"))
    op.add_column("badges", sa.Column("label", sa.String(40), nullable=False, server_default=""))
    op.create_table(
        "handovers",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("from_id", sa.String(64), primary_key=True),
        sa.Column("to_id", sa.String(64), nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
    )
    op.create_index("handovers_by_giver", "handovers", ["from_id"])
