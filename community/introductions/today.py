"""What one day's events say of introductions: who was paired and shown, who met, who said what.

Pure, and immutable; `community.introductions.memory` makes it.  What was taken back was never said.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from community.events import Answer
from community.ids import MemberId, TableId
from community.introductions.pairing import Pair, Pairing, pair

Said = tuple[MemberId, MemberId]
"""Who speaks, and about whom."""


@dataclass(frozen=True, slots=True)
class Today:
    """One day, as far as whoever asks knows it: a door its own log, the hub those of all doors."""

    paired: tuple[Pairing, ...] = ()
    """What kiosks decided on their own, in the order in which they did; each pair once."""
    shown: frozenset[Pair] = frozenset()
    """Pairs of whom one was shown the other."""
    met: frozenset[Pair] = frozenset()
    """Pairs who laid their badges one after the other, or of whom one said so."""
    badges: frozenset[Pair] = frozenset()
    """Those of them who laid their badges: what they do in front of everybody; the rest is private."""
    answers: Mapping[Said, Answer] = field(default_factory=dict)
    """The last word of everybody about somebody they were shown."""
    seats: Mapping[TableId, Mapping[MemberId, bool]] = field(default_factory=dict)
    """For each table, the last word of everybody who answered: coming, or not after all."""

    @property
    def barred(self) -> frozenset[Pair]:
        """Pairs of whom one would rather not."""
        return frozenset(pair(*said) for said, answer in self.answers.items() if answer is Answer.RATHER_NOT)

    @property
    def closed(self) -> frozenset[Pair]:
        """Pairs who met, or about whom one of the two answered."""
        return self.met | frozenset(pair(*said) for said in self.answers)
