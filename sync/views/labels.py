"""The labels of all badges that work, in the order of their members' names."""

from sqlalchemy import Connection

from community.badges import BadgeStatus, label_number
from community.ids import MemberId
from community.names import words_of
from sync.labels import Label
from sync.store import directory
from sync.views.members import read_badges


def read_labels(connection: Connection, of: MemberId | None = None) -> tuple[Label, ...]:
    """Read a label for each badge that works, of everybody or of one member."""
    names = {member.id: member.name for member in directory.all_members(connection)}
    theirs = [
        (words_of(names[owner]), own.code, Label(label_number(own.badge), own.code, names[owner]))
        for owner, own in read_badges(connection)
        if own.status is BadgeStatus.ACTIVE and owner in names and of in {None, owner}
    ]
    return tuple(label for _name, _code, label in sorted(theirs, key=lambda each: each[:2]))
