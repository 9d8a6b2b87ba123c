"""Nothing a kiosk test starts outlives it."""

from tests.fakes.counting import counts, pytest_terminal_summary
from tests.fakes.tidiness import nothing_is_left

__all__ = ["counts", "nothing_is_left", "pytest_terminal_summary"]
