"""`foyer backup`: finds the stick, writes the hub's backup onto it, and says when it may be unplugged."""

from pathlib import Path

import pytest

from foyer import sticks
from foyer.errors import UsageError
from plumbing.database import Database, open_engine
from plumbing.migrations import upgrade
from sync.archive import read_manifest
from sync.bootstrap import MIGRATIONS

MOUNTS = """\
/dev/mmcblk0p2 / ext4 rw,noatime 0 0
tmpfs /run tmpfs rw 0 0
/dev/sda1 /media/pi/MY\\040STICK vfat rw 0 0
"""


@pytest.fixture
def hub(tmp_path: Path) -> Path:
    """The settings of a hub with a database."""
    data = tmp_path / "data"
    data.mkdir()
    (data / "badge.key").write_text("secret")
    database = Database(open_engine(f"sqlite:///{data}/hub.db"))
    upgrade(database, MIGRATIONS)
    database.close()
    settings = tmp_path / "hub.toml"
    settings.write_text(
        f'database = "sqlite:///{data}/hub.db"\nbadge_key_file = "{data}/badge.key"\n[space]\nid = "nook"\n'
    )
    return settings


def with_mounts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str) -> None:
    table = tmp_path / "mounts"
    table.write_text(text)
    monkeypatch.setattr(sticks, "MOUNTS", table)


def test_a_stick_is_known_by_where_it_is_mounted():
    assert sticks.mounted(MOUNTS) == (Path("/media/pi/MY STICK"),)
    assert sticks.the_stick(MOUNTS) == Path("/media/pi/MY STICK")
    assert sticks.mounted("/dev/sdb1 /run/media/pi/B vfat rw 0 0\n") == (Path("/run/media/pi/B"),)


def test_the_backup_is_on_the_stick_and_nothing_else_is(foyer, hub: Path, tmp_path: Path, monkeypatch):
    stick = tmp_path / "stick"
    stick.mkdir()
    monkeypatch.setattr(sticks, "PLACES", (f"{tmp_path}/",))
    with_mounts(monkeypatch, tmp_path, f"/dev/sda1 {stick} vfat rw 0 0\n")
    ran = foyer("backup", "--settings", hub)
    assert ran.code == 0, ran.err
    assert "You may unplug the stick now." in ran.out
    (file,) = stick.iterdir()
    assert read_manifest(file).space == "nook"
    assert sorted(place.name for place in (tmp_path / "data").glob(".*")) == []


def test_a_folder_can_be_named(foyer, hub: Path, tmp_path: Path):
    ran = foyer("backup", tmp_path, "--settings", hub)
    assert ran.code == 0, ran.err
    assert "unplug" not in ran.out
    assert len(list(tmp_path.glob("foyer-nook-*.backup"))) == 1


@pytest.mark.parametrize(
    ("mounts", "sentence"),
    [
        ("/dev/root / ext4 rw 0 0\n", "no USB stick is mounted"),
        ("/dev/sda1 /media/a vfat rw 0 0\n/dev/sdb1 /media/b vfat rw 0 0\n", "(/media/a, /media/b)"),
        ("/dev/sda1 /media/no-such-place vfat rw 0 0\n", "/media/no-such-place is no folder"),
    ],
)
def test_what_is_wrong_with_the_stick_is_said(
    foyer, hub: Path, tmp_path: Path, monkeypatch, mounts: str, sentence: str
):
    with_mounts(monkeypatch, tmp_path, mounts)
    assert sentence in foyer("backup", "--settings", hub).sentence


def test_a_stick_without_room_is_said_before_anything_is_written(tmp_path: Path):
    with pytest.raises(UsageError, match="MB are needed"):
        sticks.check_room(tmp_path, 10**18)


def test_what_cannot_be_written_leaves_nothing(tmp_path: Path):
    source = tmp_path / "source"
    source.write_bytes(b"x")
    with pytest.raises(UsageError, match="cannot be written to"):
        sticks.put(source, tmp_path / "missing" / "copy")
    with pytest.raises(UsageError, match="cannot be written to"):
        sticks.put(tmp_path / "no source", tmp_path / "copy")
    assert [file.name for file in tmp_path.iterdir()] == ["source"]
