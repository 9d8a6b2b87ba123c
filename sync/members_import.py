"""Say what a members file would change in the directory, and change exactly that.

A line is taken whole or not at all.  What was shown is what is done: the plan is made again in the
transaction that does it, and if it is another one meanwhile, because somebody changed one of these members,
nothing is done.
"""

import hashlib
import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum

import msgspec
from sqlalchemy import Connection, select

from community.badges import BadgeHash, BadgeKey, short_code
from community.ids import MemberId
from community.members import Member
from community.names import folded
from community.wire.messages import Erasure
from plumbing.words import Sentence
from sync import profiles
from sync.errors import MembersMovedError
from sync.members_file import COLUMNS, MembersFile, Person, Problem, avoided
from sync.store import directory, feed, visitors
from sync.store.feed import Kind
from sync.store.schema import badges


class Outcome(Enum):
    """What an import means for one line."""

    NEW = "new"
    BACK = "back"
    """New, and somebody who was erased here: the import would bring them back."""
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Change:
    """One good line, and what it would change."""

    line: int
    outcome: Outcome
    member: Member
    """As they would be."""
    before: Member | None
    """As they are; `None` for somebody new."""
    columns: tuple[str, ...]
    """Our columns that would change, `badge` among them; empty unless `CHANGED`."""
    badges: tuple[BadgeHash, ...]
    """Badges that would be linked."""
    namesake: bool
    """Whether they would be a second person of a name that the directory knows under another id."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do."""

    changes: tuple[Change, ...]
    """In the order of the file, those that change nothing too."""
    problems: tuple[Problem, ...]
    """In the order of the file: lines that are left out, and why."""
    seen: str
    """What this was made from and what would be done, in 64 digits: the same only if nothing has moved."""

    def count(self, outcome: Outcome) -> int:
        """Return how many lines are of this kind."""
        return sum(change.outcome is outcome for change in self.changes)

    @property
    def refused(self) -> int:
        """How many lines are left out."""
        return len({problem.line for problem in self.problems})

    @property
    def touched(self) -> tuple[Change, ...]:
        """Those that change something."""
        return tuple(change for change in self.changes if change.outcome is not Outcome.SAME)


@dataclass(frozen=True, slots=True)
class Written:
    """What an import of a whole file did."""

    members: int
    badges: int
    problems: tuple[Problem, ...]
    """Those of the file, and badges that belong to others."""


def plan(connection: Connection | None, file: MembersFile, key: BadgeKey, *, bring_back: bool = True) -> Plan:
    """Say what an import would do; nothing is written.

    Args:
        connection: In any transaction; `None` where there is no directory yet.
        file: What `members_file` read.
        key: The space's badge key.
        bring_back: Whether people who were erased here may come back; otherwise they are left out.
    """
    known, owners = ({}, {}) if connection is None else _directory(connection)
    erasures = {} if connection is None else feed.all_of(connection, Kind.ERASED, Erasure)
    erased = frozenset(MemberId(key) for key, erasure in erasures.items() if not erasure.lifted)
    names = {folded(member.name): member.id for member in known.values()}
    wrong = {problem.line for problem in file.problems}
    changes, problems = [], list(file.problems)
    for person in file.people:
        found = [] if person.line in wrong else _problems_of(person, known, owners, key)
        problems += found
        if person.line in wrong or found:
            continue
        change = _change_of(person, known, owners, names, erased, key, set(COLUMNS) - file.columns)
        changes.append(change)
    problems.sort(key=lambda problem: problem.line)
    told = [
        (change.line, change.outcome.value, change.before, change.member, change.badges) for change in changes
    ]
    refused = [(problem.line, problem.column) for problem in problems]
    seen = hashlib.sha256(msgspec.json.encode((told, refused))).hexdigest()
    kept = tuple(change for change in changes if bring_back or change.outcome is not Outcome.BACK)
    return Plan(kept, tuple(problems), seen)


def id_of(email: str, key: BadgeKey) -> str:
    """Return the id of a member whom a file knows by their e-mail address only.

    The address itself is kept nowhere: the id is drawn from it with the space's secret, so that it is
    always the same here and says nothing elsewhere.
    """
    digest = hmac.new(key.secret, b"member\0" + email.encode(), hashlib.sha256).hexdigest()
    return f"e{key.version}-{digest[:20]}"


def carry_out(
    connection: Connection,
    file: MembersFile,
    key: BadgeKey,
    linked_us: int,
    *,
    seen: str,
    bring_back: bool,
) -> tuple[Plan, int]:
    """Do what was shown, in the caller's one transaction.

    Args:
        connection: In a writing transaction.
        file: As for the plan.
        key: As for the plan.
        linked_us: Now, microseconds since 1970 UTC.
        seen: `Plan.seen` of what was shown.
        bring_back: As for the plan.

    Returns:
        What was done, and the latest revision of the feed.

    Raises:
        MembersMovedError: It would be something else by now; nothing was written.
    """
    now = plan(connection, file, key, bring_back=bring_back)
    if now.seen != seen:
        raise MembersMovedError(Sentence("somebody changed one of these members meanwhile"))
    return now, _write(connection, now, linked_us)


def write(connection: Connection, file: MembersFile, key: BadgeKey, linked_us: int) -> Written:
    """Write the good lines of a file as they are, in the caller's one transaction.

    Args:
        connection: In a writing transaction.
        file: What `members_file.read` returned.
        key: The space's badge key.
        linked_us: Now, microseconds since 1970 UTC.

    Returns:
        How many members and badges of the file are in now; a caller who wants all of a file or nothing rolls
        back if there are problems.
    """
    now = plan(connection, file, key)
    _write(connection, now, linked_us)
    lines = {change.line for change in now.changes}
    numbers = sum(len(person.uids) for person in file.people if person.line in lines)
    return Written(len(now.changes), numbers, now.problems)


def _write(connection: Connection, now: Plan, linked_us: int) -> int:
    directory.put_members(connection, [change.member for change in now.touched])
    visiting = visitors.homes(connection)
    for change in now.changes:  # also one that changes nothing: whom the space's own list names is its own
        if change.member.id in visiting:
            visitors.forget(connection, change.member.id)
    for change in now.touched:
        for badge in change.badges:
            directory.link(connection, badge, change.member.id, linked_us)
    return feed.revision(connection)


def _directory(
    connection: Connection,
) -> tuple[dict[MemberId, Member], dict[BadgeHash, MemberId]]:
    """Return everybody by id, and whose each badge is."""
    rows = connection.execute(select(badges.c.hash, badges.c.member_id))
    owners = {BadgeHash(row.hash): MemberId(row.member_id) for row in rows}
    return {member.id: member for member in directory.all_members(connection)}, owners


def _problems_of(
    person: Person, known: Mapping[MemberId, Member], owners: Mapping[BadgeHash, MemberId], key: BadgeKey
) -> list[Problem]:
    problems = avoided(person, known.values())[1]
    for badge in map(key.hash, person.uids):
        if owners.get(badge, person.member.id) != person.member.id:
            code = short_code(badge)
            taken = Sentence(
                "the badge {code} is already linked to another member: unlink it there first", code=code
            )
            problems.append(Problem(person.line, "badge", taken))
    return problems


def _change_of(
    person: Person,
    known: Mapping[MemberId, Member],
    owners: Mapping[BadgeHash, MemberId],
    names: Mapping[str, MemberId],
    erased: Collection[MemberId],
    key: BadgeKey,
    missing: Collection[str],
) -> Change:
    before = known.get(person.member.id)
    read = msgspec.structs.replace(
        person.member, avoid=(*person.member.avoid, *avoided(person, known.values())[0])
    )
    member = profiles.kept(read, before, {*missing, *person.blank})
    # a badge that is known to be lost or revoked stays so: a file says whose it is, not whether it works
    new = tuple(badge for badge in dict.fromkeys(map(key.hash, person.uids)) if badge not in owners)
    if before is None:
        kind = Outcome.BACK if member.id in erased else Outcome.NEW
        namesake = names.get(folded(member.name), member.id) != member.id
        return Change(person.line, kind, member, None, (), new, namesake)
    columns = _changed(before, member) + (("badge",) if new else ())
    kind = Outcome.CHANGED if columns else Outcome.SAME
    return Change(person.line, kind, member, before, columns, new, namesake=False)


def _changed(before: Member, after: Member) -> tuple[str, ...]:
    """Return the columns in which two states of a member differ."""

    def of(member: Member, column: str) -> object:
        if column in profiles.COMFORTS:
            return getattr(member.comfort, column)
        if column == "needs":
            return member.needs, member.needs_until
        return getattr(member, column, None)

    return tuple(column for column in COLUMNS if of(before, column) != of(after, column))
