"""The hub's secrets that lie in files of their own, as a backup holds them and puts them back."""

import os
from collections.abc import Mapping
from pathlib import Path

from plumbing import copies
from plumbing.words import Sentence, why
from sync import archive
from sync.errors import BackupError
from sync.settings import HubSettings


def read(settings: HubSettings) -> dict[str, bytes]:
    """Return every secret there is, by its name in the archive.

    Raises:
        BackupError: One cannot be read, or there is no badge key.
    """
    secrets = {archive.KEY: _read_key(Path(settings.badge_key_file)), **_read_authority(settings)}
    for name, file in _more(settings).items():
        if file.exists():
            secrets[name] = _read_key(file)
    return secrets


def put(settings: HubSettings, secrets: Mapping[str, bytes], stamp: str) -> list[str]:
    """Put secrets in their places; others that were there are kept beside them.

    Args:
        settings: Say where.
        secrets: By their names in the archive, the badge key among them.
        stamp: Ends the names of what is kept.

    Returns:
        The files that were kept.
    """
    kept = _put(Path(settings.badge_key_file), secrets[archive.KEY], stamp)
    for name, file in _more(settings).items():
        if name in secrets:
            kept += _put(file, secrets[name], stamp)
    home = Path(settings.kiosks.authority_folder)
    authority = [name for name in archive.AUTHORITY if name in secrets]
    if authority:
        _make_home(home)
    for name in authority:
        kept += _put(home / name, secrets[name], stamp)
    return kept


def _more(settings: HubSettings) -> dict[str, Path]:
    """Return where the secrets are that not every hub has, by their names in the archive."""
    return {archive.MASTERS: Path(settings.badge_masters_file), archive.SISTER: settings.sister_key_file}


def _read_authority(settings: HubSettings) -> dict[str, bytes]:
    """Return the files of the certificate authority; none where the hub lets no kiosks in."""
    folder = Path(settings.kiosks.authority_folder)
    try:
        if not all((folder / name).exists() for name in archive.AUTHORITY):
            return {}
        return {name: (folder / name).read_bytes() for name in archive.AUTHORITY}
    except OSError as error:
        raise BackupError(
            Sentence(
                "the certificate authority in {folder} cannot be read ({why}): "
                "with a backup without it every kiosk would have to be let in again",
                folder=folder,
                why=why(error),
            )
        ) from error


def _make_home(folder: Path) -> None:
    """Make the authority's folder, readable by the hub only, if there is none."""
    if folder.exists():
        return
    folder.mkdir(mode=0o700, parents=True)
    if os.geteuid() == 0:
        owner = folder.parent.stat()
        os.chown(folder, owner.st_uid, owner.st_gid)


def _put(place: Path, secret: bytes, stamp: str) -> list[str]:
    """Put a secret in place; another one that was there is kept."""
    kept = []
    if place.exists():
        if place.read_bytes() == secret:
            return []
        old = place.with_name(f"{place.name}.{stamp}")
        place.rename(old)
        kept.append(str(old))
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, copies.OWNER_ONLY), "wb") as stream:
        stream.write(secret)
        stream.flush()
        os.fsync(stream.fileno())
    if os.geteuid() == 0:
        owner = place.parent.stat()
        os.chown(place, owner.st_uid, owner.st_gid)
    return kept


def _read_key(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise BackupError(
            Sentence(
                "the badge key {file} cannot be read ({why}): without it a backup would know no badge",
                file=file,
                why=why(error),
            )
        ) from error
