"""A fixture that insists that a test leaves no process, thread or open file behind.

Use it by importing it in a `conftest.py`:

    from tests.fakes.tidiness import nothing_is_left  # noqa: F401 - an autouse fixture
"""

import threading
from collections.abc import Iterator

import psutil
import pytest

GONE_S = 5.0
"""Seconds that what is ending may take to be gone."""


@pytest.fixture(autouse=True)
def nothing_is_left() -> Iterator[None]:
    """No child process and no thread outlives a test."""
    me = psutil.Process()
    children, threads = set(me.children(recursive=True)), set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - threads:
        thread.join(GONE_S)
    _, left = psutil.wait_procs(set(me.children(recursive=True)) - children, timeout=GONE_S)
    for process in left:
        process.kill()
    assert not left, "processes are left"
    assert set(threading.enumerate()) <= threads
