"""Hours of polling leave nothing behind: memory, threads and open files stay what they were.

The short form; `make soak SECONDS=3600` runs an hour of it with faults, and prints what has grown.
"""

import gc
import threading
import tracemalloc
from pathlib import Path

import pytest

from hardware.virtual.cards import IsoDepCard, Ntag213
from hardware.virtual.faults import Fault, Scheduled

POLLS = 1_000
MOST_KB = 24
"""More than the noise of the interpreter's own caches, less than one forgotten byte a poll."""


def files():
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def traced():
    gc.collect()
    return tracemalloc.take_snapshot().filter_traces(
        [
            tracemalloc.Filter(inclusive=True, filename_pattern=pattern)
            for pattern in ("*/hardware/[!v]*", "*/nfc/*")
        ]
    )


def size_kb(snapshot):
    return sum(statistic.size for statistic in snapshot.statistics("filename")) / 1_024


@pytest.mark.faults
def test_thousands_of_polls_leave_nothing_behind(virtual, open_reader, listener):
    open_reader(virtual.path, pause_s=0)
    listener.wait_for_ready()
    card, badge = Ntag213(bytes(7)), IsoDepCard(b"\x04" + bytes(6))

    def a_while(polls):
        for round_ in range(polls // 50):
            virtual.schedule(Scheduled((Fault.GARBAGE, Fault.ERROR_FRAME)[round_ % 2]))
            virtual.present((card, badge)[round_ % 2])
            listener.wait_until(lambda: listener.taps)
            virtual.lift()
            assert virtual.wait_for_polls(50, 30)
            listener.taps.clear()

    a_while(200)
    tracemalloc.start()
    try:
        before, threads, open_files = size_kb(traced()), threading.active_count(), files()
        a_while(POLLS)
        assert size_kb(traced()) - before < MOST_KB
        assert threading.active_count() == threads
        assert files() == open_files
    finally:
        tracemalloc.stop()
    assert len(listener.states) == 1
