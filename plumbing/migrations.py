"""Bring a database to the present schema with Alembic; the one home of Alembic's commands."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, exc

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
    config = _config(scripts)

    def run(connection: Connection) -> None:
        config.attributes["connection"] = connection
        known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
        present = MigrationContext.configure(connection).get_current_revision()
        if present is not None and present not in known:
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
        command.upgrade(config, "head")

    try:
        database.write_now(run)
    except exc.DBAPIError as error:
        raise explain(error, database.engine) from error
    except CommandError as error:
        raise DatabaseError(
            DatabaseTrouble.UNREADABLE, Sentence("the migrations are broken: {error}", error=error)
        ) from error


def known(scripts: Path) -> frozenset[str]:
    """Return every schema this program can work with or bring up to date."""
    return frozenset(
        script.revision for script in ScriptDirectory.from_config(_config(scripts)).walk_revisions()
    )


def _config(scripts: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
