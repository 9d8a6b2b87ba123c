"""One-time codes that a host reads out: for a kiosk to be let in, for somebody to get an account.

Every function runs inside the transaction of the connection it is given.  A code is kept as a salted scrypt
hash: a copy of the database lets nobody in.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from sqlalchemy import Connection, delete, insert, select, update

from community.wire.enrolment import ALPHABET, NAME_LENGTH, SECRET_LENGTH, Code
from sync.store.schema import codes

GOOD_FOR = timedelta(minutes=15)
"""Time to walk to the door with it."""

TRIES = 5
"""Wrong tries before a code is over: of 2^40, five are hopeless."""

SCRYPT_N, SCRYPT_R, SCRYPT_P = 2**14, 8, 1
"""About 50 ms and 16 MB: all 2^40 would take more than a thousand years.  Source: RFC 7914."""


class Purpose(Enum):
    """What a code is good for."""

    KIOSK = "kiosk"
    """The subject is the kiosk's id."""
    ACCOUNT = "account"
    """The subject is the role."""


class Tried(Enum):
    """Why a code is not good."""

    WRONG = "wrong"
    """Unknown, or wrong in its secret part."""
    OVER = "over"
    """Too old, or tried too often."""


@dataclass(frozen=True, slots=True)
class Open:
    """A code that can still be used."""

    name: str
    subject: str
    made_by: str
    """The host's login."""
    expires_us: int


def make(
    connection: Connection, purpose: Purpose, subject: str, made_by: str, now_us: int, pin: str = ""
) -> Code:
    """Make a code; an older one for the same subject of a kiosk is over.

    Args:
        connection: In a writing transaction.
        purpose: What for.
        subject: For whom.
        made_by: The host's login.
        now_us: Now, microseconds since 1970 UTC.
        pin: What stands behind the code; it is not kept.
    """
    sweep(connection, now_us)
    if purpose is Purpose.KIOSK:
        connection.execute(delete(codes).where(codes.c.purpose == purpose.value, codes.c.subject == subject))
    taken = set(connection.execute(select(codes.c.name)).scalars())
    name = _letters(NAME_LENGTH)
    while name in taken:
        name = _letters(NAME_LENGTH)
    code = Code(name, _letters(SECRET_LENGTH), pin)
    connection.execute(
        insert(codes).values(
            name=name,
            purpose=purpose.value,
            subject=subject,
            secret=_hash(code.secret, secrets.token_bytes(16)),
            made_by=made_by,
            expires_us=now_us + int(GOOD_FOR / timedelta(microseconds=1)),
            wrong=0,
        )
    )
    return code


def sweep(connection: Connection, now_us: int) -> int:
    """Remove codes that nobody used in time, and return how many they were."""
    return connection.execute(delete(codes).where(codes.c.expires_us <= now_us)).rowcount


def use(connection: Connection, purpose: Purpose, name: str, secret: str, now_us: int) -> Open | Tried:
    """Use a code up, or count a wrong try.

    Args:
        connection: In a writing transaction, which must be kept even if the code is wrong.
        purpose: What for.
        name: Which code.
        secret: As typed.
        now_us: Now, microseconds since 1970 UTC.
    """
    row = connection.execute(
        select(codes).where(codes.c.name == name, codes.c.purpose == purpose.value)
    ).one_or_none()
    if row is None:
        return Tried.WRONG
    if row.expires_us <= now_us or row.wrong >= TRIES:
        return Tried.OVER
    salt = bytes.fromhex(row.secret.partition(":")[0])
    if not hmac.compare_digest(_hash(secret, salt), row.secret):
        connection.execute(update(codes).where(codes.c.name == name).values(wrong=row.wrong + 1))
        return Tried.WRONG
    connection.execute(delete(codes).where(codes.c.name == name))
    return Open(row.name, row.subject, row.made_by, row.expires_us)


def withdraw(connection: Connection, purpose: Purpose, name: str) -> bool:
    """End a code before it is used; return whether it was open."""
    gone = connection.execute(delete(codes).where(codes.c.name == name, codes.c.purpose == purpose.value))
    return gone.rowcount == 1


def opened(connection: Connection, purpose: Purpose, now_us: int) -> tuple[Open, ...]:
    """Return the codes that can still be used, by subject."""
    rows = connection.execute(
        select(codes)
        .where(codes.c.purpose == purpose.value, codes.c.expires_us > now_us, codes.c.wrong < TRIES)
        .order_by(codes.c.subject, codes.c.name)
    )
    return tuple(Open(row.name, row.subject, row.made_by, row.expires_us) for row in rows)


def _letters(count: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(count))


def _hash(secret: str, salt: bytes) -> str:
    key = hashlib.scrypt(secret.encode(), salt=salt, n=SCRYPT_N, r=SCRYPT_R, p=SCRYPT_P, dklen=32)
    return f"{salt.hex()}:{key.hex()}"
