"""Sister spaces, and members who visit from one."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.create_table(
        "sisters",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("public_key", sa.String(64), nullable=False),
        sa.Column("since_us", sa.BigInteger, nullable=False),
        sa.Column("made_by", sa.String(64), nullable=False),
        sa.Column("waits", sa.Boolean, nullable=False),
    )
    op.create_table(
        "visitors",
        sa.Column("member_id", sa.String(64), primary_key=True),
        sa.Column("home", sa.String(32), nullable=False),
        sa.Column("home_name", sa.Text, nullable=False),
        sa.Column("visitor", sa.String(64), nullable=False),
        sa.Column("issued_s", sa.BigInteger, nullable=False),
        sa.Column("until", sa.String(10), nullable=False),
    )
    op.create_index("visitors_by_home", "visitors", ["home", "visitor"], unique=True)
    op.create_table(
        "used_letters",
        sa.Column("claim", sa.String(64), primary_key=True),
        sa.Column("until_s", sa.BigInteger, nullable=False),
    )
