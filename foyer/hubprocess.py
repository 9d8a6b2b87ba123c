"""A hub in a process of its own, as the demo and the fault tests run it.

The child announces itself with one line of JSON and ends when its standard input closes, so a
parent that is killed leaves nothing behind.
"""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foyer.errors import HubStartError
from plumbing.words import Sentence

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

    def __init__(
        self,
        settings: Path,
        *,
        demo_token: str | None = None,
        log: Path | None = None,
        on_code: Callable[[str], None] = lambda _code: None,
    ) -> None:
        """`settings` is its TOML file; its log lines go to `log`, or nowhere.

        `on_code` is called with each later code for the first host (wrong tries wear one out), and with an
        empty one once it was used.
        """
        self._settings = settings
        self._token = demo_token
        self._log = log
        self._on_code = on_code
        self._process: asyncio.subprocess.Process | None = None
        self._listener: asyncio.Task[None] | None = None

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
            # Here and below not `wait_for`: before Python 3.12 it may swallow a Ctrl-C.
            async with asyncio.timeout(START_S):
                running = await self._ready()
        except TimeoutError as error:
            await self.kill()
            raise HubStartError(
                Sentence("the hub was not ready after {seconds} s", seconds=round(START_S))
            ) from error
        self._listener = asyncio.create_task(self._listen(), name="hub-says")
        return running

    async def stop(self) -> None:
        """Ask it to stop, and wait for it."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            async with asyncio.timeout(STOP_S):
                await process.wait()
        except TimeoutError:
            await self.kill()
        except asyncio.CancelledError:
            process.kill()  # whoever waits no longer wants to
            raise
        await self._heard_out()

    async def kill(self) -> None:
        """End it at once, as a power cut would."""
        process = self._process
        if process is not None and process.returncode is None:
            process.send_signal(signal.SIGKILL)
            await process.wait()
        await self._heard_out()

    @property
    def pid(self) -> int | None:
        """Its process id while it runs."""
        return None if self._process is None else self._process.pid

    async def _listen(self) -> None:
        """Hear what it says once it is ready, until it ends."""
        process = self._process
        while (
            process is not None and process.stdout is not None and (line := await process.stdout.readline())
        ):
            with contextlib.suppress(ValueError):  # cut off in the middle of a line
                said = json.loads(line)
                if "code" in said:
                    self._on_code(said["code"])

    async def _heard_out(self) -> None:
        """Take its last lines; it has ended."""
        listener, self._listener = self._listener, None
        if listener is not None:
            await listener

    def _last_words(self) -> str:
        """Return the last line of its log: the sentence it ended with."""
        lines = self._log.read_text(errors="replace").split("\n") if self._log is not None else []
        said = [line for line in lines if line.strip()]
        return said[-1].removeprefix("foyer: ") if said else Sentence("it said nothing")

    async def _ready(self) -> HubRunning:
        process = self._process
        if process is None or process.stdout is None:
            raise HubStartError(Sentence("the hub was not started"))
        said: dict[str, Any] = {}
        while "dashboard_port" not in said:
            line = await process.stdout.readline()
            if not line:
                await process.wait()
                raise HubStartError(
                    Sentence("the hub did not start: {why}", why=await asyncio.to_thread(self._last_words))
                )
            said |= json.loads(line)
        return HubRunning(said["broker_port"], said["dashboard_port"], said.get("code", ""))
