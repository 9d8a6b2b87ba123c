"""Which items hold a word that somebody does not want to be approached with.

Pure.  Avoiding is by words, never by likeness: to a sentence encoder "no crypto please" and "I love crypto"
are nearly the same.  Case and accents do not matter.
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence

SHORTEST_STEM = 4
"""Letters from which a topic also stands for longer words that begin with it: "crypto" for "cryptomonnaie",
but "art" not for "artisan"."""


def holders(items: Sequence[str], topics: Iterable[str]) -> Mapping[str, tuple[int, ...]]:
    """Return, for each topic, the positions of the items that hold it, in order.

    A topic in Latin letters must begin a word; one in a script that is written without spaces, or of signs,
    may stand anywhere.  A blank topic is held by nothing.
    """
    wanted = tuple(dict.fromkeys(topics))
    if not wanted:
        return {}
    folded = [_folded(item) for item in items]
    text = "\n" + "\n".join(folded) + "\n"
    starts: list[int] = []
    end = 1
    for item in folded:
        starts.append(end)
        end += len(item) + 1
    return {
        topic: tuple(sorted({bisect_right(starts, at) - 1 for at in _found(text, _folded(topic))}))
        for topic in wanted
    }


def _found(text: str, topic: str) -> Iterable[int]:
    """Yield where a topic stands in a text."""
    at = text.find(topic) if topic else -1
    while at >= 0:
        if _counts(text, topic, at):
            yield at
        at = text.find(topic, at + 1)


def _counts(text: str, topic: str, at: int) -> bool:
    """Say whether a topic found inside a text stands there as a word of its own."""
    if not topic.isascii():
        return True
    inside = topic[0].isalnum() and text[at - 1].isalnum()
    goes_on = topic[-1].isalnum() and text[at + len(topic)].isalnum()
    return not inside and (len(topic) >= SHORTEST_STEM or not goes_on)


def _folded(text: str) -> str:
    """Return a text without case and accents, on one line, single spaces between words."""
    folded = text.casefold()
    if not folded.isascii():
        apart = unicodedata.normalize("NFKD", folded)
        folded = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(folded.split())
