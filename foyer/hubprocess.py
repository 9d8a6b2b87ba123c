"""A hub in a process of its own, as the demo and the fault tests run it.

The child announces itself with one line of JSON and ends when its standard input closes, so a
parent that is killed leaves nothing behind.
"""

import asyncio
import json
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foyer.errors import HubStartError

DEMO_TOKEN = "FOYER_DEMO_TOKEN"  # noqa: S105 - a name, not a secret
"""The environment variable that lets the demo count without logging in; a command line can be read by all."""

START_S = 30.0
"""Seconds a hub may take to start, a slow card included."""

STOP_S = 10.0
"""Seconds a hub may take to stop before it is killed."""


@dataclass(frozen=True, slots=True)
class HubRunning:
    """What a hub says once it is ready."""

    broker_port: int
    dashboard_port: int
    code: str
    """The first host's one-time code; empty if there is a host already."""


class HubProcess:
    """A child hub.  Start it, stop or kill it, start it again."""

    def __init__(self, settings: Path, *, demo_token: str | None = None, log: Path | None = None) -> None:
        """`settings` is its TOML file; its log lines go to `log`, or nowhere."""
        self._settings = settings
        self._token = demo_token
        self._log = log
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> HubRunning:
        """Start it and wait until it is ready.

        Raises:
            HubStartError: It ended, or was not ready in time.
        """
        # -P: whatever lies in the folder we stand in is not ours to import.
        command = [
            sys.executable,
            "-P",
            "-m",
            "foyer",
            "hub",
            "--settings",
            str(self._settings),
            "--announce",
        ]
        environment = dict(os.environ)
        if self._token is not None:
            environment[DEMO_TOKEN] = self._token
        errors = self._log.open("ab") if self._log is not None else None
        try:
            self._process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=errors if errors is not None else asyncio.subprocess.DEVNULL,
                env=environment,
                start_new_session=True,  # Ctrl-C in the terminal is the kiosk's affair
            )
        finally:
            if errors is not None:
                errors.close()
        try:
            return await asyncio.wait_for(self._ready(), START_S)
        except TimeoutError as error:
            await self.kill()
            raise HubStartError(f"the hub was not ready after {START_S:.0f} s") from error

    async def stop(self) -> None:
        """Ask it to stop, and wait for it."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), STOP_S)
        except TimeoutError:
            await self.kill()

    async def kill(self) -> None:
        """End it at once, as a power cut would."""
        process = self._process
        if process is not None and process.returncode is None:
            process.send_signal(signal.SIGKILL)
            await process.wait()

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return None if self._process is None else self._process.pid

    def _last_words(self) -> str:
        """Return the last line of its log: the sentence it ended with."""
        lines = self._log.read_text(errors="replace").split("\n") if self._log is not None else []
        said = [line for line in lines if line.strip()]
        return said[-1].removeprefix("foyer: ") if said else "it said nothing"

    async def _ready(self) -> HubRunning:
        process = self._process
        if process is None or process.stdout is None:
            raise HubStartError("the hub was not started")
        said: dict[str, Any] = {}
        while "dashboard_port" not in said:
            line = await process.stdout.readline()
            if not line:
                await process.wait()
                raise HubStartError(f"the hub did not start: {self._last_words()}")
            said |= json.loads(line)
        return HubRunning(said["broker_port"], said["dashboard_port"], said.get("code", ""))
