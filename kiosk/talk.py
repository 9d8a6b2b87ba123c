"""Keep an uplink running with the papers there are; end it when a host shuts the kiosk out."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from community.wire.messages import BridgeHealth
from kiosk.errors import EnrolmentError
from kiosk.papers import Papers
from kiosk.uplink import Uplink
from plumbing.errors import DatabaseError

log = logging.getLogger(__name__)

AGAIN_S = 5.0
"""Seconds until forgetting is tried again where the disk refused."""


class Talk:
    """The kiosk's conversations with its hub, one after the other."""

    def __init__(
        self,
        uplink: Callable[[], Uplink],
        papers: Papers | None,
        *,
        forget: Callable[[], Awaitable[None]],
        on_shut_out: Callable[[], None],
    ) -> None:
        """Prepare.

        Args:
            uplink: Makes one with the papers as they are.
            papers: `None` for a kiosk the hub never let in.
            forget: Forgets whom the kiosk knows.
            on_shut_out: Called once the kiosk is shut out, at the start too if it was before.
        """
        self._make, self._papers, self._forget, self._on_shut_out = uplink, papers, forget, on_shut_out
        self._uplink: Uplink | None = None
        self._reader = ""
        self._bridge: BridgeHealth | None = None

    def nudge(self) -> None:
        """Say that the log has grown."""
        if self._uplink is not None:
            self._uplink.nudge()

    def reader_is(self, state: str) -> None:
        """Tell the hub how the badge reader does: `ready` or `lost`."""
        self._reader = state
        if self._uplink is not None:
            self._uplink.fares(self._reader, self._bridge)

    def bridge_is(self, health: BridgeHealth | None) -> None:
        """Tell the hub how the door's microcontroller does, if that is news."""
        if health == self._bridge:
            return
        self._bridge = health
        if self._uplink is not None:
            self._uplink.fares(self._reader, self._bridge)

    async def run(self) -> None:
        """Talk until cancelled."""
        papers = self._papers
        if papers is None:
            await self._begin().run()
            return
        if papers.shut_out:
            log.warning("a host shut this kiosk out: it waits for a new code")
        while not papers.shut_out:
            papers.changed.clear()
            async with asyncio.TaskGroup() as group:
                tasks = [
                    group.create_task(self._begin().run(), name="uplink"),
                    group.create_task(papers.watch(), name="papers"),
                ]
                await papers.changed.wait()
                for task in tasks:
                    task.cancel()
        self._on_shut_out()
        if not papers.enrolment.revoked:
            await self._wipe(papers)

    def _begin(self) -> Uplink:
        self._uplink = self._make()
        self._uplink.fares(self._reader, self._bridge)
        return self._uplink

    async def _wipe(self, papers: Papers) -> None:
        """Forget everything, the secrets last: while they are there, a restart tries again."""
        while True:
            try:
                await self._forget()
                papers.forget()
            except (DatabaseError, EnrolmentError) as error:
                log.warning("not everything is forgotten yet: %s", error)
                await asyncio.sleep(AGAIN_S)
            else:
                log.info("whom this kiosk knew, and its secrets, are forgotten")
                return
