"""What a newer program wrote, in the tables of an older one: the way back that loses no tap.

Migrations only go forward.  So going back does not take the old copy of a database for the truth: it takes
its *shape*, and fills it with every row the newer database holds, in the columns both know.  What only the
newer one has (a new table, a new column) is left out.  SQLite only.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

SCHEMA_TABLE = "alembic_version"
"""Says which schema a database has; it is the one table that is not filled."""


def shape(source: Path, target: Path) -> None:
    """Write a database with the tables of another and no row but its schema's name."""
    target.unlink(missing_ok=True)
    with closing(_opened(target)) as database:
        database.execute("ATTACH ? AS source", (str(source),))
        database.execute("BEGIN")
        for (statement,) in database.execute(
            "SELECT sql FROM source.sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' "
            "ORDER BY type = 'table' DESC, rowid"
        ).fetchall():
            database.execute(statement)
        database.execute(f"INSERT INTO main.{SCHEMA_TABLE} SELECT * FROM source.{SCHEMA_TABLE}")  # noqa: S608 - a constant
        database.execute("COMMIT")


def fill(target: Path, newer: Path) -> tuple[str, ...]:
    """Replace every row of a database by what a newer one holds for the same table.

    Args:
        target: Of the older program: a copy from before, or a `shape`.  Nobody uses it.
        newer: Only read.

    Returns:
        The tables that could not be filled, and are as they were: they are gone in the newer database, lack a
        column, or hold what the older table refuses.

    Raises:
        sqlite3.Error: Anything else went wrong, like a full card; the target is worth nothing.
    """
    stayed = []
    with closing(_opened(target)) as database:
        database.execute("ATTACH ? AS newer", (str(newer),))
        database.execute("BEGIN IMMEDIATE")
        for table in _tables(database, "main"):
            columns = _columns(database, "main", table)
            there = set(_columns(database, "newer", table))
            if not (set(columns) <= there and _refilled(database, table, columns)):
                stayed.append(table)
        database.execute("COMMIT")
    return tuple(stayed)


def _refilled(database: sqlite3.Connection, table: str, columns: list[str]) -> bool:
    """Take a table's rows from the newer database; say whether the older table takes them."""
    names = ", ".join(f'"{column}"' for column in columns)
    database.execute("SAVEPOINT one")
    try:
        database.execute(f'DELETE FROM main."{table}"')  # noqa: S608 - names from the database itself
        database.execute(f'INSERT INTO main."{table}" ({names}) SELECT {names} FROM newer."{table}"')  # noqa: S608
    except sqlite3.IntegrityError:
        database.execute("ROLLBACK TO one")
        return False
    finally:
        if database.in_transaction:  # a full card ends it all
            database.execute("RELEASE one")
    return True


def same(one: Path, other: Path) -> bool:
    """Say whether two databases of one shape hold the same rows, in whatever order."""
    with closing(_opened(one)) as database:
        database.execute("ATTACH ? AS other", (str(other),))
        for table in _tables(database, "main"):
            for left, right in (("main", "other"), ("other", "main")):
                missing = f'SELECT * FROM {left}."{table}" EXCEPT SELECT * FROM {right}."{table}" LIMIT 1'  # noqa: S608
                if database.execute(missing).fetchone() is not None:
                    return False
    return True


def schema_of(file: Path) -> str:
    """Return a database's schema; empty if it is not there, or was never used."""
    if not file.exists():
        return ""
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True)) as database:
        database.execute("PRAGMA wal_autocheckpoint=0")
        try:
            row = database.execute(f"SELECT version_num FROM {SCHEMA_TABLE}").fetchone()  # noqa: S608
        except sqlite3.OperationalError:
            return ""
    return "" if row is None else str(row[0])


def _opened(file: Path) -> sqlite3.Connection:
    database = sqlite3.connect(file, isolation_level=None)
    database.execute("PRAGMA foreign_keys=OFF")
    return database


def _tables(database: sqlite3.Connection, schema: str) -> list[str]:
    query = (
        f"SELECT name FROM {schema}.sqlite_master WHERE type = 'table' "  # noqa: S608 - one of our two names
        f"AND name <> '{SCHEMA_TABLE}' AND (name NOT LIKE 'sqlite_%' OR name = 'sqlite_sequence') "
        "ORDER BY name"
    )
    return [name for (name,) in database.execute(query)]


def _columns(database: sqlite3.Connection, schema: str, table: str) -> list[str]:
    return [row[1] for row in database.execute(f'PRAGMA {schema}.table_info("{table}")')]
