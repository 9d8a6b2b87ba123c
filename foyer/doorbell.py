"""How `foyer tap` reaches a running demo: one line of JSON each way over a private socket."""

import asyncio
import contextlib
import json
import os
import socket
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from foyer.errors import DoorbellError, NotRungError
from foyer.language import language, speaker
from plumbing.words import Sentence, said, why

ANSWER_S = 5.0
"""Seconds the demo has to answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the demo says to a ring."""

    sentence: str
    rung: bool = True
    """Whether a badge is on the reader now."""


NOT_UNDERSTOOD = Answer(Sentence("this was not understood"), rung=False)


def address() -> Path:
    """Return where the demo of this user listens: a folder only this user may open.

    Raises:
        DoorbellError: There can be no such folder.
    """
    session = os.environ.get("XDG_RUNTIME_DIR")
    folder = Path(session) / "foyer" if session else Path(tempfile.gettempdir()) / f"foyer-{os.getuid()}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = folder.stat().st_uid
    except OSError as error:
        raise DoorbellError(
            Sentence(
                "the demo's doorbell needs the folder {folder} ({why}): "
                "set XDG_RUNTIME_DIR to a folder of your own",
                folder=folder,
                why=why(error),
            )
        ) from error
    if owner != os.getuid():
        raise DoorbellError(
            Sentence(
                "{folder} belongs to somebody else: set XDG_RUNTIME_DIR to a folder of your own",
                folder=folder,
            )
        )
    return folder / "demo.sock"


class Doorbell:
    """The demo's end.  Start once, stop once."""

    def __init__(self, ring: Callable[[str], Awaitable[Answer]]) -> None:
        """`ring` is called with what was asked for."""
        self._ring = ring
        self._server: asyncio.Server | None = None
        self._own: int | None = None

    async def start(self) -> None:
        """Listen; the socket is only this user's.  A second demo takes the bell over.

        Raises:
            DoorbellError: There is no place to listen.
        """
        path = address()
        try:
            path.unlink(missing_ok=True)
            self._server = await asyncio.start_unix_server(self._answer, path)
            path.chmod(0o600)
            self._own = path.stat().st_ino
        except OSError as error:
            raise DoorbellError(
                Sentence(
                    "the demo's doorbell cannot be put up at {path} ({why}): "
                    "set XDG_RUNTIME_DIR to a folder of your own",
                    path=path,
                    why=why(error),
                )
            ) from error

    async def stop(self) -> None:
        """Stop listening and leave no socket behind."""
        if self._server is not None:
            self._server.close()
            with contextlib.suppress(DoorbellError, OSError):  # something else of ours may lie there
                path = address()
                if path.exists() and path.stat().st_ino == self._own:  # a later demo may have the bell now
                    path.unlink()
                    path.parent.rmdir()
            await self._server.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        code, answer = None, NOT_UNDERSTOOD
        with contextlib.suppress(ValueError, KeyError, TypeError, AttributeError, TimeoutError):
            async with asyncio.timeout(ANSWER_S):
                asked = json.loads(await reader.readline())
            code, answer = asked.get("language"), await self._ring(str(asked["tap"]))
        told = {"said": said(answer.sentence, speaker(code)), "rung": answer.rung}
        try:
            writer.write(json.dumps(told).encode() + b"\n")
            await writer.drain()
        finally:
            writer.close()
            await writer.wait_closed()


def ring(what: str) -> str:
    """Ask the running demo to tap a badge; return its answer, in the language of this terminal.

    Raises:
        DoorbellError: No demo is running here.
        NotRungError: The demo found nobody to tap for.
    """
    asked = {"tap": what, "language": language(os.environ)}
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(ANSWER_S)
            line.connect(str(address()))
            line.sendall(json.dumps(asked).encode() + b"\n")
            with line.makefile(encoding="utf-8") as answer:
                told = json.loads(answer.readline())
        sentence, rung = str(told["said"]), bool(told["rung"])
    except (OSError, ValueError, KeyError) as error:
        raise DoorbellError(
            Sentence("no demo answers here: start one with `foyer demo` in another terminal")
        ) from error
    if not rung:
        raise NotRungError(sentence)
    return sentence
