"""What is kept about newcomers: who looks after them, who offered to, what they were written, and the texts.

Every function runs inside the transaction of the connection it is given.  Rows that name a member are gone
with that member.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, delete, insert, select

from community.ids import MemberId
from community.introductions.pairing import Pair, pair
from plumbing.inserts import insert_or_update
from sync.store.care_schema import buddies, newcomer_messages, newcomer_texts, volunteers
from sync.store.known import are_members

KEPT = timedelta(days=365)
"""Long after the last message could be due again: nothing is written twice."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What was done about one message."""

    member_id: MemberId
    message: str
    settled: str
    day: date
    host: str
    """The login."""


@dataclass(frozen=True, slots=True)
class OwnText:
    """A text that a host wrote."""

    message: str
    language: str
    subject: str
    body: str


def buddies_of(connection: Connection) -> Mapping[MemberId, MemberId]:
    """Return who looks after each newcomer."""
    rows = connection.execute(select(buddies.c.member_id, buddies.c.buddy_id))
    return {MemberId(row.member_id): MemberId(row.buddy_id) for row in rows}


def asked(connection: Connection) -> tuple[tuple[Pair, date], ...]:
    """Return whom a host asked to look after whom, and on which day; as far as they still do."""
    rows = connection.execute(select(buddies.c.member_id, buddies.c.buddy_id, buddies.c.day))
    return tuple(
        (pair(MemberId(row.member_id), MemberId(row.buddy_id)), date.fromisoformat(row.day)) for row in rows
    )


def set_buddy(
    connection: Connection, member_id: MemberId, buddy: MemberId | None, day: date, host: str
) -> None:
    """Say who looks after a newcomer; nobody for `None`.  Who was erased meanwhile is not named again."""
    if buddy is None:
        connection.execute(delete(buddies).where(buddies.c.member_id == member_id))
        return
    if not are_members(connection, member_id, buddy):
        return
    row = {"member_id": member_id, "buddy_id": buddy, "day": day.isoformat(), "host": host}
    connection.execute(insert_or_update(connection, buddies, ["member_id"]), [row])


def volunteering(connection: Connection) -> frozenset[MemberId]:
    """Return who offered to welcome newcomers."""
    ids = connection.execute(select(volunteers.c.member_id)).scalars()
    return frozenset(MemberId(member_id) for member_id in ids)


def volunteer(connection: Connection, member_id: MemberId, *, yes: bool) -> None:
    """Keep a member's offer to welcome newcomers, or that they take it back; nothing of who is erased."""
    if not yes:
        connection.execute(delete(volunteers).where(volunteers.c.member_id == member_id))
    elif are_members(connection, member_id) and member_id not in volunteering(connection):
        connection.execute(insert(volunteers).values(member_id=member_id))


def settle(connection: Connection, kept: Kept) -> None:
    """Keep what was done about a message; the last word counts.  Nothing of who was erased meanwhile."""
    if not are_members(connection, kept.member_id):
        return
    row = {
        "member_id": kept.member_id,
        "message": kept.message,
        "settled": kept.settled,
        "day": kept.day.isoformat(),
        "host": kept.host,
    }
    connection.execute(insert_or_update(connection, newcomer_messages, ["member_id", "message"]), [row])


def settled(connection: Connection) -> tuple[Kept, ...]:
    """Return what was done about messages, in no particular order."""
    return tuple(
        Kept(MemberId(row.member_id), row.message, row.settled, date.fromisoformat(row.day), row.host)
        for row in connection.execute(select(newcomer_messages))
    )


def texts(connection: Connection) -> tuple[OwnText, ...]:
    """Return what hosts wrote in the place of ours, in no particular order."""
    return tuple(
        OwnText(row.message, row.language, row.subject, row.body)
        for row in connection.execute(select(newcomer_texts))
    )


def put_text(connection: Connection, text: OwnText) -> None:
    """Keep a text that a host wrote."""
    row = {
        "message": text.message,
        "language": text.language,
        "subject": text.subject,
        "body": text.body,
    }
    connection.execute(insert_or_update(connection, newcomer_texts, ["message", "language"]), [row])


def reset_text(connection: Connection, message: str, language: str) -> None:
    """Go back to our text."""
    here = (newcomer_texts.c.message == message) & (newcomer_texts.c.language == language)
    connection.execute(delete(newcomer_texts).where(here))


def sweep(connection: Connection, day: date) -> int:
    """Remove what is older than `KEPT` on a day, and return how much that was."""
    oldest = (day - KEPT).isoformat()
    gone = connection.execute(delete(newcomer_messages).where(newcomer_messages.c.day < oldest)).rowcount
    return gone + connection.execute(delete(buddies).where(buddies.c.day < oldest)).rowcount


def forget(connection: Connection, member_id: MemberId) -> None:
    """Remove everything that names a member."""
    for mine in (
        delete(buddies).where((buddies.c.member_id == member_id) | (buddies.c.buddy_id == member_id)),
        delete(volunteers).where(volunteers.c.member_id == member_id),
        delete(newcomer_messages).where(newcomer_messages.c.member_id == member_id),
    ):
        connection.execute(mine)
