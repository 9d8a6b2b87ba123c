"""Inserting rows that may be there already, alike on SQLite and PostgreSQL."""

from collections.abc import Sequence
from functools import cache
from itertools import chain

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.dml import Insert

ROWS_AT_ONCE = (500, 50)
"""Rows in one INSERT of SQLite; nine columns of 500 are well below its 32,766 values."""


def insert_ignoring(connection: Connection, table: Table, rows: Sequence[tuple[object, ...]]) -> None:
    """Insert rows, leaving those alone whose primary key is already there.

    Args:
        connection: In a writing transaction.
        table: Where to; text, whole numbers, booleans and bytes only.
        rows: Every column of each row, in the table's order.
    """
    done, name = 0, connection.dialect.name
    for size in ROWS_AT_ONCE if name == "sqlite" else ():
        whole = done + (len(rows) - done) // size * size
        for first in range(done, whole, size):
            statement = _insert_text(name, table, size)
            connection.exec_driver_sql(statement, tuple(chain.from_iterable(rows[first : first + size])))
        done = whole
    if done < len(rows):
        connection.exec_driver_sql(_insert_text(name, table, 1), list(rows[done:]))


@cache
def _insert_text(dialect: str, table: Table, rows: int) -> str:
    """Return a statement that both databases understand, but for the marks of their drivers."""
    row = f"({', '.join(['%s' if dialect == 'postgresql' else '?'] * len(table.columns))})"
    columns = ", ".join(column.name for column in table.columns)
    marks = ", ".join([row] * rows)
    return f"INSERT INTO {table.name} ({columns}) VALUES {marks} ON CONFLICT DO NOTHING"  # noqa: S608 - our own names


def insert_or_update(connection: Connection, table: Table, keys: Sequence[str]) -> Insert:
    """Return an INSERT that replaces every other column of a row whose `keys` are already there."""
    return _insert_or_update(connection.dialect.name, table, tuple(keys))


@cache
def _insert_or_update(dialect: str, table: Table, keys: tuple[str, ...]) -> Insert:
    """Return what `insert_or_update` does; making it takes longer than SQLite does to carry it out."""
    changed = [column.name for column in table.columns if column.name not in keys]
    if dialect == "postgresql":
        # Only where it is spoken: a kiosk never does, and reading it takes a tenth of its start.
        from sqlalchemy.dialects import postgresql

        into_postgresql = postgresql.insert(table)
        new = {name: into_postgresql.excluded[name] for name in changed}
        return into_postgresql.on_conflict_do_update(index_elements=keys, set_=new)
    into_sqlite = sqlite.insert(table)
    new = {name: into_sqlite.excluded[name] for name in changed}
    return into_sqlite.on_conflict_do_update(index_elements=keys, set_=new)
