"""What Alembic runs: the hub's migrations, on the connection and in the transaction it is given."""

from alembic import context

from sync.store import notice_tables  # noqa: F401 - its tables join the others
from sync.store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
