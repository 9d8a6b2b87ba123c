"""Many runs that differ by their seed, spread over the cores."""

import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


def over_seeds(
    one: Callable[[int], Mapping[str, float]], seeds: Iterable[int], jobs: int | None = 1
) -> dict[str, Numbers]:
    """Return every measure with one value a seed.

    Args:
        one: What runs with one seed; a function of a module, if there are several jobs.
        seeds: In order.
        jobs: Processes; one a core if `None`.
    """
    if jobs == 1:
        each = [one(seed) for seed in seeds]
    else:
        with ProcessPoolExecutor(jobs or os.cpu_count()) as pool:
            each = list(pool.map(one, seeds))
    return {name: np.array([found[name] for found in each]) for name in each[0]}
