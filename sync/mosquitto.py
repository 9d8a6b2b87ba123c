"""What Mosquitto reads: its settings, who may come in, and who may say and hear what.

Pure.  Every name and password comes from the hub's database; nothing of it is edited by hand.  A kiosk has
a name for each of its passwords, `<space>.<kiosk>.<number>`, because Mosquitto keeps one password a name and
a new password is good beside the old one until it is used.  So the rules stand by name, not as patterns with
`%u`: that is one level, and would have to be the kiosk's.  Written for Mosquitto 2.0 and later.
"""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from community.ids import KioskId, SpaceId
from community.wire.topics import (
    SAID,
    TO_DOORS,
    TO_KIOSK,
    all_discoveries,
    all_homes,
    all_kiosks,
    doctor_topic,
    hub_topic,
    kiosk_topic,
)
from community.wire.versions import WIRE

ROUNDS = 101
"""Of PBKDF2, Mosquitto's own number: nobody guesses 256 random bits, however few the rounds."""

SALT_BYTES = 12
KEY_BYTES = 64
"""As Mosquitto's own tool makes them.  Source: mosquitto_passwd, password type 7 (SHA512-PBKDF2)."""

LARGEST_PACKET_BYTES = 2_000_000
"""The largest page of the directory is well below; more is a mistake or an attack."""

CONF, PASSWORDS, RULES = "foyer.conf", "foyer.passwd", "foyer.acl"
CERTIFICATE, KEY = "server.pem", "server.key"
"""Names of the files."""


@dataclass(frozen=True, slots=True)
class Login:
    """One name that may come in, for one kiosk."""

    kiosk: KioskId
    number: int
    """Which of the kiosk's passwords: 1, 2, 3 …"""
    password: str
    """`password_hash` of it."""


@dataclass(frozen=True, slots=True)
class Home:
    """A Home Assistant that is told."""

    prefix: str
    """Of the topics on which it looks for devices."""
    username: str = ""
    """Under which it may come in; empty where it has a name of its own elsewhere."""
    password: str = ""
    """`password_hash` of its password."""


def username(space: SpaceId, kiosk: KioskId, number: int) -> str:
    """Return the name that goes with one of a kiosk's passwords; ids have no dot."""
    return f"{space}.{kiosk}.{number}"


def password_hash(password: str, salt: bytes) -> str:
    """Return what Mosquitto keeps of a password.

    Args:
        password: 256 random bits as text.
        salt: `SALT_BYTES`.
    """
    key = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ROUNDS, KEY_BYTES)
    return f"$7${ROUNDS}${base64.b64encode(salt).decode()}${base64.b64encode(key).decode()}"


def passwords(space: SpaceId, hub: tuple[str, str], logins: Iterable[Login], home: Home | None = None) -> str:
    """Return the password file.

    Args:
        space: The space.
        hub: The hub's own name and the hash of its password.
        logins: Who else may come in.
        home: A Home Assistant that may.
    """
    lines = [f"{hub[0]}:{hub[1]}"]
    lines += [f"{home.username}:{home.password}"] if home is not None and home.username else []
    lines += [f"{username(space, login.kiosk, login.number)}:{login.password}" for login in logins]
    return "\n".join(lines) + "\n"


def rules(space: SpaceId, hub: str, logins: Iterable[Login], home: Home | None = None) -> str:
    """Return the access rules: what is not allowed here is refused."""
    blocks = [f"# Made by the hub of {space} from its database; what is changed here is lost.", ""]
    blocks += [f"user {hub}", f"topic readwrite foyer/{WIRE}/{space}/#"]
    blocks += [f"topic write {all_discoveries(home.prefix)}"] if home is not None else []
    blocks.append("")
    if home is not None and home.username:
        blocks += [f"user {home.username}", f"topic readwrite {home.prefix}/#"]
        blocks += [f"topic read {hub_topic(space)}", f"topic read {all_homes(space)}", ""]
    for login in logins:
        blocks.append(f"user {username(space, login.kiosk, login.number)}")
        blocks += [f"topic write {kiosk_topic(space, login.kiosk, word)}" for word in SAID]
        blocks += [f"topic read {kiosk_topic(space, login.kiosk, word)}" for word in TO_KIOSK]
        blocks.append(f"topic read {hub_topic(space)}")
        blocks += [f"topic read {all_kiosks(space, word)}" for word in TO_DOORS]
        blocks += [f"topic readwrite {doctor_topic(space, login.kiosk)}", ""]
    return "\n".join(blocks)


def settings(folder: Path, port: int, plain_port: int | None) -> str:
    """Return Mosquitto's settings.

    Args:
        folder: Where the files are, absolute.
        port: For encrypted lines, from everywhere.
        plain_port: For lines without encryption from programs on this machine; `None` for none.
    """
    lines = [
        "# Made by the Foyer hub; what is changed here is lost.",
        f"listener {port}",
        f"certfile {folder / CERTIFICATE}",
        f"keyfile {folder / KEY}",
        "tls_version tlsv1.2",
        *([] if plain_port is None else [f"listener {plain_port} 127.0.0.1"]),
        "allow_anonymous false",
        f"password_file {folder / PASSWORDS}",
        f"acl_file {folder / RULES}",
        "# The broker is a wire, never a store: what counts is in the kiosks' and the hub's databases.",
        "persistence false",
        "# Without this an answer waits 40 ms and more for company.",
        "set_tcp_nodelay true",
        f"max_packet_size {LARGEST_PACKET_BYTES}",
        "log_dest syslog",
    ]
    return "\n".join(lines) + "\n"
