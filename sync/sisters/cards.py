"""The card of a space: what another space must know to believe its letters.

Pure.  A card is signed by its own key, which shows that it is whole and that whoever wrote it holds the key.
Whose it is, only people can say: they compare its fingerprint by voice.
"""

import hashlib
import re
import string
from dataclasses import dataclass
from urllib.parse import urlsplit

import msgspec

from plumbing.signing import SigningKey, is_public_key
from sync.sisters.seals import seal, unseal

PURPOSE = b"foyer sister card 1\n"

LONGEST_NAME, LONGEST_ADDRESS = 80, 80
"""Characters."""

ORIGIN = frozenset(string.ascii_letters + string.digits + ":/.-[]")
"""What stands in an address: browsers read a backslash as a slash, and what is before an @ as no address."""

KEY = re.compile("[0-9a-f]{64}")

LONGEST_CARD = 1_000
"""Characters of a card as text."""

ID_DIGITS = 24
"""Hexadecimal; 96 bits of the hash of a key, so that no other space can choose the same."""

GROUPS, GROUP_DIGITS = 6, 5
"""Of a fingerprint: 30 decimal digits are 99 bits, read out in a quarter of a minute in any language."""


@dataclass(frozen=True, slots=True)
class Card:
    """One space as another knows it."""

    name: str
    address: str
    """Where its hub answers browsers ("https://foyer.example.org"), without a path."""
    key: str
    """The public half, 64 hexadecimal digits."""

    @property
    def id(self) -> str:
        """Who it is: from the key alone, so nobody else can say the same of themselves."""
        return id_of(self.key)

    @property
    def fingerprint(self) -> str:
        """Six groups of five digits that change with anything on the card."""
        number = int.from_bytes(hashlib.sha256(PURPOSE + _body(self)).digest())
        digits = str(number % 10 ** (GROUPS * GROUP_DIGITS)).zfill(GROUPS * GROUP_DIGITS)
        return " ".join(digits[n : n + GROUP_DIGITS] for n in range(0, len(digits), GROUP_DIGITS))


def id_of(public_key: str) -> str:
    """Return the id of the space that holds a key."""
    return hashlib.sha256(bytes.fromhex(public_key)).hexdigest()[:ID_DIGITS]


def write(name: str, address: str, key: SigningKey) -> str:
    """Return the text of one's own card."""
    return seal(key, PURPOSE, _body(Card(name, address, key.public)))


def read(text: str) -> Card | None:
    """Read a card; `None` if it is none, or not whole.

    Args:
        text: As somebody pasted it: with any white space in it, as e-mail leaves it.
    """
    sealed = unseal("".join(text.split())[: LONGEST_CARD + 1])
    if sealed is None:
        return None
    try:
        name, address, key = msgspec.json.decode(sealed.body, type=tuple[str, str, str])
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    # One key, one way to write it: `bytes.fromhex` also takes spaces and capitals.
    if (
        not KEY.fullmatch(key)
        or not is_public_key(key)
        or not sealed.is_of(key, PURPOSE)
        or not is_address(address)
    ):
        return None
    card = Card(name, address, key)
    fits = 0 < len(name) <= LONGEST_NAME and name.isprintable() and name == " ".join(name.split())
    return card if fits and _body(card) == sealed.body else None


def is_address(text: str) -> bool:
    """Say whether browsers can be sent there: scheme, host and perhaps a port, nothing else."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    plain = set(text) <= ORIGIN and len(text) <= LONGEST_ADDRESS
    whole = parts.scheme in {"http", "https"} and bool(parts.hostname) and port != 0
    return plain and whole and text == f"{parts.scheme}://{parts.netloc}"


def _body(card: Card) -> bytes:
    return msgspec.json.encode((card.name, card.address, card.key))
