"""Make a Debian package of the wheel, with dpkg-deb alone; the same bytes each time.

    deb.py DIST [WHEELS PLATFORM LOCK]

It lays out what install.sh needs under /usr/share/foyer, and starts nothing: `sudo foyer-install --role both`
does.  With a folder of wheels the machine needs no network for Foyer itself.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from release import ROOT, epoch, newest

SHARE = Path("usr/share/foyer")

ALONG = (
    "deploy/raspberrypi", "requirements", "pyproject.toml", "README.md", "LICENSE", "NOTICE", "CHANGELOG.md",
    "sync/hub.example.toml", "kiosk/kiosk.example.toml", "kiosk/lobby.example.toml",
)  # fmt: skip
"""What install.sh reads besides the wheel."""

ARCHITECTURES = {"": "all", "aarch64": "arm64", "x86_64": "amd64"}

CONTROL = """\
Package: foyer-kiosk
Version: {version}
Architecture: {architecture}
Maintainer: The Foyer founders <foyer@localhost>
Section: misc
Priority: optional
Depends: python3 (>= 3.11), python3-venv
Installed-Size: {size}
Description: front door of a coworking space
 Members tap a badge, are greeted by name, and learn whom to meet today.
 After installing this package run: sudo foyer-install --role both
"""

INSTALL = """\
#!/bin/sh
# Installs what this package brought: see docs/operate.md, section 3.
set -eu
if [ -d /usr/share/foyer/wheels ]; then
	export PIP_NO_INDEX=1 PIP_FIND_LINKS=/usr/share/foyer/wheels
fi
exec /usr/share/foyer/deploy/raspberrypi/install.sh "$@"
"""


def make(dist: Path, wheels: Path | None = None, platform: str = "", lock: Path | None = None) -> Path:
    """Make the package of the newest wheel in a folder, beside it."""
    wheel = newest(dist, "foyer_kiosk-*.whl")
    version = wheel.name.split("-")[1]
    architecture = ARCHITECTURES[platform.partition("-")[0]]
    target = dist / f"foyer-kiosk_{version}_{architecture}.deb"
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "root"
        _lay_out(root, wheel, wheels, lock)
        size = sum(file.stat().st_size for file in root.rglob("*") if file.is_file()) // 1024
        (root / "DEBIAN").mkdir()
        (root / "DEBIAN/control").write_text(
            CONTROL.format(version=version, architecture=architecture, size=size), encoding="utf-8"
        )
        _settle(root)
        command = ["dpkg-deb", "--root-owner-group", "-Zxz", "--build", str(root), str(target)]
        environment = {**os.environ, "SOURCE_DATE_EPOCH": str(epoch())}
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    return target


def _lay_out(root: Path, wheel: Path, wheels: Path | None, lock: Path | None) -> None:
    share = root / SHARE
    for name in ALONG:
        source, target = ROOT / name, share / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copyfile(source, target)
    (share / "dist").mkdir()
    shutil.copyfile(wheel, share / "dist" / wheel.name)
    if wheels is not None and lock is not None:
        shutil.copytree(wheels, share / "wheels")
        shutil.copyfile(lock, share / "requirements/foyer.txt")
    (root / "usr/sbin").mkdir(parents=True)
    (root / "usr/sbin/foyer-install").write_text(INSTALL, encoding="utf-8")


def _settle(root: Path) -> None:
    """Give every file the same rights and time whoever builds, and whatever their umask."""
    for place in sorted(root.rglob("*"), reverse=True):
        runs = place.is_dir() or place.suffix == ".sh" or place.name == "foyer-install"
        place.chmod(0o755 if runs else 0o644)
        os.utime(place, (epoch(), epoch()))
    root.chmod(0o755)
    os.utime(root, (epoch(), epoch()))


if __name__ == "__main__":
    match sys.argv[1:]:
        case [dist]:
            print(make(Path(dist)))
        case [dist, wheels, platform, lock]:
            print(make(Path(dist), Path(wheels), platform, Path(lock)))
        case _:
            sys.exit(__doc__)
