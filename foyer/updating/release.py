"""What a release consists of: a signed list of files, each with its checksum.

A release is a folder, or the same files in one uncompressed tar: `manifest.json`, `manifest.sig` (Ed25519
over the very bytes of the manifest, hexadecimal), the wheel, the lock, and usually `wheels/`, every wheel
the lock names for one kind of machine.  Nothing that is not in the manifest is looked at.
"""

import hashlib
import re
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import msgspec

from foyer.updating.errors import RefusedError
from plumbing.signing import is_public_key, is_signed
from plumbing.words import Sentence, why

MANIFEST, SIGNATURE, WHEELS = "manifest.json", "manifest.sig", "wheels"

FORMAT = 1
"""Of the manifest; a program refuses a later one."""

LARGEST_MANIFEST = 1_000_000
"""Bytes: ten times what two hundred wheels need.  It is read before anything is known of who wrote it."""

NAME = re.compile(r"(?:wheels/)?[A-Za-z0-9][A-Za-z0-9._+!-]*")
"""What a file of a release may be called: nothing that leads out of its folder."""

VERSION = re.compile(r"[0-9]+(?:\.[0-9]+)*")

MARK = re.compile(r"[0-9a-f]{8}")


class Part(msgspec.Struct, frozen=True):
    """One file."""

    sha256: str
    size: int


class Manifest(msgspec.Struct, frozen=True):
    """What the maker of a release signs."""

    format: int
    version: str
    mark: str
    """First 8 digits of the SHA-256 of wheel and lock: two builds of one version are two releases."""
    wheel: str
    lock: str
    firmware: str
    """Of the door's microcontroller, as it is in the wheel."""
    files: dict[str, Part]
    platform: str = ""
    """What `wheels/` is for, like `aarch64-cp313`; empty without such a folder."""

    @property
    def name(self) -> str:
        """What its folder on a machine is called."""
        return f"{self.version}-{self.mark}"


def keys_in(file: Path) -> tuple[str, ...]:
    """Return the public keys a machine trusts: one to a line, `#` begins a remark.

    Raises:
        RefusedError: There is no such file, or it holds no key.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RefusedError(
            Sentence(
                "{file}: the key that releases are signed with cannot be read ({why}). Put the public key of "
                "whoever makes your releases there, once (docs/operate.md, section 10)",
                file=file,
                why=why(error) if isinstance(error, OSError) else "UTF-8",
            )
        ) from error
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    keys = tuple(line for line in lines if line)
    if not keys or not all(len(key) == 64 and is_public_key(key) for key in keys):  # noqa: PLR2004 - 32 bytes
        raise RefusedError(Sentence("{file}: what stands there is no public key of releases", file=file))
    return keys


def verified(manifest: bytes, signature: bytes, keys: tuple[str, ...], source: Path) -> Manifest:
    """Return what a manifest says, if one of these keys has signed it.

    Raises:
        RefusedError: None has, or this program does not understand it.
    """
    signed = signature.decode("ascii", "replace").strip()
    if not any(is_signed(key, signed, manifest) for key in keys):
        raise RefusedError(
            Sentence(
                "{file} is not signed by anybody this machine trusts: nothing of it was used", file=source
            )
        )
    try:
        found = msgspec.json.decode(manifest, type=Manifest)
    except msgspec.MsgspecError as error:
        raise RefusedError(no_release(source)) from error
    if found.format > FORMAT:
        raise RefusedError(
            Sentence("{file} was made for a newer `foyer update`: install it by install.sh", file=source)
        )
    names_hold = all(NAME.fullmatch(name) for name in found.files)
    if not (names_hold and VERSION.fullmatch(found.version) and MARK.fullmatch(found.mark)):
        raise RefusedError(no_release(source))
    if not {found.wheel, found.lock} <= found.files.keys():
        raise RefusedError(no_release(source))
    return found


@contextmanager
def staged(source: Path, keys: tuple[str, ...], folder: Path) -> Iterator[tuple[Manifest, Path]]:
    """Check a release, and copy it where nobody else can change it any more.

    Args:
        source: The file, or the folder.
        keys: Who may have signed it.
        folder: Emptied before and after; the copy is in there.

    Raises:
        RefusedError: It is none, or not whole, or signed by nobody trusted.
    """
    shutil.rmtree(folder, ignore_errors=True)
    try:
        yield _stage(source, keys, folder), folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def no_release(source: Path) -> Sentence:
    """Say that something is no release."""
    return Sentence("{file} is no release of Foyer", file=source)


class _Folder:
    """A release that lies open."""

    def __init__(self, place: Path) -> None:
        self._place = place

    def open(self, name: str) -> BinaryIO | None:
        file = self._place / name
        return file.open("rb") if file.is_file() else None


class _Tar:
    """A release in one file."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar

    def open(self, name: str) -> BinaryIO | None:
        try:
            member = self._tar.getmember(name)
        except KeyError:
            return None
        # typeshed says IO[bytes]; it is read like any file
        return self._tar.extractfile(member) if member.isfile() else None  # type: ignore[return-value]


def _stage(source: Path, keys: tuple[str, ...], folder: Path) -> Manifest:
    try:
        folder.mkdir(parents=True, mode=0o700)
        with _opened(source) as files:
            signed = _small(files, MANIFEST, source), _small(files, SIGNATURE, source)
            manifest = verified(*signed, keys, source)
            for name, part in manifest.files.items():
                _take(files, name, part, folder, source)
    except OSError as error:
        raise RefusedError(Sentence("{file} cannot be read: {why}", file=source, why=why(error))) from error
    return manifest


@contextmanager
def _opened(source: Path) -> Iterator[_Folder | _Tar]:
    if source.is_dir():
        yield _Folder(source)
        return
    try:
        with tarfile.open(source, "r:") as tar:
            yield _Tar(tar)
    except tarfile.TarError as error:
        raise RefusedError(no_release(source)) from error


def _small(files: _Folder | _Tar, name: str, source: Path) -> bytes:
    found = files.open(name)
    if found is None:
        raise RefusedError(no_release(source))
    with found:
        content = found.read(LARGEST_MANIFEST + 1)
    if len(content) > LARGEST_MANIFEST:
        raise RefusedError(no_release(source))
    return content


def _take(files: _Folder | _Tar, name: str, part: Part, folder: Path, source: Path) -> None:
    target, sum_, size = folder / name, hashlib.sha256(), 0
    found = files.open(name)
    if found is not None:
        target.parent.mkdir(exist_ok=True)
        with found, target.open("xb") as written:
            while size <= part.size and (block := found.read(1 << 20)):
                written.write(block)
                sum_.update(block)
                size += len(block)
    if found is None or size != part.size or sum_.hexdigest() != part.sha256:
        raise RefusedError(
            Sentence(
                "{file} is damaged ({name}): copy it again; nothing of it was used", file=source, name=name
            )
        )
