"""With what this kiosk comes in and signs, and what the hub orders about it."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

import msgspec

from community.wire.codec import Unreadable
from community.wire.messages import EventBatch, Order
from community.wire.seal import what_is_signed
from kiosk.enrolment import Enrolment, is_revoked, keep
from kiosk.errors import EnrolmentError
from plumbing.signing import ALGORITHM, SigningKey

log = logging.getLogger(__name__)

REFUSED = "the broker refused"
"""How the line says that it was not let in."""

ASK_S = 60.0
"""Seconds between two questions to the hub whether this kiosk was shut out."""


class Papers:
    """The kiosk's papers.  On the event loop; live as long as the kiosk."""

    def __init__(
        self,
        folder: Path,
        enrolment: Enrolment,
        *,
        clock_is_right: Callable[[], bool],
        now_s: Callable[[], float],
    ) -> None:
        """Take what the file holds.

        Args:
            folder: Where the file is.
            enrolment: What it holds.
            clock_is_right: Whether the dates of certificates can be judged.
            now_s: Monotonic seconds.
        """
        self._folder, self._clock_is_right, self._now_s = folder, clock_is_right, now_s
        self._key = SigningKey(enrolment.private_key) if enrolment.private_key else None
        self.enrolment = enrolment
        self.shut_out = enrolment.revoked
        """Whether a host took them away."""
        self.changed = asyncio.Event()
        """Set when there is another way in, or none."""
        self._refused = asyncio.Event()
        self._asked_s: float | None = None

    @property
    def credential(self) -> int:
        """Which of the kiosk's passwords it comes in with."""
        return self.enrolment.credential

    def seal(self, batch: EventBatch) -> EventBatch:
        """Return the batch, signed."""
        if self._key is None:
            return batch
        unsigned = msgspec.structs.replace(batch, alg=ALGORITHM)
        signed = what_is_signed(self.enrolment.space, self.enrolment.kiosk, unsigned)
        return msgspec.structs.replace(unsigned, sig=self._key.sign(signed))

    def sign(self, message: bytes) -> bytes:
        """Return the kiosk's signature of a message; empty for one that was shut out."""
        return b"" if self._key is None else bytes.fromhex(self._key.sign(message))

    def ordered(self, order: Order | Unreadable) -> None:
        """Do what the hub says: come in with another password, or no more."""
        if isinstance(order, Unreadable):
            log.warning("an order of the hub cannot be read: %s", order.reason)
        elif order.revoked:
            self._end()
        elif order.credential > self.credential and order.username and order.password:
            renewed = msgspec.structs.replace(
                self.enrolment,
                username=order.username,
                password=order.password,
                credential=order.credential,
            )
            try:
                keep(self._folder, renewed)
            except EnrolmentError as error:  # the old password is good until the new one is used
                log.warning("the new password cannot be kept: %s", error)
                return
            log.info("the hub gave a new password, number %s", order.credential)
            self.enrolment = renewed
            self.changed.set()

    def line_lost(self, reason: str) -> None:
        """Take note why the line is down: whoever is refused asks the hub why."""
        if reason.startswith(REFUSED):
            self._refused.set()

    async def watch(self) -> None:
        """Ask the hub, now and then while the broker refuses, whether a host shut this kiosk out."""
        while not self.shut_out:
            await self._refused.wait()
            self._refused.clear()
            if self._asked_s is not None and self._now_s() - self._asked_s < ASK_S:
                continue
            self._asked_s = self._now_s()
            try:
                revoked = await asyncio.to_thread(
                    is_revoked, self.enrolment, clock_is_right=self._clock_is_right()
                )
            except EnrolmentError as error:
                log.warning("the broker refuses this kiosk, and the hub does not say why: %s", error)
                continue
            if revoked:
                self._end()

    def forget(self) -> None:
        """Put every secret away for good.

        Raises:
            EnrolmentError: The file cannot be written.
        """
        keep(self._folder, self.enrolment.without_secrets)
        self.enrolment, self._key = self.enrolment.without_secrets, None

    def _end(self) -> None:
        if not self.shut_out:
            log.warning("a host shut this kiosk out: it forgets whom it knows, and keeps what was not sent")
            self.shut_out = True
            self.changed.set()
