"""Put the hub together and run it: broker, line, ingest, feed and dashboard in one event loop."""

import asyncio
import logging
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

from starlette.types import ASGIApp

from community.badges import FIRST_KEY_VERSION, BadgeKey
from community.events import BadgeLinkAsked
from community.ids import HUB, KioskId
from community.wire.messages import Status
from community.wire.topics import TO_HUB, Word, all_kiosks, parse
from plumbing.clock import Clock
from plumbing.database import Database, open_engine
from plumbing.memory import be_frugal
from plumbing.migrations import upgrade
from plumbing.mqtt import Broker, Callbacks, Line
from plumbing.secrets import load_or_make
from plumbing.signing import SigningKey
from plumbing.systemd import notify
from sync import mosquitto
from sync.agenda.service import CalendarWatch
from sync.counters import Counters
from sync.dashboard.app import create_app
from sync.dashboard.machines import Outward
from sync.dashboard.own_preview import DrawDoor
from sync.dashboard.server import WebServer, listen
from sync.enrolment import create_enrolment
from sync.feed import Feed, last_will
from sync.gate import Gate
from sync.home_assistant import HomeAssistant
from sync.ingest import Ingest, Tell
from sync.introductions.service import Introductions
from sync.live import Live
from sync.meters import Meters
from sync.notices.service import Notices
from sync.passes import Passes
from sync.presence import KEPT, Presence
from sync.reach import reached
from sync.relay import Relay
from sync.retention import Retention
from sync.settings import HubSettings, KiosksSettings
from sync.sole import Sole
from sync.store import batches, cards
from sync.store import log as event_log
from sync.store.directory import Directory
from sync.store.log import Stored
from sync.text import glossary
from sync.text.apart import PipelineApart
from sync.text.pipeline import Pipeline
from sync.text.worker import TextWorker
from sync.trust import Trust
from sync.webhooks.courier import Courier
from sync.webhooks.target import Sender

log = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).parent / "store" / "migrations"


@dataclass(frozen=True, slots=True)
class HubAddresses:
    """Where a running hub is found."""

    broker_host: str
    broker_port: int
    dashboard_host: str
    dashboard_port: int
    enrolment_port: int = 0
    """Where kiosks show their codes, by HTTPS; 0 where none are let in."""


@dataclass(frozen=True, slots=True)
class Observers:
    """Who wants to know what happens inside: the command, demos, benchmarks.  All on the event loop."""

    code: Callable[[str], None] = lambda code: log.warning("the first host's code is %s", code or "used")
    """Shows the first host's one-time code to whoever can see this machine's console."""
    committed: Callable[[Sequence[Stored]], None] = lambda _stored: None
    """Events the hub did not have before, once they are safe."""
    line: Callable[[bool], None] = lambda _up: None
    """The line went up or down."""


async def run(
    settings: HubSettings,
    *,
    stop: asyncio.Event,
    on_ready: Callable[[HubAddresses], None] = lambda _addresses: None,
    observers: Observers = Observers(),
    https: bool = False,
    demo_token: str | None = None,
    parse_uid: Callable[[str], bytes] | None = None,
    draw_door: DrawDoor | None = None,
) -> None:
    """Run a hub until `stop` is set; nothing of it is left when this returns.

    Args:
        settings: Checked.
        stop: Ends the hub in good order; set it on this event loop.
        on_ready: Called once: the dashboard answers and the line has begun to connect.
        observers: Who else wants to know.
        https: As in `create_app`.
        demo_token: As in `create_app`.
        parse_uid: As in `create_app`.
        draw_door: As in `create_app`.

    Raises:
        SettingsError: A file named in the settings is missing or wrong.
        DatabaseError: The database cannot be opened or brought up to date, or another hub runs on it.
        LineError: The certificate authority cannot be read.
        SyncError: The broker or the dashboard cannot listen where it should.
    """
    be_frugal()
    clock = Clock()
    settings.broker.line()  # a password file that cannot be read is said before anything is opened
    database = await asyncio.to_thread(lambda: Database(open_engine(settings.database)))
    sole = Sole(database)
    try:
        await asyncio.to_thread(sole.take)
        hub = await _prepare(settings, database, clock)
        badge_key = BadgeKey(FIRST_KEY_VERSION, load_or_make(Path(settings.badge_key_file)))
        hub.courier = Courier(database, clock, badge_key, Sender(settings.webhooks.allowed))
        app = create_app(
            database=database,
            presence=hub.presence,
            live=hub.live,
            clock=clock,
            space=settings.facts,
            on_code=observers.code,
            directory=hub.directory,
            introductions=hub.introductions,
            took_in=hub.took_in,
            meters=hub.meters,
            gate=hub.gate,
            metrics_token=settings.dashboard.metrics_token,
            https=https,
            demo_token=demo_token,
            badge_key=badge_key,
            parse_uid=parse_uid,
            draw_door=draw_door,
            passes=Passes(settings.space.id, badge_key, strangers=settings.kiosks.strangers),
            publishing=settings.publishing,
            taps_days=settings.retention.taps_days,
            outward=Outward(settings.webhooks.allowed, hub.courier.wake),
            sister_key=SigningKey(load_or_make(settings.sister_key_file).hex()),
        )
        async with reached(settings.broker) as broker:
            hub.observers = observers
            await hub.serve(broker, app, settings, stop, on_ready, sole)
    finally:
        await asyncio.to_thread(sole.let_go)
        await asyncio.to_thread(database.close)


async def _prepare(settings: HubSettings, database: Database, clock: Clock) -> "_Hub":
    """Bring the database up to date and read from it what the running parts begin with."""
    await asyncio.to_thread(upgrade, database, MIGRATIONS)
    if database.ballast is not None:
        await asyncio.to_thread(database.ballast.lay)
    now_us = clock.stamp().wall_us
    await database.write(lambda c: cards.put_space(c, settings.facts))
    released = await database.write(lambda c: batches.release(c, now_us))
    if released.count:
        log.info("%s rows came out of the quarantine: this version can read them", released.count)
    begin_us = now_us - int(KEPT / timedelta(microseconds=1))
    presence = Presence(settings.space.hours)
    presence.load(await database.read(lambda c: event_log.since(c, begin_us)), clock.at())
    words = await asyncio.to_thread(glossary.read, settings.text.own_glossary)
    pipeline = PipelineApart(words, with_encoder=settings.text.encoder)
    return _Hub(settings, database, clock, presence, pipeline)


@dataclass(frozen=True, slots=True)
class _Doorstep:
    """The page where kiosks show their codes."""

    web: WebServer
    listening: socket.socket


class _Hub:
    """The running parts, joined by callbacks."""

    courier: Courier

    def __init__(
        self,
        settings: HubSettings,
        database: Database,
        clock: Clock,
        presence: Presence,
        pipeline: Pipeline,
    ) -> None:
        space = settings.space.id
        self.presence = presence
        self.live = Live()
        self.meters = Meters()
        self.directory = Directory(database)
        self.introductions = Introductions(
            space, settings.facts, settings.introductions, database, presence, clock, self._told_kiosks
        )
        self._space = space
        self._clock = clock
        self._line: Line | None = None
        self._line_down_said = False
        self.observers = Observers()
        status = Status(online=True, boot=clock.boot, program=version("foyer-kiosk"))
        tell = Tell(
            committed=self.took_in,
            heard=self._kiosk_spoke,
            quarantined=lambda _: self.live.changed(),
            repeated=self._came_again,
        )
        trust = Trust(space, strangers=settings.kiosks.strangers)
        self._ingest = Ingest(space, database, clock, self._publish, tell, trust=trust)
        self.gate = Gate(settings, database, clock, self._publish) if settings.kiosks.broker_folder else None
        self._feed = Feed(space, database, self._publish_retained, status)
        self._relay = Relay(space, database, clock, self._publish)
        self._text = TextWorker(database, pipeline, self._directory_changed)
        self._counters = Counters(database)
        self._calendar = CalendarWatch(
            settings.agenda,
            settings.space.timezone,
            settings.space.hours,
            database,
            clock,
            self._told_kiosks,
            self.live.changed,
        )
        self._home = self._home_assistant(settings, database)
        self._notices = Notices(
            settings.facts, database=database, presence=presence, live=self.live, clock=clock
        )
        self._retention = Retention(
            database, clock, settings.space.hours, settings.retention.taps_days, self.directory
        )
        self.directory.on_change(self._directory_changed)
        self.directory.on_change(self._text.changed)

    async def serve(
        self,
        broker: Broker,
        app: ASGIApp,
        settings: HubSettings,
        stop: asyncio.Event,
        on_ready: Callable[[HubAddresses], None],
        sole: Sole,
    ) -> None:
        """Run everything until `stop` is set."""
        listening = listen(settings.dashboard.host, settings.dashboard.port, "dashboard")
        doorstep = await self._doorstep(settings.kiosks)
        web = WebServer(app)
        line = self._line = Line(
            broker,
            f"foyer-hub-{self._space}",
            filters=[all_kiosks(self._space, word) for word in TO_HUB],
            will=last_will(self._space, self._clock.boot),
            callbacks=Callbacks(self._heard, self._connected, self._lost),
            clock_is_right=Clock().synchronised,
        )
        try:
            async with asyncio.TaskGroup() as tasks:
                running = [
                    tasks.create_task(self._ingest.run(), name="ingest"),
                    tasks.create_task(self._feed.run(), name="feed"),
                    tasks.create_task(self._relay.run(), name="relay"),
                    tasks.create_task(self.introductions.run(), name="introductions"),
                    tasks.create_task(self._text.run(), name="text"),
                    tasks.create_task(self._retention.run(), name="retention"),
                    tasks.create_task(self._calendar.run(), name="calendar"),
                    tasks.create_task(self._notices.run(), name="notices"),
                    tasks.create_task(sole.watch(), name="sole"),
                    tasks.create_task(self._counters.run(), name="counters"),
                    tasks.create_task(self.courier.run(), name="webhooks"),
                ]
                if self._home is not None:
                    running.append(tasks.create_task(self._home.run(), name="home-assistant"))
                pages = [tasks.create_task(web.serve([listening]), name="dashboard")]
                await web.ready.wait()
                if doorstep is not None:
                    pages.append(
                        tasks.create_task(doorstep.web.serve([doorstep.listening]), name="enrolment")
                    )
                    await doorstep.web.ready.wait()
                line.start()
                host, port = listening.getsockname()[:2]
                codes_port = 0 if doorstep is None else doorstep.listening.getsockname()[1]
                on_ready(HubAddresses(broker.host, broker.port, host, port, codes_port))
                notify("READY=1")
                await stop.wait()
                notify("STOPPING=1")
                self.live.close()
                web.should_exit = True
                if doorstep is not None:
                    doorstep.web.should_exit = True
                for task in running:
                    task.cancel()
                await asyncio.gather(*pages)
        finally:
            self._feed.goodbye()
            await line.stop()
            listening.close()
            if doorstep is not None:
                doorstep.listening.close()

    async def _doorstep(self, kiosks: KiosksSettings) -> "_Doorstep | None":
        """Bring the broker's files up to date, and prepare the page where kiosks show their codes."""
        if self.gate is None:
            return None
        await self.gate.refresh()
        folder = self.gate.files.folder
        certificate = (folder / mosquitto.CERTIFICATE, folder / mosquitto.KEY)
        listening = listen(kiosks.host, kiosks.port, "kiosks")
        return _Doorstep(WebServer(create_enrolment(self.gate, self._clock), certificate), listening)

    def _home_assistant(self, settings: HubSettings, database: Database) -> HomeAssistant | None:
        if not settings.home_assistant.discovery:
            return None
        return HomeAssistant(
            settings.space.id,
            settings.facts.name,
            settings.home_assistant.prefix,
            database=database,
            presence=self.presence,
            live=self.live,
            clock=self._clock,
            publish=self._publish_retained,
            program=version("foyer-kiosk"),
        )

    # What the parts tell each other, all on the event loop.

    def _heard(self, topic: str, payload: bytes) -> None:
        place = parse(topic)
        if place is not None and place.word is Word.HAVE:
            self._feed.asked(place.kiosk, payload)
        elif place is not None and place.word is Word.HEARD:
            self._relay.asked(place.kiosk, payload)
        else:
            self._ingest.receive(topic, payload)

    def _connected(self) -> None:
        log.info("the line to the broker is up")
        self._line_down_said = False
        self.meters.line_up = True
        self._feed.connected()
        self._ingest.connected()
        if self._home is not None:
            self._home.connected()
        self.observers.line(True)

    def _lost(self, reason: str) -> None:
        log.log(logging.DEBUG if self._line_down_said else logging.WARNING, "the line is down: %s", reason)
        self._line_down_said = True
        self.meters.line_up = False
        self.observers.line(False)

    def took_in(self, stored: Sequence[Stored]) -> None:
        self.meters.took_in(stored)
        self.presence.add(stored, self._clock.at())
        self.introductions.happened(stored)
        if any(isinstance(item.record.event, BadgeLinkAsked) for item in stored):
            self._feed.look()  # what a door asked for is done: kiosks are told at once
        self.courier.wake()
        if any(item.kiosk == HUB for item in stored):
            self._relay.put_right()
        self.live.changed()
        self.observers.committed(stored)

    def _came_again(self, count: int) -> None:
        self.meters.repeated += count

    def _kiosk_spoke(self, kiosk: KioskId, status: Status) -> None:
        self._feed.heard(kiosk, status)
        if self.gate is not None:
            self.gate.heard(kiosk, status)
        self.live.changed()

    def _directory_changed(self, revision: int) -> None:
        self.introductions.directory_changed(revision)
        self.courier.wake()
        self._told_kiosks(revision)

    def _told_kiosks(self, revision: int) -> None:
        self._feed.changed(revision)
        self.live.changed()

    def _publish(self, topic: str, payload: bytes) -> bool:
        return self._line is not None and self._line.publish(topic, payload)

    def _publish_retained(self, topic: str, payload: bytes, retain: bool) -> bool:  # noqa: FBT001 - as `Publish` says
        return self._line is not None and self._line.publish(topic, payload, retain=retain)
