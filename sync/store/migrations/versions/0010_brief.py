"""What hosts did about the lines of their brief of the day."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "brief_marks",
        sa.Column("line", sa.String(160), primary_key=True),
        sa.Column("day", sa.String(10), primary_key=True),
        sa.Column("mark", sa.String(16), nullable=False),
        sa.Column("until", sa.String(10), nullable=False),
        sa.Column("host", sa.String(64), nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
    )
