"""Badge and reader prove to each other that they know a key, and speak on in secret: AuthenticateEV2First.

Pure but for `cryptography`; chance is an argument.  On the air, for key number `n`:

    90 71 00 00 02 n 00 00          -> E(key, B)                                        91 AF
    90 AF 00 00 20 E(key, A B') 00  -> E(key, TI A' PDcap2 PCDcap2)                     91 00

A and B are 16 random bytes of reader and badge, ' turns them left by one byte, TI names the transaction.
After it each command carries a counter, an encryption (mode "full") and 8 bytes of MAC.

Source: NXP AN12196 rev. 2.0, sections 5.6, 5.9, 5.12 and 5.16; NT4H2421Gx data sheet rev. 3.0, section 9.1.
"""

from dataclasses import dataclass, replace
from zlib import crc32

from cryptography.hazmat.primitives.constant_time import bytes_eq

from hardware.secure_badge import KEY_BYTES, decrypt, encrypt, encrypt_block, mac, short_mac

MAC_BYTES = 8
"""Of each command and each answer."""

_NO_VECTOR = bytes(KEY_BYTES)
_ENCRYPTION_LABEL = bytes.fromhex("A55A00010080")
_MAC_LABEL = bytes.fromhex("5AA500010080")
_COMMAND_LABEL, _ANSWER_LABEL = b"\xa5\x5a", b"\x5a\xa5"
_TI_BYTES = 4
_CAPABILITIES = bytes(12)  # of badge and reader: none that this program uses
_DONE = b"\x00"


@dataclass(frozen=True, slots=True, repr=False)
class Session:
    """One conversation after both sides have proved themselves; each command makes the next."""

    encryption_key: bytes
    mac_key: bytes
    transaction: bytes
    """TI, 4 bytes."""
    counter: int = 0
    """Commands so far, below 65,536."""

    def after_command(self) -> "Session":
        """Return the session once a command was carried out."""
        return replace(self, counter=self.counter + 1)

    def protect(self, code: int, header: bytes, data: bytes) -> bytes:
        """Return what follows the header of a command in mode "full": encrypted data and MAC."""
        vector = encrypt_block(self.encryption_key, self._vector(_COMMAND_LABEL, self.counter))
        hidden = encrypt(self.encryption_key, vector, padded(data)) if data else b""
        return hidden + self.command_mac(code, header + hidden)

    def unprotect(self, code: int, header: bytes, protected: bytes) -> bytes | None:
        """Return the data of a command, as the chip reads it; `None` if it is not sound."""
        hidden, proof = protected[:-MAC_BYTES], protected[-MAC_BYTES:]
        if len(hidden) % KEY_BYTES or not bytes_eq(self.command_mac(code, header + hidden), proof):
            return None
        if not hidden:
            return b""
        vector = encrypt_block(self.encryption_key, self._vector(_COMMAND_LABEL, self.counter))
        return unpadded(decrypt(self.encryption_key, vector, hidden))

    def command_mac(self, code: int, said: bytes) -> bytes:
        """Return the MAC of a command; `said` is all that follows its code."""
        return short_mac(self.mac_key, bytes([code]) + self._bound(self.counter) + said)

    def answer_mac(self, said: bytes) -> bytes:
        """Return the MAC of the answer to the command of this moment; `said` is what it holds, as sent."""
        return short_mac(self.mac_key, _DONE + self._bound(self.counter + 1) + said)

    def is_answer(self, answer: bytes) -> bool:
        """Say whether an answer (without its status word) comes from the other side of this session."""
        return bytes_eq(self.answer_mac(answer[:-MAC_BYTES]), answer[-MAC_BYTES:])

    def hide_answer(self, data: bytes) -> bytes:
        """Encrypt what the badge answers in mode "full"."""
        return encrypt(self.encryption_key, self._answer_vector(), padded(data))

    def open_answer(self, answer: bytes) -> bytes | None:
        """Return what an answer in mode "full" (without its status word) says; `None` if it is not sound."""
        hidden = answer[:-MAC_BYTES]
        if not hidden or len(hidden) % KEY_BYTES or not self.is_answer(answer):
            return None
        return unpadded(decrypt(self.encryption_key, self._answer_vector(), hidden))

    def _answer_vector(self) -> bytes:
        return encrypt_block(self.encryption_key, self._vector(_ANSWER_LABEL, self.counter + 1))

    def _bound(self, counter: int) -> bytes:
        return counter.to_bytes(2, "little") + self.transaction

    def _vector(self, label: bytes, counter: int) -> bytes:
        return label + self.transaction + counter.to_bytes(2, "little") + bytes(8)


def asked(key: bytes, challenge: bytes) -> bytes:
    """The badge's side: return what it says first.  `challenge` are 16 random bytes, B."""
    return encrypt(key, _NO_VECTOR, challenge)


def replied(key: bytes, said: bytes, challenge: bytes) -> tuple[bytes, bytes] | None:
    """The reader's side: return what it says to the badge's first word, and what B was.

    Args:
        key: The key both should know.
        said: The badge's word, without status.
        challenge: The reader's own 16 random bytes, A.

    Returns:
        32 bytes to send, and B; `None` if the badge said something else.
    """
    if len(said) != KEY_BYTES:
        return None
    theirs = decrypt(key, _NO_VECTOR, said)
    return encrypt(key, _NO_VECTOR, challenge + _turned(theirs)), theirs


def agreed(key: bytes, reply: bytes, challenge: bytes, transaction: bytes) -> tuple[bytes, Session] | None:
    """The badge's side: return its last word and the session; `None` if the reader does not know the key.

    Args:
        key: The key both should know.
        reply: The reader's word.
        challenge: What the badge asked, B.
        transaction: 4 random bytes, TI.
    """
    if len(reply) != 2 * KEY_BYTES:
        return None
    plain = decrypt(key, _NO_VECTOR, reply)
    theirs = plain[:KEY_BYTES]
    if not bytes_eq(plain[KEY_BYTES:], _turned(challenge)):
        return None
    word = encrypt(key, _NO_VECTOR, transaction + _turned(theirs) + _CAPABILITIES)
    return word, session_of(key, theirs, challenge, transaction)


def concluded(key: bytes, word: bytes, ours: bytes, theirs: bytes) -> Session | None:
    """The reader's side: return the session; `None` if the badge does not know the key.

    Args:
        key: The key both should know.
        word: The badge's last word, without status.
        ours: The reader's random bytes, A.
        theirs: The badge's, B.
    """
    if len(word) != 2 * KEY_BYTES:
        return None
    plain = decrypt(key, _NO_VECTOR, word)
    if not bytes_eq(plain[_TI_BYTES : _TI_BYTES + KEY_BYTES], _turned(ours)):
        return None
    return session_of(key, ours, theirs, plain[:_TI_BYTES])


def session_of(key: bytes, reader: bytes, badge: bytes, transaction: bytes) -> Session:
    """Return the session that both sides' random bytes, A and B, make."""
    crossed = bytes(a ^ b for a, b in zip(reader[2:8], badge[:6], strict=True))
    told = reader[:2] + crossed + badge[6:] + reader[8:]
    return Session(mac(key, _ENCRYPTION_LABEL + told), mac(key, _MAC_LABEL + told), transaction)


def new_key_data(number: int, old: bytes, new: bytes, version: int) -> bytes:
    """Return what ChangeKey says in a session of key 0.

    Args:
        number: 0 to 4.
        old: The key it has; for another than key 0 the chip finds out whether that is so.
        new: The key it is to have.
        version: 0 to 255.
    """
    if number == 0:
        return new + bytes([version])
    mixed = bytes(a ^ b for a, b in zip(old, new, strict=True))
    return mixed + bytes([version]) + checksum(new)


def checksum(key: bytes) -> bytes:
    """Return the CRC-32 of a key as the chip takes it: without the final inversion, low byte first."""
    return (crc32(key) ^ 0xFFFFFFFF).to_bytes(4, "little")


def padded(data: bytes) -> bytes:
    """Return data filled to whole blocks: 80, then zeros (ISO/IEC 9797-1, method 2)."""
    return data + b"\x80" + bytes(-(len(data) + 1) % KEY_BYTES)


def unpadded(data: bytes) -> bytes | None:
    """Return the data without its filling; `None` if there is none."""
    end = data.rfind(b"\x80")
    return None if end < 0 or any(data[end + 1 :]) else data[:end]


def _turned(challenge: bytes) -> bytes:
    return challenge[1:] + challenge[:1]
