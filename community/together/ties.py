"""Who is linked to whom, through how many: a graph of people, without looking at anybody in it.

Pure.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from community.ids import MemberId
from community.introductions.pairing import Pair


def ties_of(people: AbstractSet[MemberId], pairs: Iterable[Pair]) -> Mapping[MemberId, int]:
    """Return how many others of `people` each of them is tied to, 0 included.

    Args:
        people: Whom to look at; ties to anybody else are left out.
        pairs: Who is tied to whom; twice is once.
    """
    counts = Counter(dict.fromkeys(people, 0))
    for pair in _inside(people, pairs):
        counts.update(pair)
    return counts


def largest_group(people: AbstractSet[MemberId], pairs: Iterable[Pair]) -> int:
    """Return how many people are in the largest group that is linked, directly or through others.

    Args:
        people: Whom to look at.
        pairs: Who is tied to whom.

    Returns:
        0 without people; 1 if nobody is tied to anybody.

    Source: the giant component of a graph (Erdős and Rényi 1960), found by union and path halving.
    """
    leads = {one: one for one in people}

    def leader(one: MemberId) -> MemberId:
        while leads[one] != one:
            leads[one] = one = leads[leads[one]]
        return one

    for first, second in _inside(people, pairs):
        leads[leader(first)] = leader(second)
    return max(Counter(leader(one) for one in people).values(), default=0)


def _inside(people: AbstractSet[MemberId], pairs: Iterable[Pair]) -> set[Pair]:
    return {two for two in pairs if two[0] in people and two[1] in people}
