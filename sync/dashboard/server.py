"""The web server under the dashboard: a port, and uvicorn as a task among others."""

import asyncio
import contextlib
import socket
from collections.abc import Generator

import uvicorn
from starlette.types import ASGIApp
from typing_extensions import override

from plumbing.words import Sentence, why
from sync.errors import DashboardError
from sync.settings import DashboardSettings

LEAVE_S = 2
"""Seconds a browser may take to finish what it asked for when the hub stops."""


class WebServer(uvicorn.Server):
    """uvicorn as a task among others: signals belong to the program, not to it."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                lifespan="on",
                ws="none",
                server_header=False,
                timeout_graceful_shutdown=LEAVE_S,
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


def listen(dashboard: DashboardSettings) -> socket.socket:
    """Take the dashboard's port, or say who to blame."""
    try:
        family = socket.getaddrinfo(dashboard.host, dashboard.port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((dashboard.host, dashboard.port), family=family)
    except OSError as error:
        raise DashboardError(
            Sentence(
                "the dashboard cannot listen on {host}:{port} ({why}): "
                "choose another `port` or `host` in [dashboard]",
                host=dashboard.host,
                port=dashboard.port,
                why=why(error),
            )
        ) from error
