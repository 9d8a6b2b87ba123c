"""Which wheels a lock asks for on a kind of machine, and whether a registry has them.

`known FILE` asks (with a network) and writes what it found; a test holds the lock against that file.
`house FOLDER PLATFORM LOCK` downloads them, each checked against the hashes of `requirements/foyer.txt`.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements/foyer.txt"

PLATFORMS = ("aarch64-cp311", "aarch64-cp313")
"""A 64-bit Raspberry Pi OS on Debian 12, and on Debian 13."""

OLDEST_GLIBC, NEWEST_GLIBC = 5, 36
"""Minor versions of glibc 2 that wheels may be made for; 2.36 is Debian 12's."""


FROM_SOURCE = {"pydes": "one module of pure Python, which nfcpy asks for"}
"""What is published as source only, by canonical name, and why that is no trouble on a Pi."""


def wanted(lock: str, platform: str) -> dict[str, str]:
    """Return each requirement of a lock that counts on a kind of machine, without its condition.

    Returns:
        `name==version --hash=…` by canonical name.
    """
    found = {}
    for line in re.sub(r"\\\n\s*", " ", lock).splitlines():
        text, _, hashes = line.partition(" --hash")
        if not text.strip() or text.startswith("#"):
            continue
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate(environment(platform)):
            extras = f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else ""
            found[canonicalize_name(requirement.name)] = (
                f"{requirement.name}{extras}{requirement.specifier} --hash{hashes}"
            )
    return found


def environment(platform: str) -> dict[str, str]:
    """Return what the conditions of a lock are asked about."""
    machine, version = parts(platform)
    return {
        **{key: str(value) for key, value in default_environment().items()},
        "implementation_name": "cpython",
        "os_name": "posix",
        "platform_machine": machine,
        "platform_python_implementation": "CPython",
        "platform_system": "Linux",
        "python_full_version": f"{version}.5",
        "python_version": version,
        "sys_platform": "linux",
        "extra": "",
    }


def parts(platform: str) -> tuple[str, str]:
    """Return the machine and the version of Python, like `aarch64` and `3.13`."""
    machine, _, python = platform.partition("-cp")
    return machine, f"{python[0]}.{python[1:]}"


def pip_options(platform: str) -> list[str]:
    """Return what makes pip choose for another machine than this one."""
    machine, version = parts(platform)
    options = [
        "--only-binary=:all:",
        f"--no-binary={','.join(FROM_SOURCE)}",
        "--no-deps",
        "--require-hashes",
        "--implementation",
        "cp",
    ]
    options += ["--python-version", version]
    abis = (f"cp{version.replace('.', '')}", "abi3", "none")
    names = [f"manylinux_2_{minor}_{machine}" for minor in range(NEWEST_GLIBC, OLDEST_GLIBC - 1, -1)]
    names += [f"manylinux2014_{machine}"]
    return [*options, *(f"--abi={abi}" for abi in abis), *(f"--platform={name}" for name in names)]


def known(file: Path) -> None:
    """Ask which wheel pip would take for each requirement, and write their names down."""
    found: dict[str, dict[str, str]] = {}
    for platform in PLATFORMS:
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder) / "report.json"
            _pip(platform, "install", "--dry-run", f"--report={report}", f"--target={folder}/none")
            for item in json.loads(report.read_text())["install"]:
                name = f"{canonicalize_name(item['metadata']['name'])}=={item['metadata']['version']}"
                wheel = unquote(urlsplit(item["download_info"]["url"]).path.rpartition("/")[2])
                found.setdefault(name, {})[platform] = wheel
    file.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def house(folder: Path, platform: str, lock: Path) -> None:
    """Download every wheel a kind of machine needs, and write the lock that goes with them.

    What is published as source is built here, and the lock says which wheel came of it: a machine that is
    updated has neither compiler nor network.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _pip(platform, "download", f"--dest={folder}")
    lines = wanted(LOCK.read_text(encoding="utf-8"), platform)
    for source in sorted(folder.glob("*.tar.gz")):
        name = canonicalize_name(source.name.rpartition("-")[0])
        with tempfile.TemporaryDirectory() as built:
            command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", f"--wheel-dir={built}"]
            subprocess.run([*command, str(source)], check=True)
            (wheel,) = Path(built).glob("*-none-any.whl")
            lines[name] += f" --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}"
            shutil.move(wheel, folder / wheel.name)
        source.unlink()
    lock.write_text("\n".join(lines[name] for name in sorted(lines)) + "\n", encoding="utf-8")


def _pip(platform: str, command: str, *options: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder) / "lock.txt"
        lines.write_text("\n".join(wanted(LOCK.read_text(encoding="utf-8"), platform).values()) + "\n")
        pip = (sys.executable, "-m", "pip", command, "--quiet", "--disable-pip-version-check")
        subprocess.run([*pip, *pip_options(platform), *options, "-r", str(lines)], check=True)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["known", file]:
            known(Path(file))
        case ["house", folder, platform, lock]:
            house(Path(folder), platform, Path(lock))
        case _:
            sys.exit("say: known FILE, or: house FOLDER PLATFORM LOCK")
