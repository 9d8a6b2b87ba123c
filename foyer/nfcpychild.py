"""nfcpy's own way through a read, in a child on the same virtual chip: what `foyer bench reader` compares."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from foyer.errors import BenchError
from hardware.virtual.cards import Card
from hardware.virtual.port import VirtualPn532

NFCPY = Path(__file__).parent.parent / "bench" / "nfcpy_reads.py"


class NfcpyChild:
    """A child in which nfcpy reads by itself; lives until it is closed.

    Raises:
        BenchError: It did not begin.
    """

    def __init__(self, chip: VirtualPn532) -> None:
        if not NFCPY.exists():
            raise BenchError("nfcpy is measured from a checkout: bench/nfcpy_reads.py is not in the wheel")
        self._chip = chip
        self._process = subprocess.Popen(  # noqa: S603 - our own file
            [sys.executable, str(NFCPY), str(chip.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

        self._said()

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()

    def frames(self, card: Card | None, asked: Sequence[bytes]) -> int:
        """How many commands nfcpy sends for one read."""
        if card is None:
            self._chip.lift()
        else:
            self._chip.present(card)
        before = self._chip.commands
        if self._process.stdin is None:
            raise BenchError("the child has no input")
        self._process.stdin.write(json.dumps([command.hex() for command in asked]) + "\n")
        self._process.stdin.flush()
        if self._said().get("found") is not (card is not None):
            raise BenchError("nfcpy did not find the card")
        self._chip.lift()
        return self._chip.commands - before

    def _said(self) -> dict[str, bool]:
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            raise BenchError("nfcpy's own way ended early")
        return dict(json.loads(line))
