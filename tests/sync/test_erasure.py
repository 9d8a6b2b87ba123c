"""Whatever table names a member, an erasure leaves nothing of them in it."""

import importlib
import pkgutil

import msgspec
import pytest
from sqlalchemy import BigInteger, Boolean, Column, Float, Integer, LargeBinary, String, Table

from community.ids import MemberId
from community.introductions.pairing import PersonPast
from plumbing.database import Database
from sync import store
from sync.store import directory, earlier
from sync.store.schema import metadata
from tests.sync.samples import member

for module in pkgutil.iter_modules(store.__path__, f"{store.__name__}."):
    if not module.ispkg:
        importlib.import_module(module.name)  # every table is in the metadata then

ADA, OTHER = MemberId("m1"), "somebody-else"
NAMING = [
    (table, column)
    for table in metadata.sorted_tables
    for column in table.columns
    if column.name.endswith("_id") and isinstance(column.type, String)
]
"""Every column that holds a member's id; those of hosts and channels are numbers."""


def row(table: Table, naming: Column) -> dict[str, object]:
    """Return a row that names Ada in one column and somebody else in every other."""
    samples = {BigInteger: 1, Boolean: True, Float: 0.5, Integer: 1, LargeBinary: b"x"}
    values: dict[str, object] = {
        column.name: OTHER if column.name.endswith("_id") else samples.get(type(column.type), "x")
        for column in table.columns
    }
    if table.name == "earlier":
        past = PersonPast(MemberId(OTHER))
        values |= {"fold": earlier.FOLD, "body": msgspec.json.encode(past).decode()}
    return values | {naming.name: ADA}


def test_there_are_tables_that_name_members():
    assert {"badges", "buddies", "notice_wishes", "photos", "ties"} <= {table.name for table, _ in NAMING}


@pytest.mark.parametrize(("table", "naming"), NAMING, ids=lambda each: each.name)
def test_who_is_erased_is_named_in_no_table(sqlite: Database, table: Table, naming: Column):
    def work(connection) -> list[object]:
        directory.put_member(connection, member())
        connection.execute(table.insert().values(row(table, naming)))
        directory.remove_member(connection, ADA)
        left = connection.execute(table.select().where(naming == ADA)).all()
        return list(left)

    assert sqlite.write_now(work) == []
