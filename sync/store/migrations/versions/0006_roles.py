"""What each account may do; whoever had one before is an administrator."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the column."""
    op.add_column(
        "hosts", sa.Column("role", sa.String(length=16), nullable=False, server_default="admin")
    )
