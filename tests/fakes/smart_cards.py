"""A real pcscd with vsmartcard's virtual reader, and cards that can be laid on it.

The service's socket has a fixed place, so one service runs at a time on a machine: tests of
several checkouts wait for each other at a lock file.  A card is a TCP client of the virtual
reader: two bytes of length, then a command; one-byte messages are 0 power off, 1 power on,
2 reset, 4 what is your ATR.  Source: vsmartcard's documentation.
"""

import contextlib
import fcntl
import os
import select
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from smartcard import scard

DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
SOCKET = Path("/run/pcscd/pcscd.comm")
NTAG = bytes.fromhex("3B8F8001804F0CA0000003060300030000000068")
"""Answer to reset that a reader makes up for an NTAG or Ultralight."""
ISO_DEP = bytes.fromhex("3B8180018080")
"""For a card that takes commands: a DESFire, an NTAG 424."""


def missing():
    """Say what keeps these tests from running; empty if nothing does."""
    if shutil.which("pcscd") is None or not DRIVER.exists():
        return "pcscd or vsmartcard-vpcd is not installed"
    return "" if os.geteuid() == 0 else "only root may start pcscd"


def until(true: Callable[[], bool]) -> None:
    """Try until it is so: what pcscd does in its own time tells nobody."""
    limit_s = time.monotonic() + 20
    while not true():
        assert time.monotonic() < limit_s
        select.select([], [], [], 0.01)


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class SmartCardService:
    """pcscd with one virtual reader; started and killed as often as a test likes."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="foyer-pcsc-"))
        self.port = _free_port()
        self.process = None
        self.lock = os.open(Path(tempfile.gettempdir(), "foyer-test-pcscd.lock"), os.O_RDWR | os.O_CREAT)
        fcntl.flock(self.lock, fcntl.LOCK_EX)

    def start(self, *, with_reader=True):
        config = self.folder / "reader.conf"
        config.write_text(
            f'FRIENDLYNAME "Virtual PICC"\nDEVICENAME /dev/null:{self.port:#x}\nLIBPATH {DRIVER}\n'
            f"CHANNELID {self.port:#x}\n"
            if with_reader
            else "\n"
        )
        SOCKET.parent.mkdir(exist_ok=True)
        SOCKET.unlink(missing_ok=True)
        SOCKET.with_name("pcscd.pid").unlink(missing_ok=True)
        self.process = subprocess.Popen(
            ["pcscd", "--foreground", "--config", str(config)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until(self._is_up)

    def _is_up(self):
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(SOCKET))
            except OSError:
                return False
        return True

    def is_empty(self):
        """Say whether the service has noticed that no card is on the reader: it looks every 400 ms."""
        _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        code, readers = scard.SCardListReaders(context, [])
        states = (
            scard.SCardGetStatusChange(context, 0, [(name, 0) for name in readers])[1] if not code else []
        )
        scard.SCardReleaseContext(context)
        return all(state & scard.SCARD_STATE_EMPTY for _, state, _ in states)

    def kill(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def close(self):
        self.kill()
        SOCKET.unlink(missing_ok=True)
        shutil.rmtree(self.folder)
        os.close(self.lock)


class SmartCard:
    """A card on the virtual reader from `with` to its end.

    `answer` says what it answers to a command; `uid` is what the reader answers for it to FF CA.
    """

    def __init__(self, service, uid, atr=NTAG, answer=lambda command: b"\x6a\x82"):
        self.service, self.uid, self.atr, self.answer = service, uid, atr, answer
        self.asked = []

    def __enter__(self):
        def connected():
            self.line = socket.socket()
            try:
                self.line.connect(("127.0.0.1", self.service.port))
            except OSError:
                self.line.close()
                return False
            return True

        until(connected)
        self.thread = threading.Thread(target=self._run, name="smart-card")
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.lift()
        self.thread.join()
        if self.service.process is not None:
            until(self.service.is_empty)

    def lift(self):
        """Take it away; may be called from `answer`."""
        with contextlib.suppress(OSError):
            self.line.shutdown(socket.SHUT_RDWR)

    def _run(self):
        with self.line, contextlib.suppress(OSError):
            while (head := self._read(2)) and (told := self._read(int.from_bytes(head, "big"))):
                if len(told) > 1:
                    self._say(self._answer(told))
                elif told[0] == 4:
                    self._say(self.atr)

    def _answer(self, command):
        if command[:2] == b"\xff\xca":
            return self.uid + b"\x90\x00"
        self.asked.append(command)
        return self.answer(command)

    def _read(self, size):
        data = b""
        while len(data) < size:
            chunk = self.line.recv(size - len(data))
            if not chunk:
                return b""
            data += chunk
        return data

    def _say(self, data):
        self.line.sendall(len(data).to_bytes(2, "big") + data)
