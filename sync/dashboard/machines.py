"""What the hub has for other programs, joined: the API, its tokens, webhooks."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from starlette.routing import BaseRoute, Mount, Route

from community.badges import BadgeKey
from community.members import Space
from plumbing.clock import Clock
from plumbing.database import Database
from plumbing.words import Say
from sync.api.app import create_api
from sync.api.members import PREFIX
from sync.dashboard.api_tokens import PATH as TOKENS
from sync.dashboard.api_tokens import TokensPage
from sync.dashboard.rendering import Pages, preferred_language
from sync.dashboard.sessions import Sessions
from sync.dashboard.webhooks import PATH as WEBHOOKS
from sync.dashboard.webhooks import WebhooksPage
from sync.presence import Presence
from sync.store.directory import Directory
from sync.webhooks.addresses import Network


@dataclass(frozen=True, slots=True)
class Outward:
    """What only the settings and the running hub know."""

    allowed: tuple[Network, ...] = ()
    """Where webhooks may lead besides out into the world."""
    wake: Callable[[], None] = lambda: None
    """Tells the courier that there is something to do."""


ALONE = Outward()
"""Of a dashboard without a hub around it."""


def routes(
    outward: Outward,
    *,
    database: Database,
    clock: Clock,
    presence: Presence,
    directory: Directory,
    space: Space,
    pages: Pages,
    sessions: Sessions,
    key: BadgeKey,
    parse_uid: Callable[[str], bytes],
) -> list[BaseRoute]:
    """Return every address for programs, and those of the pages about them; the args are the parts'."""
    tokens = TokensPage(
        database=database, clock=clock, hours=presence.hours, space=space, pages=pages, sessions=sessions
    )
    webhooks = WebhooksPage(
        database=database,
        clock=clock,
        space=space,
        pages=pages,
        sessions=sessions,
        key=key,
        allowed=outward.allowed,
        wake=outward.wake,
    )

    def speak(accept: str) -> tuple[str, Say]:
        language = preferred_language(accept, pages.languages)
        return language, pages.words[language].gettext

    api = create_api(
        database=database,
        clock=clock,
        presence=presence,
        directory=directory,
        key=key,
        parse_uid=parse_uid,
        speak=speak,
    )
    mounted = Mount(PREFIX, app=api)
    # a line break in an address is no end of it: otherwise a program would be answered with a page for people
    mounted.path_regex = re.compile(mounted.path_regex.pattern, re.DOTALL)
    return [
        mounted,
        Route(TOKENS, tokens.show),
        Route(TOKENS, tokens.receive, methods=["POST"]),
        Route(WEBHOOKS, webhooks.show),
        Route(WEBHOOKS, webhooks.receive, methods=["POST"]),
    ]
