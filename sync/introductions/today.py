"""What today's events say of introductions: who was paired and shown, who met, who said what.

Pure: a fold over one day, oldest first.  What was taken back is left out, as if it had never been said.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from community.events import (
    Answer,
    Answered,
    AnswerUndone,
    Event,
    Introduced,
    MeetingUndone,
    Met,
    Paired,
    TableAnswered,
)
from community.ids import MemberId, TableId
from community.introductions.pairing import Pair, Pairing, pair

Said = tuple[MemberId, MemberId]
"""Who answered, and about whom."""


@dataclass(frozen=True, slots=True)
class Today:
    """One day, as far as the hub knows."""

    paired: tuple[Pairing, ...] = ()
    """What kiosks decided on their own, in the order in which they did; each pair once."""
    shown: frozenset[Pair] = frozenset()
    """Pairs of whom one was shown the other."""
    met: frozenset[Pair] = frozenset()
    """Pairs who laid their badges one after the other, or of whom one said so."""
    badges: frozenset[Pair] = frozenset()
    """Those of them who laid their badges: what they do in front of everybody; the rest is private."""
    answers: Mapping[Said, Answer] = field(default_factory=dict)
    seats: Mapping[TableId, Mapping[MemberId, bool]] = field(default_factory=dict)
    """For each table, the last word of everybody who answered."""

    @property
    def barred(self) -> frozenset[Pair]:
        """Pairs of whom one would rather not."""
        return frozenset(pair(*said) for said, answer in self.answers.items() if answer is Answer.RATHER_NOT)

    @property
    def closed(self) -> frozenset[Pair]:
        """Pairs who met, or about whom one of the two answered."""
        return self.met | frozenset(pair(*said) for said in self.answers)


def fold(events: Iterable[Event]) -> Today:
    """Return what one day's events say.

    Args:
        events: Oldest first; what says nothing about introductions is ignored.
    """
    paired: dict[Pair, Pairing] = {}
    shown: set[Pair] = set()
    badges: dict[Pair, int] = {}
    answers: dict[Said, list[Answer]] = {}
    seats: dict[TableId, dict[MemberId, bool]] = {}
    for event in events:
        match event:
            case Paired(pairing=pairing) if pairing.first < pairing.second:
                paired.setdefault(pair(*pairing.pair), pairing)
            case Introduced(member=member, shown=people):
                shown |= {pair(member, one.member) for one in people}
            case Met(first=first, second=second):
                badges[pair(first, second)] = badges.get(pair(first, second), 0) + 1
            case MeetingUndone(first=first, second=second):
                badges[pair(first, second)] = max(0, badges.get(pair(first, second), 0) - 1)
            case Answered(member=member, other=other, answer=answer):
                answers.setdefault((member, other), []).append(answer)
            case AnswerUndone(member=member, other=other):
                said = answers.get((member, other))
                if said:
                    said.pop()
            case TableAnswered(member=member, table=table, coming=coming):
                seats.setdefault(table, {})[member] = coming
            case _:
                pass
    last = {said: given[-1] for said, given in answers.items() if given}
    told = {pair(*said) for said, answer in last.items() if answer is Answer.MET}
    laid = frozenset(two for two, times in badges.items() if times)
    return Today(
        paired=tuple(paired.values()),
        shown=frozenset(shown),
        met=laid | told,
        badges=laid,
        answers=last,
        seats=seats,
    )
