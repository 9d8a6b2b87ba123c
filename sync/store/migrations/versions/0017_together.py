"""Ties whose taps were let go of, and the months of a community in numbers."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.create_table(
        "ties",
        sa.Column("first_id", sa.String(64), primary_key=True),
        sa.Column("second_id", sa.String(64), primary_key=True),
        sa.Column("met", sa.String(10), nullable=False),
    )
    op.create_table(
        "months",
        sa.Column("month", sa.String(7), primary_key=True),
        sa.Column("rule", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
