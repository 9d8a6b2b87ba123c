"""What a kiosk signs of a batch, byte for byte.

Pure.  The contents are signed by their hashes: the record of an event says its own number, so nothing can
be taken out, put in or put elsewhere, and `before` ties the batch to the event before it.
"""

from community.ids import KioskId, SpaceId
from community.wire.codec import content_hash
from community.wire.messages import EventBatch

PURPOSE = "foyer batch"
"""Begins what is signed, so that the signature is good for nothing else."""


def what_is_signed(space: SpaceId, kiosk: KioskId, batch: EventBatch) -> bytes:
    """Return the bytes a batch's signature is of: lines of ASCII, one for the hash of each event."""
    lines = [
        PURPOSE,
        batch.alg,
        space,
        kiosk,
        batch.epoch,
        str(batch.oldest),
        str(batch.asks),
        batch.before,
        *(content_hash(bytes(raw)) for raw in batch.events),
    ]
    return "\n".join(lines).encode()
