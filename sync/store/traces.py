"""What the log says of one member, found without reading what it says of the others.

Runs inside the transaction of the connection it is given.
"""

from collections.abc import Iterable

import msgspec
from sqlalchemy import Connection, select

from community.events import Event, Record, members_of
from community.ids import Epoch, KioskId, MemberId
from sync.store.log import ASK_AT_ONCE, Stored
from sync.store.schema import events

_record = msgspec.json.Decoder(Record)


def of_member(
    connection: Connection, member_id: MemberId, kinds: Iterable[type[Event]]
) -> tuple[Stored, ...]:
    """Return every event of some kinds that names a member, by kiosk and number.

    Only those are decoded whose bytes hold the id: in a full log a hundredth of it.

    Args:
        connection: In a read transaction.
        member_id: Who.
        kinds: Of events.
    """
    words = [str(kind.__struct_config__.tag) for kind in kinds]
    query = (
        select(events.c.kiosk, events.c.epoch, events.c.raw, events.c.received_us)
        .where(events.c.kind.in_(words))
        .order_by(events.c.kiosk, events.c.epoch, events.c.seq)
    )
    mark = msgspec.json.encode(member_id)
    rows = connection.execute(query.execution_options(yield_per=ASK_AT_ONCE))
    found = (
        Stored(KioskId(row.kiosk), Epoch(row.epoch), _record.decode(row.raw), row.received_us)
        for row in rows
        if mark in row.raw
    )
    return tuple(item for item in found if member_id in members_of(item.record.event))
