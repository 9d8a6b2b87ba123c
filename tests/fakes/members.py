"""A few members for journeys and faults, in a members file as an operator writes it."""

from pathlib import Path

from hardware.virtual.cards import Ntag213

LEA, AMINA, PAUL = "lea", "amina", "paul"
CARDS = {
    LEA: Ntag213(bytes.fromhex("04A1A1A1A1A1A1")),
    AMINA: Ntag213(bytes.fromhex("04B2B2B2B2B2B2")),
    PAUL: Ntag213(bytes.fromhex("04C3C3C3C3C3C3")),
}
STRANGE = Ntag213(bytes.fromhex("04F0F0F0F0F0F0"))
"""A badge that nobody has linked."""

FILE = """\
id,name,trade,languages,needs,offers,interests,visibility,introductions,badge
lea,Léa,illustratrice,fr,une traduction en anglais,,céramique,named,yes,04:A1:A1:A1:A1:A1:A1
amina,Amina,traductrice,fr;en,,traduction vers l'anglais,jazz,named,yes,04:B2:B2:B2:B2:B2:B2
paul,Paul,,en,,,,hidden,no,04:C3:C3:C3:C3:C3:C3
"""


def many(number: int) -> tuple[str, dict[str, Ntag213]]:
    """A members file of `number` people and their cards, by id."""
    cards = {f"m{n:03}": Ntag213(b"\x04\xd0" + n.to_bytes(5, "big")) for n in range(1, number + 1)}
    lines = [f"{member},Name {member},{card.uid.hex()}" for member, card in cards.items()]
    return "\n".join(["id,name,badge", *lines]) + "\n", cards


def write(folder: Path, text: str = FILE) -> Path:
    """Write a members file into a folder."""
    file = folder / "members.csv"
    file.write_text(text, encoding="utf-8")
    return file
