"""The HTTPS page where a kiosk shows its code; machines only, and nothing else is found there."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from community.wire.codec import Unreadable, decode, encode
from community.wire.enrolment import Ask, Authority, Enrol, Refused, Standing
from plumbing.clock import Clock
from plumbing.errors import DatabaseError, SettingsError
from plumbing.signing import is_public_key
from sync.dashboard.throttle import FREE_TRIES_ADDRESS, Throttle
from sync.gate import Gate
from sync.store.codes import Tried

log = logging.getLogger(__name__)

LARGEST_BYTES = 4_096
"""Nothing a kiosk says here is larger."""

FORBIDDEN, TOO_MANY, UNPROCESSABLE, BROKEN = 403, 429, 422, 503

Said = TypeVar("Said", bound=msgspec.Struct)


class _MessageError(Exception):
    """What came cannot be read."""


class Enrolment:
    """Handlers.  Lives as long as the hub."""

    def __init__(self, gate: Gate, clock: Clock) -> None:
        self._gate, self._clock = gate, clock
        self._by_address = Throttle(FREE_TRIES_ADDRESS)

    async def authority(self, _request: Request) -> Response:
        """Say which authority the hub has; whoever asks holds it against the code."""
        return _json(Authority(self._gate.authority))

    async def enrol(self, request: Request) -> Response:
        """Let a kiosk in that has a code."""
        address, now_s = request.client.host if request.client else "", self._clock.now_s()
        if self._by_address.wait_s(address, now_s):
            return _json(Refused("slow"), TOO_MANY)
        asked = await _read(request, Enrol)
        if not is_public_key(asked.public_key):
            raise _MessageError
        done = await self._gate.enrol(asked)
        if isinstance(done, Tried):
            self._by_address.failed(address, now_s)
            log.info("a kiosk's code was not good: %s", done.value)
            return _json(Refused("over" if done is Tried.OVER else "code"), FORBIDDEN)
        return _json(done)

    async def standing(self, request: Request) -> Response:
        """Tell a kiosk that the broker refuses whether it was shut out."""
        asked = await _read(request, Ask)
        return _json(Standing(await self._gate.is_revoked(asked.kiosk, asked.credential, asked.signature)))


def create_enrolment(gate: Gate, clock: Clock) -> Starlette:
    """Return the application."""
    handlers = Enrolment(gate, clock)

    async def unreadable(_request: Request, _error: Exception) -> Response:
        return _json(Refused("message"), UNPROCESSABLE)

    async def no_database(_request: Request, error: Exception) -> Response:
        log.warning("a kiosk could not be answered: %s", error)
        return _json(Refused("hub"), BROKEN)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        await gate.close()

    return Starlette(
        routes=[
            Route("/authority", handlers.authority),
            Route("/enrol", handlers.enrol, methods=["POST"]),
            Route("/standing", handlers.standing, methods=["POST"]),
        ],
        exception_handlers={
            _MessageError: unreadable,
            DatabaseError: no_database,
            SettingsError: no_database,
        },
        lifespan=lifespan,
    )


async def _read(request: Request, kind: type[Said]) -> Said:
    """Read what a kiosk says.

    Raises:
        _MessageError: It cannot be read.
    """
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > LARGEST_BYTES:
        raise _MessageError
    message = decode(await request.body(), kind)
    if isinstance(message, Unreadable):
        raise _MessageError
    return message


def _json(message: msgspec.Struct, status: int = 200) -> Response:
    return Response(encode(message), status, {"cache-control": "no-store"}, "application/json")
