"""Notices as pages show them: no address that lets anybody write there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from community.clock import at_of
from community.ids import MemberId
from community.members import Member
from sync.store import notice_outbox as outbox
from sync.store import notices
from sync.store.notice_outbox import Last
from sync.store.tries import Outcome
from sync.views.people import Choice, choices


@dataclass(frozen=True, slots=True)
class Went:
    """How the last notice went."""

    at: datetime
    """Aware, UTC; when it was sent or given up, or when it began to wait."""
    outcome: Outcome
    waits: bool
    """Whether it is tried again."""


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """One channel."""

    id: int
    name: str
    scheme: str
    """The beginning of its address, which is all of it that is shown."""
    kinds: frozenset[str]
    language: str
    mail: bool
    went: Went | None
    """`None` if there was no notice lately."""


@dataclass(frozen=True, slots=True)
class Mine:
    """What a member reads of their own notices."""

    reach: notices.Reach
    wishes: tuple[Choice, ...]
    """Whom they asked for, and may still read the name of."""
    unseen: tuple[MemberId, ...]
    """Whom they asked for, and who is not named to other members any more."""
    choices: tuple[Choice, ...]
    """Whom they may ask for."""
    went: Went | None
    has_mail: bool
    """Whether the space can send e-mail."""


def read_channels(connection: Connection) -> tuple[ChannelLine, ...]:
    """Read the channels, the oldest first."""
    last = outbox.last_to_channels(connection)
    return tuple(
        ChannelLine(
            channel.id,
            channel.name,
            channel.address.partition(":")[0].lower(),
            channel.kinds,
            channel.language,
            channel.mail,
            went(last.get(channel.id)),
        )
        for channel in notices.every_channel(connection)
    )


def read_mine(
    connection: Connection, member_id: MemberId, seen: Mapping[MemberId, Member], *, inside: bool
) -> Mine:
    """Read a member's own notices.

    Args:
        connection: In a read transaction.
        member_id: Whose.
        seen: Members who let other members read their name.
        inside: Whether the member is in: who is not reads no list of names.
    """
    wished = notices.wishes_of(connection, member_id)
    named = {choice.member_id: choice for choice in choices(seen.values())}
    return Mine(
        notices.reach_of(connection, member_id),
        tuple(named[each] for each in wished if each in named),
        tuple(each for each in wished if each not in named),
        tuple(each for each in named.values() if each.member_id not in wished) if inside else (),
        went(outbox.last_to_member(connection, member_id)),
        has_mail(connection),
    )


def has_mail(connection: Connection) -> bool:
    """Say whether the space can send e-mail to members."""
    return any(channel.mail for channel in notices.every_channel(connection))


def went(last: Last | None) -> Went | None:
    """Return how the last notice went, with its time as one."""
    if last is None:
        return None
    return Went(at_of(last.at_us), last.outcome, last.waits)
