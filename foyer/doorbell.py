"""How `foyer tap` reaches a running demo: one line of JSON each way over a private socket."""

import asyncio
import contextlib
import json
import os
import socket
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from foyer.errors import DoorbellError

ANSWER_S = 5.0
"""Seconds the demo has to answer."""


def address() -> Path:
    """Return where the demo of this user listens: a folder only this user may open."""
    session = os.environ.get("XDG_RUNTIME_DIR")
    folder = Path(session) / "foyer" if session else Path(tempfile.gettempdir()) / f"foyer-{os.getuid()}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise DoorbellError(f"{folder} belongs to somebody else: set XDG_RUNTIME_DIR to a folder of your own")
    return folder / "demo.sock"


class Doorbell:
    """The demo's end.  Start once, stop once."""

    def __init__(self, ring: Callable[[str], Awaitable[str]]) -> None:
        """`ring` is called with what was asked for and returns a sentence."""
        self._ring = ring
        self._server: asyncio.Server | None = None
        self._own: int | None = None

    async def start(self) -> None:
        """Listen; the socket is only this user's.  A second demo takes the bell over."""
        path = address()
        path.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._answer, path)
        path.chmod(0o600)
        self._own = path.stat().st_ino

    async def stop(self) -> None:
        """Stop listening and leave no socket behind."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            path = address()
            if path.exists() and path.stat().st_ino == self._own:  # a later demo may have the bell now
                path.unlink()
                with contextlib.suppress(OSError):  # something else of ours may lie there
                    path.parent.rmdir()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            line = await asyncio.wait_for(reader.readline(), ANSWER_S)
            said = await self._ring(str(json.loads(line)["tap"]))
            writer.write(json.dumps({"said": said}).encode() + b"\n")
        except (ValueError, KeyError, TypeError, TimeoutError):
            writer.write(json.dumps({"said": "this was not understood"}).encode() + b"\n")
        finally:
            await writer.drain()
            writer.close()
            await writer.wait_closed()


def ring(what: str) -> str:
    """Ask the running demo to tap a badge; return its answer.

    Raises:
        DoorbellError: No demo is running here.
    """
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(ANSWER_S)
            line.connect(str(address()))
            line.sendall(json.dumps({"tap": what}).encode() + b"\n")
            with line.makefile() as answer:
                return str(json.loads(answer.readline())["said"])
    except (OSError, ValueError, KeyError) as error:
        raise DoorbellError(
            "no demo answers here: start one with `foyer demo` in another terminal"
        ) from error
