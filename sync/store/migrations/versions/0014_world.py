"""Members who may be named to the world."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table("known_to_the_world", sa.Column("member_id", sa.String(64), primary_key=True))
