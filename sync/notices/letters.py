"""From rows of the outbox to messages in words: what is no longer true or allowed is not told.

Every function runs inside the transaction of the connection it is given.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b

from sqlalchemy import Connection

from community.ids import MemberId
from sync.notices import addresses
from sync.notices.asked import Message
from sync.notices.kinds import FOR_HOSTS, Kind, is_quiet
from sync.notices.rules import Around, may_be_named
from sync.notices.texts import Text, Texts, language_of
from sync.notices.troubles import Trouble
from sync.notices.watch import Seen, around
from sync.store import notice_outbox as outbox
from sync.store import notices
from sync.store.known import are_members
from sync.store.notice_outbox import Waiting
from sync.store.notices import Channel, Reach
from sync.store.tries import Outcome

KINDS = {kind.value: kind for kind in Kind}


@dataclass(frozen=True, slots=True)
class Ready:
    """One that can be sent."""

    row: Waiting
    message: Message
    outward: bool
    """Whether a member gave the address, so that it may not lead into the house."""


@dataclass(frozen=True, slots=True)
class Held:
    """One that cannot."""

    row: Waiting
    outcome: Outcome
    """Why."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What is looked up once for all of them."""

    seen: Seen
    around: Around
    reach: Mapping[MemberId, Reach]
    channels: Mapping[int, Channel]
    troubles: frozenset[str]
    texts: Texts
    language: str
    """The space's own."""

    @property
    def mail(self) -> Channel | None:
        """The channel through which members' e-mail goes; `None` if there is none."""
        return next((channel for channel in self.channels.values() if channel.mail), None)


def letters(
    connection: Connection, rows: Iterable[Waiting], seen: Seen, texts: Texts, language: str
) -> tuple[Ready | Held, ...]:
    """Return what becomes of rows of the outbox, in their order.

    Args:
        connection: In a read transaction.
        rows: What is due.
        seen: Who is in, and what the time is.
        texts: Makes the words.
        language: The space's own: who speaks none of ours reads this.
    """
    known = _Known(
        seen,
        around(connection, seen),
        notices.every_reach(connection),
        {channel.id: channel for channel in notices.every_channel(connection)},
        notices.known_troubles(connection),
        texts,
        language,
    )
    return tuple(_to_host(row, known) if row.member_id is None else _to_member(row, known) for row in rows)


def give_wish_back(connection: Connection, row: Waiting) -> None:
    """Let a wish wait again whose notice was not sent: one of the two left before, and neither was erased."""
    if row.kind == Kind.BOTH_IN.value and row.member_id is not None:
        to, about = row.member_id, MemberId(row.subject)
        if are_members(connection, to, about):
            notices.wish(connection, to, about, row.made_us)


def finish(connection: Connection, row: Waiting, outcome: Outcome, at_us: int) -> None:
    """Note what became of a notice for good; in a writing transaction.  Nothing, if it was withdrawn."""
    if outbox.done(connection, row.id, outcome, at_us) and outcome is Outcome.UNTRUE:
        give_wish_back(connection, row)


def _to_host(row: Waiting, known: _Known) -> Ready | Held:
    kind, channel = KINDS.get(row.kind), known.channels.get(row.channel_id or 0)
    if kind is None or channel is None:
        return Held(row, Outcome.UNTRUE)
    if kind in FOR_HOSTS and Trouble(kind, row.subject).key not in known.troubles:
        return Held(row, Outcome.UNTRUE)
    text = known.texts.text(kind, channel.language, where=row.subject)
    return Ready(row, _message(row, channel.address, text), outward=False)


def _to_member(row: Waiting, known: _Known) -> Ready | Held:
    kind, to = KINDS.get(row.kind), row.member_id
    member = None if to is None else known.around.members.get(to)
    reach = None if to is None else known.reach.get(to)
    if kind is None or member is None or reach is None or not reach.address:
        return Held(row, Outcome.UNTRUE)
    if reach.works is (kind is Kind.CONFIRM):
        return Held(row, Outcome.UNTRUE)
    name = ""
    if kind is Kind.BOTH_IN:
        about = MemberId(row.subject)
        local = known.seen.at.astimezone(known.seen.hours.zone).time()
        if is_quiet(local) or not may_be_named(member.id, about, known.around):
            return Held(row, Outcome.UNTRUE)
        name = known.around.members[about].name
    text = known.texts.text(
        kind, language_of(member, known.texts.spoken, known.language), name=name, code=reach.code
    )
    if not addresses.is_mail(reach.address):
        return Ready(row, _message(row, reach.address, text), outward=True)
    if known.mail is None:
        return Held(row, Outcome.NO_MAIL)
    # The space's own mail server may stand in the house: an administrator gave its address.
    through = addresses.mail_to(known.mail.address, reach.address)
    return Ready(row, _message(row, through, text), outward=False)


def _message(row: Waiting, address: str, text: Text) -> Message:
    key = blake2b(row.key.encode(), digest_size=16).hexdigest()
    return Message(row.id, address, text.title, text.body, key)
