"""The arithmetic of an NTAG 424 DNA's messages (SUN) and of keys that are each badge's own.

Pure but for `cryptography`.  At each read the chip writes into its file, in upper-case hexadecimal,

    e   AES-CBC(meta key, IV 0) of C7, UID (7), counter (3, low byte first), 5 random bytes
    c   the odd bytes of a CMAC under a key made from file key, UID and counter

so that only who holds the meta key learns whose badge it is, and only who holds the badge's own key could
have said it.  The counter grows with each read: what was said once is no proof the next time.

Source: NXP AN12196 rev. 2.0, sections 3.3, 3.4 and 4.4; AN10922 rev. 2.2, section 2.2.
"""

import re
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES128
from cryptography.hazmat.primitives.ciphers.modes import CBC, ECB
from cryptography.hazmat.primitives.cmac import CMAC
from cryptography.hazmat.primitives.constant_time import bytes_eq

KEY_BYTES = 16
"""Every key is AES-128."""

UID_BYTES = 7
"""An NTAG 424's own number, as it says it in its message."""

LARGEST_COUNTER = 0xFFFFFF
"""The chip counts in three bytes, and says nothing more once it is there."""

_MESSAGE = re.compile(rb"[?&]e=([0-9A-F]{32})&c=([0-9A-F]{16})")
_PICC_DATA_TAG = 0xC7  # UID and counter are both in it, and the UID has 7 bytes
_MAC_LABEL = bytes.fromhex("3CC300010080")
_FILE_LABEL = bytes.fromhex("C33C00010080")
_SHORTEST_DIVERSIFIER, _LONGEST_DIVERSIFIER = 16, 31


@dataclass(frozen=True, slots=True)
class SunMessage:
    """What a badge wrote into its file at one read."""

    picc: bytes
    """16 bytes: who it is and how often it was read, encrypted."""
    mac: bytes
    """8 bytes."""


@dataclass(frozen=True, slots=True, repr=False)
class PiccData:
    """Who a badge says it is; worth nothing before its MAC was checked."""

    uid: bytes
    counter: int
    """0 to `LARGEST_COUNTER`."""


def find_message(content: bytes) -> SunMessage | None:
    """Find a message in what was read of a badge's file; `None` if there is none."""
    found = _MESSAGE.search(content)
    if found is None:
        return None
    return SunMessage(bytes.fromhex(found[1].decode()), bytes.fromhex(found[2].decode()))


def open_picc(meta_key: bytes, message: SunMessage) -> PiccData | None:
    """Read who a badge says it is; `None` if it was not encrypted with this key."""
    plain = decrypt(meta_key, bytes(KEY_BYTES), message.picc)
    if plain[0] != _PICC_DATA_TAG:
        return None
    return PiccData(plain[1:8], int.from_bytes(plain[8:11], "little"))


def seal_picc(meta_key: bytes, data: PiccData, padding: bytes) -> bytes:
    """Return what the chip says of itself: 16 bytes; `padding` are its 5 random ones."""
    plain = bytes([_PICC_DATA_TAG]) + data.uid + data.counter.to_bytes(3, "little") + padding
    return encrypt(meta_key, bytes(KEY_BYTES), plain)


def sun_mac(file_key: bytes, data: PiccData, said: bytes = b"") -> bytes:
    """Return the MAC of a message: 8 bytes.

    Args:
        file_key: The badge's own.
        data: Who it says it is.
        said: What stands in its file from the offset the MAC begins at, up to the MAC itself.
    """
    return _odd(mac(mac(file_key, _MAC_LABEL + _bound(data)), said))


def is_genuine(file_key: bytes, data: PiccData, message: SunMessage, said: bytes = b"") -> bool:
    """Say whether a badge that holds this key said this."""
    return bytes_eq(sun_mac(file_key, data, said), message.mac)


def open_file(file_key: bytes, data: PiccData, encrypted: bytes) -> bytes:
    """Decrypt what a badge says besides; `encrypted` has a multiple of 16 bytes."""
    key = mac(file_key, _FILE_LABEL + _bound(data))
    vector = encrypt_block(key, data.counter.to_bytes(3, "little") + bytes(13))
    return decrypt(key, vector, encrypted)


def diversify(master: bytes, about: bytes) -> bytes:
    """Make a key that is one badge's own.

    Args:
        master: 16 bytes.
        about: What tells the badge and the key's use apart, 16 to 31 bytes.

    Raises:
        ValueError: `about` is shorter, where AN10922 pads in a way of its own, or longer.
    """
    if not _SHORTEST_DIVERSIFIER <= len(about) <= _LONGEST_DIVERSIFIER:
        raise ValueError(f"a diversification input has 16 to 31 bytes, got {len(about)}")
    return mac(master, b"\x01" + about)


def mac(key: bytes, message: bytes) -> bytes:
    """Return the AES-CMAC of a message: 16 bytes."""
    cmac = CMAC(AES128(key))
    cmac.update(message)
    return cmac.finalize()


def short_mac(key: bytes, message: bytes) -> bytes:
    """Return the MAC as the chip sends it: 8 bytes."""
    return _odd(mac(key, message))


def encrypt(key: bytes, vector: bytes, plain: bytes) -> bytes:
    """Encrypt whole blocks by AES-CBC."""
    worker = Cipher(AES128(key), CBC(vector)).encryptor()
    return worker.update(plain) + worker.finalize()


def decrypt(key: bytes, vector: bytes, encrypted: bytes) -> bytes:
    """Decrypt whole blocks by AES-CBC."""
    worker = Cipher(AES128(key), CBC(vector)).decryptor()
    return worker.update(encrypted) + worker.finalize()


def encrypt_block(key: bytes, block: bytes) -> bytes:
    """Encrypt one block by itself."""
    worker = Cipher(AES128(key), ECB()).encryptor()  # noqa: S305 - one block: how the chip makes its vectors
    return worker.update(block) + worker.finalize()


def _bound(data: PiccData) -> bytes:
    return data.uid + data.counter.to_bytes(3, "little")


def _odd(full: bytes) -> bytes:
    return full[1::2]
