"""Take a member file into a hub's database, from the command line."""

import os
import time
from pathlib import Path

from sqlalchemy import Connection

from community.badges import FIRST_KEY_VERSION, BadgeKey
from hardware.uid import parse_typed
from plumbing import migrations
from plumbing.database import Database, open_engine
from plumbing.secrets import load_or_make
from plumbing.settings import load
from sync import members_file
from sync.bootstrap import MIGRATIONS
from sync.members_file import Written
from sync.settings import PREFIX, HubSettings


def import_members(settings_file: Path, file: Path, *, dry_run: bool = False) -> Written:
    """Write a CSV file's members and badges into the hub's database, all of them or none.

    Args:
        settings_file: The hub's TOML file.
        file: The members; `sync.members_file` says what it may hold.
        dry_run: Only look; the database is left alone.

    Returns:
        What was written, or the problems for which nothing was.

    Raises:
        SettingsError, DatabaseError, MembersFileError: It could not even be tried.
    """
    settings = load(HubSettings, file=settings_file, environment=os.environ, prefix=PREFIX)
    members = members_file.load(file, _uid)
    if members.problems or dry_run:
        return Written(0, 0, members.problems)
    key = BadgeKey(FIRST_KEY_VERSION, load_or_make(Path(settings.badge_key_file)))
    database = Database(open_engine(settings.database))
    try:
        migrations.upgrade(database, MIGRATIONS)
        now_us = time.time_ns() // 1_000

        def work(connection: Connection) -> Written:
            return members_file.write(connection, members, key, now_us, strict=True)

        return database.write_now(work)
    finally:
        database.close()


def _uid(typed: str) -> bytes:
    """Return the likeliest reading of a typed badge number."""
    return parse_typed(typed, for_enrolment=True)[0].value
