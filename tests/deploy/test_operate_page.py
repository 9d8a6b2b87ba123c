"""docs/operate.md stays true: its table, its example and its commands."""

import os
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from hardware.uid import parse_typed
from sync import members_file

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/operate.md").read_text()
SCRIPT = (ROOT / "deploy/raspberrypi/install.sh").read_text()


def uid(typed: str) -> bytes:
    return parse_typed(typed, for_enrolment=True)[0].value


def test_every_column_is_explained_with_an_example_that_is_taken():
    rows = dict(re.findall(r"^\| `(\w+)` \|.*\| `([^`]+)` \|$", PAGE, re.MULTILINE))
    assert tuple(rows) == members_file.COLUMNS
    file = members_file.read("\n".join((",".join(rows), ",".join(rows.values()))).encode(), uid)
    assert file.problems == ()
    assert file.people[0].member.name == "Léa"


def test_the_example_file_is_taken_as_it_stands():
    (example,) = re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)
    file = members_file.read(example.encode(), uid)
    assert file.problems == ()
    assert len(file.people) == 2


def test_every_place_it_names_is_one_the_installer_makes():
    for place in re.findall(r"/(?:etc|opt|usr|var)/[a-z0-9./-]+[a-z]", PAGE):
        if "foyer" in place:
            assert place in SCRIPT or place.startswith("/var/lib/foyer/"), place
    assert set(re.findall(r"(?<=[ `])--(?:role|space|kiosk|from|dry-run)\b", PAGE)) == {
        *("--role", "--space", "--kiosk", "--from", "--dry-run")
    }


def run_on(root: Path, commands: str, folder: Path) -> None:
    """Run commands of the page as if `root` were the whole machine, without its services."""
    for word, instead in (
        ("sudo -u foyer ", ""),
        ("sudo ", ""),
        ("systemctl ", "true "),
        ("/var/lib/foyer", f"{root}/var/lib/foyer"),
        ("-C / ", f"-C {root} "),
        ("-C /\n", f"-C {root}\n"),
    ):
        commands = commands.replace(word, instead)
    subprocess.run(["bash", "-euc", commands], cwd=folder, check=True, capture_output=True)


def test_the_backup_of_a_running_hub_can_be_restored_on_a_new_machine(tmp_path: Path):
    blocks = re.findall(r"^  ```console\n(.*?)^  ```", PAGE, re.DOTALL | re.MULTILINE)
    backup, restore = (block for block in blocks if "tar -" in block)
    old, new = tmp_path / "old", tmp_path / "new"
    for root in (old, new):
        for folder in ("var/lib/foyer", "etc/foyer", "etc/mosquitto"):
            (root / folder).mkdir(parents=True)
        for file in ("var/lib/foyer/badge.key", "etc/foyer/hub.toml", "etc/mosquitto/foyer.passwd"):
            (root / file).write_text(root.name)
    with closing(sqlite3.connect(old / "var/lib/foyer/hub.db", isolation_level=None)) as running:
        running.execute("PRAGMA journal_mode=WAL")
        running.execute("CREATE TABLE events (seq INTEGER)")
        running.execute("INSERT INTO events VALUES (7)")
        for _ in range(2):  # each week anew
            run_on(old, backup, tmp_path)
    file = tmp_path / "foyer-backup.tar.gz"
    assert file.stat().st_mode & 0o077 == 0
    shutil.rmtree(old)
    for ending in ("", "-wal", "-shm"):
        (new / f"var/lib/foyer/hub.db{ending}").write_bytes(os.urandom(64))
    run_on(new, restore, tmp_path)
    with closing(sqlite3.connect(new / "var/lib/foyer/hub.db")) as restored:
        assert restored.execute("SELECT seq FROM events").fetchall() == [(7,)]
    for name in ("var/lib/foyer/badge.key", "etc/foyer/hub.toml", "etc/mosquitto/foyer.passwd"):
        assert (new / name).read_text() == "old"
