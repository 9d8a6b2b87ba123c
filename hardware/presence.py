"""Tell one presentation of a card from the next.

Pure: no clock, no I/O, no logging, no randomness.  A reader polls; this
decides which polls are a new tap.  A card that stays is one tap, however often
it is read; so is a phone, which draws a new number at every reset of the field.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hardware.uid import Uid

LIFT_POLLS = 2
"""Polls in a row without a card before it counts as lifted: one miss is a card held at an angle."""


@dataclass(frozen=True, slots=True)
class Presence:
    """The cards on the reader, as far as its polls know."""

    misses: Mapping[Uid | None, int] = field(default_factory=dict)
    """For each card on the reader, the polls since it was last read; `None` stands for all random numbers."""

    def after(self, uid: Uid | None) -> "tuple[Presence, bool]":
        """Take one poll into account.

        Two cards held together may be read in turns; each stays one tap as
        long as it is read at least every second poll.

        Args:
            uid: The card the poll read; `None` for an empty field.

        Returns:
            Who is on the reader now, and whether this poll is a new tap.
        """
        still = {card: count + 1 for card, count in self.misses.items() if count + 1 < LIFT_POLLS}
        if uid is None:
            return Presence(still), False
        card = None if uid.is_random else uid
        return Presence({**still, card: 0}), card not in self.misses
