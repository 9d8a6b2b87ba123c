"""What Alembic runs: the hub's migrations, on the connection and in the transaction it is given."""

from alembic import context

from sync.store import (  # their tables join the others
    care_schema,  # noqa: F401
    machines_schema,  # noqa: F401
    notice_schema,  # noqa: F401
    own_schema,  # noqa: F401
)
from sync.store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
