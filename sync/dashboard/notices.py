"""The page of notices: where hosts are told of troubles, and through which channel members' e-mail goes.

An address holds a secret: it is typed here, and never shown again.
"""

from enum import Enum

from sqlalchemy import Connection
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from community.members import Space
from plumbing.clock import Clock
from plumbing.database import Database
from sync.dashboard.forms import sent_by_host, text_of
from sync.dashboard.rendering import Pages
from sync.dashboard.roles import Role
from sync.dashboard.sessions import Sessions, Visitor
from sync.live import Live
from sync.notices import addresses
from sync.notices.kinds import FOR_HOSTS, Kind
from sync.profiles import clean
from sync.store import deeds, notices
from sync.store import notice_outbox as outbox
from sync.store.deeds import Deed
from sync.views.notices import read_channels

PATH = "/notices"
SEE_OTHER = 303
UNPROCESSABLE = 422
MOST_FIELDS = 12
"""Fields of the form of a channel: a tick for each kind, and the rest."""

LONGEST_NUMBER = 9
"""Digits in a channel's number, in the database and in a form."""


class Said(Enum):
    """What the page says after a form."""

    ADDED = "added"
    KEPT = "kept"
    REMOVED = "removed"
    TESTED = "tested"
    GONE = "gone"
    """Somebody else was faster; nothing was changed."""
    MANY = "many"
    """There are as many channels as there may be."""
    ADDRESS = "address"
    """It is no address we speak."""
    MAIL = "mail"
    """It is a bare e-mail address: whoever sends through it, with what password, is not said."""


class NoticesPage:
    """Handlers of `/notices`.  Lives as long as the dashboard."""

    def __init__(
        self,
        *,
        database: Database,
        live: Live,
        clock: Clock,
        space: Space,
        pages: Pages,
        sessions: Sessions,
    ) -> None:
        self._database, self._live, self._clock = database, live, clock
        self._space, self._pages, self._sessions = space, pages, sessions

    def routes(self) -> list[Route]:
        """Return the page's addresses."""
        return [Route(PATH, self.show), Route(PATH, self.receive, methods=["POST"])]

    async def show(self, request: Request) -> Response:
        """Show the channels, without their addresses, and how the last notice through each went."""
        visitor = await self._sessions.required(request)
        said = request.query_params.get("said", "")
        return await self._page(visitor, said if said in {each.value for each in Said} else "")

    async def receive(self, request: Request) -> Response:
        """Do what an administrator asked for."""
        visitor, form = await sent_by_host(self._sessions, request, MOST_FIELDS)
        number = text_of(form, "channel")
        channel = int(number) if number.isdecimal() and len(number) <= LONGEST_NUMBER else 0
        match text_of(form, "do"):
            case "add":
                said = await self._add(visitor, form)
            case "keep":
                said = await self._keep(visitor, form, channel)
            case "remove":
                said = await self._remove(visitor, channel)
            case "test":
                said = await self._test(channel)
            case _:
                said = Said.GONE
        if said in {Said.ADDRESS, Said.MAIL}:
            return await self._page(visitor, said.value, form)
        self._live.changed()
        return RedirectResponse(f"{PATH}?said={said.value}", SEE_OTHER)

    async def _add(self, visitor: Visitor, form: FormData) -> Said:
        address = addresses.space_address(text_of(form, "address"))
        if address is None:
            return Said.MAIL if addresses.is_mail(text_of(form, "address").strip()) else Said.ADDRESS
        name = clean(text_of(form, "name"))[: notices.LONGEST_NAME] or addresses.service_of(address)
        at_us, kinds = self._clock.now_us(), [kind.value for kind in FOR_HOSTS]
        language = visitor.language

        def work(connection: Connection) -> Said:
            before = notices.every_channel(connection)
            channel = notices.add_channel(connection, name, address, kinds, language)
            if channel is None:
                return Said.MANY
            if addresses.carries_mail(address) and not any(each.mail for each in before):
                notices.set_kinds(connection, channel, kinds, language, mail=True)
            deeds.note(connection, at_us, Deed.CHANNEL_ADDED, visitor.login, str(channel))
            return Said.ADDED

        return await self._database.write(work)

    async def _keep(self, visitor: Visitor, form: FormData, number: int) -> Said:
        kinds = [kind.value for kind in FOR_HOSTS if text_of(form, kind.value) == "yes"]
        language, mail, at_us = (
            text_of(form, "language"),
            text_of(form, "mail") == "yes",
            self._clock.now_us(),
        )

        def work(connection: Connection) -> Said:
            channel = next((each for each in notices.every_channel(connection) if each.id == number), None)
            if channel is None or language not in self._pages.languages:
                return Said.GONE
            carries = mail and addresses.carries_mail(channel.address)
            notices.set_kinds(connection, number, kinds, language, mail=carries)
            deeds.note(connection, at_us, Deed.CHANNEL_CHANGED, visitor.login, str(number))
            return Said.KEPT

        return await self._database.write(work)

    async def _remove(self, visitor: Visitor, number: int) -> Said:
        at_us = self._clock.now_us()

        def work(connection: Connection) -> Said:
            if not notices.remove_channel(connection, number):
                return Said.GONE
            deeds.note(connection, at_us, Deed.CHANNEL_REMOVED, visitor.login, str(number))
            return Said.REMOVED

        return await self._database.write(work)

    async def _test(self, number: int) -> Said:
        at_us = self._clock.now_us()

        def work(connection: Connection) -> Said:
            if all(each.id != number for each in notices.every_channel(connection)):
                return Said.GONE
            key = f"{Kind.TEST.value}:{number}:{at_us}"
            outbox.put(connection, key, Kind.TEST.value, at_us, channel_id=number)
            return Said.TESTED

        return await self._database.write(work)

    async def _page(self, visitor: Visitor, said: str, typed: FormData | None = None) -> Response:
        channels, given_up = await self._database.read(lambda c: (read_channels(c), outbox.given_up(c)))
        page = self._pages.render(
            "notices.html",
            visitor.language,
            space=self._space,
            back=PATH,
            at=self._clock.at(),
            said=said,
            channels=channels,
            given_up=given_up,
            kinds=[kind.value for kind in FOR_HOSTS],
            may_change=visitor.role is Role.ADMIN,
            may_add=len(channels) < notices.MOST_CHANNELS,
            name="" if typed is None else text_of(typed, "name"),
            # a bare e-mail address is no secret; every other may hold one, and is not sent back
            address=text_of(typed, "address") if typed is not None and said == Said.MAIL.value else "",
            examples={"ntfy": f"{addresses.NTFY}a-name-nobody-guesses", **addresses.EXAMPLES},
            examples_beside=(addresses.MAIL_EXAMPLE, addresses.PROGRAM_EXAMPLE),
            longest_name=notices.LONGEST_NAME,
            longest_address=addresses.LONGEST,
            form_token=visitor.form_token,
        )
        return HTMLResponse(page, 200 if typed is None else UNPROCESSABLE)
