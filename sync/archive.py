"""The file a backup is: what stands in it, how it is written, and how every part is checked when it is read.

The file is a tar archive, readable by its owner only:

=============== ==========================================================================
`manifest.json` `Manifest`: what it is, from when, how much is in it, a hash of each part
`hub.db`        the database, one SQLite file; or `hub.dump`, as `pg_dump` writes it
`badge.key`     the space's secret for badge numbers: without it every badge is unknown
`authority.key` the certificate authority, where the hub has one: kiosks that were let in
`authority.pem` believe no other.  Older backups have none, older programs leave it where it is
`masters.keys`  from which badges that cannot be copied got their keys, if there are any
`sister.key`    with which letters to sister spaces are signed: with another one they believe none
=============== ==========================================================================

It holds members' data and the keys: keep it as carefully as the hub itself.
"""

import hashlib
import io
import os
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import msgspec

from community.ids import SpaceId
from plumbing import copies, migrations
from plumbing.words import Sentence, why
from sync.errors import BackupError

FORMAT = 1
"""Of the file; a newer one is refused."""

MANIFEST, SQLITE, DUMP, KEY = "manifest.json", "hub.db", "hub.dump", "badge.key"

MASTERS = "masters.keys"

SISTER = "sister.key"

AUTHORITY = ("authority.key", "authority.pem")
"""The key first: a certificate that is there always has its key."""

SECRETS = (KEY, *AUTHORITY, MASTERS, SISTER)
"""Every file beside the database that a backup may hold; the badge key is in each."""

LARGEST_MANIFEST_BYTES = 100_000


class Manifest(msgspec.Struct, frozen=True):
    """What a backup says of itself."""

    format: int
    program: str
    """The version that wrote it."""
    at: datetime
    space: SpaceId
    schema: str
    """The last migration of the database."""
    engine: str
    """`sqlite` or `postgresql`."""
    counts: dict[str, int]
    """Rows, by table."""
    sha256: dict[str, str]
    """By member of the archive."""


def read_manifest(file: Path) -> Manifest:
    """Return what a backup says of itself, without looking at the rest.

    Raises:
        BackupError: It is none.
    """
    try:
        with tarfile.open(file, "r:") as archive:
            found = archive.extractfile(MANIFEST)
            if found is None:
                raise BackupError(_no_backup(file))
            return msgspec.json.decode(found.read(LARGEST_MANIFEST_BYTES), type=Manifest)
    except OSError as error:
        raise BackupError(Sentence("{file} cannot be read: {why}", file=file, why=why(error))) from error
    except (tarfile.TarError, KeyError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BackupError(_no_backup(file)) from error


@contextmanager
def unpacked(file: Path, folder: Path, scripts: Path) -> Iterator[tuple[Manifest, Path]]:
    """Take a backup apart, and check every part of it; its secrets are then in `folder`."""
    manifest = read_manifest(file)
    if manifest.format > FORMAT or manifest.schema not in migrations.known(scripts):
        raise BackupError(
            Sentence(
                "{file} was written by a newer Foyer ({program}, schema {schema}): update this program first",
                file=file,
                program=manifest.program,
                schema=manifest.schema,
            )
        )
    name = SQLITE if manifest.engine == "sqlite" else DUMP
    # Names are ours, never the archive's: what else it holds goes nowhere.
    secrets = (KEY, *(each for each in SECRETS[1:] if each in manifest.sha256))
    with tempfile.TemporaryDirectory(dir=folder) as inner:
        try:
            with tarfile.open(file, "r:") as archive:
                for each in (name, *secrets):
                    member = archive.getmember(each)
                    if not member.isreg():
                        raise BackupError(_no_backup(file))
                    with archive.extractfile(member) as source, (Path(inner) / each).open("wb") as target:  # type: ignore[union-attr]
                        os.fchmod(target.fileno(), copies.OWNER_ONLY)
                        while block := source.read(1_000_000):
                            target.write(block)
                        target.flush()
                        os.fsync(target.fileno())
        except OSError as error:
            raise BackupError(Sentence("{file} cannot be read: {why}", file=file, why=why(error))) from error
        except (tarfile.TarError, KeyError) as error:
            raise BackupError(_no_backup(file)) from error
        part = Path(inner) / name
        if any(hash_of(Path(inner) / each) != manifest.sha256.get(each) for each in (name, *secrets)):
            raise BackupError(spoilt(file))
        for each in secrets:
            (Path(inner) / each).rename(folder / each)
        yield manifest, part


def pack(file: Path, manifest: Manifest, part: Path, secrets: Mapping[str, bytes]) -> None:
    """Write the archive, the manifest first.

    Args:
        file: Made here.
        manifest: Of all this.
        part: The database.
        secrets: The other members, by name.
    """
    with (
        os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, copies.OWNER_ONLY), "wb") as stream,
        tarfile.open(fileobj=stream, mode="w") as archive,
    ):
        written = msgspec.json.format(msgspec.json.encode(manifest))
        for name, content in ((MANIFEST, written), *secrets.items()):
            archive.addfile(_member(name, len(content), manifest.at), io.BytesIO(content))
        with part.open("rb") as source:
            archive.addfile(_member(part.name, part.stat().st_size, manifest.at), source)
        stream.flush()
        os.fsync(stream.fileno())


def _member(name: str, size_bytes: int, at: datetime) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = size_bytes, copies.OWNER_ONLY, int(at.timestamp())
    return member


@contextmanager
def drafts(near: Path) -> Iterator[Path]:
    """A folder for drafts on the file system where the result goes."""
    try:
        with tempfile.TemporaryDirectory(prefix=".foyer-", dir=near) as folder:
            yield Path(folder)
    except OSError as error:
        raise BackupError(
            Sentence("nothing can be written in {folder}: {why}", folder=near, why=why(error))
        ) from error


def hash_of(file: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _no_backup(file: Path) -> Sentence:
    return Sentence("{file} is no backup of a hub", file=file)


def spoilt(file: Path) -> Sentence:
    """Say that a backup is not what it was when it was written."""
    return Sentence("{file} is damaged: take another backup; nothing was changed", file=file)
