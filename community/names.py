"""Whom a typed name means, without anybody being listed or confirmed.

Pure.
"""

import unicodedata
from collections.abc import Iterable

from community.ids import MemberId
from community.members import Member

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})
"""Letters that are no letter with an accent, and are typed without."""


def folded(name: str) -> str:
    """Return a name as it compares: letters and digits only, without accents and capitals."""
    letters = unicodedata.normalize("NFKD", name.casefold().translate(_LIGATURES))
    return "".join(letter for letter in letters if letter.isalnum())


def meant_by(typed: str, everybody: Iterable[Member]) -> MemberId | None:
    """Return the one member whose whole name, or whose number in the members file, was typed.

    Returns:
        `None` for nobody, and for a name that several have: each of those has a number.
    """
    wanted = folded(typed)
    if not wanted:
        return None
    members = tuple(everybody)
    for theirs in (
        [member.id for member in members if folded(member.name) == wanted],
        [member.id for member in members if folded(member.id) == wanted],
    ):
        if len(theirs) == 1:
            return theirs[0]
    return None
