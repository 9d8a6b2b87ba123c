"""How well two short items speak of the same thing, judged by the words they share.

Pure.  A first, honest measure that both sides can compute without a model: words are
folded to lower case, common words of French and English dropped, endings trimmed, and each
shared word counts by its rarity among all the items at hand.

Source: rarity weight is inverse document frequency, Spärck Jones 1972.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable

STEM_LENGTH = 6
"""Letters kept of a word: enough to tell words apart, short enough for "céramique" and
"céramiques", "translate" and "translation" to meet."""

SHORTEST_WORD = 3
"""Letters below which a word is dropped, acronyms in capitals excepted."""

COMMON_WORDS = frozenset(
    """
    a an and any are as at be but by can do for from get give go good have help how i if in into is
    it its just like look looking love make me more my need new of on one or other our out people
    someone somebody some that the their them they this to up us want we what when who with work
    would you your first small aider aide aime aimer ai alors après au aussi autre aux avec avoir
    bien bon bonne car ce ces cette cherche chercher chez comme d dans de des deux donner du elle en
    entre est et être eu faire fait gens il ils j je l la le les leur leurs ma mais me mes moi mon n
    ne nos notre nous on ou où par pas petit petite pour propose proposer qu que quelqu quelque
    quelques qui s sa sans se ses si son sur ta te tes toi ton tous tout toute très tu un une vos
    votre vous y
    """.split()
)
"""Words that say nothing of the matter, and the words of wanting and offering themselves."""

_WORD = re.compile(r"[^\W\d_]+|\d+")


def words_of(item: str) -> frozenset[str]:
    """Return the telling words of one item, folded and trimmed; accents are kept."""
    found = set()
    for word in _WORD.findall(item):
        folded = word.casefold()
        telling = len(word) >= SHORTEST_WORD or (word.isupper() and len(word) > 1)
        if telling and folded not in COMMON_WORDS:
            found.add(folded[:STEM_LENGTH])
    return frozenset(found)


class Fit:
    """The measure, tuned to the items it was made from.

    Rarity is relative to those items: everything all members say of themselves, or what the people
    in one room do.  It can be kept for as long as they do not change.
    """

    def __init__(self, items: Iterable[str]) -> None:
        seen: Counter[str] = Counter()
        total = 0
        words: dict[str, frozenset[str]] = {}
        for item in items:
            total += 1
            if item not in words:
                words[item] = words_of(item)
            seen.update(words[item])
        self._rarity = {word: math.log(1 + total / count) for word, count in seen.items()}
        self._unseen = math.log(1 + max(total, 1))
        self._known = {item: (found, self._weight(found)) for item, found in words.items()}
        self._together: dict[tuple[str, ...], frozenset[str]] = {}

    def between(self, one: str, other: str) -> float:
        """Return how much two items share, in 0..1; 1 for the same telling words, 0 for none.

        The weight of the shared words over the weight of the shorter item's words: a short need
        fully covered by a long offer is a full fit.
        """
        first, first_weight = self._of(one)
        second, second_weight = self._of(other)
        if first.isdisjoint(second):
            return 0.0
        return self._weight(first & second) / min(first_weight, second_weight)

    def coverage(self, need: str, by: str) -> float:
        """Return how much of `need` is spoken of in `by`, in 0..1: one shared word of three is a third."""
        wanted, weight = self._of(need)
        found, _ = self._of(by)
        return 0.0 if wanted.isdisjoint(found) else self._weight(wanted & found) / weight

    def touches(self, some: tuple[str, ...], others: tuple[str, ...]) -> bool:
        """Say whether any of some items shares a telling word with any of the others.

        A quick look that spares most pairs in a full room the item by item comparison.
        """
        return not self._all_of(some).isdisjoint(self._all_of(others))

    def _all_of(self, items: tuple[str, ...]) -> frozenset[str]:
        known = self._together.get(items)
        if known is None:
            known = self._together[items] = frozenset().union(*(self._of(item)[0] for item in items))
        return known

    def _of(self, item: str) -> tuple[frozenset[str], float]:
        """Return an item's telling words and their weight."""
        known = self._known.get(item)
        if known is None:
            words = words_of(item)
            known = self._known[item] = (words, self._weight(words))
        return known

    def _weight(self, words: frozenset[str]) -> float:
        return math.fsum(self._rarity.get(word, self._unseen) for word in words)
