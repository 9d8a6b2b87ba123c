"""Nothing a kiosk test starts outlives it."""

from tests.fakes.tidiness import nothing_is_left

__all__ = ["nothing_is_left"]
