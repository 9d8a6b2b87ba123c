"""Seats at today's tables: who is offered one, and who may be told who else is.

Pure.  Made for one moment.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeGuard

from community.ids import MemberId
from community.introductions.memory import Memory
from community.introductions.pairing import pair
from community.introductions.tables import Table
from community.members import Member, Mood
from kiosk.core.directory import Directory
from kiosk.core.guests import Guest
from kiosk.core.pieces import Invitation, TableNotice
from kiosk.core.speaker import Speaker
from kiosk.core.tables import ANNOUNCED, Gathering, gathering_of, invitation_of, notice_of, still_to_come


@dataclass(frozen=True, slots=True)
class Seats:
    """The tables that can still be joined."""

    directory: Directory
    memory: Memory
    guests: Mapping[MemberId, Guest]
    now: datetime

    def announced(self, speaker: Speaker) -> tuple[TableNotice, ...]:
        """Return the next tables as the lobby shows them, with those coming who agreed to be named."""
        found = []
        for gathering in self._gatherings()[:ANNOUNCED]:
            present = (self.guests[m] for m in gathering.coming if m in self.guests)
            named = [guest.member.name for guest in present if guest.named]
            found.append(notice_of(speaker, gathering, named))
        return tuple(found)

    def offered(
        self, member_id: MemberId, speaker: Speaker
    ) -> tuple[Gathering, Invitation] | tuple[None, None]:
        """Return the next table somebody is invited to, and how it is offered to them."""
        guest = self.guests.get(member_id)
        if guest is None or not guest.member.may_be_introduced or guest.mood is Mood.HEADS_DOWN:
            return None, None
        for gathering in self._gatherings():
            if gathering.invites(member_id):
                words = speaker.words(speaker.language(member_id))
                named = self._others(guest.member, gathering)
                return gathering, invitation_of(speaker, words, gathering, member_id, named)
        return None, None

    def _gatherings(self) -> list[Gathering]:
        tables: tuple[Table, ...] = still_to_come(self.directory.tables.values(), self.now)
        return [gathering_of(table, self.memory.seats(table.id)) for table in tables]

    def _others(self, reader: Member, gathering: Gathering) -> list[str]:
        """Return the names of the others that the reader may be told."""
        coming = reader.id in gathering.coming
        barred = self.memory.barred()
        found = []
        for other in gathering.coming if coming else gathering.table.invited:
            guest = self.guests.get(other)
            if (
                is_named(guest)
                and other != reader.id
                and guest.member.introductions
                and not reader.avoids(guest.member)
                and pair(reader.id, other) not in barred
            ):
                found.append(guest.member.name)
        return found


def is_named(guest: Guest | None) -> TypeGuard[Guest]:
    """Say whether other members may be told that somebody is here."""
    return guest is not None and guest.member.visibility.members and guest.mood is not Mood.HEADS_DOWN
