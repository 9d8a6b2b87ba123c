"""Badges of a member: link one by the number on it, say that it is lost or revoked, take it away.

A number goes in and never comes out: what stands for a badge is its keyed hash.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

import msgspec
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from community.badges import BadgeHash, BadgeKey, BadgeStatus
from community.ids import MemberId
from community.proofs import Level
from plumbing.clock import Clock
from plumbing.database import Database
from plumbing.words import Sentence, sentence_of
from sync.api.access import Access, sent_body
from sync.api.members import KIND, PREFIX, known, member_of, written, written_if
from sync.api.problems import Fault, RefusedError, Trouble
from sync.api.scopes import Scope
from sync.errors import BadgeTakenError
from sync.store import directory
from sync.store.deeds import Deed
from sync.store.directory import Directory
from sync.views.members import OwnBadge, read_badges

DEEDS = {
    BadgeStatus.ACTIVE: Deed.BADGE_ACTIVE,
    BadgeStatus.LOST: Deed.BADGE_LOST,
    BadgeStatus.REVOKED: Deed.BADGE_REVOKED,
}


class Number(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A badge to link."""

    uid: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    """Its number, as a members file may write it."""


class Standing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a badge is to stand."""

    status: BadgeStatus


class Held(msgspec.Struct, frozen=True):
    """A badge as programs read it."""

    badge: BadgeHash
    code: str
    status: BadgeStatus
    level: Level
    label: str
    linked: datetime


class HeldBadges(msgspec.Struct, frozen=True):
    """All of a member's."""

    badges: tuple[Held, ...]


class Badges:
    """Handlers of `/api/v1/members/…/badges`.  Lives as long as the API."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        directory: Directory,
        access: Access,
        key: BadgeKey,
        parse_uid: Callable[[str], bytes],
    ) -> None:
        """Prepare; `key` is the space's, `parse_uid` reads the number of a badge as somebody wrote it."""
        self._database, self._clock, self._directory, self._access = database, clock, directory, access
        self._key, self._parse_uid = key, parse_uid

    async def every(self, request: Request) -> Response:
        """List a member's badges, linked last first."""
        await self._access.let_in(request, Scope.MEMBERS_READ)
        member_id = member_of(request)

        def work(connection: Connection) -> tuple[Held, ...]:
            known(connection, member_id)
            return tuple(_held(badge) for owner, badge in read_badges(connection) if owner == member_id)

        held = await self._database.read(work)
        return Response(msgspec.json.encode(HeldBadges(held)), media_type=KIND)

    async def link(self, request: Request) -> Response:
        """Link a badge; one that is this member's already stays as it is, lost ones too."""
        caller = await self._access.let_in(request, Scope.BADGES_WRITE)
        member_id = member_of(request)
        badge = self._hashed(await sent_body(request, Number))
        linked_us = self._clock.now_us()

        def work(connection: Connection) -> Held:
            known(connection, member_id)
            theirs = _find(connection, member_id, badge)
            if theirs is None:
                try:
                    directory.link(connection, badge, member_id, linked_us)
                except BadgeTakenError as error:
                    raise RefusedError(Trouble.TAKEN) from error
            return _needed(connection, member_id, badge)

        held = await written(self._directory, self._clock, caller, Deed.BADGE_LINKED, badge, work)
        place = f"{PREFIX}/members/{member_id}/badges/{badge}"
        return Response(msgspec.json.encode(held), 201, {"location": place}, media_type=KIND)

    async def stand(self, request: Request) -> Response:
        """Revoke a badge, say that it is lost, or let it work again."""
        caller = await self._access.let_in(request, Scope.BADGES_WRITE)
        member_id, badge = member_of(request), BadgeHash(str(request.path_params["badge"]))
        status = (await sent_body(request, Standing)).status

        def work(connection: Connection) -> tuple[Held, Deed | None]:
            before = _needed(connection, member_id, badge)
            if before.status is status:
                return before, None
            directory.set_status(connection, badge, status)
            return _needed(connection, member_id, badge), DEEDS[status]

        held = await written_if(self._directory, self._clock, caller, badge, work)
        return Response(msgspec.json.encode(held), media_type=KIND)

    async def unlink(self, request: Request) -> Response:
        """Make a badge nobody's: it is unknown at the door from then on."""
        caller = await self._access.let_in(request, Scope.BADGES_WRITE)
        member_id, badge = member_of(request), BadgeHash(str(request.path_params["badge"]))

        def work(connection: Connection) -> None:
            _needed(connection, member_id, badge)
            directory.unlink(connection, badge)

        await written(self._directory, self._clock, caller, Deed.BADGE_UNLINKED, badge, work)
        return Response(status_code=204)

    def _hashed(self, number: Number) -> BadgeHash:
        try:
            return self._key.hash(self._parse_uid(number.uid))
        except ValueError as error:
            raise RefusedError(Trouble.INVALID, faults=[Fault("#/uid", sentence_of(error))]) from error


def _find(connection: Connection, member_id: MemberId, badge: BadgeHash) -> Held | None:
    found = read_badges(connection)
    return next((_held(b) for owner, b in found if owner == member_id and b.badge == badge), None)


def _needed(connection: Connection, member_id: MemberId, badge: BadgeHash) -> Held:
    known(connection, member_id)
    held = _find(connection, member_id, badge)
    if held is None:
        raise RefusedError(Trouble.NOT_FOUND, Sentence("this member has no such badge"))
    return held


def _held(badge: OwnBadge) -> Held:
    return Held(badge.badge, badge.code, badge.status, badge.must, badge.label, badge.linked)
