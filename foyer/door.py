"""The virtual door of the demo: a PN532 on a pseudo-terminal, and the cards in people's pockets."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from community.ids import MemberId
from foyer.village.people import Villager
from hardware.virtual.cards import Card, Ntag213, Phone
from hardware.virtual.port import VirtualPn532

HOLD_S = 0.25
"""How long a card is held to the reader: a quick, ordinary gesture."""

BETWEEN_S = 0.2
"""Seconds between two cards: the reader must have seen the first one go."""


class VirtualDoor:
    """The reader and everybody's cards.  Start once, stop once; taps are taken one at a time."""

    def __init__(self, people: Sequence[Villager], device: Path) -> None:
        """`device` is where the reader's device file appears."""
        self._chip = VirtualPn532(device)
        self._cards: dict[MemberId, Card] = {person.id: person.card() for person in people if person.badge}
        self._lock = asyncio.Lock()

    @property
    def device(self) -> str:
        """What to set as the kiosk's reader."""
        return f"pn532:{self._chip.path}"

    def start(self) -> None:
        """Plug the reader in."""
        self._chip.start()

    def stop(self) -> None:
        """Unplug it for good; no thread is left."""
        self._chip.stop()

    def holds(self, member_id: MemberId) -> bool:
        """Say whether the member has a card at all."""
        return member_id in self._cards

    async def tap(self, member_id: MemberId) -> None:
        """Hold a member's card to the reader, and lift it.

        Raises:
            KeyError: They have none.
        """
        await self.show(self._cards[member_id])

    async def tap_uid(self, uid: bytes) -> None:
        """Hold a card with this number to the reader."""
        await self.show(Ntag213(uid))

    async def tap_phone(self) -> None:
        """Hold a phone to the reader: a new random number each time."""
        await self.show(Phone())

    async def show(self, card: Card) -> None:
        """Hold any card to the reader, and lift it."""
        async with self._lock:
            self._chip.present(card)
            await asyncio.sleep(HOLD_S)
            self._chip.lift()
            await asyncio.sleep(BETWEEN_S)

    def present(self, card: Card) -> None:
        """Bring a card into the field and leave it there."""
        self._chip.present(card)

    def lift(self) -> None:
        """Take the card away."""
        self._chip.lift()

    def card(self, member_id: MemberId) -> Card:
        """Return a member's card."""
        return self._cards[member_id]

    def toggle_cable(self) -> bool:
        """Unplug the reader, or plug it in again; return whether it is now plugged in."""
        if self._chip.is_plugged:
            self._chip.unplug()
        else:
            self._chip.plug()
        return self._chip.is_plugged
