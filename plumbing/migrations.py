"""Bring a database to the present schema with Alembic; the one home of Alembic's commands.

Alembic is read only when there is something to do: it takes 14 MB and a good part of a Pi's start.
For that, a script's file is called by its revision: `0002_former_epochs.py` is `0002`, after `0001`.
"""

from pathlib import Path

from sqlalchemy import Connection, exc, inspect, text

from plumbing.database import Database, explain
from plumbing.errors import DatabaseError, DatabaseTrouble
from plumbing.words import Sentence


def upgrade(database: Database, scripts: Path) -> None:
    """Run every migration the database has not had, in one transaction.

    Args:
        database: Not yet used by anybody else.
        scripts: The folder with `env.py` and `versions/`.

    Raises:
        DatabaseError: It cannot be read, or a newer program has already changed it.
    """
    try:
        present = database.read_now(schema_of)
        if present and present not in known(scripts):
            place = database.engine.url.render_as_string(hide_password=True)
            raise DatabaseError(
                DatabaseTrouble.NEWER,
                Sentence(
                    "the database {place} was written by a newer Foyer (schema {schema}): "
                    "update this program",
                    place=place,
                    schema=present,
                ),
            )
        if not present or present != max(known(scripts)):
            _run(database, scripts)
    except exc.DBAPIError as error:
        raise explain(error, database.engine) from error


def schema_of(connection: Connection) -> str:
    """Return the revision a database was brought to; empty if it has none."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def known(scripts: Path) -> frozenset[str]:
    """Return every schema this program can work with or bring up to date."""
    return frozenset(file.stem.partition("_")[0] for file in (scripts / "versions").glob("[0-9]*.py"))


def _run(database: Database, scripts: Path) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util.exc import CommandError

    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")

    def run(connection: Connection) -> None:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

    try:
        database.write_now(run)
    except CommandError as error:
        raise DatabaseError(
            DatabaseTrouble.UNREADABLE, Sentence("the migrations are broken: {error}", error=error)
        ) from error
