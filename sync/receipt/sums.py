"""What came of it for the space: sums over people who agreed, and only where they are five or more.

Pure.  Only of quarters that are over: one that is still running would grow line by line before the eyes of
whoever watches, and tell who wrote what (decision 0035).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from community.ids import MemberId
from sync.receipt.spans import Span
from sync.store.receipts import Counted, Kind

FEWEST = 5
"""People, below which nothing is said."""

ROUNDED_TO = 100
"""Money is rounded down to this."""

MOST_OF_ONE = 0.5
"""Of a sum of money: where one person has more than this share it is not told, for it would be theirs."""


@dataclass(frozen=True, slots=True)
class Sum:
    """What came of one kind."""

    kind: Kind
    lines: int | None
    """How often; `None` where too few wrote of it."""
    amount: int | None = None
    """Together, rounded down to `ROUNDED_TO`; `None` where too few named one, or one alone is most of it."""


@dataclass(frozen=True, slots=True)
class Sums:
    """A quarter that is over."""

    quarter: Span
    kinds: tuple[Sum, ...]

    @property
    def enough(self) -> bool:
        """Whether there is anything to say at all."""
        return any(each.lines is not None for each in self.kinds)


def sums(lines: Iterable[Counted], quarter: Span) -> Sums:
    """Return what the space may know of a quarter.

    Args:
        lines: Those of it that may be counted.
        quarter: Which.
    """
    told = tuple(lines)
    kinds = tuple(_sum(kind, [line for line in told if line.kind is kind]) for kind in Kind)
    return Sums(quarter, kinds)


def _sum(kind: Kind, lines: list[Counted]) -> Sum:
    if len({line.member for line in lines}) < FEWEST:
        return Sum(kind, None)
    amounts: dict[MemberId, int] = {}
    for line in lines:
        if line.amount is not None:
            amounts[line.member] = amounts.get(line.member, 0) + line.amount
    together = sum(amounts.values())
    if len(amounts) < FEWEST or max(amounts.values()) > together * MOST_OF_ONE:
        return Sum(kind, len(lines))
    return Sum(kind, len(lines), together // ROUNDED_TO * ROUNDED_TO)
