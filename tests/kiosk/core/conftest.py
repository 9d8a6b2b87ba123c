"""A small directory, the real catalogues, and a room to try things in."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from community.clock import Hours
from kiosk.bootstrap import LOCALE
from kiosk.core.directory import Directory
from kiosk.core.sentences import Words
from plumbing import words
from tests.fakes.community import directory_of


@pytest.fixture(scope="session")
def catalogues() -> Mapping[str, Words]:
    return words.load("kiosk", LOCALE)


@pytest.fixture
def hours() -> Hours:
    return Hours(ZoneInfo("Europe/Paris"), time(20))


@pytest.fixture
def noon() -> datetime:
    return datetime(2026, 11, 20, 11, 0, tzinfo=UTC)


@pytest.fixture
def directory() -> Directory:
    return directory_of()
