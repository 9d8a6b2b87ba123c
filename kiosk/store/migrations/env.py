"""Alembic's entry: runs on the connection `plumbing.migrations` hands over, never on its own."""

from alembic import context

from kiosk.store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
