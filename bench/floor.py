"""The floor of a tap: bare nfcpy, one SQLite FULL commit, one static label in Textual.

Run by `foyer bench tap` beside the kiosk, on the same machine and the same virtual reader.
For each card it prints one line of JSON: `read_s` and `painted_s`, monotonic seconds.

    python bench/floor.py DEVICE DATABASE
"""

import json
import logging
import sqlite3
import sys
import threading
import time

import nfc.clf
from nfc.clf import pn532, transport
from textual.app import App, ComposeResult
from textual.widgets import Static

PAUSE_S = 0.04
"""Rest between two polls, the same as the kiosk's: the floor differs in code, not in patience."""

SIZE = (120, 33)

SAM_NORMAL = bytes.fromhex("0000FF05FBD4140100001700")
"""SAMConfiguration, normal mode: what nfcpy's own start sends."""


class Floor(App[None]):
    """One label."""

    def __init__(self, device: str, database: str) -> None:
        super().__init__()
        self._device, self._database = device, database

    def compose(self) -> ComposeResult:
        """Hold the label."""
        yield Static("ready", id="label")

    def on_ready(self) -> None:
        """Begin to read."""
        threading.Thread(target=self._read, name="floor-reader", daemon=True).start()

    def _read(self) -> None:
        line = transport.TTY(self._device)
        line.baudrate = 115200
        line.write(bytes(10) + SAM_NORMAL)  # wakes the chip from its low-voltage mode
        line.read(timeout=500)
        line.read(timeout=500)
        device = pn532.Device(
            pn532.Chipset(line, logger=logging.getLogger("floor")), logger=logging.getLogger("floor")
        )
        frontend = nfc.clf.ContactlessFrontend()
        frontend.device = device
        device._path = self._device  # noqa: SLF001 - what nfcpy's own open does
        log = sqlite3.connect(self._database, isolation_level=None)
        log.execute("PRAGMA journal_mode=WAL")
        log.execute("PRAGMA synchronous=FULL")
        log.execute("CREATE TABLE log (seq INTEGER PRIMARY KEY, uid BLOB)")
        present = b""
        _say({"ready": True})
        while True:
            try:
                target = frontend.sense(nfc.clf.RemoteTarget("106A"))
            except OSError:
                # The chip was late: on a busy machine bare nfcpy gives up after 100 ms, and then takes
                # each answer for that of the next command until the line is cleared.
                time.sleep(PAUSE_S)
                line.tty.reset_input_buffer()
                continue
            uid = b"" if target is None else bytes(target.sdd_res)
            if uid and uid != present:
                read_s = time.monotonic()
                log.execute("INSERT INTO log (uid) VALUES (?)", (uid,))
                self.call_from_thread(self._paint, uid, read_s)
            present = uid
            time.sleep(PAUSE_S)

    def _paint(self, uid: bytes, read_s: float) -> None:
        self.query_one("#label", Static).update(f"Hello {uid.hex()}")
        self.call_after_refresh(lambda: _say({"read_s": read_s, "painted_s": time.monotonic()}))


def _say(line: dict[str, object]) -> None:
    print(json.dumps(line), file=sys.__stdout__, flush=True)


if __name__ == "__main__":
    device, database = sys.argv[1:]
    Floor(device, database).run(headless=True, size=SIZE)
