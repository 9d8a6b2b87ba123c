"""The numbers that turn what is known of two people into scores: fixed at first, learned later.

Pure.  They travel in the feed (`weights`, keyed `weights`), so that every door scores alike.
"""

import msgspec

from community.introductions.pairing import Share


class Weights(msgspec.Struct, frozen=True):
    """One setting.  The acceptance of one person by another is a logistic of the first block.

    The defaults are the prior: what the evidence suggests before anything was learned here.
    """

    name: str = "prior"
    intercept: float = -1.6
    answers_me: float = 2.0
    """Per probability that they answer what I need."""
    i_answer: float = 1.0
    """Per probability that I answer what they need."""
    common_ground: float = 0.8
    same_language: float = 0.4
    """Their preferred language is mine."""
    overlap: float = 0.05
    """Per share of our usual weekdays in common.  Small: more of it leaves out those who come rarely."""
    my_yes: float = 0.5
    """Per my own rate of yes above the average."""
    their_yes: float = 0.5
    """Per the rate of yes said about them above the average."""

    lift: float = 0.25
    """Neighbour: for each tie that is missing to three."""
    newcomer: float = 0.1
    """Neighbour: on the first day, fading over ten days of presence."""
    bridge: float = 0.15
    """Neighbour: for another company, another preferred language, nobody in common."""
    open_to_chat: float = 0.2
    """Neighbour: for somebody who said so today."""
    explore: Share = 0.0
    """The share of choices made by chance among the admissible, so that something can be learned."""
    chance: Share = 1.0
    """The probability with which this setting was drawn for the day."""
