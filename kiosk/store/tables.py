"""Open the kiosk's database: migrate it, and give it an epoch."""

import secrets
from pathlib import Path

from sqlalchemy import Connection, insert, select

from community.ids import Epoch
from kiosk.store.schema import facts
from plumbing import migrations
from plumbing.database import Database, open_engine
from plumbing.inserts import insert_or_update

MIGRATIONS = Path(__file__).parent / "migrations"

EPOCH_BYTES = 8
"""64 random bits: two kiosks' files never share an epoch by chance."""


def open_database(path: Path) -> Database:
    """Open, and if need be make, the kiosk's database.

    Raises:
        DatabaseError: It cannot be made, read or brought up to date.
    """
    database = Database(open_engine(f"sqlite:///{path}"))
    try:
        migrations.upgrade(database, MIGRATIONS)
        database.write_now(_give_epoch)
        if database.ballast is not None:
            database.ballast.lay()
    except BaseException:
        database.close()
        raise
    return database


def fact(connection: Connection, key: str, default: str = "") -> str:
    """Return a single value, or `default` if it was never set."""
    found = connection.execute(select(facts.c.value).where(facts.c.key == key)).scalar_one_or_none()
    return default if found is None else found


def set_fact(connection: Connection, key: str, value: str) -> None:
    """Set a single value."""
    connection.execute(insert_or_update(connection, facts, ["key"]), {"key": key, "value": value})


def epoch_of(connection: Connection) -> Epoch:
    """Return the epoch events are written under."""
    return Epoch(fact(connection, "epoch"))


def _give_epoch(connection: Connection) -> None:
    if not fact(connection, "epoch"):
        connection.execute(insert(facts), {"key": "epoch", "value": secrets.token_hex(EPOCH_BYTES)})
