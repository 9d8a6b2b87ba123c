"""Put together what sister spaces need: an administrator's page, a member's letter, a visitor's welcome."""

from starlette.routing import Route

from community.clock import Hours
from community.members import Space
from plumbing.clock import Clock
from plumbing.database import Database
from plumbing.signing import SigningKey
from sync.dashboard.own_sessions import OwnSessions
from sync.dashboard.own_visits import OwnVisits
from sync.dashboard.rendering import Pages
from sync.dashboard.sessions import Sessions
from sync.dashboard.sisters import SistersPage
from sync.dashboard.visit import VisitPage
from sync.store.directory import Directory


def sister_routes(
    key: SigningKey,
    *,
    database: Database,
    clock: Clock,
    hours: Hours,
    space: Space,
    pages: Pages,
    sessions: OwnSessions,
    hosts: Sessions,
    directory: Directory,
) -> list[Route]:
    """Return every address; `key` is the space's own, `hosts` are hosts' logins."""
    admin = SistersPage(database=database, clock=clock, space=space, pages=pages, sessions=hosts, key=key)
    own = OwnVisits(
        database=database, clock=clock, hours=hours, space=space, pages=pages, sessions=sessions, key=key
    )
    visit = VisitPage(
        database=database,
        clock=clock,
        hours=hours,
        space=space,
        pages=pages,
        hosts=hosts,
        sessions=sessions,
        directory=directory,
        key=key,
    )
    return [*admin.routes(), *own.routes(), *visit.routes()]
