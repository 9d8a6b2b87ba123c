"""Let a kiosk in by a code that is typed on its own screen.

A shell: it shows, asks the hub beside the event loop, and keeps what the hub gives.  Lives until it did.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

from kiosk import enrolment
from kiosk.core.pairing import Given, Place, Typed, press, typing_of
from kiosk.core.sentences import Words
from kiosk.enrolment import Enrolment
from kiosk.errors import EnrolmentError
from kiosk.scene import Screen

log = logging.getLogger(__name__)


class Pairing:
    """The screen on which the code is typed."""

    def __init__(
        self,
        hub: str,
        folder: Path,
        place: Callable[[], Place],
        languages: Sequence[Words],
        *,
        clock_is_right: Callable[[], bool],
    ) -> None:
        """Prepare.

        Args:
            hub: The hub's address.
            folder: Where what it gives is kept.
            place: Asks the machine what it is called, and where it is found.
            languages: The words of the screen's two.
            clock_is_right: Whether the dates of certificates can be judged.
        """
        self._hub, self._folder, self._place, self._languages = hub, folder, place, languages
        self._clock_is_right = clock_is_right
        self._keys: asyncio.Queue[str] = asyncio.Queue()

    def press(self, key: str) -> None:
        """Take a key or touch from the screen; on the event loop."""
        self._keys.put_nowait(key)

    async def run(self, screen: Screen) -> Enrolment:
        """Show what is typed until the hub has let the kiosk in."""
        typed = Typed()
        while True:
            self._show(screen, typed)
            after = press(typed, await self._keys.get())
            if not isinstance(after, Given):
                typed = after
                continue
            self._show(screen, after.typed)
            given = await self._ask(after)
            if isinstance(given, Enrolment):
                return given
            typed = given
            while not self._keys.empty():  # whoever pressed OK twice meant it once
                self._keys.get_nowait()

    async def _ask(self, given: Given) -> Enrolment | Typed:
        """Ask the hub, and keep what it gives; what was typed, to be mended, if it gives nothing."""

        def work() -> Enrolment:
            done = enrolment.enrol(
                self._hub,
                given.code,
                program=version("foyer-kiosk"),
                clock_is_right=self._clock_is_right(),
            )
            enrolment.keep(self._folder, done)
            return done

        try:
            done = await asyncio.to_thread(work)
        except EnrolmentError as error:
            log.warning("this kiosk is not let in: %s", error)
            return Typed(given.typed.letters, fault=error.fault)
        log.info("this kiosk is let in as %s of the space %s", done.kiosk, done.space)
        return done

    def _show(self, screen: Screen, typed: Typed) -> None:
        first, second = self._languages
        screen.show(typing_of(typed, self._place(), first, second))
