"""The roll call: everybody who is in, from this kiosk's own log and what the other doors told.

Pure.  The only place where a kiosk names whoever chose to be hidden (decision 0024).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from community.events import CardOpened, CheckedIn, CheckOutUndone, Event, Met, MoodChosen
from community.ids import KioskId, MemberId


@dataclass(frozen=True, slots=True)
class Told:
    """One event, where and when it happened."""

    at: datetime
    """Aware, UTC."""
    door: KioskId
    """Empty for this one."""
    event: Event
    certain: bool = True
    """Whether the clock there was right."""


@dataclass(frozen=True, slots=True)
class Inside:
    """Somebody who is in."""

    member: MemberId
    since: datetime
    """Aware, UTC."""
    door: KioskId | None = None
    """Where they came in: empty for here, `None` where that is not known (any more)."""
    seen: datetime | None = None
    """When a badge of theirs was last read, if later than `since`."""
    seen_at: KioskId | None = None
    certain: bool = True
    """Whether the times are."""


def everybody_inside(
    arrivals: Mapping[MemberId, datetime], told: Iterable[Told], names: Mapping[MemberId, str]
) -> tuple[Inside, ...]:
    """Return everybody who is in, by name; whose name is not known comes last.

    Args:
        arrivals: Who is in and since when, hidden people too.
        told: What happened since, oldest first.
        names: Of everybody in the directory.
    """
    inside = {member: Inside(member, since) for member, since in arrivals.items()}
    for each in told:
        for member in _present(each.event):
            known = inside.get(member)
            if known is None or each.at < known.since:
                continue
            if isinstance(each.event, CheckedIn) and each.at == known.since:
                inside[member] = replace(known, door=each.door, certain=each.certain)
            else:
                inside[member] = replace(known, seen=each.at, seen_at=each.door)
    return tuple(
        sorted(
            inside.values(),
            key=lambda one: (one.member not in names, names.get(one.member, "").casefold(), one.member),
        )
    )


def _present(event: Event) -> tuple[MemberId, ...]:
    """Return who was surely there when it happened."""
    match event:
        case (
            CheckedIn(member=member)
            | CardOpened(member=member)
            | CheckOutUndone(member=member)
            | MoodChosen(member=member)
        ):
            return (member,)
        case Met(first=first, second=second):
            return (first, second)
        case _:
            return ()
