"""Names as people type and order them; whom a typed one means, without anybody being listed or confirmed.

Pure.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from community.ids import MemberId
from community.members import Member

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})
"""Letters that are no letter with an accent, and are typed without."""

_WORDS = re.compile(r"[^\W_]+")

SHORTEST_NAME = 3
"""Letters of a first name that is looked for in what people say; shorter ones are words of their own."""

LONGEST_NAME_WORDS = 5
"""Words in a row that are looked at for a whole name."""


def folded(name: str) -> str:
    """Return a name as it compares: letters and digits only, without accents and capitals."""
    return "".join(words_of(name))


def words_of(typed: str) -> tuple[str, ...]:
    """Return the words of a name or a search, without what nobody should have to type right.

    Names are in the order of their words: Élodie after Diego, not after Zoé.
    """
    letters = unicodedata.normalize("NFKD", typed.casefold().translate(_LIGATURES))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return tuple(re.findall(r"[^\W_]+", plain))


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


def names_of(names: Iterable[str]) -> frozenset[str]:
    """Return how people may be called in what others say: by their whole name and by the first word of it."""
    return frozenset(_calls(names))


def names_somebody(said: str, names: frozenset[str]) -> bool:
    """Say whether one of the names stands in what somebody said; `names` as `names_of` returns them."""
    words = _folded_words(said)
    return not names.isdisjoint(words) or any(
        " ".join(words[i:j]) in names
        for i in range(len(words))
        for j in range(i + 2, min(i + LONGEST_NAME_WORDS, len(words)) + 1)
    )


def _calls(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        words = _folded_words(name)
        if words:
            yield " ".join(words)
            if len(words[0]) >= SHORTEST_NAME:
                yield words[0]


def _folded_words(text: str) -> list[str]:
    """Return the words as they compare; most have no accent, and need no more than small letters."""
    return [word.lower() if word.isascii() else folded(word) for word in _WORDS.findall(text)]
