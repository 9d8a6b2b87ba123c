"""The space's secret for badges that cannot be copied, by version; and each badge's keys, made from it.

It stands in a file on the hub's machine that nobody but its owner may read, one line a version: the number,
and 16 bytes in hexadecimal.  No program that runs all the time reads it: only `foyer badges` does, while a
badge is being programmed.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from foyer.errors import UsageError
from hardware.proving import META_KEY
from hardware.provisioning import KeySet
from hardware.secure_badge import KEY_BYTES, diversify
from hardware.secure_commands import KEY_NUMBERS
from plumbing.secrets import OWNER_ONLY, put
from plumbing.words import Sentence, why

MOST_VERSIONS = 255
"""A chip tells the version of a key in one byte; 0 is the factory's."""

_ABOUT = b"foyer badge"
_META = b"meta key"
_PRINT_DIGITS = 8
_OTHERS = 0o077


@dataclass(frozen=True, slots=True)
class Master:
    """The secret of one version."""

    version: int
    """1 to `MOST_VERSIONS`."""
    secret: bytes = field(repr=False)

    @property
    def mark(self) -> str:
        """A few digits by which two copies are told apart, and from which nothing is learnt."""
        digest = hashlib.sha256(b"foyer badge secret fingerprint\0" + self.secret).hexdigest()
        return f"{digest[:4]}-{digest[4:_PRINT_DIGITS]}"

    @property
    def meta(self) -> bytes:
        """The key with which all badges of this version encrypt who they are."""
        return diversify(self.secret, _ABOUT + bytes([META_KEY]) + _META)

    def keys_of(self, uid: bytes) -> KeySet:
        """Return the keys of the badge with this number, 7 bytes: all its own but the meta key.

        Source: AN10922, with the key's number and ours in the place of application and system.
        """
        own = (diversify(self.secret, _ABOUT + bytes([number]) + uid) for number in range(KEY_NUMBERS))
        keys = tuple(self.meta if number == META_KEY else key for number, key in enumerate(own))
        return KeySet(self.version, keys)


def read(file: Path) -> tuple[Master, ...]:
    """Return every version, the newest first; empty if there is no such file.

    Raises:
        UsageError: It cannot be read, is no such file, or others may read it.
    """
    try:
        if not file.exists():
            return ()
        if file.stat().st_mode & _OTHERS:
            raise UsageError(Sentence("{file}: others may read this secret; run chmod 600 {file}", file=file))
        lines = file.read_text(encoding="ascii").splitlines()
    except OSError as error:
        raise UsageError(
            Sentence("{file}: the secret cannot be read: {why}", file=file, why=why(error))
        ) from error
    except UnicodeDecodeError as error:
        raise UsageError(_spoilt(file)) from error
    found = [_master(file, line) for line in lines if line.strip()]
    if len({master.version for master in found}) != len(found):
        raise UsageError(_spoilt(file))
    return tuple(sorted(found, key=lambda master: -master.version))


def make_another(file: Path, known: Sequence[Master]) -> Master:
    """Add a version to the file; badges that are programmed from now on get it.

    Raises:
        UsageError: It cannot be written, or there are too many.
    """
    version = max((master.version for master in known), default=0) + 1
    if version > MOST_VERSIONS:
        raise UsageError(Sentence("there are {most} versions: a chip can tell no more", most=MOST_VERSIONS))
    made = Master(version, secrets.token_bytes(KEY_BYTES))
    text = "".join(f"{m.version} {m.secret.hex()}\n" for m in sorted([*known, made], key=lambda m: m.version))
    try:
        put(file, text, OWNER_ONLY)
    except OSError as error:
        raise UsageError(
            Sentence("{file}: the secret cannot be made: {why}", file=file, why=why(error))
        ) from error
    return made


def _master(file: Path, line: str) -> Master:
    version, _, secret = line.strip().partition(" ")
    try:
        made = Master(int(version), bytes.fromhex(secret))
    except ValueError as error:
        raise UsageError(_spoilt(file)) from error
    if not 1 <= made.version <= MOST_VERSIONS or len(made.secret) != KEY_BYTES:
        raise UsageError(_spoilt(file))
    return made


def _spoilt(file: Path) -> Sentence:
    return Sentence("{file}: this is no secret for badges; restore it from the hub's backup", file=file)
