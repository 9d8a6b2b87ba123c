"""Secrets in files that only their owner may read."""

import os
import secrets
from pathlib import Path

from plumbing.errors import SettingsError

OWNER_ONLY = 0o600


def load_or_make(file: Path, size_bytes: int = 32) -> bytes:
    """Return the secret in `file`; make it, with rights for the owner only, if there is none.

    Raises:
        SettingsError: The file cannot be read or made, others may read it, or it is too short.
    """
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    except FileExistsError:
        return _load(file, size_bytes)
    except OSError as error:
        raise SettingsError(f"{file}: the secret cannot be made: {error.strerror}") from error
    secret = secrets.token_bytes(size_bytes)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(secret.hex() + "\n")
    return secret


def _load(file: Path, size_bytes: int) -> bytes:
    try:
        if file.stat().st_mode & 0o077:
            raise SettingsError(f"{file}: others may read this secret; run chmod 600 {file}")
        secret = bytes.fromhex(file.read_text().strip())
    except OSError as error:
        raise SettingsError(f"{file}: the secret cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise SettingsError(f"{file}: this is not a secret in hexadecimal; make a new one") from error
    if len(secret) < size_bytes:
        raise SettingsError(f"{file}: the secret is shorter than {size_bytes} bytes; make a new one")
    return secret
