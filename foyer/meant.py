"""Whom somebody means who types a member's name or id in a command."""

from collections.abc import Iterable

from community.members import Member
from community.names import folded, meant_by
from foyer.errors import UsageError
from plumbing.words import Sentence


def one_meant(written: str, everybody: Iterable[Member]) -> Member:
    """Return the one member a whole name or an id means; accents and case do not matter.

    Raises:
        UsageError: Nobody, or more than one.
    """
    people = {member.id: member for member in everybody}
    found = meant_by(written, people.values())
    if found is not None:
        return people[found]
    alike = sorted(member.id for member in people.values() if folded(member.name) == folded(written))
    if len(alike) > 1:
        ids = ", ".join(alike)
        raise UsageError(
            Sentence(
                "several members are called {written!r}: name one by id, of {ids}", written=written, ids=ids
            )
        )
    raise UsageError(Sentence("no member has the id or the whole name {written!r}", written=written))
