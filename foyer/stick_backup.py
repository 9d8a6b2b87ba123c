"""`foyer backup`: the hub's backup onto a USB stick."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from foyer import sticks
from foyer.errors import UsageError
from foyer.files import HUB_FILE, named_or
from foyer.language import tell
from plumbing.words import Sentence

AT_LEAST_BYTES = 20_000_000
"""Asked for where the size of the database cannot be seen (PostgreSQL)."""


def backup(folder: Path | None = None, *, settings: Path | None = None) -> None:
    """Write the hub's backup onto a USB stick, while the hub goes on; says when it may be unplugged.

    Args:
        folder: Where, instead of the one stick that is mounted.
        settings: The hub's settings file; /etc/foyer/hub.toml if there is one.
    """
    from sqlalchemy.engine import make_url

    from foyer.visiting import hub_settings
    from sync import backup as hub_backup
    from sync.bootstrap import MIGRATIONS

    file = named_or(settings, HUB_FILE)
    if file is None:
        raise UsageError(Sentence("there are no settings of a hub here: name their file with --settings"))
    found = hub_settings(file)
    place = folder or sticks.the_stick(sticks.MOUNTS.read_text(encoding="utf-8", errors="replace"))
    url = make_url(found.database)
    home = Path(found.badge_key_file).parent
    size = AT_LEAST_BYTES
    if url.get_backend_name() == "sqlite" and url.database:
        size = sticks.size_of([Path(f"{url.database}{ending}") for ending in ("", "-wal")])
    sticks.check_room(place, size)
    sticks.check_room(home, 2 * size)
    if folder is None:
        tell(
            Sentence(
                "There is room on {place}. The backup is being written; leave the stick in.", place=place
            )
        )
    target = place / f"foyer-{found.space.id}-{datetime.now(UTC):%Y-%m-%d-%H%M%S}.backup"
    with tempfile.TemporaryDirectory(dir=home, prefix=".backup-") as work:
        made = Path(work) / "hub.backup"
        hub_backup.back_up(found, made, MIGRATIONS)
        sticks.put(made, target)
    if folder is None:
        tell(Sentence("{file}: written, read again and compared. You may unplug the stick now.", file=target))
    else:
        tell(Sentence("{file}: written, read again and compared.", file=target))
    tell(Sentence("It holds the members' data and the badge key: keep it where only you can read it."))
