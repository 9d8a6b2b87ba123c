"""docs/operate.md stays true: its table, its example and its commands."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from sqlalchemy import select

from hardware.uid import parse_typed
from plumbing.database import Database, open_engine
from plumbing.migrations import upgrade
from sync import members_file
from sync.bootstrap import MIGRATIONS
from sync.store.schema import facts

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
    assert set(re.findall(r"(?<=[ `])--(?:role|space|kiosk|hub|from|pins|dry-run)\b", PAGE)) == {
        *("--role", "--space", "--kiosk", "--hub", "--from", "--pins", "--dry-run")
    }


def run_on(root: Path, commands: str, folder: Path) -> None:
    """Run commands of the page as if `root` were the whole machine, without its services."""
    settings = f"{root}/etc/foyer/hub.toml"
    for word, instead in (
        (" -o foyer ", " "),
        ("sudo -u foyer ", ""),
        ("sudo ", ""),
        ("systemctl ", "true "),
        ("foyer hub backup", f"{sys.executable} -m foyer hub backup --settings {settings}"),
        ("foyer hub restore", f"{sys.executable} -m foyer hub restore --settings {settings}"),
        ("/var/lib/foyer", f"{root}/var/lib/foyer"),
        ("-C / ", f"-C {root} "),
        ("-C /\n", f"-C {root}\n"),
    ):
        commands = commands.replace(word, instead)
    subprocess.run(["bash", "-euc", commands], cwd=folder, check=True, capture_output=True)


def hub_toml(root: Path) -> str:
    data = "/var/lib/foyer"
    return (
        f'database = "sqlite:///{root}{data}/hub.db"\nbadge_key_file = "{root}{data}/badge.key"\n'
        '[space]\nid = "our-space"\n'
    )


def test_the_backup_of_a_running_hub_can_be_restored_on_a_new_machine(tmp_path: Path):
    blocks = re.findall(r"^  ```console\n(.*?)^  ```", PAGE, re.DOTALL | re.MULTILINE)
    backup, restore = (block for block in blocks if "tar -" in block)
    old, new = tmp_path / "old", tmp_path / "new"
    for root in (old, new):
        for folder in ("var/lib/foyer", "etc/foyer", "etc/mosquitto"):
            (root / folder).mkdir(parents=True)
        for file in ("var/lib/foyer/badge.key", "etc/mosquitto/foyer.passwd"):
            (root / file).write_text(root.name)
        (root / "etc/foyer/hub.toml").write_text(hub_toml(new))
    (old / "etc/foyer/hub.toml").write_text(hub_toml(old))
    database = Database(open_engine(f"sqlite:///{old}/var/lib/foyer/hub.db"))
    upgrade(database, MIGRATIONS)
    database.write_now(lambda c: c.execute(facts.insert().values(key="k", value="from the old machine")))
    run_on(old, backup, tmp_path)
    database.close()
    (old / "etc/foyer/hub.toml").write_text(hub_toml(new))
    run_on(old, "\n".join(backup.splitlines()[1:]), tmp_path)
    assert (tmp_path / "foyer-settings.tar.gz").stat().st_mode & 0o077 == 0
    (file,) = (old / "var/lib/foyer").glob("*.backup")
    assert file.stat().st_mode & 0o077 == 0
    file.rename(tmp_path / file.name)
    shutil.rmtree(old)
    for ending in ("", "-wal", "-shm"):
        (new / f"var/lib/foyer/hub.db{ending}").write_bytes(os.urandom(64))
    run_on(new, restore, tmp_path)
    database = Database(open_engine(f"sqlite:///{new}/var/lib/foyer/hub.db"))
    assert "from the old machine" in database.read_now(
        lambda c: c.execute(select(facts.c.value)).scalars().all()
    )
    database.close()
    for name in ("var/lib/foyer/badge.key", "etc/mosquitto/foyer.passwd"):
        assert (new / name).read_text() == "old"
