"""The pages on which hosts read the place as a whole: today's brief, who could help whom, what came of it."""

from starlette.routing import Route

from community.members import Space
from plumbing.clock import Clock
from plumbing.database import Database
from sync.dashboard.brief import PATH as BRIEF
from sync.dashboard.brief import BriefPage
from sync.dashboard.came_of_it import CameOfIt
from sync.dashboard.community import CommunityPage
from sync.dashboard.introductions import IntroductionsPage, Tables
from sync.dashboard.needs import PATH as NEEDS
from sync.dashboard.needs import NeedsPage
from sync.dashboard.rendering import Pages
from sync.dashboard.sessions import Sessions
from sync.introductions.together import Together
from sync.presence import Presence


def overview_routes(
    *,
    database: Database,
    presence: Presence,
    clock: Clock,
    space: Space,
    pages: Pages,
    sessions: Sessions,
    tables: Tables,
    taps_days: int,
) -> list[Route]:
    """Make the pages, and return where they stand; the args are those of `create_app`."""
    hours = presence.hours
    introduced = IntroductionsPage(
        tables=tables, hours=hours, clock=clock, space=space, pages=pages, sessions=sessions
    )
    brief = BriefPage(
        database=database,
        presence=presence,
        tables=tables,
        clock=clock,
        space=space,
        pages=pages,
        sessions=sessions,
    )
    needs = NeedsPage(
        database=database,
        hours=hours,
        clock=clock,
        tables=tables,
        space=space,
        pages=pages,
        sessions=sessions,
    )
    came_of_it = CameOfIt(
        database=database, clock=clock, hours=hours, space=space, pages=pages, sessions=sessions
    )
    community = CommunityPage(
        together=Together(database, clock, hours, taps_days),
        database=database,
        space=space,
        pages=pages,
        sessions=sessions,
    )
    return [
        Route(BRIEF, brief.show),
        Route(BRIEF, brief.receive, methods=["POST"]),
        Route(NEEDS, needs.show),
        Route("/introductions", introduced.show),
        Route("/introductions", introduced.receive, methods=["POST"]),
        *came_of_it.routes(),
        *community.routes(),
    ]
