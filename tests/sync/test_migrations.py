from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert, select

from plumbing.database import Database, open_engine
from plumbing.migrations import upgrade
from sync.bootstrap import MIGRATIONS
from sync.store.schema import facts, metadata


def test_a_migrated_database_is_what_the_tables_say(database: Database):
    difference = database.read_now(
        lambda c: compare_metadata(MigrationContext.configure(c, opts={"compare_type": True}), metadata)
    )
    assert difference == []


def test_migrating_again_keeps_what_is_there(database_url: str):
    database = Database(open_engine(database_url))
    try:
        upgrade(database, MIGRATIONS)
        database.write_now(lambda c: c.execute(insert(facts).values(key="k", value="v")))
        upgrade(database, MIGRATIONS)
        assert database.read_now(lambda c: c.execute(select(facts.c.value)).scalars().all()) == ["v"]
    finally:
        database.close()
