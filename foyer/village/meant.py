"""Whom somebody means who types in a hurry, among the village.

Pure.
"""

from collections.abc import Sequence

from community.ids import MemberId
from community.names import folded
from foyer.village.people import Villager
from hardware.uid import parse_typed


def meant(people: Sequence[Villager], what: str) -> tuple[MemberId, ...]:
    """Return whom a typed name or UID may mean; accents and case do not matter.

    Returns:
        One if it is clear; several if only the beginning of a name was given, and many begin so.
    """
    wanted = folded(what)
    for person in people:
        if wanted and wanted in {folded(person.name), folded(person.id)}:
            return (person.id,)
    numbers = {person.badge: person.id for person in people if person.badge}
    for uid in _numbers(what):
        if uid in numbers:
            return (numbers[uid],)
    return tuple(person.id for person in people if wanted and folded(person.name).startswith(wanted))


def _numbers(what: str) -> tuple[bytes, ...]:
    """Return the badge numbers that something typed may mean."""
    try:
        return tuple(uid.value for uid in parse_typed(what))
    except ValueError:
        return ()
