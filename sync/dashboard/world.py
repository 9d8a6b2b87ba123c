"""What anybody on the net may ask, without a login, where the settings publish it: SpaceAPI and an agenda.

What may be said of anybody is decided in `sync.views.world`.

Source: SpaceAPI version 15 (https://spaceapi.io); RFC 5545.
"""

import asyncio
from collections.abc import Awaitable, Callable
from zoneinfo import ZoneInfo

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from community.introductions.tables import Occasion
from community.members import Space
from plumbing.clock import Clock
from plumbing.database import Database
from plumbing.words import SOURCE, Words
from sync.agenda import written
from sync.agenda.written import Entry
from sync.dashboard.rendering import Pages
from sync.meters import Meters
from sync.presence import Presence
from sync.publishing import Publishing, SpaceApiSettings
from sync.views.world import Coming, Seen, read_coming, read_seen

SPACE = "/spaceapi.json"
AGENDA = "/agenda.ics"

VERSION = "15"
"""Of SpaceAPI."""

SPACE_FRESH_S = 10
"""Seconds for which an answer holds: a crowd that asks costs one look, and a change is seen soon enough."""

AGENDA_FRESH_S = 60
"""The same for the agenda, which changes less."""

JSON = dict[str, object]

OTHER_NAMES = {"mailing_list": "ml"}
"""Ways to reach the space that SpaceAPI calls otherwise."""


class Answer:
    """One answer for everybody who asks within some seconds.  Lives as long as the dashboard."""

    def __init__(
        self, make: Callable[[], Awaitable[bytes]], fresh_s: int, media_type: str, clock: Clock
    ) -> None:
        """Prepare.

        Args:
            make: Makes it; called by one at a time.
            fresh_s: Seconds for which it holds, here and wherever it passes.
            media_type: What it is.
            clock: The machine's.
        """
        self._make, self._fresh_s, self._clock = make, fresh_s, clock
        self._headers = {
            "content-type": media_type,
            "access-control-allow-origin": "*",
            "cross-origin-resource-policy": "cross-origin",
            "cache-control": f"public, max-age={fresh_s}",
        }
        self._making = asyncio.Lock()
        self._made_s: float | None = None
        self._body = b""

    async def get(self, _request: Request | None = None) -> Response:
        """Answer; a failing database is not remembered."""
        async with self._making:
            now_s = self._clock.now_s()
            if self._made_s is None or now_s - self._made_s >= self._fresh_s:
                self._body = await self._make()
                self._made_s = now_s
        return Response(self._body, headers=self._headers)


class World:
    """Makes both answers.  Lives as long as the dashboard."""

    def __init__(
        self,
        publishing: Publishing,
        *,
        database: Database,
        presence: Presence,
        clock: Clock,
        meters: Meters,
        space: Space,
        pages: Pages,
    ) -> None:
        self._publishing, self._space, self._pages = publishing, space, pages
        self._database, self._presence, self._clock, self._meters = database, presence, clock, meters

    def routes(self) -> list[Route]:
        """Return the addresses that are switched on."""
        routes = []
        if self._publishing.spaceapi.publish:
            answer = Answer(self._make_space, SPACE_FRESH_S, "application/json", self._clock)
            routes.append(Route(SPACE, answer.get))
        if self._publishing.agenda:
            answer = Answer(self._make_agenda, AGENDA_FRESH_S, "text/calendar; charset=utf-8", self._clock)
            routes.append(Route(AGENDA, answer.get))
        return routes

    async def _make_space(self) -> bytes:
        at = self._clock.at()
        visits, happened, line_up = self._presence.present(at), self._presence.today(at), self._meters.line_up
        now = await self._database.read(
            lambda c: read_seen(c, visits, happened, self._presence.hours, at, line_up=line_up)
        )
        agenda = f"{self._space.address}{AGENDA}" if self._publishing.agenda and self._space.address else ""
        return msgspec.json.encode(document(self._space, self._publishing.spaceapi, now, agenda))

    async def _make_agenda(self) -> bytes:
        at, hours = self._clock.at(), self._presence.hours
        coming = await self._database.read(lambda c: read_coming(c, hours.day_of(at)))
        language = self._space.languages[0]
        words = self._pages.words[language if language in self._pages.languages else SOURCE]
        zone = ZoneInfo(self._space.timezone)
        return await asyncio.to_thread(
            written.write, entries(coming, words), self._space.name, self._publishing.space, zone, at
        )


def document(space: Space, settings: SpaceApiSettings, now: Seen, agenda: str) -> JSON:
    """Return what SpaceAPI says of the space.

    Args:
        space: Its name and time zone.
        settings: What the operator says of it.
        now: What the world may see.
        agenda: The address of the agenda; empty for none.
    """
    location: JSON = {"timezone": space.timezone}
    if settings.postal_address:
        location["address"] = settings.postal_address
    if settings.coordinates:
        location["lat"], location["lon"] = settings.coordinates
    if settings.country_code:
        location["country_code"] = settings.country_code
    if settings.hint:
        location["hint"] = settings.hint
    people: JSON = {"value": now.present}
    if now.names:  # an empty list is against the rules of version 15
        people["names"] = now.names
    told: JSON = {
        "api_compatibility": [VERSION],
        "space": space.name,
        "logo": settings.logo,
        "url": settings.url,
        "location": location,
        # version 15: without `open` the state is one that cannot be told for now
        "state": {} if now.is_open is None else {"open": now.is_open},
        "contact": {OTHER_NAMES.get(name, name): value for name, value in settings.contacts.items()},
        "sensors": {"people_now_present": [people]},
    }
    if agenda:
        told["feeds"] = {"calendar": {"type": "ical", "url": agenda}}
    return told


def entries(coming: Coming, words: Words) -> list[Entry]:
    """Return what is on as lines of a calendar; of tables neither who is invited nor how many come."""
    found = [
        Entry(moment.title, moment.starts or agenda.day, moment.ends, moment.place)
        for agenda in coming.agendas
        for moment in agenda.moments
    ]
    names = {
        Occasion.COFFEE: words.gettext("Coffee together"),
        Occasion.LUNCH: words.gettext("Lunch together"),
    }
    return [*found, *(Entry(names[table.occasion], table.at, None, table.place) for table in coming.tables)]
