"""What fault runs counted, said at the end of the test run.

Use it by importing both names in a `conftest.py`; pytest finds the second by its name:

    from tests.fakes.counting import counts, pytest_terminal_summary
"""

import pytest

_SAID: list[str] = []


@pytest.fixture(scope="session")
def counts() -> list[str]:
    """Append one line a run: it is printed when all tests are over."""
    return _SAID


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print every line once, whichever conftest asked for it."""
    if _SAID:
        terminalreporter.section("what the fault runs counted")
    while _SAID:
        terminalreporter.write_line(_SAID.pop(0))
