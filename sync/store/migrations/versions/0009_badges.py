"""What a badge must show, what a host calls it, and whose it was before."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

NEW = (
    sa.Column("level", sa.String(16), nullable=False, server_default="uid"),
    sa.Column("label", sa.String(40), nullable=False, server_default=""),
)


def upgrade() -> None:
    there = {column["name"] for column in sa.inspect(op.get_bind()).get_columns("badges")}
    for column in NEW:
        if column.name not in there:
            op.add_column("badges", column)
    op.create_table(
        "handovers",
        sa.Column("hash", sa.String(64), primary_key=True),
        sa.Column("from_id", sa.String(64), primary_key=True),
        sa.Column("to_id", sa.String(64), nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
    )
    op.create_index("handovers_by_giver", "handovers", ["from_id"])
