"""A kiosk's real database file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.store.tables import open_database
from plumbing.database import Database


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kiosk.db"


@pytest.fixture
def database(file: Path) -> Iterator[Database]:
    opened = open_database(file)
    yield opened
    opened.close()
