"""`foyer badges`: program badges that cannot be copied, say what one is, keep the secret they are made from.

What is cut off goes on when the badge is laid on the reader again, or when the command is given again.  The
hub may be running: it finds by itself what is written.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from secrets import token_bytes
from typing import assert_never

from sqlalchemy import Connection

from community.badges import FIRST_KEY_VERSION, BadgeKey, short_code
from community.members import Member
from community.proofs import Level
from community.secrets import BadgeSecret, MetaKey
from foyer import masters
from foyer.badge_on_reader import at_the_reader
from foyer.errors import UsageError
from foyer.language import tell
from foyer.masters import Master
from foyer.meant import one_meant
from foyer.visiting import hub_database, hub_settings
from hardware.proving import MUTUAL_KEY, SUN_KEY
from hardware.provisioning import Examined, KeySet, Programmed, Unsuitable, examine, number_of, program
from hardware.reader import Transmit
from hardware.secure_badge import UID_BYTES
from hardware.uid import Uid
from plumbing.secrets import load_or_make
from plumbing.words import Sentence
from sync.settings import HubSettings
from sync.store import directory, secure_badges


@dataclass(frozen=True, slots=True)
class _Made:
    """A badge that was programmed, and its number."""

    uid: bytes
    done: Programmed | Unsuitable


@dataclass(frozen=True, slots=True)
class _Looked:
    """A badge that was looked at."""

    uid: bytes | None
    found: Examined | Unsuitable
    version: int
    """Of the secret it was held against; 0 for none."""


def provision(settings_file: Path, written: str, device: str, baud: int, level: Level, *, hide: bool) -> None:
    """Program a blank badge, or go on with one, and link it to a member.

    Args:
        settings_file: The hub's TOML file.
        written: The member's id, or whole name.
        device: The reader, as in the kiosk's settings.
        baud: Its speed.
        level: What the badge must show from now on: `SUN` or `MUTUAL`.
        hide: Whether it is to show a random number to everybody else, for ever.

    Raises:
        UsageError: It could not be done; the message says what to do.
        SettingsError, DatabaseError, SyncError: The hub's files are not as they should be.
    """
    settings = hub_settings(settings_file)
    known = _masters(settings)
    key = BadgeKey(FIRST_KEY_VERSION, load_or_make(Path(settings.badge_key_file)))
    with hub_database(settings) as database:
        member = one_meant(written, database.read_now(directory.all_members))
        asked = Sentence("Lay a badge for {name} on the reader, and leave it there.", name=member.name)
        made = at_the_reader(
            device, baud, asked, lambda uid, transmit: _program(uid, transmit, known, hide=hide)
        )
        counter, newest = _counter(made.done), known[0]
        keys = newest.keys_of(made.uid)
        secret = BadgeSecret(
            key.hash(made.uid), newest.version, keys.keys[SUN_KEY], keys.keys[MUTUAL_KEY], hides=hide
        )
        meta = MetaKey(newest.version, newest.meta)
        database.write_now(lambda c: _link(c, secret, meta, level, counter, member))
    tell(
        Sentence(
            "Done: the badge {code} is {name}'s, and cannot be copied.",
            code=short_code(secret.hash),
            name=member.name,
        )
    )


def check(settings_file: Path, device: str, baud: int) -> None:
    """Say what a badge is, and whether it would be believed at the door.

    Raises:
        UsageError: It could not be read; the message says what to do.
        SettingsError, DatabaseError: The hub's files are not as they should be.
    """
    settings = hub_settings(settings_file)
    known = masters.read(Path(settings.badge_masters_file))
    key = BadgeKey(FIRST_KEY_VERSION, load_or_make(Path(settings.badge_key_file)))
    asked = Sentence("Lay a badge on the reader, and leave it there.")
    looked = at_the_reader(device, baud, asked, lambda uid, transmit: _look(uid, transmit, known))
    match looked.found:
        case Unsuitable():
            tell(Sentence("This badge only has a number (or hides it): it can be copied."))
        case Examined(versions=versions) if set(versions) == {0}:
            tell(Sentence("This is a blank NTAG 424 DNA: foyer badges provision makes a badge of it."))
        case Examined(healthy=True):
            tell(
                Sentence(
                    "This badge has this space's keys, version {version}, and shows what it should.",
                    version=looked.version,
                )
            )
        case Examined(versions=versions):
            tell(
                Sentence(
                    "This badge has keys (versions {versions}), and does not show what it should: it is "
                    "another space's, or was lifted while it was programmed; then provision it again.",
                    versions=", ".join("?" if version is None else str(version) for version in versions),
                )
            )
    if looked.uid is None:
        return
    hashed = key.hash(looked.uid)
    with hub_database(settings) as database:
        linked = next((b for b in database.read_now(secure_badges.all_badges) if b.hash == hashed), None)
    if linked is None:
        tell(Sentence("It is linked to nobody; its code is {code}.", code=short_code(hashed)))
    else:
        tell(
            Sentence(
                "Its code is {code}; it is linked, state {state}, level {level}.",
                code=short_code(hashed),
                state=linked.status.value,
                level=linked.level.value,
            )
        )


def keys(settings_file: Path, *, another: bool) -> None:
    """Say which versions of the secret there are; make another one first, if asked.

    Raises:
        UsageError: The file cannot be read or written.
        SettingsError: The hub's settings are wrong.
    """
    settings = hub_settings(settings_file)
    known = masters.read(Path(settings.badge_masters_file))
    if another:
        known = (masters.make_another(Path(settings.badge_masters_file), known), *known)
    if not known:
        tell(Sentence("There is no secret for badges yet; make one: foyer badges keys --new"))
        return
    for master in known:
        tell(Sentence("version {version}, fingerprint {mark}", version=master.version, mark=master.mark))
    tell(
        Sentence(
            "It is in {file}: keep it as carefully as the hub's backup. Badges get the newest; older ones go "
            "on working, and are provisioned again whenever you like.",
            file=settings.badge_masters_file,
        )
    )


def _masters(settings: HubSettings) -> tuple[Master, ...]:
    known = masters.read(Path(settings.badge_masters_file))
    if not known:
        raise UsageError(Sentence("there is no secret for badges yet; make one: foyer badges keys --new"))
    return known


def _link(
    connection: Connection, secret: BadgeSecret, meta: MetaKey, level: Level, counter: int, member: Member
) -> None:
    secure_badges.put(connection, secret, meta, level, counter)
    directory.link(connection, secret.hash, member.id, time.time_ns() // 1_000)


def _counter(done: Programmed | Unsuitable) -> int:
    match done:
        case Programmed(counter=counter):
            return counter
        case Unsuitable.NO_CHIP:
            raise UsageError(Sentence("this is no NTAG 424 DNA: take a badge with that chip"))
        case Unsuitable.FOREIGN:
            raise UsageError(
                Sentence(
                    "somebody else gave this badge keys, or the secret it was made from is not in the file: "
                    "take a blank one"
                )
            )
        case Unsuitable.BROKEN:
            raise UsageError(
                Sentence("the badge took its keys and does not show what it should: take another one")
            )
        case _:
            assert_never(done)


def _program(shown: Uid, transmit: Transmit, known: tuple[Master, ...], *, hide: bool) -> _Made:
    uid = number_of(transmit, shown, [master.meta for master in known], token_bytes)
    if uid is None or len(uid) != UID_BYTES:
        return _Made(b"", Unsuitable.NO_CHIP)
    wanted, *before = (master.keys_of(uid) for master in known)
    return _Made(uid, program(transmit, wanted, before, token_bytes, hide=hide))


def _look(shown: Uid, transmit: Transmit, known: tuple[Master, ...]) -> _Looked:
    uid = number_of(transmit, shown, [master.meta for master in known], token_bytes)
    best = _Looked(uid, Unsuitable.NO_CHIP, 0)
    candidates: list[KeySet | None] = [master.keys_of(uid) for master in known] if uid is not None else []
    for wanted in candidates or [None]:
        found = examine(transmit, wanted, token_bytes)
        best = _Looked(uid, found, 0 if wanted is None else wanted.version)
        if isinstance(found, Unsuitable) or found.healthy:
            break
    return best
