"""The times by which a tap is understood.

Pure.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rules:
    """The times of the desk, in seconds."""

    quiet_s: float = 5.0
    """A badge seen again within this is the same tap: readers read twice, people wave."""
    answer_s: float = 1.5
    """A tap that would answer a question on the screen ("tap again to leave") counts only this
    long after the question was asked: shorter is a bounce, not an answer (decision 0005)."""
    leave_s: float = 8.0
    """How long one's own card asks "tap again to leave"."""
    undo_s: float = 8.0
    """How long what was recorded can be undone."""
    ask_s: float = 20.0
    """How long somebody who leaves is asked what came of today's introductions, and may still stay."""
    seat_s: float = 25.0
    """How long a seat at a table is offered: as long as a greeting or card stays."""
