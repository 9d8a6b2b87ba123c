"""The demo's folder is gone afterwards; what a killed demo left is cleared away by the next one."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from foyer.folder import LOCK, NEW_S, PREFIX, demo_folder

HOLD = "from foyer.folder import demo_folder\nwith demo_folder() as f:\n print(f, flush=True); input()\n"


@pytest.fixture(autouse=True)
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def holding() -> tuple["subprocess.Popen[str]", Path]:
    """Run another demo's part that holds a folder; return it with the folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    return process, Path(process.stdout.readline().strip())


def end(process: "subprocess.Popen[str]", how: signal.Signals) -> None:
    process.send_signal(how)
    process.communicate(timeout=30)


def test_it_is_gone_afterwards_whatever_happened(place: Path):
    def interrupted() -> None:
        with demo_folder() as folder:
            (folder / "hub.db").write_text("x")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(place.iterdir()) == []


def test_a_living_demo_keeps_its_folder_and_a_killed_one_s_goes():
    process, folder = holding()
    try:
        with demo_folder():
            assert folder.is_dir()
    finally:
        end(process, signal.SIGKILL)
    assert folder.is_dir()
    with demo_folder():
        assert not folder.exists()


def test_what_is_not_a_demo_s_is_left_alone(place: Path):
    new, old = place / f"{PREFIX}new", place / f"{PREFIX}old"
    for folder in (new, old):
        folder.mkdir()
    os.utime(old, times=(old.stat().st_mtime - 2 * NEW_S,) * 2)
    precious = place / "precious"
    precious.mkdir()
    (precious / LOCK).touch()
    link = place / f"{PREFIX}link"
    link.symlink_to(precious)
    other = place / "foyer-else"
    other.mkdir()
    with demo_folder():
        assert not old.exists()
        assert new.is_dir()
        assert (precious / LOCK).exists()
        assert link.is_symlink()
        assert other.is_dir()


def test_somebody_else_s_folder_is_left_alone(place: Path, monkeypatch: pytest.MonkeyPatch):
    process, folder = holding()
    end(process, signal.SIGKILL)
    somebody = os.getuid() + 1
    monkeypatch.setattr("os.getuid", lambda: somebody)
    with demo_folder():
        assert folder.is_dir()
