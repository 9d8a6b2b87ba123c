"""The whole house on one machine: a hub with its broker, a kiosk, a virtual door, a village.

What `foyer demo` runs, with and without a terminal.  Everything lives in one folder, and nothing
outside this machine is asked for anything.
"""

import asyncio
import errno
import json
import random
import secrets
import socket
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from community.clock import Stamp
from community.events import Event
from community.ids import KioskId, MemberId, SpaceId
from community.visits import Visits
from community.wire.codec import encode
from foyer import demolobby
from foyer.door import VirtualDoor
from foyer.errors import UsageError
from foyer.hubprocess import HubProcess, HubRunning
from foyer.members import import_members
from foyer.pins import set_pin
from foyer.village.meant import meant
from foyer.village.past import morning, past
from foyer.village.people import FILE, Villager, villagers
from kiosk.bootstrap import Kiosk
from kiosk.observers import Observers
from kiosk.settings import (
    DoorSettings,
    Glyphs,
    KioskSettings,
    ReaderSettings,
    ScreenSettings,
    SoundSettings,
)
from kiosk.store.log import Log
from kiosk.store.tables import open_database
from plumbing.clock import Clock
from plumbing.database import Database, open_engine
from plumbing.places import LAST_PORT, BrokerSettings, SpaceSettings
from plumbing.words import Sentence, why
from sync.store.log import Arrived, append

KIOSK = KioskId("front-door")

PLAN_AT = "04:00"
"""The plan of the day is complete from its beginning: at any hour the demo shows what it can find."""

SHOWN_A_DAY = 6
"""Twice the usual: a demo's day is an hour, and everybody should find somebody."""

COFFEE_IN = timedelta(minutes=20)
"""When the coffee table begins, after the demo does; to the next five minutes."""

SPACE = SpaceSettings(
    SpaceId("le-nook"), name="Le Nook", timezone="Europe/Paris", closing="04:00", languages=("fr", "en")
)
"""Closes when a day ends anyway, so that the demo works on any evening."""

PAST_BOOT = "00000000-0000-4000-8000-000000000000"
"""The boot in which the made-up past happened."""

PIN = "7391"
"""The PIN of whoever has one."""

PIN_OF = "Yusuf"
"""Somebody without a badge, who comes in by name."""

HOST = "Raphaël"
"""Who looks after the place: the host's pages open with their badge and PIN."""

LATEST_S = 20.0
"""Seconds the dashboard may take to answer."""


@dataclass(frozen=True, slots=True)
class Present:
    """What the dashboard's own page of figures says."""

    count: int
    members: tuple[MemberId, ...]


class House:
    """One demo's house.  Use it as an async context: nothing of it runs afterwards."""

    def __init__(
        self, folder: Path, seed: int, *, dashboard_port: int, crowd: int, glyphs: Glyphs = Glyphs.SEXTANT
    ) -> None:
        """Args fix what happens: the same seed gives the same past and the same crowd.

        Everything is written into `folder`, the caller's; `dashboard_port` 0 takes a free one;
        `crowd` people are in already when it begins.
        """
        self.people: tuple[Villager, ...] = villagers()
        self.names = {person.id: person.name for person in self.people}
        self.chance = random.Random(seed)  # noqa: S311 - a made-up community, nothing secret
        self.door = VirtualDoor(self.people, folder / "badge_reader")
        self.folder = folder
        self.token = secrets.token_urlsafe(24)
        self._crowd = crowd
        self._glyphs = glyphs
        self._dashboard_port = dashboard_port
        self._hub = HubProcess(
            self._settings_file(), demo_token=self.token, log=folder / "hub.log", on_code=self._code_is
        )
        self._on_code: Callable[[], None] = lambda: None
        self.running: HubRunning | None = None

    async def __aenter__(self) -> Self:
        """Start everything but the kiosk.

        Raises:
            UsageError: The dashboard cannot have its port.
            HubStartError: The hub did not start.
        """
        _refuse_taken(self._dashboard_port)
        try:
            await asyncio.to_thread(import_members, self._settings_file(), FILE)
            for who in (PIN_OF, HOST):
                await asyncio.to_thread(set_pin, self._settings_file(), who, PIN)
            await self._remember()
            self.running = await self._hub.start()
            self.door.start()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_error: object) -> None:
        """Stop everything."""
        try:
            await self._hub.stop()
        finally:
            await asyncio.to_thread(self.door.stop)

    def on_code(self, tell: Callable[[], None]) -> None:
        """Call `tell` when the first host's code in `running` has become another."""
        self._on_code = tell

    async def kiosk(self, observers: Observers, *, door: str = "none", sound: bool = False) -> Kiosk:
        """Put the kiosk together, heard only with `sound`; the village's past is in its log already."""
        running = self._is_running()
        settings = KioskSettings(
            id=KIOSK,
            space=SPACE,
            data_folder=str(self.folder),
            badge_key_file=str(self.folder / "badge.key"),
            reader=ReaderSettings(device=self.door.device, felica=True),
            door=DoorSettings(device=door),
            sound=SoundSettings("auto" if sound else "none"),
            broker=BrokerSettings(port=running.broker_port),
            screen=ScreenSettings(glyphs=self._glyphs),
        )
        return Kiosk(settings, observers)

    @property
    def dashboard(self) -> str:
        """Where a browser finds the dashboard."""
        return f"http://127.0.0.1:{self._is_running().dashboard_port}"

    @property
    def hub_database(self) -> Path:
        """The hub's SQLite file."""
        return self.folder / "hub.db"

    def present(self) -> Present:
        """Ask the dashboard over HTTP who is in.

        Raises:
            OSError: It does not answer.
        """
        request = urllib.request.Request(  # noqa: S310 - our own hub on loopback
            f"{self.dashboard}/api/present", headers={"Authorization": f"Bearer {self.token}"}
        )
        with urllib.request.urlopen(request, timeout=LATEST_S) as answer:  # noqa: S310 - same
            found = json.load(answer)
        return Present(int(found["present"]), tuple(MemberId(member) for member in found["members"]))

    @staticmethod
    def inside(kiosk: Kiosk) -> set[MemberId]:
        """Return who is in, as the kiosk's own log says."""
        visits = Visits(SPACE.hours)
        records = kiosk.log.since(0)
        visits.add_all((record.at.at, record.event) for record in records)
        return {visit.member_id for visit in visits.present(records[-1].at.at)} if records else set()

    def find(self, what: str) -> tuple[MemberId, ...]:
        """Return whom a typed name or UID may mean, among the village; accents and case do not matter.

        Returns:
            One if it is clear; several if only the beginning of a name was given, and many begin so.
        """
        return meant(self.people, what)

    def _code_is(self, code: str) -> None:
        if self.running is not None:
            self.running = replace(self.running, code=code)
            self._on_code()

    async def _remember(self) -> None:
        """Write the past into the kiosk's log, and into the hub's: its night needs it before it starts."""
        database = open_database(self.folder / "kiosk.db")
        try:
            log = Log(database)
            records = await log.append(self._past())
        finally:
            database.close()
        arrived = [Arrived(KIOSK, log.epoch, record, encode(record)) for record in records]
        hub = Database(open_engine(f"sqlite:///{self.hub_database}"))
        try:
            now_us = records[-1].at.wall_us
            await hub.write(lambda connection: append(connection, arrived, (), now_us))
        finally:
            hub.close()

    def _past(self) -> list[tuple[Stamp, Event]]:
        clock = Clock()
        now = clock.at()
        zone = SPACE.hours.zone
        entries = past(self.people, SPACE.hours.day_of(now), zone, self.chance)
        day_began = SPACE.hours.end_of_visit(now) - timedelta(days=1)
        entries += [
            (max(at, day_began), event) for at, event in morning(self.people, now, self._crowd, self.chance)
        ]
        began = entries[0][0]
        return [(_made_up(at, at - began), event) for at, event in entries]

    def _settings_file(self) -> Path:
        file = self.folder / "hub.toml"
        if not file.exists():
            pages = f"http://127.0.0.1:{self._dashboard_port}" if self._dashboard_port else ""
            languages = ", ".join(f'"{code}"' for code in SPACE.languages)
            file.write_text(
                f'database = "sqlite:///{self.folder}/hub.db"\n'
                f'badge_key_file = "{self.folder}/badge.key"\n'
                f'[space]\nid = "{SPACE.id}"\nname = "{SPACE.name}"\ntimezone = "{SPACE.timezone}"\n'
                f'closing = "{SPACE.closing}"\nlanguages = [{languages}]\naddress = "{pages}"\n'
                "[broker]\nembedded = true\nport = 0\n"
                f"[dashboard]\nport = {self._dashboard_port}\n"
                f'[introductions]\nplan_at = "{PLAN_AT}"\nshown_a_day = {SHOWN_A_DAY}\n'
                f'coffee = "{_coffee(Clock().at())}"\n{demolobby.of_hub(self.folder)}',
                encoding="utf-8",
            )
        return file

    def _is_running(self) -> HubRunning:
        if self.running is None:
            raise RuntimeError("the house is not open yet")
        return self.running


def _coffee(now: datetime) -> str:
    """Return the local time at which the coffee table begins; empty if that is another day."""
    begins = now + COFFEE_IN
    begins -= timedelta(minutes=begins.minute % 5)
    if SPACE.hours.day_of(begins) != SPACE.hours.day_of(now):
        return ""
    return f"{begins.astimezone(SPACE.hours.zone):%H:%M}"


def _made_up(at: datetime, up: timedelta) -> Stamp:
    """Return a stamp of the past: a boot of its own that ran all the while, its clock set."""
    microsecond = timedelta(microseconds=1)
    wall_us = (at - datetime.fromtimestamp(0, UTC)) // microsecond
    return Stamp(wall_us, PAST_BOOT, up // microsecond, synced=True)


def _refuse_taken(port: int) -> None:
    """Say in the demo's words that its dashboard cannot have a port; the hub would speak of its settings."""
    if not 0 <= port <= LAST_PORT:
        raise UsageError(Sentence("--port must be from 0 to {last}, not {port}", last=LAST_PORT, port=port))
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        what = Sentence("another program has it") if taken else why(error)
        raise UsageError(
            Sentence(
                "the dashboard cannot have the port {port} ({what}): "
                "choose another with --port, or a free one with --port 0",
                port=port,
                what=what,
            )
        ) from error
