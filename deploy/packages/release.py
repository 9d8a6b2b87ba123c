"""Make what is handed out: wheel and sdist, a signed release file, a key to sign with.

release.py build DIST                       wheel and sdist, the same bytes each time
release.py pack DIST KEY [WHEELS PLATFORM LOCK]
release.py key FILE                         a new key; its public half beside it, with the ending .pub
"""

import os
import subprocess
import sys
from pathlib import Path

from foyer.updating.packing import manifest_of, pack
from plumbing.signing import SigningKey

ROOT = Path(__file__).resolve().parents[2]

USUAL_EPOCH = 1_767_225_600
"""2026-01-01 UTC, where neither git nor SOURCE_DATE_EPOCH says when this was written."""


def epoch() -> int:
    """Return the time that stands in everything that is made: of the last commit, unless it is given."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return int(given)
    asked = subprocess.run(
        ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"], capture_output=True, text=True, check=False
    )
    return int(asked.stdout) if asked.returncode == 0 and asked.stdout.strip() else USUAL_EPOCH


def build(dist: Path) -> tuple[Path, Path]:
    """Build wheel and sdist into a folder.

    Returns:
        The wheel, the sdist.
    """
    dist.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(epoch()), "PYTHONHASHSEED": "0"}
    command = [
        sys.executable,
        "-m",
        "hatchling",
        "build",
        "-d",
        str(dist.absolute()),
        "-t",
        "sdist",
        "-t",
        "wheel",
    ]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    return newest(dist, "foyer_kiosk-*.whl"), newest(dist, "foyer_kiosk-*.tar.gz")


def newest(dist: Path, pattern: str) -> Path:
    """Return the file made last."""
    return max(dist.glob(pattern), key=lambda file: file.stat().st_mtime_ns)


def pack_all(
    dist: Path, key: Path, wheels: Path | None = None, platform: str = "", lock: Path | None = None
) -> Path:
    """Pack the wheel of a folder into a release file beside it."""
    wheel = newest(dist, "foyer_kiosk-*.whl")
    manifest, files = manifest_of(wheel, lock or ROOT / "requirements/foyer.txt", wheels, platform)
    kind = f"-{platform}" if platform else ""
    target = dist / f"foyer-{manifest.version}{kind}.tar"
    pack(target, manifest, files, SigningKey(key.read_text(encoding="ascii").strip()), epoch())
    return target


def make_key(file: Path) -> None:
    """Make a key; whoever has the file can make releases that every machine with its public half takes."""
    made = SigningKey.make()
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as secret:
        secret.write(made.secret + "\n")
    file.with_name(f"{file.name}.pub").write_text(made.public + "\n", encoding="ascii")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["build", dist]:
            for made in build(Path(dist)):
                print(made)
        case ["pack", dist, key]:
            print(pack_all(Path(dist), Path(key)))
        case ["pack", dist, key, wheels, platform, lock]:
            print(pack_all(Path(dist), Path(key), Path(wheels), platform, Path(lock)))
        case ["key", file]:
            make_key(Path(file))
        case _:
            sys.exit(__doc__)
