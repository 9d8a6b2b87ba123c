"""Who came on which days, straight from the log, for whoever looks back over some weeks."""

from collections.abc import Iterator

from sqlalchemy import Connection, select

from community.events import CheckedIn, Record, VisitCorrected
from community.ids import MemberId
from community.wire.codec import decode_record
from sync.store.schema import events

ARRIVALS = tuple(str(kind.__struct_config__.tag) for kind in (CheckedIn, VisitCorrected))
"""The words of the kinds of events that say that somebody came: at a door, or by a host's hand."""


def since(connection: Connection, at_us: int) -> Iterator[tuple[MemberId, int]]:
    """Yield who checked in since then, and when by the kiosk's own clock: microseconds since 1970 UTC."""
    query = select(events.c.raw, events.c.at_us).where(
        events.c.kind.in_(ARRIVALS) & (events.c.at_us >= at_us)
    )
    for raw, when_us in connection.execute(query):
        record = decode_record(raw)
        if isinstance(record, Record) and isinstance(record.event, CheckedIn | VisitCorrected):
            yield record.event.member, when_us
