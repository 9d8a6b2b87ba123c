"""The simple way of doing it: everybody who arrives gets a list of three and tries from the top."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Edge = tuple[int, int]
"""Who was shown, and whom: places in one row of people."""

LENGTH = 3


@dataclass(slots=True)
class Day:
    """What came of one day."""

    shown: list[Edge] = field(default_factory=list)
    """Viewer and viewed, once each."""
    meetings: list[Edge] = field(default_factory=list)
    """Who met, the smaller place first."""
    wasted: int = 0
    """Requests to somebody who had no time left."""


def try_lists(wanted: Numbers, arrivals: Sequence[int], capacity: int) -> Day:
    """Give everybody a list of those present, and let them meet while both have time.

    Args:
        wanted: Shape (n, n): how much each row wants each column; NaN where the two are no candidates.
        arrivals: Those present, in the order in which they choose.
        capacity: Meetings each has time for on the day.
    """
    day, left, met = Day(), dict.fromkeys(arrivals, capacity), set()
    here = np.array(arrivals, dtype=np.intp)
    for viewer in arrivals:
        worth = wanted[viewer, here]
        order = here[np.argsort(-np.where(np.isnan(worth), -np.inf, worth), kind="stable")]
        top = [int(other) for other in order[:LENGTH] if not np.isnan(wanted[viewer, other])]
        day.shown += [(viewer, other) for other in top]
        for other in top:
            between = (min(viewer, other), max(viewer, other))
            if left[viewer] == 0 or between in met:
                continue
            if left[other] == 0:
                day.wasted += 1
                continue
            left[viewer] -= 1
            left[other] -= 1
            met.add(between)
            day.meetings.append(between)
    return day
