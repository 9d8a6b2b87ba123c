"""`python -m foyer.updating.migrate hub|kiosk FILE`: bring a copy of a database up to this release's tables.

An older release asks a newer one this way, before anything is stopped; every release from the first with
`foyer update` on answers it.  Exit status 0 when it went well.
"""

import sys
from pathlib import Path

from kiosk.store.tables import MIGRATIONS as KIOSK
from plumbing import migrations
from plumbing.database import Database, open_engine
from sync.bootstrap import MIGRATIONS as HUB

SCRIPTS = {"hub": HUB, "kiosk": KIOSK}


def migrate(whose: str, file: Path) -> None:
    """Bring a copy up to date; nobody uses it.

    Raises:
        DatabaseError: It does not work.
    """
    database = Database(open_engine(f"sqlite:///{file}"))
    try:
        migrations.upgrade(database, SCRIPTS[whose])
    finally:
        database.close()


if __name__ == "__main__":
    migrate(sys.argv[1], Path(sys.argv[2]))
