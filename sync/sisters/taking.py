"""Whether a letter is believed, and what becomes of whoever brought it: a member for some weeks.

Decided inside the caller's transaction, in which a good letter is used up.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta

import msgspec
from sqlalchemy import Connection

from community.ids import MemberId
from community.members import Member, Visibility
from plumbing.signing import SigningKey
from sync import profiles
from sync.sisters import cards, letters
from sync.sisters.letters import Letter, Refusal
from sync.store import deeds, directory, feed, retention, sisters, visitors
from sync.store.deeds import Deed
from sync.store.retention import Job
from sync.store.sisters import Sister
from sync.store.visitors import Visiting

STAY = timedelta(days=30)
"""How long somebody visits after their last letter; design, section 6, and the retention of visitors."""

SECOND_US = 1_000_000


@dataclass(frozen=True, slots=True)
class Brought:
    """A letter that may be taken."""

    home: Sister
    letter: Letter
    profile: Member
    """What it says, as a member; the id is empty for somebody who was not here before."""
    until: date
    """The last day of the visit if it is taken now."""

    @property
    def again(self) -> bool:
        """Whether they are here already."""
        return bool(self.profile.id)


@dataclass(frozen=True, slots=True)
class Taken:
    """A letter that was taken."""

    member_id: MemberId
    until: date


class Letters:
    """Takes letters.  Lives as long as the hub."""

    def __init__(self, key: SigningKey) -> None:
        """`key` is this space's own."""
        self._own = cards.id_of(key.public)

    def look(self, connection: Connection, text: str, now_us: int, today: date) -> Brought | Refusal:
        """Return what a letter says if it may be taken now; nothing is changed.

        Args:
            connection: In a transaction.
            text: The letter, as it came.
            now_us: Now, microseconds since 1970 UTC.
            today: The space's.
        """
        found = letters.read(text)
        if found is None:
            return Refusal.UNREADABLE
        letter, sealed = found
        home = sisters.find(connection, letter.home)
        if home is None or home.waits:
            return Refusal.STRANGER
        if not sealed.is_of(home.public_key, letters.PURPOSE):
            return Refusal.FORGED
        refusal = letters.refuse(letter, self._own, now_us // SECOND_US, sisters.since_s(connection))
        if refusal is not None:
            return refusal
        before = visitors.find(connection, letter.home, letter.visitor)
        overtaken = before is not None and before.issued_s > letter.issued_s
        if overtaken or sisters.is_used(connection, _claim(letter)):
            return Refusal.USED
        known = None if before is None else directory.member_of(connection, before.member_id)
        try:
            profile = _profile(letter, known, today)
        except ValueError:
            return Refusal.UNREADABLE
        return Brought(home, letter, profile, today + STAY)

    def take(
        self,
        connection: Connection,
        text: str,
        now_us: int,
        today: date,
        new_id: MemberId,
        *,
        meet: bool,
    ) -> Taken | Refusal:
        """Use a letter up: whoever brought it is a member until the visit ends.

        Args:
            connection: In a writing transaction.
            text: The letter.
            now_us: Now, microseconds since 1970 UTC.
            today: The space's.
            new_id: Theirs, if they are not here yet.
            meet: Whether other members who are in may read their name, and be suggested to them.
        """
        brought = self.look(connection, text, now_us, today)
        if isinstance(brought, Refusal):
            return brought
        letter, member = brought.letter, brought.profile
        sisters.use(connection, _claim(letter), letter.until_s + letters.SKEW_S)
        if not brought.again:
            member = msgspec.structs.replace(member, id=new_id)
        if meet:
            visibility = msgspec.structs.replace(member.visibility, members=True)
            member = msgspec.structs.replace(member, visibility=visibility, introductions=True)
        directory.put_member(connection, member)
        home = brought.home
        visiting = Visiting(member.id, home.id, home.name, letter.visitor, letter.issued_s, brought.until)
        visitors.put(connection, visiting)
        deeds.note(connection, now_us, Deed.VISITOR_TAKEN, "", member.id)
        return Taken(member.id, brought.until)


def end_visits(connection: Connection, today: date, at_us: int) -> int:
    """Erase whose visit has ended before today, as any member who is erased, and note that it was done.

    Args:
        connection: In a writing transaction.
        today: The space's.
        at_us: Now, microseconds since 1970 UTC.

    Returns:
        The latest revision of the feed.
    """
    gone = visitors.over(connection, today)
    for member_id in gone:
        deeds.note(connection, at_us, Deed.VISIT_ENDED, "", member_id)
        directory.remove_member(connection, member_id)
    retention.note(connection, Job.VISITORS, today, at_us, len(gone))
    return feed.revision(connection)


def _profile(letter: Letter, known: Member | None, today: date) -> Member:
    """Return what a letter says as a member, laid over what is known of them.

    Raises:
        ValueError: It holds what no profile of ours may hold: a sister is trusted to say who somebody is, not
            with what our screens can show.
    """

    def items(texts: tuple[str, ...]) -> tuple[str, ...]:
        return profiles.parse_items(";".join(map(profiles.clean, texts)))

    before = known or Member(MemberId(""), "", visibility=Visibility())
    needs, ends = profiles.parse_need_rows(letter.needs, today)
    languages = profiles.parse_languages(";".join(map(profiles.clean, letter.languages)))
    return msgspec.structs.replace(
        before,
        name=profiles.parse_name(profiles.clean(letter.name)),
        languages=languages if letter.languages else before.languages,
        needs=needs,
        needs_until=ends,
        offers=items(letter.offers),
        interests=items(letter.interests),
        ask_about=items(letter.ask_about),
    )


def _claim(letter: Letter) -> str:
    """Return what a letter is remembered by: it says neither whose it is nor what stands in it."""
    return hashlib.sha256(f"{letter.home}\n{letter.nonce}".encode()).hexdigest()
