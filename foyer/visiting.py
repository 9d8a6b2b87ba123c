"""What commands do at a hub beside its running program: read its settings, open its database for a moment."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from plumbing import migrations
from plumbing.database import Database, open_engine
from plumbing.settings import load
from sync.bootstrap import MIGRATIONS
from sync.settings import PREFIX, HubSettings


def hub_settings(file: Path) -> HubSettings:
    """Return what the hub was told in its file and in the environment.

    Raises:
        SettingsError: It is not as it should be.
    """
    return load(HubSettings, file=file, environment=os.environ, prefix=PREFIX)


@contextmanager
def hub_database(settings: HubSettings, *, visiting: bool = True) -> Iterator[Database]:
    """Open the hub's database, brought up to this version's tables, and close it again.

    Args:
        settings: The hub's.
        visiting: Whether the hub itself may be running: then its checkpoints are left to it.

    Raises:
        DatabaseError: It cannot be opened or brought up.
    """
    database = Database(open_engine(settings.database, visiting=visiting))
    try:
        migrations.upgrade(database, MIGRATIONS)
        yield database
    finally:
        database.close()
