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
    """The measure, tuned to the items it will compare.

    Lives for one decision: rarity is relative to the people present.
    """

    def __init__(self, items: Iterable[str]) -> None:
        seen: Counter[str] = Counter()
        total = 0
        self._words: dict[str, frozenset[str]] = {}
        for item in items:
            total += 1
            seen.update(self._of(item))
        self._rarity = {word: math.log(1 + total / count) for word, count in seen.items()}
        self._unseen = math.log(1 + max(total, 1))

    def between(self, one: str, other: str) -> float:
        """Return how much two items share, in 0..1; 1 for the same telling words, 0 for none.

        The weight of the shared words over the weight of the shorter item's words: a short need
        fully covered by a long offer is a full fit.
        """
        first, second = self._of(one), self._of(other)
        if not first or not second:
            return 0.0
        shared = self._weight(first & second)
        return shared / min(self._weight(first), self._weight(second))

    def coverage(self, need: str, by: str) -> float:
        """Return how much of `need` is spoken of in `by`, in 0..1: one shared word of three is a third."""
        wanted, found = self._of(need), self._of(by)
        return self._weight(wanted & found) / self._weight(wanted) if wanted else 0.0

    def _of(self, item: str) -> frozenset[str]:
        if item not in self._words:
            self._words[item] = words_of(item)
        return self._words[item]

    def _weight(self, words: frozenset[str]) -> float:
        """Return the sum, the same in whatever order the set is walked: it differs from run to run."""
        return math.fsum(self._rarity.get(word, self._unseen) for word in words)
