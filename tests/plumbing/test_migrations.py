"""Migrations with scripts of the test's own, on real SQLite."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from plumbing.database import Database, open_engine
from plumbing.errors import DatabaseError, DatabaseTrouble
from plumbing.migrations import upgrade

ENV = """
from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
"""

SCRIPT = """
from alembic import op

revision = {revision!r}
down_revision = {before!r}


def upgrade():
    op.execute({sql!r})
"""


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    folder = tmp_path / "100 % scripts"
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text(ENV)
    return folder


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(open_engine(f"sqlite:///{tmp_path}/a.db"))
    yield opened
    opened.close()


def add(scripts: Path, revision: str, before: str | None, sql: str) -> None:
    (scripts / "versions" / f"{revision}.py").write_text(
        SCRIPT.format(revision=revision, before=before, sql=sql)
    )


def tables(database: Database) -> set[str]:
    return set(database.read_now(lambda c: inspect(c).get_table_names())) - {"alembic_version"}


def test_each_migration_runs_once_and_in_order(scripts: Path, database: Database):
    add(scripts, "0001", None, "CREATE TABLE one (a INTEGER)")
    upgrade(database, scripts)
    add(scripts, "0002", "0001", "ALTER TABLE one RENAME TO two")
    upgrade(database, scripts)
    upgrade(database, scripts)
    assert tables(database) == {"two"}


def test_a_migration_that_fails_leaves_the_database_as_it_was(scripts: Path, database: Database):
    add(scripts, "0001", None, "CREATE TABLE one (a INTEGER)")
    upgrade(database, scripts)
    add(scripts, "0002", "0001", "CREATE TABLE two (a INTEGER)")
    add(scripts, "0003", "0002", "CREATE NONSENSE")
    with pytest.raises(DatabaseError):
        upgrade(database, scripts)
    assert tables(database) == {"one"}
    add(scripts, "0003", "0002", "CREATE TABLE three (a INTEGER)")
    upgrade(database, scripts)
    assert tables(database) == {"one", "two", "three"}


def test_a_database_of_a_newer_program_is_left_alone(scripts: Path, database: Database):
    add(scripts, "0001", None, "CREATE TABLE one (a INTEGER)")
    upgrade(database, scripts)
    database.write_now(lambda c: c.execute(text("UPDATE alembic_version SET version_num = '0099'")))
    with pytest.raises(DatabaseError, match=r"newer Foyer .schema 0099.: update this program") as caught:
        upgrade(database, scripts)
    assert caught.value.trouble is DatabaseTrouble.NEWER


def test_scripts_that_are_broken_are_told(tmp_path: Path, database: Database):
    with pytest.raises(DatabaseError, match="migrations are broken"):
        upgrade(database, tmp_path / "none")
