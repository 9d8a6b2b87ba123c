"""Hypothesis for as long as one likes: `make fuzz SECONDS=…` shares them out among what is marked `fuzz`.

The suite runs each once, with Hypothesis' usual number of examples.
"""

import functools
import os
import random
import time
from collections.abc import Callable
from typing import ParamSpec

from hypothesis import seed

SECONDS = float(os.environ.get("FUZZ_SECONDS", "0"))
"""For all of them together; 0 for the short run of the suite."""

KINDS = 20
"""About how many tests share them."""

Args = ParamSpec("Args")


def for_long(test: Callable[Args, None]) -> Callable[Args, None]:
    """Run a test made by `given` again and again, with other seeds, for its share of the time."""

    @functools.wraps(test)
    def goes_on(*args: Args.args, **kwargs: Args.kwargs) -> None:
        until_s = time.monotonic() + SECONDS / KINDS
        test(*args, **kwargs)
        while time.monotonic() < until_s:
            seed(random.getrandbits(64))(test)(*args, **kwargs)

    return goes_on
