"""The pages on which hosts care for people by hand: who is in, what failed at the door, who is new."""

from collections.abc import Callable, Sequence

from starlette.routing import Route

from community.members import Space
from plumbing.clock import Clock
from plumbing.database import Database
from sync.dashboard.by_hand import ByHandPage
from sync.dashboard.introductions import Tables
from sync.dashboard.newcomer_texts import NewcomerTextsPage
from sync.dashboard.newcomers import NewcomersPage
from sync.dashboard.own_care import OwnCare
from sync.dashboard.own_sessions import OwnSessions
from sync.dashboard.rendering import Pages
from sync.dashboard.sessions import Sessions
from sync.dashboard.taps import TapsPage
from sync.hub_log import HubLog
from sync.live import Live
from sync.presence import Presence
from sync.store.directory import Directory
from sync.store.log import Stored


def care_routes(
    *,
    database: Database,
    presence: Presence,
    live: Live,
    clock: Clock,
    space: Space,
    pages: Pages,
    sessions: Sessions,
    own_sessions: OwnSessions | None,
    directory: Directory,
    tables: Tables,
    took_in: Callable[[Sequence[Stored]], None],
) -> list[Route]:
    """Make the pages, and return where they stand; the args are those of `create_app`."""
    by_hand = ByHandPage(
        HubLog(database, clock, took_in),
        database=database,
        presence=presence,
        clock=clock,
        space=space,
        pages=pages,
        sessions=sessions,
    )
    taps = TapsPage(
        database=database,
        live=live,
        clock=clock,
        space=space,
        pages=pages,
        sessions=sessions,
        directory=directory,
    )
    newcomers = NewcomersPage(
        database=database,
        presence=presence,
        tables=tables,
        clock=clock,
        space=space,
        pages=pages,
        sessions=sessions,
    )
    texts = NewcomerTextsPage(database=database, clock=clock, space=space, pages=pages, sessions=sessions)
    own = [] if own_sessions is None else OwnCare(database, own_sessions).routes()
    return [*by_hand.routes(), *taps.routes(), *newcomers.routes(), *texts.routes(), *own]
