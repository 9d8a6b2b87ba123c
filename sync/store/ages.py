"""How old what is in the log is, and letting go of it.

Everything here runs inside one transaction of the caller's.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, select, update

from community.ids import Epoch, KioskId
from sync.store.schema import events

_empty = (
    update(events)
    .where(
        events.c.kiosk == bindparam("of_kiosk"),
        events.c.epoch == bindparam("of_epoch"),
        events.c.seq.between(bindparam("first"), bindparam("last")),
    )
    .values(kind="", at_us=0, synced=False, raw=b"", received_us=0)
)


@dataclass(frozen=True, slots=True)
class Run:
    """Numbers of one log, from the first to the last."""

    kiosk: KioskId
    epoch: Epoch
    first: int
    last: int


def newest_us(connection: Connection) -> int:
    """Return when the last event came, microseconds since 1970 UTC; 0 if none ever did, or none is left."""
    return connection.execute(select(func.max(events.c.received_us))).scalar() or 0


def oldest_us(connection: Connection) -> int:
    """Return when the oldest event that is kept as it was came, as `newest_us`; 0 for none."""
    query = select(func.min(events.c.received_us)).where(events.c.received_us > 0)
    return connection.execute(query).scalar() or 0


def let_go(connection: Connection, runs: Iterable[Run]) -> None:
    """Forget what events said; their ids and their hashes stay, so that one sent again is still known.

    Args:
        connection: In a writing transaction.
        runs: Which; each a run of numbers that are all here.
    """
    rows = [
        {"of_kiosk": run.kiosk, "of_epoch": run.epoch, "first": run.first, "last": run.last} for run in runs
    ]
    if rows:
        connection.execute(_empty, rows)


def runs_of(keys: Iterable[tuple[KioskId, Epoch, int]]) -> Iterator[Run]:
    """Yield numbers as runs, so that a day of a kiosk is one row to change."""
    run: Run | None = None
    for kiosk, epoch, seq in sorted(keys):
        if run is not None and (kiosk, epoch, seq) == (run.kiosk, run.epoch, run.last + 1):
            run = Run(kiosk, epoch, run.first, seq)
        else:
            if run is not None:
                yield run
            run = Run(kiosk, epoch, seq, seq)
    if run is not None:
        yield run
