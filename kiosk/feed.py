"""Bring the hub's feed home: ask for what is missing, and take it in whole or not at all."""

import logging
from collections.abc import Awaitable, Callable

from community.wire.codec import Unreadable
from community.wire.messages import Erasure, FeedHave, FeedItem, FeedPage
from kiosk.core.pages import Pages
from kiosk.store.directory import DirectoryStore, Forgotten

log = logging.getLogger(__name__)


class Feed:
    """What of the feed is here, and what is to be asked for.  Lives as long as the uplink."""

    def __init__(
        self,
        directory: DirectoryStore,
        ask: Callable[[FeedHave], object],
        stored: Callable[[], Awaitable[None]],
        on_directory: Callable[[tuple[FeedItem, ...]], None],
    ) -> None:
        """Begin with what is stored.

        Args:
            directory: Where it is kept.
            ask: Sends a question to the hub.
            stored: Awaited after each change: whoever was erased may be held elsewhere too.
            on_directory: Gets the whole feed after each change.
        """
        self._directory, self._ask = directory, ask
        self._stored, self._on_directory = stored, on_directory
        self._pages = Pages()

    @property
    def revision(self) -> int:
        """The revision that is stored."""
        return self._directory.revision

    def ask(self, erased: tuple[Erasure, ...] = ()) -> None:
        """Ask for what is missing; tell the hub erasures that it has forgotten."""
        self._ask(FeedHave(self._directory.revision, self._directory.digest, erased))

    async def said(self, page: FeedPage | Unreadable) -> None:
        """Take in a page.

        Raises:
            DatabaseError: It cannot be stored.
        """
        if isinstance(page, Unreadable):
            log.warning("a page of the hub's feed cannot be read: %s", page.reason)
            return
        if page.since not in {0, self._directory.revision}:
            return
        items = self._pages.add(page)
        if items is None:
            return
        found = await self._directory.swap(items, since=page.since, upto=page.upto, digest=self._pages.digest)
        if found is None:
            log.warning("the feed from %s to %s does not add up: asking for all of it", page.since, page.upto)
            if page.since != 0:
                self._ask(FeedHave(0))
            return
        if isinstance(found, Forgotten):
            log.warning(
                "the hub's feed lacks %s erasures it told once: it was restored from a copy, and is told",
                len(found.erasures),
            )
            self.ask(found.erasures)
            return
        await self._stored()
        self._on_directory(found)
