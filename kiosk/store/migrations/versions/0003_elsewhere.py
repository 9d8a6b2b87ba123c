"""What happened lately at the other doors of the space."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "elsewhere",
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("kiosk", sa.String(32), nullable=False),
        sa.Column("content", sa.String(32), nullable=False),
        sa.Column("raw", sa.LargeBinary, nullable=False),
        sa.Column("heard", sa.LargeBinary, nullable=False),
        sa.Column("age_us", sa.BigInteger, nullable=False),
        sa.Column("guess", sa.Boolean, nullable=False),
    )
    op.create_index("elsewhere_once", "elsewhere", ["kiosk", "content"], unique=True)


def downgrade() -> None:
    op.drop_index("elsewhere_once", "elsewhere")
    op.drop_table("elsewhere")
