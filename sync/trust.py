"""Whether a batch comes from the kiosk it says it comes from, and follows what came before.

Decided inside the caller's transaction.  What is doubted goes to the quarantine whole, where a host can
read and release it, and moves no cursor: the kiosk keeps its events and sends them again, and whoever only
pretends to be that kiosk cannot have it believe that they are safe here.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, func, select

from community.ids import HUB, Epoch, KioskId, SpaceId
from community.wire.codec import Unreadable, content_hash, decode, encode
from community.wire.messages import Cursor, EventBatch, EventKey
from community.wire.seal import what_is_signed
from plumbing.inserts import insert_ignoring
from plumbing.signing import ALGORITHM, is_signed
from sync.store import cursors
from sync.store.batches import read_batch
from sync.store.credentials import Keys, keys_of
from sync.store.cursors import Asked
from sync.store.log import Arrived, Strange
from sync.store.quarantine import DOUBT
from sync.store.schema import breaks, events, quarantine

log = logging.getLogger(__name__)

STRANGER = f"{DOUBT}its kiosk was never let in by this hub"
SHUT_OUT = f"{DOUBT}its kiosk was shut out"
UNSIGNED = f"{DOUBT}it is not signed, though its kiosk has a key"
FORGED = f"{DOUBT}its signature is not that of its kiosk"
NOT_THE_HUB = f"{DOUBT}no kiosk may be called as the hub's own log is"

MOST_DOUBTED = 100
"""Doubted batches kept of one kiosk: an honest one sends them again, another must not fill the disk."""

_key = msgspec.json.Decoder(EventKey)


@dataclass(frozen=True, slots=True)
class _Link:
    kiosk: KioskId
    epoch: Epoch
    number: int
    before: str
    oldest: int


class Trust:
    """What is believed in one space.  Lives as long as the hub."""

    def __init__(self, space: SpaceId, *, strangers: bool = True) -> None:
        """Prepare.

        Args:
            space: The space's id.
            strangers: Whether kiosks that were never let in are believed.
        """
        self._space, self._strangers = space, strangers

    def judge(self, connection: Connection, kiosks: Iterable[KioskId]) -> "Judge":
        """Return who judges the batches of these kiosks, for the length of a transaction."""
        return Judge(connection, self._space, keys_of(connection, kiosks), strangers=self._strangers)


class Judge:
    """Judges batches one after the other, and then how they follow one another."""

    def __init__(
        self,
        connection: Connection,
        space: SpaceId,
        keys: Mapping[KioskId, Keys],
        *,
        strangers: bool,
    ) -> None:
        self._connection, self._space, self._keys, self._strangers = connection, space, keys, strangers
        self._links: list[_Link] = []

    def read(self, kiosk: KioskId, payload: bytes) -> tuple[Arrived | Strange | Asked, ...]:
        """Return what is in a batch, or the batch itself as one strange thing if it is not believed.

        Nothing at all is returned once too much of a kiosk is set aside already.
        """
        doubt = self._doubt(kiosk, payload)
        return read_batch(kiosk, payload) if doubt is None else doubt

    def _doubt(self, kiosk: KioskId, payload: bytes) -> tuple[Strange, ...] | None:
        """Return what is to be set aside instead of a batch; `None` if it is believed, or cannot be read."""
        keys = self._keys.get(kiosk)
        if keys is None and self._strangers and kiosk != HUB:
            return None
        batch = decode(payload, EventBatch)
        if isinstance(batch, Unreadable):
            return None  # and is set aside as such
        reason = NOT_THE_HUB if kiosk == HUB else self._reason(kiosk, keys, batch)
        if not reason:
            self._follow(kiosk, batch)
            return None
        if self._is_here(kiosk, batch):
            return None  # it says nothing new: a host has released it
        if self._doubted(kiosk) >= MOST_DOUBTED:
            return ()
        # what guests typed is for today only, and set aside it would stay
        kept = encode(msgspec.structs.replace(batch, guests=())) if batch.guests else payload
        return (Strange(kiosk, Epoch(""), None, reason, kept),)

    def note_breaks(self, noticed_us: int) -> None:
        """Note where a batch does not follow what is here, once everything is stored.

        An event is signed by itself, whatever comes before it, so nothing is refused for this.
        """
        for link in self._links:
            if self._holds(link):
                continue
            if self._is_noted(link):
                continue
            row = (link.kiosk, link.epoch, link.number, noticed_us)
            insert_ignoring(self._connection, breaks, [row])
            log.warning(
                "kiosk %s: event %s of epoch %s was signed as coming after another one than is here",
                *(link.kiosk, link.number, link.epoch),
            )

    def _reason(self, kiosk: KioskId, keys: Keys | None, batch: EventBatch) -> str:
        if keys is None:
            return STRANGER
        if not keys.good:
            return SHUT_OUT
        if batch.alg != ALGORITHM or not batch.sig:
            return UNSIGNED
        signed = what_is_signed(self._space, kiosk, batch)
        return "" if any(is_signed(key, batch.sig, signed) for key in keys.good) else FORGED

    def _follow(self, kiosk: KioskId, batch: EventBatch) -> None:
        if not batch.events:
            return
        try:
            number = _key.decode(batch.events[0]).seq
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return  # it is set aside by itself
        if number > 1:
            self._links.append(_Link(kiosk, batch.epoch, number, batch.before, batch.oldest))

    def _holds(self, link: _Link) -> bool:
        if not link.before and link.oldest >= link.number:
            return True  # what came before was let go of long ago
        here = cursors.with_content(self._connection, link.kiosk, Cursor(link.epoch, 0), link.number - 1)
        return here.content in {"", link.before}

    def _is_noted(self, link: _Link) -> bool:
        noted = select(breaks.c.seq).where(
            breaks.c.kiosk == link.kiosk, breaks.c.epoch == link.epoch, breaks.c.seq == link.number
        )
        return self._connection.execute(noted).first() is not None

    def _is_here(self, kiosk: KioskId, batch: EventBatch) -> bool:
        """Say whether the log has every event of a batch, as it stands in it."""
        if not batch.events:
            return False
        wanted = {}
        for raw in batch.events:
            try:
                wanted[_key.decode(raw).seq] = content_hash(bytes(raw))
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                return False
        query = select(events.c.seq, events.c.content).where(
            events.c.kiosk == kiosk, events.c.epoch == batch.epoch, events.c.seq.in_(sorted(wanted))
        )
        return {row.seq: row.content for row in self._connection.execute(query)} == wanted

    def _doubted(self, kiosk: KioskId) -> int:
        query = select(func.count()).where(
            quarantine.c.kiosk == kiosk, quarantine.c.reason.startswith(DOUBT, autoescape=True)
        )
        return int(self._connection.execute(query).scalar_one())
