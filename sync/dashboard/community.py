"""The community: how far it lives by itself, in plain words and small lines, and a map of who met whom."""

import secrets
from collections.abc import Mapping

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from community.members import Space
from community.together.measures import SMALLEST, TENTHS, Measures
from plumbing.database import Database
from sync.dashboard.dates import language_name, short_month
from sync.dashboard.rendering import Pages
from sync.dashboard.sessions import Sessions
from sync.dashboard.sparkline import HEIGHT, WIDTH, Sparkline, sparkline
from sync.introductions.together import Community, Together
from sync.views.community import Map, Wish, choices, found, map_of, open_ties, pages_of, rows_of
from sync.views.people import Known, read_directory

PATH = "/community"
MAP = "/community/map"
"""What the picture is drawn from, as JSON."""

TIMES = {"30": 30, "90": 90, "all": None}
"""What can be asked for: days of ties."""

USUAL_TIME = "90"

TRENDS: Mapping[str, int | None] = {
    "meetings": None,
    "alone": TENTHS,
    "settled": TENTHS,
    "few": None,
    "whole": TENTHS,
    "without_hosts": TENTHS,
    "away": None,
    "mutual": TENTHS,
    "bridged": TENTHS,
}
"""What is shown month by month, and what stands at the top of its line."""

LONGEST_SEARCH = 60


class CommunityPage:
    """Handlers of `/community`.  Lives as long as the dashboard."""

    def __init__(
        self, *, together: Together, database: Database, space: Space, pages: Pages, sessions: Sessions
    ) -> None:
        self._together, self._database = together, database
        self._space, self._pages, self._sessions = space, pages, sessions

    def routes(self) -> list[Route]:
        """Return where the page and what it draws from are."""
        return [Route(PATH, self.show), Route(MAP, self.map)]

    async def show(self, request: Request) -> Response:
        """Show the page: all of it without a script, the picture with one."""
        visitor = await self._sessions.required(request)
        read = await self._together.read()
        asked = request.query_params
        known = await self._database.read(read_directory)
        shown, wish = _map(read, known, asked), _wish(asked)
        typed = asked.get("who", "")[:LONGEST_SEARCH]
        rows = pages_of(found(rows_of(shown), typed))
        number = min(_number(asked.get("page", "")), len(rows))
        page = self._pages.render(
            "community.html",
            visitor.language,
            space=self._space,
            back=PATH,
            form_token=visitor.form_token,
            lately=read.lately,
            trends=_trends(read.months),
            spoken=lambda values: ", ".join("–" if value is None else str(value) for value in values),
            months=[(short_month(visitor.language, one.first), one) for one in reversed(read.months)],
            width=WIDTH,
            height=HEIGHT,
            smallest=SMALLEST,
            map=shown,
            wish=wish,
            time=_time(asked),
            choices=choices(known),
            language_name=lambda code: language_name(code, visitor.language),
            rows=rows[number - 1],
            number=number,
            last=len(rows),
            who=typed,
            query={**_query(asked), **({"who": typed} if typed else {})},
            source={**_query(asked)},
        )
        return HTMLResponse(page)

    async def map(self, request: Request) -> Response:
        """Answer with the picture: people in an order drawn for this answer, and lines as places of two.

        `dots` holds, for each, the name ("" for somebody who is not named), the colour of their disc, and
        whether they look after the place; `links` is flat: two places a line.
        """
        await self._sessions.required(request)
        known = await self._database.read(read_directory)
        shown = _map(await self._together.read(), known, request.query_params)
        return JSONResponse(
            {
                "dots": [
                    [dot.name, self._pages.colour(dot.member_id), dot.host] if dot.member_id else [""]
                    for dot in shown.dots
                ],
                "links": [place for link in shown.links for place in link],
            }
        )


def _map(read: Community, known: Known, asked: QueryParams) -> Map:
    """Return the picture; `known` is read afresh: whoever hides or is erased is gone from it at once."""
    ties = open_ties(read.life.meetings, read.older)
    return map_of(ties, known, _wish(asked), read.day, secrets.SystemRandom().shuffle)


def _time(asked: QueryParams) -> str:
    time = asked.get("time", USUAL_TIME)
    return time if time in TIMES else USUAL_TIME


def _wish(asked: QueryParams) -> Wish:
    return Wish(TIMES[_time(asked)], asked.get("company", ""), asked.get("language", ""))


def _query(asked: QueryParams) -> dict[str, str]:
    """Return what was wished for, as it stands in an address."""
    wish = _wish(asked)
    return {"time": _time(asked), "company": wish.company, "language": wish.language}


def _number(typed: str) -> int:
    return max(int(typed), 1) if typed.isascii() and typed.isdigit() and len(typed) <= len("1000") else 1


def _trends(months: tuple[Measures, ...]) -> dict[str, tuple[Sparkline, tuple[int | None, ...]]]:
    """Return the line of each measure, and its values."""
    found: dict[str, tuple[Sparkline, tuple[int | None, ...]]] = {}
    for name, most in TRENDS.items():
        values: tuple[int | None, ...] = tuple(getattr(month, name) for month in months)
        found[name] = (sparkline(values, most), values)
    return found
