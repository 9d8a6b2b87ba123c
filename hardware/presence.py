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

    def reopened(self, uid: Uid | None) -> "Presence":
        """What is still known after the reader was away, once it has looked again.

        A card that the first look finds again has lain there all the time; any
        other has been lifted, for all we know, and its next tap must not be lost.

        Args:
            uid: The card the first look read; `None` for an empty field.
        """
        card = None if uid is None or uid.is_random else uid
        return Presence({card: 0}) if uid is not None and card in self.misses else Presence()

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
