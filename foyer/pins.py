"""Give a member a PIN, or take it away, from the command line."""

import getpass
import sys
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection

from community.badges import FIRST_KEY_VERSION, BadgeKey
from community.ids import MemberId
from community.pins import LONGEST, SHORTEST, PinFault, fault_of
from foyer.errors import UsageError
from foyer.meant import one_meant
from foyer.visiting import hub_database, hub_settings
from plumbing.pins import hashed
from plumbing.secrets import load_or_make
from plumbing.words import Sentence
from sync.settings import HubSettings
from sync.store import cards, deeds, directory
from sync.store.deeds import BY_COMMAND, Deed


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
    settings = hub_settings(settings_file)
    key = BadgeKey(FIRST_KEY_VERSION, load_or_make(Path(settings.badge_key_file)))

    def work(connection: Connection, member_id: MemberId) -> None:
        cards.put_pin(connection, hashed(key, member_id, pin))
        deeds.note(connection, time.time_ns() // 1_000, Deed.PIN_SET, BY_COMMAND, member_id)

    _change(settings, who, work)


def look_up(settings_file: Path, who: str) -> None:
    """See that there is such a member, before anything is asked; the errors are those of `set_pin`."""
    with hub_database(hub_settings(settings_file)) as database:
        database.read_now(lambda connection: meant_member(connection, who))


def remove_pin(settings_file: Path, who: str) -> None:
    """Take a member's PIN away; the args and errors are those of `set_pin`."""

    def work(connection: Connection, member_id: MemberId) -> None:
        cards.remove_pin(connection, member_id)
        deeds.note(connection, time.time_ns() // 1_000, Deed.PIN_REMOVED, BY_COMMAND, member_id)

    _change(hub_settings(settings_file), who, work)


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


def _change(settings: HubSettings, who: str, work: Callable[[Connection, MemberId], None]) -> None:
    with hub_database(settings) as database:
        database.write_now(lambda connection: work(connection, meant_member(connection, who)))


def meant_member(connection: Connection, who: str) -> MemberId:
    """Return whom somebody means, of all members; the errors are those of `one_meant`."""
    return one_meant(who, directory.all_members(connection)).id


def _told(fault: PinFault) -> Sentence:
    if fault in {PinFault.NOT_DIGITS, PinFault.TOO_SHORT, PinFault.TOO_LONG}:
        return Sentence("a PIN has {shortest} to {longest} digits", shortest=SHORTEST, longest=LONGEST)
    return Sentence("this PIN is one of those that anybody tries first: choose another")
