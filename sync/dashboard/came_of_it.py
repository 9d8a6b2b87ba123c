"""What came of it for the space: sums over members who agreed, of quarters that are over."""

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from community.clock import Hours
from community.members import Space
from plumbing.clock import Clock
from plumbing.database import Database
from sync.dashboard.rendering import Pages
from sync.dashboard.sessions import Sessions
from sync.receipt.spans import QUARTER, Span, span_of
from sync.receipt.sums import FEWEST, ROUNDED_TO, Sum, Sums, sums
from sync.store import receipts

PATH = "/came-of-it"

SHOWN = 4
"""Quarters."""


class CameOfIt:
    """The handler of `/came-of-it`.  Lives as long as the dashboard."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        hours: Hours,
        space: Space,
        pages: Pages,
        sessions: Sessions,
    ) -> None:
        self._database, self._clock, self._hours = database, clock, hours
        self._space, self._pages, self._sessions = space, pages, sessions

    def routes(self) -> list[Route]:
        """Return where it answers."""
        return [Route(PATH, self.show)]

    async def show(self, request: Request) -> Response:
        """Show the quarters."""
        visitor = await self._sessions.required(request)
        quarter = span_of(self._hours.day_of(self._clock.at()), QUARTER)

        def work(connection: Connection) -> tuple[Sums, ...]:
            return tuple(_told(connection, quarter.moved(-ago)) for ago in range(1, SHOWN + 1))

        page = self._pages.render(
            "came_of_it.html",
            visitor.language,
            space=self._space,
            back=PATH,
            running=quarter,
            quarters=await self._database.write(work),
            fewest=FEWEST,
            rounded_to=ROUNDED_TO,
            form_token=visitor.form_token,
        )
        return HTMLResponse(page)


def _told(connection: Connection, quarter: Span) -> Sums:
    """Return a quarter as hosts read it first: what is taken back or erased later changes no sum of it."""
    before = receipts.told(connection, quarter.written)
    if before:
        return Sums(quarter, tuple(Sum(kind, *before.get(kind, (None, None))) for kind in receipts.Kind))
    found = sums(receipts.counted(connection, quarter.first, quarter.moved(1).first), quarter)
    receipts.tell(connection, quarter.written, {one.kind: (one.lines, one.amount) for one in found.kinds})
    return found
