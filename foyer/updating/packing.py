"""Make a release: the same files always give the same bytes."""

import hashlib
import io
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import msgspec

from foyer.updating.release import FORMAT, MANIFEST, SIGNATURE, WHEELS, Manifest, Part
from plumbing.signing import SigningKey

LOCK = "requirements.txt"
VERSION_FILE = "firmware_bridge/mcu/version.py"
"""Where a wheel says which firmware it brings."""


def manifest_of(
    wheel: Path, lock: Path, wheels: Path | None, platform: str
) -> tuple[Manifest, dict[str, Path]]:
    """Return what a release of these files says of itself, and each file by its name in there.

    Args:
        wheel: Of Foyer.
        lock: Its dependencies with their hashes.
        wheels: A folder with every wheel the lock names; `None` for a release that needs a network.
        platform: What `wheels` is for, like `aarch64-cp313`.
    """
    files = {wheel.name: wheel, LOCK: lock}
    for file in sorted(wheels.glob("*.whl")) if wheels is not None else ():
        files[f"{WHEELS}/{file.name}"] = file
    both = hashlib.sha256(wheel.read_bytes() + lock.read_bytes()).hexdigest()
    manifest = Manifest(
        format=FORMAT,
        version=wheel.name.split("-")[1],
        mark=both[:8],
        wheel=wheel.name,
        lock=LOCK,
        firmware=_firmware_in(wheel),
        files={name: _part(file) for name, file in sorted(files.items())},
        platform=platform if wheels is not None else "",
    )
    return manifest, files


def pack(target: Path, manifest: Manifest, files: Mapping[str, Path], key: SigningKey, at_s: int) -> None:
    """Write a release in one file, signed.

    Args:
        target: Replaced.
        manifest: As `manifest_of` gives it.
        files: Likewise.
        key: Whose public half the machines have.
        at_s: What stands as the time of each file: seconds since 1970.
    """
    said = msgspec.json.format(msgspec.json.encode(manifest, order="sorted"), indent=1)
    small = {MANIFEST: said, SIGNATURE: key.sign(said).encode() + b"\n"}
    draft = target.with_name(f"{target.name}.new")
    with tarfile.open(draft, "w:", format=tarfile.USTAR_FORMAT) as tar:
        for name, content in small.items():
            tar.addfile(_entry(name, len(content), at_s), io.BytesIO(content))
        for name in sorted(files):
            with files[name].open("rb") as content_of:
                tar.addfile(_entry(name, manifest.files[name].size, at_s), content_of)
    draft.replace(target)


def _entry(name: str, size: int, at_s: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime, entry.mode = size, at_s, 0o644
    return entry


def _part(file: Path) -> Part:
    content = file.read_bytes()
    return Part(hashlib.sha256(content).hexdigest(), len(content))


def _firmware_in(wheel: Path) -> str:
    with zipfile.ZipFile(wheel) as files:
        text = files.read(VERSION_FILE).decode("utf-8")
    return text.partition('FIRMWARE = "')[2].partition('"')[0]
