"""Members' own pages: codes that were used, and who has their page open."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "used_passes",
        sa.Column("claim", sa.String(64), primary_key=True),
        sa.Column("used_us", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "member_sessions",
        sa.Column("token", sa.String(64), primary_key=True),
        sa.Column("member_id", sa.String(64), nullable=False),
        sa.Column("created_us", sa.BigInteger, nullable=False),
        sa.Column("seen_us", sa.BigInteger, nullable=False),
    )
    op.create_index("member_sessions_by_member", "member_sessions", ["member_id"])
