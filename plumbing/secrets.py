"""Secrets in files that only their owner may read."""

import os
import secrets
from pathlib import Path

from plumbing.errors import SettingsError
from plumbing.words import Sentence, why

OWNER_ONLY = 0o600


def load_or_make(file: Path, size_bytes: int = 32) -> bytes:
    """Return the secret in `file`; make it, with rights for the owner only, if there is none.

    Raises:
        SettingsError: The file cannot be read or made, others may read it, or it is too short.
    """
    if not file.exists():
        try:
            _make(file, secrets.token_bytes(size_bytes))
        except FileExistsError:
            pass  # another program of ours was a moment faster: its secret is the one
        except OSError as error:
            raise SettingsError(
                Sentence("{file}: the secret cannot be made: {why}", file=file, why=why(error))
            ) from error
    return _load(file, size_bytes)


def put(file: Path, text: str, mode: int = OWNER_ONLY) -> None:
    """Put a whole new file in the place of an old one, with these rights, whatever is cut off when.

    Raises:
        OSError: The old one, if there was one, is still there.
    """
    draft = file.with_name(f".{file.name}.new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        os.fchmod(stream.fileno(), mode)  # what the umask took away
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    draft.rename(file)
    _sync(file.parent)


def _make(file: Path, secret: bytes) -> None:
    """Write a secret so that the file is there whole or not at all, whatever is cut off when."""
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    try:
        with os.fdopen(descriptor, "w") as stream:
            stream.write(secret.hex() + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        os.link(draft, file)
    finally:
        draft.unlink()
    _sync(file.parent)


def _sync(folder: Path) -> None:
    """Have the disk keep what a folder holds."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _load(file: Path, size_bytes: int) -> bytes:
    try:
        if file.stat().st_mode & 0o077:
            raise SettingsError(
                Sentence("{file}: others may read this secret; run chmod 600 {file}", file=file)
            )
        secret = bytes.fromhex(file.read_text().strip())
    except OSError as error:
        raise SettingsError(
            Sentence("{file}: the secret cannot be read: {why}", file=file, why=why(error))
        ) from error
    except ValueError as error:
        raise SettingsError(
            Sentence("{file}: this is not a secret in hexadecimal; make a new one", file=file)
        ) from error
    if len(secret) < size_bytes:
        raise SettingsError(
            Sentence(
                "{file}: the secret is shorter than {size} bytes; make a new one", file=file, size=size_bytes
            )
        )
    return secret
