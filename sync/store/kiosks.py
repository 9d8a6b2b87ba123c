"""The last word of every kiosk about itself."""

from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, select

from community.ids import KioskId
from community.wire.messages import Status
from plumbing.inserts import insert_or_update
from sync.store.schema import kiosks

_status = msgspec.json.Decoder(Status)


@dataclass(frozen=True, slots=True)
class Heard:
    """What a kiosk last said."""

    kiosk: KioskId
    status: Status
    heard_us: int
    """Microseconds since 1970 UTC, by the hub's clock."""


def put(connection: Connection, kiosk: KioskId, status: Status, heard_us: int) -> bool:
    """Note what a kiosk said of itself.

    Returns:
        Whether it is news: a late "offline" of an earlier boot is not believed, and one that was
        known is only the broker repeating what it retained.
    """
    before = one(connection, kiosk)
    is_old = before is not None and (before.status == status or _is_another_boot(before.status, status))
    if is_old and not status.online:
        return False
    row = {"kiosk": kiosk, "status": msgspec.json.encode(status).decode(), "heard_us": heard_us}
    connection.execute(insert_or_update(connection, kiosks, ["kiosk"]), row)
    return True


def one(connection: Connection, kiosk: KioskId) -> Heard | None:
    """Return what one kiosk last said, or `None` if it never said anything."""
    row = connection.execute(select(kiosks).where(kiosks.c.kiosk == kiosk)).first()
    return None if row is None else Heard(KioskId(row.kiosk), _status.decode(row.status), row.heard_us)


def every(connection: Connection) -> tuple[Heard, ...]:
    """Return what each kiosk last said, by name."""
    rows = connection.execute(select(kiosks).order_by(kiosks.c.kiosk))
    return tuple(Heard(KioskId(row.kiosk), _status.decode(row.status), row.heard_us) for row in rows)


def _is_another_boot(before: Status, now: Status) -> bool:
    return before.online and bool(before.boot and now.boot) and before.boot != now.boot
