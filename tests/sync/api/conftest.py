"""A house with a host and a program in it."""

import pytest

from tests.sync.api.programs import ALL, Program, make_token
from tests.sync.dashboard.house import Browser, House


@pytest.fixture
def house(tmp_path):
    with House(tmp_path) as house:
        yield house


@pytest.fixture
def host(house):
    browser = Browser(house)
    assert browser.set_up().status == 303
    return browser


@pytest.fixture
def program(house, host):
    """A program that may do everything."""
    return Program(house, make_token(host, *ALL))
