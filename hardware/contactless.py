"""What PC/SC says of contactless readers and cards.

Pure: no clock, no I/O, no logging, no randomness.

Source: PC/SC part 3, revision 2.01.09, section 3.1.3.2.3; its supplemental document of 2016.
"""

from collections.abc import Sequence

from hardware.reader import Technology

_CONTACTLESS = ("PICC", "CONTACTLESS", " CL ", "NFC", "RFID", "ACR122")
_NOT_FOR_BADGES = (" SAM ",)
_STORAGE_CARD = bytes.fromhex("A000000306")
_KINDS = {
    0x0001: Technology.CLASSIC,
    0x0002: Technology.CLASSIC,
    0x0026: Technology.CLASSIC,  # Mini
    0x0036: Technology.CLASSIC,  # Plus, in its first security level
    0x0037: Technology.CLASSIC,
    0x0003: Technology.TYPE_2,
    0x003A: Technology.TYPE_2,  # Ultralight C
    0x003D: Technology.TYPE_2,  # Ultralight EV1
    0x0030: Technology.TYPE_1,
    0xF004: Technology.TYPE_1,  # what ACR122U says of a Topaz
    0x003B: Technology.FELICA,
    0xF011: Technology.FELICA,
    0xF012: Technology.FELICA,
}


def choose(names: Sequence[str], part: str) -> str | None:
    """Choose a reader for badges.

    Args:
        names: What the service calls its readers; one device may have several (contact, contactless, SAM).
        part: Part of the wanted name, in any case; empty for any.

    Returns:
        The likeliest, the first of equals; `None` if no name has the part.
    """
    fitting = [name for name in names if part.casefold() in name.casefold()]
    return min(fitting, key=_unlikeliness, default=None)


def _unlikeliness(name: str) -> int:
    said = f" {name.upper()} "
    if any(word in said for word in _CONTACTLESS):
        return 0
    return 2 if any(word in said for word in _NOT_FOR_BADGES) else 1


def technology_of_atr(atr: bytes) -> Technology:
    """What kind of card it is, by the answer to reset that the reader makes up for it."""
    at = atr.find(_STORAGE_CARD)
    if at >= 0:
        # Then one byte for the standard, and two for the name of the card.
        name = int.from_bytes(atr[at + 6 : at + 8], "big")
        return _KINDS.get(name, Technology.OTHER)
    # 3B 8n 80 01, then what an ISO 14443-4 card says of itself.
    return Technology.ISO_DEP if atr[:1] == b"\x3b" and atr[2:4] == b"\x80\x01" else Technology.OTHER
