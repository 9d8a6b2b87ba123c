"""From a kiosk's message to events: readable or strange, never an exception."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection

from community.events import GuestCame
from community.guests import GuestWords, seal_of
from community.ids import LARGEST_NUMBER, Epoch, KioskId
from community.wire.codec import Unreadable, decode, decode_record
from community.wire.messages import EventBatch
from sync.store import log, quarantine
from sync.store.cursors import Asked
from sync.store.log import Appended, Arrived, Strange

UNSTORABLE = "the hub could not store what is in it"
"""The reason for a message that could be read, and that the database refused."""


@dataclass(frozen=True, slots=True)
class Released:
    """What came out of the quarantine."""

    count: int
    """Rows of the quarantine that are no longer in it."""
    log: Appended


def read_batch(kiosk: KioskId, payload: bytes) -> tuple[Arrived | Strange | Asked, ...]:
    """Read an `EventBatch`.

    Args:
        kiosk: From the topic.
        payload: The message, whatever it is.

    Returns:
        First what the batch says of its log, then one item an event, in the batch's order; a batch that
        cannot be read at all is one strange item.  An event whose number cannot be read gets the one
        its neighbours leave for it: a batch is a run of the log, and an unknown number would hold the
        cursor back for ever.
    """
    batch = decode(payload, EventBatch)
    if isinstance(batch, Unreadable):
        return (Strange(kiosk, Epoch(""), None, batch.reason, payload),)
    words = {each.seq: each for each in batch.guests}
    read = [_with_words(read_record(kiosk, batch.epoch, bytes(raw)), words) for raw in batch.events]
    about = Asked(kiosk, batch.epoch, batch.oldest, batch.asks)
    if all(isinstance(item, Arrived) for item in read):
        return (about, *read)
    first = _first_number(read)
    return (about, *(_numbered(item, index, first) for index, item in enumerate(read)))


def read_record(kiosk: KioskId, epoch: Epoch, raw: bytes) -> Arrived | Strange:
    """Read one event of a batch."""
    record = decode_record(raw)
    if isinstance(record, Unreadable):
        return Strange(kiosk, epoch, record.seq, record.reason, raw)
    return Arrived(kiosk, epoch, record, raw)


def release(connection: Connection, received_us: int, only: int | None = None) -> Released:
    """Take out of the quarantine what this version of the program can read.

    A newer kiosk's events wait there for a newer hub: called at each start, and when a host asks.

    Args:
        connection: In a writing transaction.
        received_us: Now, microseconds since 1970 UTC.
        only: The id of one row to try; `None` tries all but those that could be read, and were not stored
            or not trusted.
    """
    rows: list[int] = []
    read: list[Arrived | Strange] = []
    for row, held in quarantine.held_back(connection, only):
        if only is None and (held.reason == UNSTORABLE or held.reason.startswith(quarantine.DOUBT)):
            continue  # it may fail again, and must not take the others with it; or a host must look first
        items = _again(held)
        if items:
            rows.append(row)
            read += items
    arrived = [item for item in read if isinstance(item, Arrived)]
    strange = [item for item in read if isinstance(item, Strange)]
    quarantine.let_go(connection, rows)
    return Released(len(rows), log.append(connection, arrived, strange, received_us))


def _with_words(item: Arrived | Strange, words: Mapping[int, GuestWords]) -> Arrived | Strange:
    """Return an event that a guest came with what they typed, if that fits its seal."""
    if not words or not isinstance(item, Arrived) or not isinstance(item.record.event, GuestCame):
        return item
    typed = words.get(item.record.seq)
    fits = typed is not None and seal_of(typed) == item.record.event.seal
    return msgspec.structs.replace(item, words=typed) if fits else item


def _again(held: Strange) -> tuple[Arrived | Strange, ...]:
    """Return what can be read now; nothing if it is as unreadable as before."""
    if held.epoch:
        item = read_record(held.kiosk, held.epoch, held.raw)
        return (item,) if isinstance(item, Arrived) and item.record.seq == held.seq else ()
    items = read_batch(held.kiosk, held.raw)
    return tuple(item for item in items if not isinstance(item, Asked) and item.epoch)


def _first_number(read: Sequence[Arrived | Strange]) -> int | None:
    """Return the number of the batch's first event if all that can be read agree on it."""
    firsts = {number - index for index, item in enumerate(read) if (number := _number(item)) is not None}
    return firsts.pop() if len(firsts) == 1 else None


def _number(item: Arrived | Strange) -> int | None:
    return item.record.seq if isinstance(item, Arrived) else item.seq


def _numbered(item: Arrived | Strange, index: int, first: int | None) -> Arrived | Strange:
    if isinstance(item, Arrived) or item.seq is not None or first is None:
        return item
    number = first + index
    if not 1 <= number <= LARGEST_NUMBER:
        return item
    return Strange(item.kiosk, item.epoch, number, item.reason, item.raw)
