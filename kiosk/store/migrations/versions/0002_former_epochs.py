"""Former epochs of a log that was restored from an old copy, and when it had grown how far."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "former",
        sa.Column("upto", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("epoch", sa.String(32), nullable=False),
        sa.Column("after", sa.Integer, nullable=False),
    )
    op.create_table(
        "marks",
        sa.Column("at_us", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("place", sa.Integer, nullable=False),
    )
    op.create_table(
        "erased",
        sa.Column("member_id", sa.String(64), primary_key=True),
        sa.Column("at_us", sa.BigInteger, nullable=False),
    )


def downgrade() -> None:
    for table in ("erased", "marks", "former"):
        op.drop_table(table)
