"""A hub that only tells: real database, real presence, a clock that can be set, real services to send to."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from community.clock import Hours, Stamp
from community.events import CheckedIn, Event, GuestCame, Record
from community.guests import GuestWords
from community.ids import Epoch, KioskId, MemberId
from community.members import Member, Space, Visibility
from community.wire.codec import encode
from community.wire.messages import Status
from plumbing.database import Database, open_engine
from sync.live import Live
from sync.notices.service import Notices
from sync.presence import Presence
from sync.store import directory, kiosks, log, notices
from sync.store.notice_schema import outbox
from sync.store.notices import Reach
from tests.sync.dashboard.house import MORNING, PARIS, SetClock, migrated_database

DOOR = KioskId("door")
SPACE = Space(name="Le Nook", languages=("fr", "en"))


class Teller:
    """The part under test, and what the rest of the hub would do."""

    def __init__(self, folder: Path, at: datetime = MORNING) -> None:
        file = folder / "hub.db"
        if not file.exists():
            file.write_bytes(migrated_database())
        self.database = Database(open_engine(f"sqlite:///{file}"))
        self.clock, self.presence, self.live = SetClock(at), Presence(Hours(PARIS)), Live()
        self.notices = self.made()
        self._seq = 0

    def made(self) -> Notices:
        """Notices as a hub has them that was just started."""
        return Notices(
            SPACE, database=self.database, presence=self.presence, live=self.live, clock=self.clock
        )

    async def tell(self) -> None:
        """Look, send what is due, and wait until it is sent."""
        await self.notices.look()
        await self.notices.send_due()
        await self.notices.sent()

    def member(self, member_id: str, name: str, address: str = "", **facts) -> MemberId:
        """Put a member into the directory who may be named to others, and is told at an address."""
        facts.setdefault("visibility", Visibility(members=True))
        found, guests = facts.pop("found", False), facts.pop("guests", True)
        member = Member(MemberId(member_id), name, **facts)

        def work(connection) -> None:
            directory.put_member(connection, member)
            notices.set_reach(connection, member.id, Reach(address, guests, found))

        self.database.write_now(work)
        return member.id

    def channel(self, address: str, *kinds: str, mail: bool = False, language: str = "en") -> int:
        """Add a channel of the space."""

        def work(connection) -> int:
            number = notices.add_channel(connection, "hosts", address, kinds, language)
            assert number is not None
            notices.set_kinds(connection, number, kinds, language, mail=mail)
            return number

        return self.database.write_now(work)

    def wish(self, member_id: str, other_id: str) -> None:
        """Let a member ask for another."""
        us = int(self.clock.at().timestamp() * 1_000_000)
        self.database.write_now(lambda c: notices.wish(c, MemberId(member_id), MemberId(other_id), us))

    def wishes(self) -> set[tuple[str, str]]:
        return set(self.database.read_now(notices.every_wish))

    def happen(self, *events: Event, words: GuestWords | None = None) -> None:
        """Let the door log events and the hub take them in."""
        when = int(self.clock.at().timestamp() * 1_000_000)
        arrived = []
        for event in events:
            self._seq += 1
            record = Record(self._seq, Stamp(when, "b", when % 10**12, synced=True), event)
            arrived.append(log.Arrived(DOOR, Epoch("e1"), record, encode(record), words))
        appended = self.database.write_now(lambda c: log.append(c, arrived, [], when))
        self.presence.add(appended.new, self.clock.at())

    def arrive(self, *members: str) -> None:
        self.happen(*(CheckedIn(MemberId(each)) for each in members))

    def guest(self, member_id: str, name: str = "Ada") -> None:
        """Let a guest ask for a member at the door."""
        self.happen(
            GuestCame(MemberId(member_id), seal="a" * 64), words=GuestWords(self._seq + 1, "whoever", name)
        )

    def kiosk(self, *, online: bool = True, disk: int = 10) -> None:
        us = int(self.clock.at().timestamp() * 1_000_000)
        status = Status(online=online, boot="b", disk_percent=disk)
        self.database.write_now(lambda c: kiosks.put(c, DOOR, status, us))

    def rows(self) -> Sequence[tuple[str, str, int]]:
        """Kind, outcome and tries of everything in the outbox."""
        return [
            (row.kind, row.outcome, row.tries)
            for row in self.database.read_now(
                lambda c: c.execute(outbox.select().order_by(outbox.c.id)).all()
            )
        ]

    def pass_time(self, **step: float) -> None:
        self.clock.move(timedelta(**step))
