"""Pictures of members: given and taken away on one's own page, and shown to nobody but whom they chose."""

import asyncio
import logging

from sqlalchemy import Connection
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from community.clock import Hours
from community.ids import MemberId
from community.members import Member, Space
from plumbing.clock import Clock
from plumbing.database import Database
from plumbing.words import said
from sync import photos as pictures
from sync.dashboard.forms import file_form, text_of
from sync.dashboard.own_sessions import OwnSessions, asked_for, closed_page, language_of
from sync.dashboard.rendering import Pages
from sync.dashboard.sessions import OldFormError, Sessions
from sync.errors import PhotoError
from sync.photos import LARGEST_BYTES, MEDIA_TYPE
from sync.receipt.receipt import read_met
from sync.store import deeds, directory, feed, photos
from sync.store.deeds import Deed
from sync.store.directory import Directory
from sync.store.photos import Photo

log = logging.getLogger(__name__)

PATH = "/me/photo"
OTHERS = "/me/photos/{member_id}"
FOR_HOSTS = "/photos/{member_id}"

SEE_OTHER, NOT_FOUND, UNPROCESSABLE = 303, 404, 422


class OwnPhoto:
    """Handlers of pictures.  Lives as long as the dashboard."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        hours: Hours,
        space: Space,
        pages: Pages,
        sessions: OwnSessions,
        hosts: Sessions,
        directory: Directory,
    ) -> None:
        """`sessions` are members', `hosts` are hosts'."""
        self._database, self._clock, self._space, self._pages = database, clock, space, pages
        self._sessions, self._hosts, self._directory, self._hours = sessions, hosts, directory, hours

    def routes(self) -> list[Route]:
        """Return where it answers."""
        return [
            Route(PATH, self.mine),
            Route(PATH, self.receive, methods=["POST"]),
            Route(OTHERS, self.for_member),
            Route(FOR_HOSTS, self.for_host),
        ]

    async def mine(self, request: Request) -> Response:
        """Hand a member's own picture over."""
        opened = await self._sessions.opened(request)
        if opened is None:
            return closed_page(self._pages, self._space, request)
        return _answer(await self._database.read(lambda c: photos.photo_of(c, opened.member_id)))

    async def for_member(self, request: Request) -> Response:
        """Hand a picture to another member, if it is for members and the two have met."""
        opened = await self._sessions.opened(request)
        if opened is None:
            return closed_page(self._pages, self._space, request)
        other = MemberId(str(request.path_params["member_id"]))

        def work(connection: Connection) -> Photo | None:
            reader, owner = (directory.member_of(connection, one) for one in (opened.member_id, other))
            photo = photos.photo_of(connection, other)
            agreed = photo is not None and photo.members
            if not (agreed and reader and owner and members_may(owner, reader)):
                return None
            return photo if owner.id in read_met(connection, reader.id, self._hours) else None

        return _answer(await self._database.read(work))

    async def for_host(self, request: Request) -> Response:
        """Hand a picture to a host, if it is for hosts."""
        await self._hosts.required(request)
        member_id = MemberId(str(request.path_params["member_id"]))

        def work(connection: Connection) -> Photo | None:
            owner, photo = directory.member_of(connection, member_id), photos.photo_of(connection, member_id)
            return photo if photo is not None and photo.hosts and owner and hosts_may(owner) else None

        return _answer(await self._database.read(work))

    async def receive(self, request: Request) -> Response:
        """Take a picture, change who sees it, or remove it."""
        opened = await self._sessions.opened(request)
        if opened is None:
            return closed_page(self._pages, self._space, request)
        form = await file_form(request, LARGEST_BYTES)
        try:
            if not self._sessions.is_ours(opened, text_of(form, "form_token")):
                raise OldFormError
            sent = form.get("photo")
            content = await sent.read() if isinstance(sent, UploadFile) and sent.filename else b""
        finally:
            await form.close()
        image = b""
        if content and text_of(form, "do") != "remove":
            try:
                image = await asyncio.to_thread(pictures.prepared, content)
            except PhotoError as error:
                log.info("a picture could not be taken in")
                return await self._refused(request, opened.member_id, error)
        remove = text_of(form, "do") == "remove"
        hosts, members = (text_of(form, f"photo_{who}") == "yes" for who in ("hosts", "members"))
        at_us = self._clock.now_us()

        def work(connection: Connection) -> int:
            before = photos.photo_of(connection, opened.member_id)
            shown = image or (b"" if before is None else before.image)
            if remove:
                photos.forget(connection, opened.member_id)
            elif shown and directory.member_of(connection, opened.member_id) is not None:
                photos.put(connection, opened.member_id, Photo(shown, hosts, members))
            if before is not None or shown:
                deeds.note(connection, at_us, Deed.OWN_PAGE, "", opened.member_id)
            return feed.revision(connection)

        await self._directory.change(work)
        return RedirectResponse(f"/me?said=photo{asked_for(request, self._pages.languages)}#photo", SEE_OTHER)

    async def _refused(self, request: Request, member_id: MemberId, error: PhotoError) -> Response:
        member = await self._database.read(lambda c: directory.member_of(c, member_id))
        if member is None:
            return closed_page(self._pages, self._space, request)
        language = language_of(request, member, self._pages.languages)
        page = self._pages.render(
            "own_photo_refused.html",
            language,
            space=self._space,
            problem=said(error, self._pages.words[language].gettext),
        )
        return Response(page, UNPROCESSABLE, media_type="text/html")


def members_may(owner: Member, reader: Member) -> bool:
    """Say whether another member, whom they met, may see a picture that is for members."""
    return owner.visibility.members and not owner.avoids(reader)


def hosts_may(owner: Member) -> bool:
    """Say whether hosts may see a picture that is for hosts."""
    return owner.visibility.hosts


def _answer(photo: Photo | None) -> Response:
    if photo is None:
        raise HTTPException(NOT_FOUND)
    return Response(photo.image, media_type=MEDIA_TYPE, headers={"cache-control": "no-store, private"})
