"""What is installed is what was looked at: every requirement pinned, with hashes, from the index."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.project import PROJECT, ROOT

FOLDER = ROOT / "requirements"
FILES = sorted(FOLDER.glob("*.txt"))
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


class Pin(NamedTuple):
    """One line of a requirements file, its continuation lines joined."""

    name: str
    version: str
    extras: frozenset[str]
    line: str


def lines_of(text: str) -> list[str]:
    """Return the lines that mean something, continuation lines joined."""
    joined = text.replace("\\\n", " ")
    return [
        line.strip() for line in joined.splitlines() if line.strip() and not line.lstrip().startswith("#")
    ]


def pins(file: Path) -> dict[str, Pin]:
    """Return what a file pins, by canonical name."""
    found = {}
    for line in lines_of(file.read_text(encoding="utf-8")):
        requirement = Requirement(line.partition(" --hash")[0])
        (specifier,) = requirement.specifier
        assert specifier.operator == "==", line
        name = canonicalize_name(requirement.name)
        assert name not in found, f"{name} is pinned twice"
        found[name] = Pin(name, specifier.version, frozenset(requirement.extras), line)
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_requirement_is_pinned_with_hashes_and_without_an_address(file: Path):
    assert pins(file)
    for pin in pins(file).values():
        assert HASH.search(pin.line), pin.name
        rest = HASH.sub("", pin.line)
        assert "://" not in rest, pin.name
        assert "@" not in rest, pin.name
        assert "--" not in rest, pin.name


RUNNING = [Requirement(text) for text in PROJECT["project"]["dependencies"]]
EXTRAS = [
    Requirement(text) for group in PROJECT["project"]["optional-dependencies"].values() for text in group
]
DEVELOPING = [Requirement(text) for text in PROJECT["dependency-groups"]["dev"]]


@pytest.mark.parametrize(
    ("requirement", "file"),
    [
        *((requirement, "foyer.txt") for requirement in RUNNING),
        *((requirement, "dev.txt") for requirement in [*RUNNING, *EXTRAS, *DEVELOPING]),
    ],
    ids=str,
)
def test_every_dependency_is_pinned_to_a_version_it_allows(requirement: Requirement, file: str):
    pinned = pins(FOLDER / file)
    name = canonicalize_name(requirement.name)
    assert name in pinned
    assert requirement.specifier.contains(pinned[name].version)
    for extra in requirement.extras:
        assert extra in pinned[name].extras or f"{name}-{extra}" in pinned


def test_developers_run_the_very_versions_that_are_installed_at_the_door():
    door, desk = pins(FOLDER / "foyer.txt"), pins(FOLDER / "dev.txt")
    assert {name: pin.version for name, pin in door.items()}.items() <= {
        name: pin.version for name, pin in desk.items()
    }.items()


def test_a_line_without_its_hash_would_be_seen():
    (line,) = lines_of("# why\nsomething==1.0 \\\n    ; python_version < '4'\n")
    assert not HASH.search(line)
