"""Look into a database without touching it.

`plumbing.database` opens to write, and even a reader of a database in WAL mode makes files beside
it: here SQLite is opened so that it cannot.  A file whose programs have all ended is taken as it is
(`immutable`); beside a running program the files it already has are shared.
"""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from community.clock import at_of
from community.wire.codec import Unreadable, decode_record
from foyer.doctor.findings import Finding, Say, broken, notice, works
from kiosk.store.tables import MIGRATIONS as KIOSK_MIGRATIONS
from plumbing.database import Database, open_engine
from plumbing.errors import PlumbingError
from plumbing.migrations import known
from plumbing.words import said
from sync.bootstrap import MIGRATIONS as HUB_MIGRATIONS

BUSY_S = 5.0
"""Seconds to wait for a running program's write."""

Ask = Callable[[str], object]
"""Runs one query and returns the first value of its first row; `None` for no row."""

FIRST_WITH_ASIDE = "0003"
"""The hub's schema from which on a host can put away what waits in the quarantine."""

NO_TABLE = "no such table"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a database says of itself."""

    schema: str
    """The migration it has come to; empty if none."""
    events: int
    last: datetime | None
    """When the newest event happened (kiosk) or came in (hub), as far as that can be read."""
    waiting: int = 0
    """Kiosk: events the hub has not acknowledged.  Hub: events in the quarantine."""
    epoch: str = ""
    oldest: datetime | None = None
    """Hub: when the oldest event that is kept as it was came in."""


def check_kiosk(file: Path, say: Say) -> list[Finding]:
    """Say how the kiosk's notebook is."""
    return _check_sqlite(file, KIOSK_MIGRATIONS, _kiosk_facts, of_kiosk, say)


def check_hub(url: str, say: Say) -> list[Finding]:
    """Say how the hub's database is, SQLite or PostgreSQL."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return [_not_a_url(say)]
    if parsed.get_backend_name() == "sqlite":
        file = Path(parsed.database or "")
        return _check_sqlite(file, HUB_MIGRATIONS, _hub_facts, of_hub, say)
    place = parsed.render_as_string(hide_password=True)
    try:
        database = Database(open_engine(url))
        try:
            facts = database.read_now(
                lambda connection: _hub_facts(lambda query: connection.execute(text(query)).scalar())
            )
        finally:
            database.close()
    except PlumbingError as error:
        return [
            broken(
                say("The hub's database does not work: {error}.").format(error=said(error, say)),
                say("Check that PostgreSQL runs, and `database` in the hub's settings."),
            )
        ]
    return [of_schema(facts.schema, sorted(known(HUB_MIGRATIONS)), place, say), of_hub(facts, say)]


def of_kiosk(facts: Facts, say: Say) -> Finding:
    """Say what is in the kiosk's notebook."""
    return works(
        say(
            "Kiosk: {events} events kept, last: {last}; not yet taken by the hub: {waiting}; epoch {epoch}."
        ).format(events=facts.events, last=_shown(facts.last, say), waiting=facts.waiting, epoch=facts.epoch)
    )


def of_hub(facts: Facts, say: Say) -> Finding:
    """Say what is in the hub's log."""
    what = say("Hub: {events} events kept, last received: {last}.").format(
        events=facts.events, last=_shown(facts.last, say)
    )
    if facts.oldest is not None:
        what += " " + say("The oldest was received {oldest}.").format(oldest=_shown(facts.oldest, say))
    if not facts.waiting:
        return works(what)
    return notice(
        f"{what} "
        + say("{waiting} could not be understood and are kept apart.").format(waiting=facts.waiting),
        say("They are safe. Look at them on the dashboard, under “In quarantine”."),
    )


def of_schema(present: str, known_ones: list[str], place: str, say: Say) -> Finding:
    """Say whether this program and the database fit each other."""
    if present == (known_ones[-1] if known_ones else ""):
        return works(
            say("The database {place} can be read, schema {schema}.").format(place=place, schema=present)
        )
    if present in known_ones or not present:
        return notice(
            say("The database {place} has an older schema ({schema}).").format(
                place=place, schema=present or "-"
            ),
            say("Nothing to do: it is brought up to date at the next start."),
        )
    return broken(
        say("The database {place} was written by a newer Foyer (schema {schema}).").format(
            place=place, schema=present
        ),
        say("Install that newer version again; this one will not touch the database."),
    )


def _check_sqlite(
    file: Path,
    migrations: Path,
    read: Callable[[Ask], Facts],
    tell: Callable[[Facts, Say], Finding],
    say: Say,
) -> list[Finding]:
    try:
        if not file.exists():
            return [
                notice(
                    say("The database {place} does not exist yet: it is made at the first start.").format(
                        place=file
                    )
                )
            ]
        if not os.access(file, os.R_OK):
            return [_not_ours(file, say)]
        with closing(_open(file)) as connection:
            sound = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            if sound != "ok":
                return [_damaged(file, say)]

            def ask(query: str) -> object:
                row = connection.execute(query).fetchone()
                return None if row is None else row[0]

            facts = read(ask)
    except PermissionError:
        return [_not_ours(file, say)]
    except (OSError, sqlite3.Error) as error:
        return [_refused(file, error, say)]
    return [
        of_schema(facts.schema, sorted(known(migrations)), str(file), say),
        works(say("The database {place} is whole.").format(place=file)),
        tell(facts, say),
    ]


def _open(file: Path) -> sqlite3.Connection:
    alive = file.with_name(file.name + "-wal").exists()
    mode = "mode=ro" if alive else "mode=ro&immutable=1"
    return sqlite3.connect(f"file:{quote(str(file))}?{mode}", uri=True, timeout=BUSY_S)


def _kiosk_facts(ask: Ask) -> Facts:
    last_seq, acknowledged = _fact(ask, "last_seq"), _fact(ask, "acknowledged")
    raw = ask("SELECT raw FROM log ORDER BY seq DESC LIMIT 1")
    record = decode_record(raw) if isinstance(raw, bytes) else None
    return Facts(
        schema=_schema(ask),
        events=_number(ask("SELECT count(*) FROM log")),
        last=None if record is None or isinstance(record, Unreadable) else record.at.at,
        waiting=max(0, _number(last_seq) - _number(acknowledged)),
        epoch=str(_fact(ask, "epoch") or "-"),
    )


def _hub_facts(ask: Ask) -> Facts:
    schema = _schema(ask)
    waits = " WHERE aside_us IS NULL" if schema >= FIRST_WITH_ASIDE else ""
    received_us = _number(ask("SELECT max(received_us) FROM events"))
    return Facts(
        schema=schema,
        events=_number(ask("SELECT count(*) FROM events WHERE kind <> ''")),
        last=_moment(received_us),
        oldest=_moment(_number(ask("SELECT min(received_us) FROM events WHERE received_us > 0"))),
        waiting=_number(ask(f"SELECT count(*) FROM quarantine{waits}")),  # noqa: S608 - our own words
    )


def _moment(at_us: int) -> datetime | None:
    return at_of(at_us) if at_us else None


def _schema(ask: Ask) -> str:
    return str(ask("SELECT version_num FROM alembic_version") or "")


def _fact(ask: Ask, key: str) -> object:
    return ask(f"SELECT value FROM facts WHERE key = '{key}'")  # noqa: S608 - the keys are our own


def _number(value: object) -> int:
    return int(value) if isinstance(value, int | str) else 0


def _shown(at: datetime | None, say: Say) -> str:
    return say("never") if at is None else f"{at.astimezone():%Y-%m-%d %H:%M}"


def _not_ours(file: Path, say: Say) -> Finding:
    return notice(
        say("This user may not read the database {place}.").format(place=file),
        say("Run it as the administrator: sudo foyer doctor"),
    )


def _refused(file: Path, error: Exception, say: Say) -> Finding:
    told = str(error).lower()
    if "malformed" in told or "not a database" in told:
        return _damaged(file, say)
    if NO_TABLE in told:
        return broken(
            say("The database {place} is not one of Foyer's, or was only half made.").format(place=file),
            say("Move the file aside and start again."),
        )
    return broken(
        say("The database {place} cannot be read ({reason}).").format(place=file, reason=error),
        say("Check the path and the rights of the file."),
    )


def _damaged(file: Path, say: Say) -> Finding:
    return broken(
        say("The database {place} is damaged.").format(place=file),
        say("Stop Foyer, move the file aside (keep it), and restore the last backup."),
    )


def _not_a_url(say: Say) -> Finding:
    return broken(
        say("`database` in the hub's settings is not a database's address."),
        say("Use sqlite:////var/lib/foyer/hub.db"),
    )
