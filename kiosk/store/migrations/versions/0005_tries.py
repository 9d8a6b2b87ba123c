"""Wrong PINs: they outlive a restart."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "tries",
        sa.Column("who", sa.String(64), primary_key=True),
        sa.Column("wrong", sa.Integer, nullable=False),
        sa.Column("wall_us", sa.BigInteger, nullable=False),
        sa.Column("boot", sa.Text, nullable=False),
        sa.Column("up_us", sa.BigInteger, nullable=False),
        sa.Column("synced", sa.Boolean, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("tries")
