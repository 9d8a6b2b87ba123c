"""Take a member file into a hub's database, from the command line."""

import contextlib
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import assert_never

from sqlalchemy import Connection

from community.badges import FIRST_KEY_VERSION, BadgeKey
from foyer.visiting import hub_database, hub_settings
from hardware.uid import RandomUid, parse_typed
from plumbing.database import Database, open_engine
from plumbing.secrets import load_or_make
from plumbing.words import Sentence
from sync import members_file, members_import
from sync.members_file import Problem
from sync.members_import import Outcome, Plan, Written


def import_members(settings_file: Path, file: Path) -> Written:
    """Write a CSV file's members and badges into the hub's database, all of them or none.

    Args:
        settings_file: The hub's TOML file.
        file: The members; `sync.members_file` says what it may hold.

    Returns:
        What was written, or the problems for which nothing was.

    Raises:
        SettingsError, DatabaseError, MembersFileError: It could not even be tried.
    """
    settings = hub_settings(settings_file)
    members = members_file.load(file, uid_of)
    if members.problems:
        return Written(0, 0, members.problems)
    key = BadgeKey(FIRST_KEY_VERSION, load_or_make(Path(settings.badge_key_file)))
    now_us = time.time_ns() // 1_000

    def work(connection: Connection) -> Written:
        written = members_import.write(connection, members, key, now_us)
        _all_or_nothing(written)
        return written

    try:
        with hub_database(settings) as database:
            return database.write_now(work)
    except _AllOrNothingError as refused:
        return Written(0, 0, refused.problems)


def look(settings_file: Path, file: Path) -> Plan:
    """Say what an import would do; the database is left as it is, and no key is made.

    Args:
        settings_file: The hub's TOML file.
        file: As for `import_members`.

    Raises:
        SettingsError, DatabaseError, MembersFileError: It could not even be looked at.
    """
    settings = hub_settings(settings_file)
    members = members_file.load(file, uid_of)
    key_file = Path(settings.badge_key_file)
    secret = load_or_make(key_file) if key_file.exists() else secrets.token_bytes(32)
    key = BadgeKey(FIRST_KEY_VERSION, secret)
    with contextlib.closing(Database(open_engine(settings.database, visiting=True))) as database:
        if database.file is not None and not database.file.exists():
            return members_import.plan(None, members, key)
        return database.read_now(lambda c: members_import.plan(c, members, key))


def told_of(plan: Plan, file: Path) -> Iterator[Sentence]:
    """Say what each line would do, then how many of each kind; problems are told elsewhere."""
    for change in plan.touched:
        columns = ", ".join(change.columns)
        match change.outcome:
            case Outcome.NEW:
                yield Sentence("line {line}: new", line=change.line)
            case Outcome.BACK:
                yield Sentence("line {line}: was erased here, and would come back", line=change.line)
            case Outcome.CHANGED | Outcome.SAME:
                yield Sentence("line {line}: changed: {columns}", line=change.line, columns=columns)
            case _ as never:
                assert_never(never)
    yield Sentence(
        "{file}: new: {new}, changed: {changed}, unchanged: {same}",
        file=file,
        new=plan.count(Outcome.NEW) + plan.count(Outcome.BACK),
        changed=plan.count(Outcome.CHANGED),
        same=plan.count(Outcome.SAME),
    )


class _AllOrNothingError(Exception):
    """Rolls the import back."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__()
        self.problems = problems


def _all_or_nothing(written: Written) -> None:
    if written.problems:
        raise _AllOrNothingError(written.problems)


def uid_of(typed: str) -> bytes:
    """Return the likeliest reading of a typed badge number.

    Raises:
        ValueError: It is none, or changes at every tap; a `Sentence` says which.
    """
    try:
        return parse_typed(typed, for_enrolment=True)[0].value
    except RandomUid as error:
        raise ValueError(
            Sentence("it begins with 08, as the numbers of phones and bank cards that change at every tap")
        ) from error
    except ValueError as error:
        raise ValueError(
            Sentence("it has 8, 14, 16 or 20 digits from 0-9 and A-F, or 6 or more digits from 0-9")
        ) from error
