"""Modules small enough to read in one go, and silent."""

import ast
from pathlib import Path

import pytest

from tests.architecture.project import PACKAGES, ROOT, modules

WANTED_LINES = 300
MOST_LINES = 400

LONGER = {
    "community/desk.py": "one table decides every tap, key and seat: its cases are read against each other",
    "community/events.py": "every fact that may stand in a log, and whom each names, on one page",
    "foyer/cli.py": "every command with its arguments and its help, as the terminal shows them",
    "kiosk/bootstrap.py": "every part of the kiosk is chosen and joined to the others in one place",
    "kiosk/core/room.py": "what is folded from events, and what each outcome shows of it, in one place",
    "kiosk/core/views.py": "plain values, all that the screen can be told, with no logic to hide",
    "kiosk/taps.py": "one tap's whole way from the reader to the screen, and every way it can end",
    "kiosk/uplink.py": "one conversation with the hub, both ways, and every way it can break off",
    "plumbing/mqtt.py": "the one home of paho: what its thread says, and what the loop makes of it",
    "sync/dashboard/app.py": "every page of the dashboard is made, and given its address, in one place",
    "sync/bootstrap.py": "every part of the hub is made and joined to the others in one place",
    "sync/settings.py": "everything that can be set on the hub, and what is said when it is wrong",
    "sync/store/schema.py": "every table of the hub, one below the other, with no logic to hide",
    "sync/members_file.py": "each column is read, and each mistake in it told, side by side",
}
"""Modules longer than `WANTED_LINES`, and why; none may pass `MOST_LINES`."""

MODULES = dict(modules(*PACKAGES))


@pytest.mark.parametrize("path", MODULES)
def test_a_module_can_be_read_in_one_go(path: str):
    lines = len(MODULES[path].read_text(encoding="utf-8").splitlines())
    assert lines <= (MOST_LINES if path in LONGER else WANTED_LINES), f"{path} has {lines} lines"


def test_every_excuse_is_for_a_module_that_is_long():
    assert set(LONGER) <= set(MODULES)
    assert all(LONGER.values())
    lengths = {path: len(MODULES[path].read_text(encoding="utf-8").splitlines()) for path in LONGER}
    assert {path: lines for path, lines in lengths.items() if lines <= WANTED_LINES} == {}


def calls_print(file: Path) -> bool:
    """Say whether a module prints."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return any(isinstance(node, ast.Name) and node.id == "print" for node in ast.walk(tree))


def test_only_the_command_speaks_on_the_terminal():
    silent = [package for package in PACKAGES if package != "foyer"]
    assert [path for path, file in modules(*silent) if calls_print(file)] == []


def test_a_print_would_be_found(tmp_path: Path):
    loud = tmp_path / "loud.py"
    loud.write_text("from functools import partial\nsay = partial(print, 'x')\n")
    assert calls_print(loud)


def test_no_module_is_called_after_nothing():
    nothing = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base"}
    assert [path for path in MODULES if nothing & set(path.removesuffix(".py").split("/"))] == []


def test_no_test_folder_shadows_a_package():
    assert list((ROOT / "tests").rglob("__init__.py")) == []
