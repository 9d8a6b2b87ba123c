"""Run the command `foyer` in this process, as a shell would."""

import logging
import signal
import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from foyer import cli
from tests.fakes.tidiness import nothing_is_left

__all__ = ["nothing_is_left"]


@dataclass(frozen=True)
class Ran:
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """The one line an operator reads when something is wrong; there is no traceback."""
        assert self.code == 2, self
        assert "Traceback" not in self.err
        (line,) = [line for line in self.err.splitlines() if line.startswith("foyer: ")]
        return line


Foyer = Callable[..., Ran]

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # begun in the background of a script, where whatever is started could not be interrupted either
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever this machine speaks, a test that wants French says so."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    """Where a command sends its log lines ends with its test: that standard error is closed afterwards."""
    root, last = logging.getLogger(), logging.lastResort
    assert last is not None
    before, level, least = set(root.handlers), root.level, last.level
    yield
    for handler in set(root.handlers) - before:
        if type(handler) is logging.StreamHandler:
            root.removeHandler(handler)
    root.setLevel(level)
    last.setLevel(least)


@pytest.fixture
def foyer(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Foyer:
    """Run `foyer` with some arguments."""

    def run(*arguments: object) -> Ran:
        monkeypatch.setattr(sys, "argv", ["foyer", *map(str, arguments)])
        code = 0
        with warnings.catch_warnings():
            # The command takes its arguments from `sys.argv`, as it does in a shell; the library wonders.
            warnings.filterwarnings("ignore", message="Cyclopts application invoked without tokens")
            try:
                cli.main()
            except SystemExit as ended:
                code = int(ended.code or 0)
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return run
