"""Put the hosts' dashboard together as one ASGI application."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope
from typing_extensions import override

from community.badges import BadgeKey
from community.members import Space
from plumbing.clock import Clock
from plumbing.database import Database
from plumbing.errors import DatabaseError
from plumbing.signing import SigningKey
from sync.dashboard.accounts import PATH as ACCOUNTS
from sync.dashboard.accounts import AccountsPage
from sync.dashboard.badges import LABELS, LEVEL, BadgesPage
from sync.dashboard.badges import PATH as BADGES
from sync.dashboard.board import Board
from sync.dashboard.care import care_routes
from sync.dashboard.doors import Doors
from sync.dashboard.first_host import FirstHostCode
from sync.dashboard.forgetting import PATH as RETENTION
from sync.dashboard.forgetting import RetentionPage
from sync.dashboard.guard import Guard
from sync.dashboard.guests import MET, GuestsPart
from sync.dashboard.importing import FILE as IMPORT_FILE
from sync.dashboard.importing import PATH as IMPORT
from sync.dashboard.importing import ImportPage
from sync.dashboard.introductions import Tables
from sync.dashboard.kiosks import PATH as KIOSKS
from sync.dashboard.kiosks import KiosksPage
from sync.dashboard.machines import ALONE, Outward
from sync.dashboard.machines import routes as machine_routes
from sync.dashboard.member import PATH as MEMBER
from sync.dashboard.member import MemberPage
from sync.dashboard.members import MembersPage
from sync.dashboard.metrics import Metrics
from sync.dashboard.notices import NoticesPage
from sync.dashboard.overview import overview_routes
from sync.dashboard.own_preview import DrawDoor
from sync.dashboard.own_routes import own_routes
from sync.dashboard.own_sessions import OwnSessions
from sync.dashboard.pages import HostPages
from sync.dashboard.passkeys import PasskeysPart
from sync.dashboard.quarantine import PATH as QUARANTINE
from sync.dashboard.quarantine import QuarantinePage
from sync.dashboard.rendering import LOCALE, STATIC, Pages
from sync.dashboard.roll_call import PATH as ROLL_CALL
from sync.dashboard.roll_call import RollCall
from sync.dashboard.sections import Sections
from sync.dashboard.sessions import LoginNeededError, NotAllowedError, OldFormError, Sessions
from sync.dashboard.stream import Stream
from sync.dashboard.trouble import Trouble
from sync.dashboard.world import World
from sync.gate import Gate
from sync.live import Live
from sync.meters import Meters
from sync.passes import Passes
from sync.presence import Presence
from sync.publishing import Publishing
from sync.store.directory import Directory
from sync.store.log import Stored


def create_app(
    *,
    database: Database,
    presence: Presence,
    live: Live,
    clock: Clock,
    space: Space,
    on_code: Callable[[str], None],
    directory: Directory,
    introductions: Tables,
    took_in: Callable[[Sequence[Stored]], None] = lambda _stored: None,
    meters: Meters | None = None,
    metrics_token: str = "",
    gate: Gate | None = None,
    https: bool = False,
    demo_token: str | None = None,
    badge_key: BadgeKey | None = None,
    passes: Passes | None = None,
    publishing: Publishing | None = None,
    parse_uid: Callable[[str], bytes] | None = None,
    draw_door: DrawDoor | None = None,
    taps_days: int = 90,
    outward: Outward = ALONE,
    sister_key: SigningKey | None = None,
    locale: Path = LOCALE,
) -> Starlette:
    """Return the application; it does nothing before its lifespan begins.

    Args:
        database: Migrated.  Read and written through its own threads.
        presence: Who is in; only asked, never changed.
        live: Rung by whoever changes what the page shows.  Close it before the web server
            stops, or open streams hold the server back.
        clock: The machine's clocks.
        space: What the place is called; zone and closing time are those of `presence`.
        on_code: Shows the first host's one-time code on the console; called when the lifespan
            begins while there is no host, and again after five wrong tries.
        directory: Members and badges; the hub's own, so that kiosks hear of every change.
        introductions: The hub's own: asked for today's pairs, told to open a table.
        took_in: Told of events that come out of the quarantine or from a host's hand, as of any others.
        meters: What the hub counts of itself; without them every counter is 0.
        metrics_token: Lets machines elsewhere read `/metrics`; empty for this machine only.
        gate: Lets kiosks in and shuts them out; without it the page of kiosks only shows them.
        https: Whether browsers come by https, also behind a proxy: cookies are then bound to it.
        demo_token: Lets GET requests in that carry it as `Authorization: Bearer`.  For the
            demo's own count without a person, on loopback; never set it elsewhere.
        badge_key: The space's: PINs are hashed with it; without it none can be set.
        passes: Takes the codes that open members' own pages; without it there are none.
        publishing: What anybody on the net may ask; without it nothing.
        parse_uid: Reads the number of a badge as somebody wrote it; without it members cannot be imported.
        draw_door: Draws what screens at the door show of a member, for their own page.
        outward: What the running hub does for webhooks.
        sister_key: Signs letters to sister spaces; without it, or without `passes`, there are none.
        taps_days: How long raw taps are kept, as the page of what is let go of says it.
        locale: Holds the languages; those shipped, unless somebody tries out another.
    """
    pages = Pages(presence.hours.zone, locale)
    sessions = Sessions(
        database=database,
        live=live,
        clock=clock,
        https=https,
        demo_token=demo_token,
        languages=pages.languages,
    )
    sections = Sections(database=database, presence=presence, live=live, clock=clock, pages=pages)
    passkeys = PasskeysPart(database=database, clock=clock, sessions=sessions, https=https)
    doors = Doors(
        database=database,
        clock=clock,
        pages=pages,
        sessions=sessions,
        code=FirstHostCode(on_code),
        passkeys=passkeys,
    )
    hosts = HostPages(
        database=database,
        presence=presence,
        live=live,
        clock=clock,
        space=space,
        pages=pages,
        sessions=sessions,
        sections=sections,
        directory=directory,
    )
    guests = GuestsPart(database=database, live=live, clock=clock, sessions=sessions, sections=sections)
    members = MembersPage(
        database=database, clock=clock, space=space, pages=pages, sessions=sessions, directory=directory
    )
    member = MemberPage(
        database=database,
        clock=clock,
        space=space,
        pages=pages,
        sessions=sessions,
        directory=directory,
        badge_key=badge_key,
    )
    space_badges = BadgesPage(
        database=database, clock=clock, space=space, pages=pages, sessions=sessions, directory=directory
    )
    overview = overview_routes(
        database=database,
        presence=presence,
        clock=clock,
        space=space,
        pages=pages,
        sessions=sessions,
        tables=introductions,
        taps_days=taps_days,
    )
    forgetting = RetentionPage(
        database=database, clock=clock, space=space, taps_days=taps_days, pages=pages, sessions=sessions
    )
    quarantine = QuarantinePage(
        database=database,
        live=live,
        clock=clock,
        space=space,
        pages=pages,
        sessions=sessions,
        took_in=took_in,
    )
    doorkeeping = KiosksPage(
        database=database, live=live, clock=clock, space=space, pages=pages, sessions=sessions, gate=gate
    )
    accounts = AccountsPage(
        database=database,
        live=live,
        clock=clock,
        space=space,
        pages=pages,
        sessions=sessions,
        passkeys=passkeys,
    )
    board = Board(
        database=database, presence=presence, clock=clock, space=space, pages=pages, sessions=sessions
    )
    roll_call = RollCall(
        database=database, presence=presence, clock=clock, space=space, pages=pages, sessions=sessions
    )
    metrics = Metrics(
        database=database,
        clock=clock,
        meters=meters or Meters(),
        token=metrics_token,
        behind_proxy=https,
    )
    stream = Stream(live=live, clock=clock, pages=pages, sessions=sessions, sections=sections)
    notices = NoticesPage(
        database=database, live=live, clock=clock, space=space, pages=pages, sessions=sessions
    )
    own: list[Route] = []
    own_sessions = None
    if passes is not None:
        own_sessions = OwnSessions(database=database, clock=clock, passes=passes, https=https)
        own = own_routes(
            database=database,
            presence=presence,
            live=live,
            clock=clock,
            space=space,
            pages=pages,
            sessions=own_sessions,
            hosts=sessions,
            directory=directory,
            world=publishing is not None and publishing.spaceapi.publish,
            draw_door=draw_door,
            sister_key=sister_key,
        )
    world = None
    if publishing is not None:
        world = World(
            publishing,
            database=database,
            presence=presence,
            clock=clock,
            meters=meters or Meters(),
            space=space,
            pages=pages,
        )
    imports = None
    machines: list[BaseRoute] = []
    if badge_key is not None and parse_uid is not None:
        imports = ImportPage(
            database=database,
            clock=clock,
            hours=presence.hours,
            space=space,
            pages=pages,
            sessions=sessions,
            directory=directory,
            key=badge_key,
            parse_uid=parse_uid,
        )
        machines = machine_routes(
            outward,
            database=database,
            clock=clock,
            presence=presence,
            directory=directory,
            space=space,
            pages=pages,
            sessions=sessions,
            key=badge_key,
            parse_uid=parse_uid,
        )
    care = care_routes(
        database=database,
        presence=presence,
        live=live,
        clock=clock,
        space=space,
        pages=pages,
        sessions=sessions,
        own_sessions=own_sessions,
        directory=directory,
        tables=introductions,
        took_in=took_in,
    )
    trouble = Trouble(pages, sessions)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await doors.start()
        yield
        live.close()
        if imports is not None:
            imports.close()

    return Starlette(
        routes=[
            Route("/", hosts.now),
            Route("/live", stream.live),
            Route("/members", members.show),
            Route("/members", members.receive, methods=["POST"]),
            Route(MEMBER, member.show),
            Route(MEMBER, member.receive, methods=["POST"]),
            Route(BADGES, space_badges.show),
            Route(LEVEL, space_badges.set_level, methods=["POST"]),
            Route(LABELS, space_badges.labels, methods=["POST"]),
            Route(ROLL_CALL, roll_call.show),
            Route(ROLL_CALL, roll_call.open, methods=["POST"]),
            Route(RETENTION, forgetting.show),
            *overview,
            Route(QUARANTINE, quarantine.show),
            Route(QUARANTINE, quarantine.receive, methods=["POST"]),
            Route(KIOSKS, doorkeeping.show),
            Route(KIOSKS, doorkeeping.receive, methods=["POST"]),
            Route(ACCOUNTS, accounts.show),
            Route(ACCOUNTS, accounts.receive, methods=["POST"]),
            Route("/password", accounts.change_password, methods=["POST"]),
            Route("/record", accounts.record),
            Route("/board", board.show),
            Route(MET, guests.met, methods=["POST"]),
            Route("/badges/link", hosts.link, methods=["POST"]),
            Route("/language", hosts.language, methods=["POST"]),
            Route("/login", doors.login),
            Route("/login", doors.log_in, methods=["POST"]),
            Route("/login/passkey/ask", doors.ask_passkey, methods=["POST"]),
            Route("/login/passkey", doors.log_in_with_passkey, methods=["POST"]),
            *passkeys.routes(),
            Route("/welcome", doors.welcome),
            Route("/welcome", doors.make_first_host, methods=["POST"]),
            Route("/join", doors.join),
            Route("/join", doors.make_account, methods=["POST"]),
            Route("/logout", doors.log_out, methods=["POST"]),
            Route("/logout-everywhere", doors.log_out_everywhere, methods=["POST"]),
            Route("/api/present", hosts.present),
            Route("/health", hosts.health),
            Route("/healthz", metrics.alive),
            Route("/readyz", metrics.ready),
            Route("/metrics", metrics.metrics),
            *notices.routes(),
            *care,
            *own,
            *([] if world is None else world.routes()),
            *machines,
            *([] if imports is None else _import_routes(imports)),
            Mount("/static", _Static(directory=STATIC)),
        ],
        middleware=[Middleware(Guard, https=https, say=trouble.say)],
        exception_handlers={
            LoginNeededError: trouble.to_login,
            NotAllowedError: trouble.not_allowed,
            OldFormError: trouble.old_form,
            DatabaseError: trouble.no_database,
            HTTPException: trouble.not_so,
            Exception: trouble.broken,
        },
        lifespan=lifespan,
    )


def _import_routes(imports: ImportPage) -> list[Route]:
    return [
        Route(IMPORT, imports.show),
        Route(IMPORT, imports.receive, methods=["POST"]),
        Route(IMPORT_FILE, imports.take_file, methods=["POST"]),
    ]


class _Static(StaticFiles):
    """Our files, whose addresses change when they do: a browser may keep them."""

    @override
    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = "public, max-age=31536000, immutable"
        return response
