"""A house with a host in it."""

import pytest

from tests.sync.dashboard.house import Browser, House


@pytest.fixture
def house(tmp_path):
    with House(tmp_path) as house:
        yield house


@pytest.fixture
def host(house):
    """A browser in which the first host is logged in."""
    browser = Browser(house)
    assert browser.set_up().status == 303
    return browser
