"""The made-up community of the demo: who they are, what badge they hold, when they come."""

import csv
from dataclasses import dataclass
from pathlib import Path

from community.ids import MemberId
from hardware.virtual.cards import Card, Felica, MifareClassic, Ntag213

FILE = Path(__file__).parent / "people.csv"

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Villager:
    """What the demo must know beyond the member file: the card in the pocket, the usual days."""

    id: MemberId
    name: str
    badge: bytes
    """The UID; empty for somebody who has no badge yet."""
    kind: str
    """`ntag213`, `classic`, `felica`, or empty."""
    weekdays: frozenset[int]
    """0 is Monday."""

    def card(self) -> Card:
        """Return the virtual card in their pocket."""
        match self.kind:
            case "felica":
                return Felica(self.badge)
            case "classic":
                return MifareClassic(self.badge)
            case _:
                return Ntag213(self.badge)


def villagers() -> tuple[Villager, ...]:
    """Return everybody, in the order of the file."""
    with FILE.open(encoding="utf-8", newline="") as stream:
        return tuple(
            Villager(
                MemberId(row["id"]),
                row["name"],
                bytes.fromhex(row["badge"]),
                row["card"],
                frozenset(WEEKDAYS.index(day) for day in row["weekdays"].split(";") if day),
            )
            for row in csv.DictReader(stream)
        )
