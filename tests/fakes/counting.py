"""What fault runs counted, said at the end of the test run, and how long they may go on.

Use it by importing both names in a `conftest.py`; pytest finds the second by its name:

    from tests.fakes.counting import counts, pytest_terminal_summary

With `CHAOS_SECONDS` in the environment (`make chaos`) every run that can go on does so for its share
of them, and one line counts all of these together.
"""

import os
from functools import reduce
from operator import add

import pytest

from tests.fakes.programs import Count

SECONDS = float(os.environ.get("CHAOS_SECONDS", "0"))
"""How long all that can go on goes on together; 0 for the short run of the suite."""

LONGEST_S = 300 + SECONDS
"""The time limit of a test that can go on."""

_SAID: list[str] = []
_TOTAL: list[Count] = []


@pytest.fixture(scope="session")
def counts() -> list[str]:
    """Append one line a run: it is printed when all tests are over."""
    return _SAID


@pytest.fixture(scope="session")
def total() -> list[Count]:
    """Append the count of a run of real programs: they are added up."""
    return _TOTAL


def share_s(share: float, short_s: float) -> float:
    """How many seconds a run goes on: its share of the long run, or its own in the suite."""
    return SECONDS * share or short_s


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print every line once, whichever conftest asked for it."""
    if _SAID:
        terminalreporter.section("what the fault runs counted")
    if len(_TOTAL) > 1:
        _SAID.append(f"all real programs together: {reduce(add, _TOTAL)}")
        _TOTAL.clear()
    while _SAID:
        terminalreporter.write_line(_SAID.pop(0))
