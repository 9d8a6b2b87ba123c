"""The web server under the dashboard: a port, and uvicorn as a task among others."""

import asyncio
import contextlib
import socket
from collections.abc import Generator
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp
from typing_extensions import override

from plumbing.words import Sentence, why
from sync.errors import DashboardError

LEAVE_S = 2
"""Seconds a browser may take to finish what it asked for when the hub stops."""


class WebServer(uvicorn.Server):
    """uvicorn as a task among others: signals belong to the program, not to it."""

    def __init__(self, app: ASGIApp, certificate: tuple[Path, Path] | None = None) -> None:
        """Prepare to serve an application.

        Args:
            app: The application.
            certificate: PEM files of certificate and key, for HTTPS.
        """
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                lifespan="on",
                ws="none",
                server_header=False,
                timeout_graceful_shutdown=LEAVE_S,
                ssl_certfile=None if certificate is None else str(certificate[0]),
                ssl_keyfile=None if certificate is None else str(certificate[1]),
            )
        )
        self.ready = asyncio.Event()

    @override
    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().serve(sockets)
        except SystemExit as error:  # uvicorn's way to say that the application did not start
            raise DashboardError(Sentence("the dashboard did not start: the log says why")) from error

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @override
    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


def listen(host: str, port: int, table: str) -> socket.socket:
    """Take a port, or say who to blame.

    Args:
        host: A name or address of this machine.
        port: 0 takes a free one.
        table: Where both stand in the settings.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise DashboardError(
            Sentence(
                "the hub cannot listen on {host}:{port} ({why}): "
                "choose another `port` or `host` in [{table}]",
                host=host,
                port=port,
                why=why(error),
                table=table,
            )
        ) from error
