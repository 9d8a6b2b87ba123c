"""The files of an NTAG 424 DNA, and how its message comes into one of them.

Pure.  Source: NT4H2421Gx data sheet rev. 3.0, sections 8.2 and 9.3; AN12196 rev. 2.0, section 3.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from hardware.secure_badge import PiccData, seal_picc, sun_mac

FREE = 0xE
"""Stands for everybody where a key's number may stand."""

SDM = 0x40
"""The bit of FileOption that turns the message (secure dynamic messaging) on."""

_CAPABILITIES = bytes.fromhex("001720010000FF0406E104010000000506E10500808283")
_PICC_DIGITS, _MAC_DIGITS = 32, 16


@dataclass(slots=True)
class File:
    """One file, and who may do what with it."""

    content: bytearray
    settings: bytes
    """FileOption, access rights (2, low byte first); then, if SDM is on, its options, its rights (2), and
    where identity, the beginning of what is proved, and the proof stand (3 bytes each)."""
    counter: int = 0
    """Messages made so far."""

    @property
    def sdm(self) -> bool:
        """Whether it holds a message."""
        return bool(self.settings[0] & SDM)

    def rights(self) -> tuple[int, int, int, int]:
        """Who may read, write, do both, and change the settings: key numbers, `FREE`, or 15 for nobody."""
        low, high = self.settings[1], self.settings[2]
        return high >> 4, high & 15, low >> 4, low & 15

    def mirrored(self, uid: bytes, keys: Sequence[bytes], padding: bytes) -> bytes:
        """The content with the message of this moment in it; `padding` are 5 random bytes."""
        content, who = bytearray(self.content), self.settings[5]
        meta, own = keys[who >> 4], keys[who & 15]
        at, begin, end = (int.from_bytes(self.settings[i : i + 3], "little") for i in (6, 9, 12))
        data = PiccData(uid, self.counter)
        content[at : at + _PICC_DIGITS] = seal_picc(meta, data, padding).hex().upper().encode()
        proof = sun_mac(own, data, bytes(content[begin:end]))
        content[end : end + _MAC_DIGITS] = proof.hex().upper().encode()
        return bytes(content)


def blank_files() -> dict[int, File]:
    """The files of a chip from the factory, by the chip's numbers."""
    return {
        1: File(bytearray(_CAPABILITIES.ljust(32, b"\0")), bytes.fromhex("0000E0")),
        2: File(bytearray(256), bytes.fromhex("00E0EE")),
        3: File(bytearray(128), bytes.fromhex("033023")),
    }
