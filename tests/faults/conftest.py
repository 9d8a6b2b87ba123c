"""What every fault test stands on: a quick virtual reader, a folder, and nothing left behind."""

from collections.abc import Iterator

import pytest

from hardware.virtual.port import BRISK, VirtualPn532
from tests.fakes.counting import counts, pytest_terminal_summary, total
from tests.fakes.tidiness import nothing_is_left

__all__ = ["counts", "nothing_is_left", "pytest_terminal_summary", "total"]


@pytest.fixture
def virtual(nothing_is_left: None) -> Iterator[VirtualPn532]:
    """A plugged-in virtual reader that is quick."""
    chip = VirtualPn532(timing=BRISK)
    chip.start()
    yield chip
    chip.stop()
