"""The three places on a greeting; each has its own score and may stay empty."""

from enum import Enum


class Slot(Enum):
    """What an introduction is for."""

    PARTNER = "partner"
    """A client or partner: a need of one meets an offer of the other."""
    ADVICE = "advice"
    """A question of the visitor meets the other's experience."""
    NEIGHBOUR = "neighbour"
    """Shared ground, or somebody new here."""
