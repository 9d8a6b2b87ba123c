"""Tells whoever watches the kiosk what became of each tap and key: traces, demos, benchmarks."""

from collections.abc import Callable, Sequence

from community.events import Record
from community.introductions.introduction import Introduction
from community.outcomes import Outcome
from community.reads import KnownBadge
from kiosk.core.inbox import PinChecked, Trace, trace_of
from plumbing.clock import Clock

SAME_TAP = "SameTap"
PIN_ASKED = "PinAsked"
PIN_NOT_TAKEN = "PinNotTaken"
HOST_CAME_IN = "HostCameIn"
"""Words of traces for what is no outcome of the desk."""


class Telling:
    """Makes traces, if anybody wants them.  Lives as long as the kiosk."""

    def __init__(self, clock: Clock, on_trace: Callable[[Trace], None] | None) -> None:
        self._clock, self._on_trace = clock, on_trace

    def tell(
        self,
        outcome: Outcome | KnownBadge | PinChecked,
        word: str,
        records: Sequence[Record],
        introductions: Sequence[Introduction],
        read_s: float,
        committed_s: float,
    ) -> None:
        """Tell of a tap or key that has been dealt with.

        Args:
            outcome: Of whom, if anybody is known.
            word: What it was, for a trace.
            records: What was written of it, in order.
            introductions: Who was shown.
            read_s: When it was read: monotonic seconds.
            committed_s: When it was on the disk, likewise.
        """
        if self._on_trace is not None:
            member, shown_s = getattr(outcome, "member_id", None), self._clock.now_s()
            self._on_trace(trace_of(word, member, records, len(introductions), read_s, committed_s, shown_s))
