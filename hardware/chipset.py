"""nfcpy's view of the PN532's commands, with waits as long as people hold a badge."""

import time
from typing import Any

from nfc.clf import pn532

LOOK_S = 0.15
"""Longest a healthy chip looks for a card, seconds; 10 to 20 ms are usual, a USB adapter adds 16."""

LATE_LOOK_S = 1.0
"""How long a chip that was late may look, seconds.  Source: nfcpy's own patience."""

_DIAGNOSE_S = 0.25
"""Longest that the echo of the longest frame may take, seconds: 50 ms on the wire at 115200 baud."""

_DIAGNOSE, _IN_LIST_PASSIVE_TARGET = 0x00, 0x4A


class ImpatientChipset(pn532.Chipset):  # type: ignore[misc]  # nfcpy has no types
    """nfcpy's, less patient: it waits a whole second for the rest of an answer that was cut short.

    That is longer than people hold a badge.  A look is waited for as long as a healthy
    one takes, and for a second only by a chip that has just been late: it may be slow,
    and is then told as such.
    """

    _look_s = LOOK_S

    def command(self, cmd_code: int, cmd_data: Any, timeout: float) -> Any:
        """Send a command; as nfcpy's, but for the time."""
        if cmd_code == _DIAGNOSE:
            return super().command(cmd_code, cmd_data, min(timeout, _DIAGNOSE_S))
        if cmd_code != _IN_LIST_PASSIVE_TARGET:
            return super().command(cmd_code, cmd_data, timeout)
        patience_s, self._look_s = self._look_s, LATE_LOOK_S
        started_s = time.monotonic()
        found = super().command(cmd_code, cmd_data, min(timeout, patience_s))
        if time.monotonic() - started_s < LOOK_S:
            self._look_s = LOOK_S
        return found
