"""The letter a member carries to a sister space: what they chose to tell of themselves, signed by their own.

Pure: time and chance are arguments.  A letter is for one space, good once and for some days, and it holds
nothing but what stands in `Letter`: no note, no badge, nobody they would rather not meet.
"""

import hashlib
import hmac
from enum import Enum
from typing import Annotated

import msgspec

from plumbing.signing import SigningKey
from sync.sisters.seals import Sealed, length_of, seal, unseal

PURPOSE = b"foyer letter 1\n"

GOOD_DAYS = 14
"""The last day on which a letter is good, counted from the one it was written: the week after next."""

GOOD_S = (GOOD_DAYS + 1) * 86_400
"""Seconds a letter is good: that last day to its end, whatever the hour it was written."""

SKEW_S = 86_400
"""Seconds by which the clock of the space that wrote it may be ahead of ours."""

MOST_CHARACTERS = 1_150
"""Of a letter: with an address before it a QR code of 117 dots a side at most, for one phone to read from
another."""

MOST_LANGUAGES = 8

LISTS = ("needs", "offers", "interests", "ask_about")
"""What may be too long for a letter, item by item."""

Items = tuple[str, ...]


class Letter(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=False):
    """What is said.  As an array, so that it stays small: a field may be added at the end, with a default."""

    home: Annotated[str, msgspec.Meta(max_length=64)]
    """The id of the space that wrote it (`sync.sisters.cards.id_of`)."""
    to: Annotated[str, msgspec.Meta(max_length=64)]
    """The id of the space it is for."""
    nonce: Annotated[str, msgspec.Meta(min_length=16, max_length=64)]
    """Never twice."""
    visitor: Annotated[str, msgspec.Meta(min_length=16, max_length=64)]
    """Who: see `pseudonym`."""
    issued_s: int
    """Seconds since 1970 UTC, as `until_s`."""
    until_s: int
    """From then on it is too old."""
    name: str
    languages: Items = ()
    needs: tuple[tuple[str, str], ...] = ()
    """Each with its last day as `YYYY-MM-DD`, empty for none."""
    offers: Items = ()
    interests: Items = ()
    ask_about: Items = ()


class Refusal(Enum):
    """Why a letter is not taken."""

    UNREADABLE = "unreadable"
    """It is none, or not whole, or holds what cannot be shown."""
    STRANGER = "stranger"
    """It is of no space that this one knows, or knows any more."""
    FORGED = "forged"
    """The space it names did not sign it as it is now."""
    ELSEWHERE = "elsewhere"
    """It is for another space."""
    OLD = "old"
    """It is too old; or this hub was put back from a backup since, and cannot know whether it was used."""
    EARLY = "early"
    """It is from a day that is still to come: one of the two clocks is wrong."""
    USED = "used"
    """It was used before, or a later one was."""


def pseudonym(secret: str, to: str, member_id: str) -> str:
    """Return the name under which a member is known to one sister, and to no other.

    Always the same for the two; without the key of their own space nobody can tell whose it is, nor that two
    of them at two sisters belong to one person.
    """
    keyed = hmac.new(bytes.fromhex(secret), b"foyer visitor\n", hashlib.sha256).digest()
    return hmac.new(keyed, f"{to}\n{member_id}".encode(), hashlib.sha256).hexdigest()[:32]


def fitted(letter: Letter, most: int = MOST_CHARACTERS) -> tuple[Letter, Items]:
    """Return a letter that is small enough, and what it had to leave out.

    The longest item of any list goes first, of two the one in the later list; name and languages stay, but
    for languages beyond `MOST_LANGUAGES`.
    """
    gone = list(letter.languages[MOST_LANGUAGES:])
    letter = msgspec.structs.replace(letter, languages=letter.languages[:MOST_LANGUAGES])
    while length_of(_body(letter)) > most:
        items = [
            (len(msgspec.json.encode(item)), name, n)
            for name in LISTS
            for n, item in enumerate(getattr(letter, name))
        ]
        if not items:
            break
        _, name, n = max(items, key=lambda one: (one[0], LISTS.index(one[1]), one[2]))
        before = getattr(letter, name)
        gone.append(before[n][0] if name == "needs" else before[n])
        letter = msgspec.structs.replace(letter, **{name: before[:n] + before[n + 1 :]})
    return letter, tuple(gone)


def write(letter: Letter, key: SigningKey) -> str:
    """Return a letter as text."""
    return seal(key, PURPOSE, _body(letter))


def read(text: str) -> tuple[Letter, Sealed] | None:
    """Read a letter, of which nothing is believed yet; `None` if it is none.

    Args:
        text: As it stands in an address, or as somebody pasted it: white space is left out.
    """
    sealed = unseal("".join(text.split())[: MOST_CHARACTERS + 1])
    if sealed is None:
        return None
    try:
        letter = msgspec.json.decode(sealed.body, type=Letter)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    # Before anybody's signature is looked at, both are looked up; PostgreSQL cannot even be asked about NUL.
    return (letter, sealed) if all(map(_is_plain, (letter.home, letter.visitor))) else None


def refuse(letter: Letter, own_id: str, now_s: int, not_before_s: int) -> Refusal | None:
    """Say why a letter whose signature is right is not taken; `None` if nothing speaks against it.

    Args:
        letter: Signed by the space it names.
        own_id: Our id.
        now_s: Seconds since 1970 UTC.
        not_before_s: The same, of the moment since which we know which letters were used; 0 if we always
            did.  A letter is as old as its own space's clock says, which may be ahead: what was written less
            than `SKEW_S` after that moment may be from before it.
    """
    if letter.to != own_id:
        return Refusal.ELSEWHERE
    if letter.issued_s > now_s + SKEW_S:
        return Refusal.EARLY
    too_long = letter.until_s - letter.issued_s > GOOD_S
    forgotten = not_before_s and letter.issued_s < not_before_s + SKEW_S
    if now_s >= letter.until_s or too_long or forgotten:
        return Refusal.OLD
    return None


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isalnum()


def _body(letter: Letter) -> bytes:
    return msgspec.json.encode(letter)
