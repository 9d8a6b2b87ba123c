"""The kiosks as their page shows them: who was let in, with which password, and who is on the line."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlalchemy import Connection

from community.clock import at_of, us_of
from community.ids import KioskId
from community.wire.messages import BridgeHealth
from sync.store import codes, credentials, kiosks
from sync.store.codes import Purpose
from sync.views.metrics import read_breaks


class Stands(Enum):
    """How a kiosk stands with the hub."""

    IN = "in"
    COMING = "coming"
    """It was let in and has not come yet."""
    RENEWING = "renewing"
    """It has a new password and has not used it yet."""
    OUT = "out"
    """A host shut it out."""
    STRANGER = "stranger"
    """It speaks, and the hub never let it in."""
    EXPECTED = "expected"
    """There is a code for it."""


@dataclass(frozen=True, slots=True)
class Door:
    """One kiosk."""

    kiosk: KioskId
    stands: Stands
    since: datetime | None
    """Since when, aware, UTC; when it was last heard for a stranger."""
    online: bool
    code: bool
    """Whether there is an open code for it."""
    breaks: int
    """How often its events did not follow one another as it signed."""
    bridge: BridgeHealth | None = None
    """The microcontroller at its door; `None` where there is none, or while the kiosk is away."""


def read_doors(connection: Connection, at: datetime) -> tuple[Door, ...]:
    """Read every kiosk that speaks, was ever let in, or is expected, by name."""
    heard = {each.kiosk: each for each in kiosks.every(connection)}
    given: dict[KioskId, list[credentials.Credential]] = {}
    for each in credentials.every(connection):
        given.setdefault(each.kiosk, []).append(each)
    opened = codes.opened(connection, Purpose.KIOSK, us_of(at))
    expected = {KioskId(each.subject) for each in opened}
    broken = read_breaks(connection)
    found = []
    for kiosk in sorted({*heard, *given, *expected}):
        stands, since_us = _stands(given.get(kiosk, []), kiosk in expected)
        word = heard.get(kiosk)
        if stands is Stands.STRANGER and word is not None:
            since_us = word.heard_us
        found.append(
            Door(
                kiosk,
                stands,
                None if since_us is None else at_of(since_us),
                word is not None and word.status.online,
                kiosk in expected,
                broken.get(kiosk, 0),
                None if word is None else word.status.bridge,
            )
        )
    return tuple(found)


def _stands(given: list[credentials.Credential], expected: bool) -> tuple[Stands, int | None]:  # noqa: FBT001 - one of two facts
    if not given:
        return (Stands.EXPECTED if expected else Stands.STRANGER), None
    last = given[-1]
    if last.ended_us is not None:
        return Stands.OUT, last.ended_us
    if last.used_us is not None:
        return Stands.IN, last.used_us
    before = any(each.ended_us is None and each.used_us is not None for each in given)
    return (Stands.RENEWING if before else Stands.COMING), last.issued_us
