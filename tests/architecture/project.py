"""What the tests of the architecture read: the project's own settings and its modules."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DISTRIBUTION: str = PROJECT["project"]["name"]
PACKAGES: list[str] = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]

NOT_OURS = ("firmware_bridge/mcu/", "/migrations/versions/")
"""Another Python, and history: neither is a module of a program."""


def modules(*packages: str) -> Iterator[tuple[str, Path]]:
    """Yield every module of these packages: its path from the root, and the file."""
    for package in packages:
        for file in sorted((ROOT / package).rglob("*.py")):
            path = file.relative_to(ROOT).as_posix()
            if not any(part in path for part in NOT_OURS):
                yield path, file
