"""What members keep for themselves of their days here, what came of it, and their pictures."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "kept_days",
        sa.Column("member_id", sa.String(64), primary_key=True),
        sa.Column("month", sa.String(7), primary_key=True),
        sa.Column("days", sa.Integer, nullable=False),
    )
    op.create_table(
        "kept_meetings",
        sa.Column("member_id", sa.String(64), primary_key=True),
        sa.Column("other_id", sa.String(64), primary_key=True),
        sa.Column("day", sa.String(10), primary_key=True),
        sa.Column("how", sa.String(16), nullable=False),
        sa.Column("about", sa.String(16), nullable=False),
        sa.Column("useful", sa.Boolean, nullable=False),
    )
    op.create_index("kept_meetings_by_other", "kept_meetings", ["other_id"])
    op.create_table(
        "came_of_it",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("member_id", sa.String(64), nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("written", sa.String(10), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("amount", sa.Integer, nullable=True),
        sa.Column("counted", sa.Boolean, nullable=False),
    )
    op.create_index("came_of_it_by_member", "came_of_it", ["member_id"])
    op.create_table(
        "photos",
        sa.Column("member_id", sa.String(64), primary_key=True),
        sa.Column("image", sa.LargeBinary, nullable=False),
        sa.Column("hosts", sa.Boolean, nullable=False),
        sa.Column("members", sa.Boolean, nullable=False),
    )
