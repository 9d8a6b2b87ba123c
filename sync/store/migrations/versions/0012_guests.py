"""Guests of the day."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "guests",
        sa.Column("kiosk", sa.String(32), primary_key=True),
        sa.Column("epoch", sa.String(32), primary_key=True),
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("came_us", sa.BigInteger, nullable=False),
        sa.Column("member_id", sa.String(64), nullable=True),
        sa.Column("asked", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("met", sa.Boolean, nullable=False),
    )
    op.create_index("guests_by_member", "guests", ["member_id"])
