"""Give a member a PIN, or take it away, from the command line; and print labels for badges."""

import getpass
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection

from community.badges import FIRST_KEY_VERSION, BadgeKey
from community.ids import MemberId
from community.names import meant_by
from community.pins import LONGEST, SHORTEST, PinFault, fault_of
from foyer.errors import UsageError
from plumbing import migrations
from plumbing.database import Database, open_engine
from plumbing.pins import hashed
from plumbing.secrets import load_or_make
from plumbing.settings import load
from plumbing.words import Sentence, why
from sync.bootstrap import MIGRATIONS
from sync.labels_sheet import as_pdf, as_pngs
from sync.settings import PREFIX, HubSettings
from sync.store import cards, deeds, directory
from sync.store.deeds import Deed
from sync.views.labels import read_labels

BY_COMMAND = "command line"
"""Who did it, in the record of deeds."""


def set_pin(settings_file: Path, who: str, pin: str) -> None:
    """Give a member the PIN they chose.

    Args:
        settings_file: The hub's TOML file.
        who: The member's whole name, or their id.
        pin: As typed.

    Raises:
        UsageError: There is no such member, or the PIN is one that anybody tries first.
        SettingsError, DatabaseError: It could not even be tried.
    """
    fault = fault_of(pin)
    if fault is not None:
        raise UsageError(_told(fault))
    settings = _settings(settings_file)
    key = BadgeKey(FIRST_KEY_VERSION, load_or_make(Path(settings.badge_key_file)))

    def work(connection: Connection, member_id: MemberId) -> None:
        cards.put_pin(connection, hashed(key, member_id, pin))
        deeds.note(connection, time.time_ns() // 1_000, Deed.PIN_SET, BY_COMMAND, member_id)

    _change(settings, who, work)


def look_up(settings_file: Path, who: str) -> None:
    """See that there is such a member, before anything is asked; the errors are those of `set_pin`."""
    database = _opened(_settings(settings_file))
    try:
        database.read_now(lambda connection: _meant(connection, who))
    finally:
        database.close()


def remove_pin(settings_file: Path, who: str) -> None:
    """Take a member's PIN away; the args and errors are those of `set_pin`."""

    def work(connection: Connection, member_id: MemberId) -> None:
        cards.remove_pin(connection, member_id)
        deeds.note(connection, time.time_ns() // 1_000, Deed.PIN_REMOVED, BY_COMMAND, member_id)

    _change(_settings(settings_file), who, work)


def typed_pin(asked: str, again: str) -> str:
    """Return a PIN typed twice at a terminal, or one line of standard input where there is none.

    Args:
        asked: What to ask, in the terminal's language.
        again: What to ask the second time.

    Raises:
        UsageError: The two are not the same.
    """
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    pin = getpass.getpass(asked)
    if getpass.getpass(again) != pin:
        raise UsageError(Sentence("the two PINs are not the same; nothing was changed"))
    return pin


def print_labels(settings_file: Path, out: Path, who: str | None = None) -> tuple[Path, ...]:
    """Write sheets of labels for every badge that works, or for one member's.

    Args:
        settings_file: The hub's TOML file.
        out: A `.pdf` file, or a `.png`; with more than one sheet each PNG gets its number.
        who: The member's whole name, or their id; everybody if `None`.

    Returns:
        The files written.

    Raises:
        UsageError: There is no such member or no badge, or the file cannot be written.
    """
    kind = out.suffix.lower()
    if kind not in {".pdf", ".png"}:
        raise UsageError(Sentence("{file}: a sheet of labels is a .pdf or a .png", file=out))
    database = _opened(_settings(settings_file))
    try:
        labels = database.read_now(lambda c: read_labels(c, None if who is None else _meant(c, who)))
    finally:
        database.close()
    if not labels:
        raise UsageError(Sentence("there is no badge to print a label for: link one to a member first"))
    files: dict[Path, bytes]
    if kind == ".pdf":
        files = {out: as_pdf(labels)}
    else:
        pages = as_pngs(labels)
        names = (
            [out] if len(pages) == 1 else [out.with_stem(f"{out.stem}-{n + 1}") for n in range(len(pages))]
        )
        files = dict(zip(names, pages, strict=True))
    for file, content in files.items():
        try:
            file.write_bytes(content)
        except OSError as error:
            raise UsageError(
                Sentence("{file}: the labels cannot be written: {why}", file=file, why=why(error))
            ) from error
    return tuple(files)


def _change(settings: HubSettings, who: str, work: Callable[[Connection, MemberId], None]) -> None:
    database = _opened(settings)
    try:
        database.write_now(lambda connection: work(connection, _meant(connection, who)))
    finally:
        database.close()


def _meant(connection: Connection, who: str) -> MemberId:
    found = meant_by(who, directory.all_members(connection))
    if found is None:
        raise UsageError(
            Sentence("{who!r} is not the whole name or the id of one member; nothing was changed", who=who)
        )
    return found


def _settings(file: Path) -> HubSettings:
    return load(HubSettings, file=file, environment=os.environ, prefix=PREFIX)


def _opened(settings: HubSettings) -> Database:
    database = Database(open_engine(settings.database, visiting=True))
    try:
        migrations.upgrade(database, MIGRATIONS)
    except BaseException:
        database.close()
        raise
    return database


def _told(fault: PinFault) -> Sentence:
    if fault in {PinFault.NOT_DIGITS, PinFault.TOO_SHORT, PinFault.TOO_LONG}:
        return Sentence("a PIN has {shortest} to {longest} digits", shortest=SHORTEST, longest=LONGEST)
    return Sentence("this PIN is one of those that anybody tries first: choose another")
