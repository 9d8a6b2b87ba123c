"""A wall clock that jumps, for programs as they are: libfaketime from Debian, told by a file what time it is.

Only the wall clock is false; monotonic time and the time since boot run on, as on a Pi whose clock is set.
"""

from datetime import timedelta
from pathlib import Path

LIBRARIES = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
"""Where Debian puts it."""


class FalseTime:
    """One false wall clock; give its `environment` to programs before they start."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.off_by(timedelta())

    @property
    def environment(self) -> dict[str, str]:
        return {
            "LD_PRELOAD": str(LIBRARIES[0]),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def off_by(self, step: timedelta) -> None:
        """Let the wall clock be so much ahead of the true time, or behind it, from now on."""
        draft = self._file.with_suffix(".new")
        draft.write_text(f"{step.total_seconds():+.0f}\n", encoding="ascii")
        draft.rename(self._file)
