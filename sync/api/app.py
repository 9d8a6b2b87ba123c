"""Put the API together as one ASGI application, to be mounted at `PREFIX`."""

import logging
from collections.abc import Callable

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from community.badges import BadgeKey
from plumbing.clock import Clock
from plumbing.database import Database
from plumbing.errors import DatabaseError
from sync.api.access import Access
from sync.api.badges import Badges
from sync.api.members import Members
from sync.api.now import Now
from sync.api.problems import RefusedError, Speak, Trouble, answer
from sync.presence import Presence
from sync.store.directory import Directory

log = logging.getLogger(__name__)

STATUSES = {404: Trouble.NOT_FOUND, 405: Trouble.METHOD}


def create_api(
    *,
    database: Database,
    clock: Clock,
    presence: Presence,
    directory: Directory,
    key: BadgeKey,
    parse_uid: Callable[[str], bytes],
    speak: Speak,
) -> Starlette:
    """Return the application.

    Args:
        database: Migrated.
        clock: The machine's.
        presence: Who is in; only asked.
        directory: The hub's own, so that kiosks hear of every change.
        key: The space's badge key.
        parse_uid: Reads the number of a badge as somebody wrote it.
        speak: The languages of what is said when something is wrong.
    """
    access = Access(database, clock)
    members = Members(
        database=database, clock=clock, hours=presence.hours, directory=directory, access=access
    )
    badges = Badges(
        database=database, clock=clock, directory=directory, access=access, key=key, parse_uid=parse_uid
    )
    now = Now(database=database, clock=clock, presence=presence, access=access)

    def said(request: Request, error: RefusedError) -> Response:
        return answer(error, *speak(request.headers.get("accept-language", "")))

    async def refused(request: Request, error: Exception) -> Response:
        return said(request, error if isinstance(error, RefusedError) else RefusedError(Trouble.BROKEN))

    async def not_so(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 400
        headers = error.headers if isinstance(error, HTTPException) else None
        return said(request, RefusedError(STATUSES.get(status, Trouble.UNREADABLE), headers=headers))

    async def no_database(request: Request, error: Exception) -> Response:
        log.warning("the API could not answer: %s", error)
        return said(request, RefusedError(Trouble.DATABASE))

    one, held = "/members/{member}", "/members/{member}/badges/{badge}"
    return Starlette(
        routes=[
            Route("/members", members.every),
            Route("/members", members.add, methods=["POST"]),
            Route(one, members.one),
            Route(one, members.change, methods=["PATCH"]),
            Route(one, members.erase, methods=["DELETE"]),
            Route(f"{one}/badges", badges.every),
            Route(f"{one}/badges", badges.link, methods=["POST"]),
            Route(held, badges.stand, methods=["PATCH"]),
            Route(held, badges.unlink, methods=["DELETE"]),
            Route("/presence", now.present),
            Route("/introductions", now.introductions),
        ],
        exception_handlers={
            RefusedError: refused,
            HTTPException: not_so,
            DatabaseError: no_database,
            Exception: refused,
        },
    )
