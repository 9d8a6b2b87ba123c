"""Speak with the door's microcontroller for as long as it takes, and open its port again whenever it fails.

A shell: it waits, retries, logs and reports.  What is said is decided in `link`, how the port is opened in
`port`.  A `DoorBridge`.
"""

import logging
import secrets
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import assert_never

from firmware_bridge.door import BridgeFault, BridgeLost, BridgeReady, Light, OnBridge, OnSensed, Tone
from firmware_bridge.errors import PortGone
from firmware_bridge.heard import Heard, Logged, Met, Mute, OtherVersion, Pong, Told
from firmware_bridge.link import Link
from firmware_bridge.mcu.protocol import MAJOR, MINOR, SEQS
from firmware_bridge.port import Port

log = logging.getLogger(__name__)

BACK_OFF_S = (0.1, 0.2, 0.5)
"""Waits before opening again, seconds; the last repeats.  A board that was plugged in is met within one."""

OTHER_VERSION_S = 5.0
"""The same after another version was met: nothing changes before somebody has written another firmware."""

LONGEST_WAIT_S = 60.0
"""Longest wait for a byte, seconds, where nothing else is due."""


class SerialBridge:
    """The door's microcontroller on a serial port.  It lives once, from `start` to `stop`.

    Args:
        path: The device file; best a symbolic link by udev, since a USB board changes its number.
        on_sensed: Called **from the bridge's thread** with what the door senses.
        on_state: Called **from the bridge's thread** when the board is met, has started anew, or is lost for
            a new reason.
        on_pong: Called **from the bridge's thread** with the seconds each ping took.
    """

    def __init__(
        self,
        path: Path | str,
        *,
        on_sensed: OnSensed,
        on_state: OnBridge,
        on_pong: Callable[[float], None] = lambda _took_s: None,
    ) -> None:
        self._path = str(path)
        self._on_sensed = on_sensed
        self._on_state = on_state
        self._on_pong = on_pong
        self._stopping = threading.Event()
        # Guards the link and the port: `light` and `sound` come from other threads.
        self._speaking = threading.Lock()
        self._link = Link(secrets.randbelow(SEQS))
        self._port: Port | None = None
        self._failures = 0
        self._lost: BridgeFault | None = None
        # A daemon, so that a program that dies without `stop` is not kept half alive but started again.
        self._thread = threading.Thread(target=self._run, name=f"door-bridge {path}", daemon=True)

    def start(self) -> None:
        """Begin; returns at once.

        Raises:
            RuntimeError: It was started before.
        """
        self._thread.start()

    def stop(self) -> None:
        """End it: on return the thread is gone and the port is closed.

        May be called twice, and before `start`; not from a callback.
        """
        self._stopping.set()
        self._wake()
        if self._thread.ident is not None:
            self._thread.join()

    def light(self, light: Light) -> None:
        """Set the light; from any thread, never waits.  Said again to a board that comes back in time."""
        with self._speaking:
            self._link.light(light, time.monotonic())
            self._wake()

    def sound(self, tone: Tone) -> None:
        """Make a sound; from any thread, never waits, forgotten unless the board is there within a second."""
        with self._speaking:
            self._link.sound(tone, time.monotonic())
            self._wake()

    def _wake(self) -> None:
        port = self._port
        if port is not None:
            port.wake()

    def _run(self) -> None:
        while not self._stopping.is_set():
            wait_s = BACK_OFF_S[min(self._failures, len(BACK_OFF_S) - 1)]
            try:
                self._serve()
            except PortGone as gone:
                self._report_lost(gone)
                if gone.kind is BridgeFault.VERSION:
                    wait_s = OTHER_VERSION_S
            except Exception:  # a failed bridge is restarted, whatever failed: the kiosk must go on
                level = logging.DEBUG if self._failures else logging.ERROR
                log.log(level, "the bridge at %s failed and begins again", self._path, exc_info=True)
                self._report_lost(PortGone(BridgeFault.MUTE, self._path))
            self._failures += 1
            self._stopping.wait(wait_s)

    def _serve(self) -> None:
        """Open the port and speak until stopped.

        Raises:
            PortGone: It cannot be opened, hung up, or whoever is there cannot be spoken with.
        """
        port = Port(self._path)
        try:
            with self._speaking:
                self._port = port
                self._link.connected(time.monotonic())
            while not self._stopping.is_set():
                self._turn(port)
        finally:
            with self._speaking:
                self._port = None
            port.close()

    def _turn(self, port: Port) -> None:
        """Send what is to be sent, wait for a byte or for the time of something, and tell what it said."""
        with self._speaking:
            out, deadline_s = self._link.data_to_send(), self._link.next_deadline_s()
        if out:
            port.write(out)
        data = port.read(min(LONGEST_WAIT_S, deadline_s - time.monotonic()))
        now_s = time.monotonic()
        with self._speaking:
            heard = self._link.receive_data(data, now_s)
            heard += self._link.tick(now_s)
            out = self._link.data_to_send()
        if out:
            port.write(out)  # acknowledged before it is told: whoever is told may take its time
        for word in heard:
            self._hand_over(word)

    def _hand_over(self, heard: Heard) -> None:
        match heard:
            case Told(sensed):
                self._on_sensed(sensed)
            case Met():
                self._report_ready(heard)
            case Logged(text):
                log.warning("the microcontroller at %s says: %s", self._path, text)
            case Pong(took_s):
                self._on_pong(took_s)
            case OtherVersion(theirs):
                detail = f"{theirs}, we speak {MAJOR}.{MINOR}"
                raise PortGone(BridgeFault.VERSION, self._path, detail)
            case Mute():
                raise PortGone(BridgeFault.MUTE, self._path)
            case _:
                assert_never(heard)

    def _report_ready(self, met: Met) -> None:
        about = met.about
        self._lost, self._failures = None, 0
        log.info(
            "microcontroller at %s is ready: firmware %s on %s, started by %s",
            self._path,
            about.firmware,
            about.board,
            about.reset_cause,
        )
        self._on_state(
            BridgeReady(
                firmware=about.firmware,
                protocol=about.protocol,
                board=about.board,
                boot=about.boot,
                reset_cause=about.reset_cause,
                capabilities=about.capabilities,
                port=self._path,
            )
        )

    def _report_lost(self, gone: PortGone) -> None:
        """Tell of a new reason; a device file that is missing because the cable was pulled is not one."""
        repeats = gone.kind is self._lost or (
            gone.kind is BridgeFault.NO_SUCH_PORT and self._lost is BridgeFault.UNPLUGGED
        )
        if repeats or self._stopping.is_set():
            log.debug("%s (%r)", gone.sentence, gone.__cause__)
            return
        self._lost = gone.kind
        log.warning("%s (%r)", gone.sentence, gone.__cause__)
        self._on_state(BridgeLost(gone.kind, gone.sentence))
