"""Who asks, whether they may, and how often; and the body they sent, as far as it can be read."""

import math
import re
from dataclasses import dataclass
from typing import TypeVar

import msgspec
from starlette.requests import Request

from plumbing.clock import Clock
from plumbing.database import Database
from plumbing.words import Sentence
from sync.api.pace import Pace
from sync.api.problems import Fault, RefusedError, Trouble
from sync.api.scopes import PREFIX, Scope, hash_of
from sync.store import api_tokens
from sync.store.api_tokens import Token

Body = TypeVar("Body", bound=msgspec.Struct)

LARGEST_BYTES = 65_536
"""Of a body: a member with thirty long items in each list is far below."""

JSON = frozenset({"application/json", "application/merge-patch+json"})

TOUCH_EVERY_US = 60_000_000
"""Microseconds: a token's last use is noted this often at most."""

BURST, A_SECOND = 120.0, 4.0
"""Requests of one token."""

STRANGERS_BURST, STRANGERS_A_SECOND = 30.0, 0.5
"""Requests without a good token, from one address."""

PLACE = re.compile(r" - at `\$([^`]*)`$")
"""Where msgspec says that something is wrong; what it says beside may quote the value."""

WRONG_KIND = Sentence("it is missing, unknown, or not of the kind that the documentation names")


@dataclass(frozen=True, slots=True)
class Caller:
    """A program that may ask."""

    token: Token

    @property
    def login(self) -> str:
        """Under what its deeds are kept; no account is called so (`sync.dashboard.doors`)."""
        return f"api:{self.token.name}"


class Access:
    """The door of the API.  Lives as long as it."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self._tokens = Pace(BURST, A_SECOND)
        self._strangers = Pace(STRANGERS_BURST, STRANGERS_A_SECOND)

    async def let_in(self, request: Request, scope: Scope) -> Caller:
        """Return who asks.

        Raises:
            RefusedError: There is no good token, it may not do this, or it asks too often.
        """
        scheme, _, sent = request.headers.get("authorization", "").partition(" ")
        token = None
        now_us = self._clock.now_us()
        if scheme.lower() == "bearer" and sent.strip().startswith(PREFIX):
            hashed = hash_of(sent.strip())
            token = await self._database.read(lambda c: api_tokens.find(c, hashed, now_us))
        if token is None:
            address = request.client.host if request.client is not None else ""
            self._hold(self._strangers, address)
            raise RefusedError(Trouble.NO_TOKEN, headers={"www-authenticate": 'Bearer realm="foyer"'})
        self._hold(self._tokens, token.id)
        if token.used_us is None or now_us - token.used_us >= TOUCH_EVERY_US:
            ours = token.id
            await self._database.write(lambda c: api_tokens.touch(c, [ours], now_us))
        if scope.value not in token.scopes:
            needed = f'Bearer realm="foyer", error="insufficient_scope", scope="{scope.value}"'
            detail = Sentence("it needs the scope {scope}", scope=scope.value)
            raise RefusedError(Trouble.NO_SCOPE, detail, headers={"www-authenticate": needed})
        return Caller(token)

    def _hold(self, pace: Pace, key: str) -> None:
        wait_s = math.ceil(pace.wait_s(key, self._clock.now_s()))
        if wait_s:
            detail = Sentence("ask again in {seconds} s", seconds=wait_s)
            raise RefusedError(Trouble.SLOW_DOWN, detail, headers={"retry-after": str(wait_s)})


async def sent_body(request: Request, kind: type[Body]) -> Body:
    """Read what was sent.

    Raises:
        RefusedError: It is too large, no JSON, or not what it should be.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in JSON:
        raise RefusedError(Trouble.CONTENT)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BYTES:
            detail = Sentence("send at most {most} bytes", most=LARGEST_BYTES)
            raise RefusedError(Trouble.LARGE, detail, headers={"connection": "close"})
    try:
        return msgspec.json.decode(bytes(body), type=kind)
    except msgspec.ValidationError as error:
        place = PLACE.search(str(error))
        pointer = "#" + re.sub(r"\[(\d+|\.\.\.)\]", r".\1", place[1]).replace(".", "/") if place else "#"
        raise RefusedError(Trouble.INVALID, faults=[Fault(pointer, WRONG_KIND)]) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RefusedError(Trouble.UNREADABLE) from error


def seen_by(request: Request) -> frozenset[str]:
    """Return which states of a thing the request may change: ETags, or a star for any.

    Raises:
        RefusedError: It does not say.
    """
    sent = frozenset(part.strip() for part in request.headers.get("if-match", "").split(",") if part.strip())
    if not sent:
        raise RefusedError(Trouble.NO_ETAG)
    return sent
