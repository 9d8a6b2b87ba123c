"""Put together what a member's own cookie opens: their page, receipt and picture, what they are told."""

from starlette.routing import Route

from community.members import Space
from plumbing.clock import Clock
from plumbing.database import Database
from plumbing.signing import SigningKey
from sync.dashboard.own_notices import OwnNotices
from sync.dashboard.own_page import OwnPage
from sync.dashboard.own_photo import OwnPhoto
from sync.dashboard.own_preview import DrawDoor
from sync.dashboard.own_receipt import OwnReceipt
from sync.dashboard.own_sessions import OwnSessions
from sync.dashboard.rendering import Pages
from sync.dashboard.sessions import Sessions
from sync.dashboard.sister_routes import sister_routes
from sync.live import Live
from sync.presence import Presence
from sync.store.directory import Directory


def own_routes(
    *,
    database: Database,
    presence: Presence,
    live: Live,
    clock: Clock,
    space: Space,
    pages: Pages,
    sessions: OwnSessions,
    hosts: Sessions,
    directory: Directory,
    world: bool,
    draw_door: DrawDoor | None,
    sister_key: SigningKey | None = None,
) -> list[Route]:
    """Return every address of members' own pages, and of sister spaces where a key signs letters to them.

    `hosts` are hosts' logins, the rest as for `OwnPage`.
    """
    hours = presence.hours
    notices = OwnNotices(
        database=database,
        presence=presence,
        live=live,
        clock=clock,
        space=space,
        pages=pages,
        sessions=sessions,
    )
    receipt = OwnReceipt(
        database=database, clock=clock, hours=hours, space=space, pages=pages, sessions=sessions
    )
    photo = OwnPhoto(
        database=database,
        clock=clock,
        hours=hours,
        space=space,
        pages=pages,
        sessions=sessions,
        hosts=hosts,
        directory=directory,
    )
    page = OwnPage(
        database=database,
        clock=clock,
        hours=hours,
        space=space,
        pages=pages,
        sessions=sessions,
        directory=directory,
        world=world,
        draw_door=draw_door,
    )
    sisters = (
        []
        if sister_key is None
        else sister_routes(
            sister_key,
            database=database,
            clock=clock,
            hours=hours,
            space=space,
            pages=pages,
            sessions=sessions,
            hosts=hosts,
            directory=directory,
        )
    )
    # `/me/{code}` is the page's: whatever begins like it stands before
    return [*notices.routes(), *receipt.routes(), *photo.routes(), *sisters, *page.routes()]
