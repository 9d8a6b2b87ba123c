"""What is handed out: built twice the same, whole, and it runs where there is nothing but it."""

import os
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from foyer.updating.packing import manifest_of, pack
from foyer.updating.release import keys_in, staged
from tests.fakes.releases import AT_S, KEY, PYTHON, libraries

ROOT = Path(__file__).parents[2]

ENDINGS = {".css", ".html", ".js", ".mo", ".tcss", ".toml", ".ttf", ".txt", ".csv", ".svg"}
"""Kinds of files besides Python that the programs read."""


def run(script: str, *arguments: object) -> str:
    done = subprocess.run(
        [sys.executable, ROOT / "deploy/packages" / script, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "SOURCE_DATE_EPOCH": str(AT_S)},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run("release.py", "build", folder)
    return folder


@pytest.fixture(scope="module")
def wheel(dist: Path) -> Path:
    (found,) = dist.glob("*.whl")
    return found


def test_two_builds_are_the_same_bytes(dist: Path, tmp_path: Path):
    run("release.py", "build", tmp_path)
    names = sorted(file.name for file in dist.iterdir() if file.suffix in {".whl", ".gz"})
    assert len(names) == 2
    assert [(tmp_path / name).read_bytes() == (dist / name).read_bytes() for name in names] == [True, True]


def test_the_wheel_holds_every_file_the_programs_read(wheel: Path):
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    packages = ("community/", "plumbing/", "hardware/", "firmware_bridge/", "kiosk/", "sync/", "foyer/")
    wanted = {
        name
        for name in listed
        if name.startswith(packages) and (ROOT / name).suffix in {*ENDINGS, ".py"} and (ROOT / name).exists()
    }
    with zipfile.ZipFile(wheel) as files:
        inside = set(files.namelist())
    assert wanted - inside == set()
    kinds = {Path(name).suffix for name in inside}
    assert kinds >= ENDINGS
    assert "firmware_bridge/mcu/main.py" in inside


def test_the_sdist_builds_the_same_wheel_and_holds_no_secret(dist: Path, wheel: Path, tmp_path: Path):
    (sdist,) = dist.glob("*.tar.gz")
    with tarfile.open(sdist) as tar:
        names = tar.getnames()
        tar.extractall(tmp_path, filter="data")
    assert [name for name in names if re.search(r"\.(db|key|pem|backup)$|/\.venv/|__pycache__", name)] == []
    (source,) = tmp_path.iterdir()
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", tmp_path / "again", "-t", "wheel"],
        cwd=source,
        env={**os.environ, "SOURCE_DATE_EPOCH": str(AT_S)},
        check=True,
        capture_output=True,
    )
    assert (tmp_path / "again" / wheel.name).read_bytes() == wheel.read_bytes()


PAGE = """
from pathlib import Path
import foyer, plumbing.words, sync.dashboard.rendering as rendering, zoneinfo
assert "site-packages" in foyer.__file__, foyer.__file__
pages = rendering.Pages(zoneinfo.ZoneInfo("Europe/Paris"), rendering.LOCALE)
assert set(pages.languages) == {"en", "es", "fr"}, pages.languages
names = sorted(file.name for file in (Path(rendering.__file__).parent / "templates").glob("*.html"))
assert "login.html" in names
from kiosk.ui.app import KioskApp
from foyer.board import files
assert files(with_wiring=True)
print("drawn")
"""


def test_it_runs_where_there_is_no_source(wheel: Path, tmp_path: Path):
    house, lock = libraries(tmp_path)
    venv = tmp_path / "venv"
    subprocess.run([PYTHON, "-m", "venv", "--without-pip", venv], check=True)
    pip = [sys.executable, "-m", "pip", f"--python={venv}/bin/python", "install", "--quiet", "--no-index"]
    subprocess.run([*pip, "--find-links", house, "--require-hashes", "-r", lock], check=True)
    subprocess.run([*pip, "--no-compile", "--no-deps", wheel], check=True)

    def said(*command: object, codes: frozenset[int] = frozenset({0})) -> str:
        clean = {key: value for key, value in os.environ.items() if not key.startswith(("FOYER", "PYTHON"))}
        done = subprocess.run(
            command,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            env={**clean, "LC_ALL": "fr_FR.UTF-8"},
        )
        assert done.returncode in codes, done.stdout + done.stderr
        return done.stdout

    assert said(venv / "bin/foyer", "--version").strip() == wheel.name.split("-")[1]
    assert "Traceback" not in said(venv / "bin/foyer", "doctor", codes=frozenset({0, 1}))
    assert said(venv / "bin/python", "-P", "-c", PAGE).strip() == "drawn"


def test_a_release_file_is_the_same_twice_and_is_taken(wheel: Path, tmp_path: Path):
    house, lock = libraries(tmp_path)
    manifest, files = manifest_of(wheel, lock, house, "aarch64-cp313")
    one, other = tmp_path / "one.tar", tmp_path / "other.tar"
    pack(one, manifest, files, KEY, AT_S)
    pack(other, manifest, dict(reversed(files.items())), KEY, AT_S)
    assert one.read_bytes() == other.read_bytes()
    keys = tmp_path / "release.pub"
    keys.write_text(f"{KEY.public} # ours\n")
    with staged(one, keys_in(keys), tmp_path / "staging") as (taken, folder):
        assert taken == manifest
        assert taken.firmware
        assert sorted(str(file.relative_to(folder)) for file in folder.rglob("*.*")) == sorted(files)


def test_a_key_is_made_once_and_readable_by_its_owner_only(tmp_path: Path):
    file = tmp_path / "release.key"
    run("release.py", "key", file)
    assert file.stat().st_mode & 0o077 == 0
    assert len(keys_in(tmp_path / "release.key.pub")) == 1
    run_again = subprocess.run(
        [sys.executable, ROOT / "deploy/packages/release.py", "key", file], capture_output=True, check=False
    )
    assert run_again.returncode != 0


def test_the_debian_package_is_the_same_twice_and_holds_what_the_installer_needs(
    dist: Path, wheel: Path, tmp_path: Path, find_tool
):
    dpkg = find_tool("dpkg-deb", "dpkg")
    made = Path(run("deb.py", dist).strip())
    first = made.read_bytes()
    assert Path(run("deb.py", dist).strip()).read_bytes() == first
    about = subprocess.check_output([dpkg, "--info", made], text=True)
    assert "Package: foyer-kiosk" in about
    assert "Depends: python3 (>= 3.11), python3-venv" in about
    listed = subprocess.check_output([dpkg, "--contents", made], text=True)
    assert "root/root" in listed
    subprocess.run([dpkg, "--extract", made, tmp_path], check=True)
    share = tmp_path / "usr/share/foyer"
    assert (share / "dist" / wheel.name).read_bytes() == wheel.read_bytes()
    script = (share / "deploy/raspberrypi/install.sh").read_text()
    for name in set(re.findall(r'"\$source/([\w/.]+\.(?:toml|txt))"', script)):
        assert (share / name).exists(), name
    done = subprocess.run(
        [share / "deploy/raspberrypi/install.sh", "--role", "both", "--dry-run"],
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert wheel.name in done.stdout, "it installs the wheel, not a source"
    assert os.access(tmp_path / "usr/sbin/foyer-install", os.X_OK)
