"""What hosts were told of quarters that are over."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.create_table(
        "told_sums",
        sa.Column("quarter", sa.String(7), primary_key=True),
        sa.Column("kind", sa.String(16), primary_key=True),
        sa.Column("lines", sa.Integer, nullable=True),
        sa.Column("amount", sa.Integer, nullable=True),
    )
