"""Take a member file into a hub's database, from the command line."""

import time
from pathlib import Path

from sqlalchemy import Connection

from community.badges import FIRST_KEY_VERSION, BadgeKey
from foyer.visiting import hub_database, hub_settings
from hardware.uid import RandomUid, parse_typed
from plumbing.secrets import load_or_make
from plumbing.words import Sentence
from sync import members_file
from sync.members_file import Problem, Written


def import_members(settings_file: Path, file: Path, *, dry_run: bool = False) -> Written:
    """Write a CSV file's members and badges into the hub's database, all of them or none.

    Args:
        settings_file: The hub's TOML file.
        file: The members; `sync.members_file` says what it may hold.
        dry_run: Only look; the database is left alone.

    Returns:
        What was written, or the problems for which nothing was.

    Raises:
        SettingsError, DatabaseError, MembersFileError: It could not even be tried.
    """
    settings = hub_settings(settings_file)
    members = members_file.load(file, _uid)
    if members.problems or dry_run:
        return Written(0, 0, members.problems)
    key = BadgeKey(FIRST_KEY_VERSION, load_or_make(Path(settings.badge_key_file)))
    now_us = time.time_ns() // 1_000

    def work(connection: Connection) -> Written:
        written = members_file.write(connection, members, key, now_us)
        _all_or_nothing(written)
        return written

    try:
        with hub_database(settings) as database:
            return database.write_now(work)
    except _AllOrNothingError as refused:
        return Written(0, 0, refused.problems)


class _AllOrNothingError(Exception):
    """Rolls the import back."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__()
        self.problems = problems


def _all_or_nothing(written: Written) -> None:
    if written.problems:
        raise _AllOrNothingError(written.problems)


def _uid(typed: str) -> bytes:
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
