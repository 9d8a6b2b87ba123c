"""Trying until a database that refuses does it: after a while, each twice as long as the one before."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from plumbing.errors import DatabaseError

FIRST_S, LAST_S = 0.5, 30.0
"""Waiting for a database that refuses doubles from the first to the last."""

Result = TypeVar("Result")


class Patience:
    """What one running part does while it is refused.  Keeps nothing from one piece of work to the next."""

    def __init__(
        self,
        log: logging.Logger,
        refused: str,
        again: str,
        *,
        mistaken: str = "",
        first_s: float = FIRST_S,
    ) -> None:
        """Prepare the sentences.

        Args:
            log: Where they go: the first refusal loudly, its repeats quietly.
            refused: Said of each refusal; `%s` stands for what the database said.
            again: Said once it does the work after all.
            mistaken: Said, with where it happened, of a mistake of ours, which is then tried again like a
                refusal; empty to let mistakes through.
            first_s: Seconds before the second try; above 0.
        """
        self._log = log
        self._refused = refused
        self._again = again
        self._mistaken = mistaken
        self._first_s = first_s

    async def until_done(self, work: Callable[[], Awaitable[Result]]) -> Result:
        """Try until it is done, and return what came of it."""
        delay_s, failed = self._first_s, False
        while True:
            try:
                result = await work()
            except DatabaseError as error:
                self._log.log(logging.DEBUG if failed else logging.WARNING, self._refused, error)
            except Exception:
                if not self._mistaken:
                    raise
                self._log.exception(self._mistaken)
            else:
                if failed:
                    self._log.info(self._again)
                return result
            failed = True
            await asyncio.sleep(delay_s)
            delay_s = min(delay_s * 2, LAST_S)
