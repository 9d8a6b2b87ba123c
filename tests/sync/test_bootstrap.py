"""The whole hub in this process: real brokers, a real database, a real web server."""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import create_engine, select, text

from community.events import CheckedIn
from community.ids import KioskId, MemberId
from community.members import Space
from plumbing.database import Database, open_engine
from plumbing.errors import DatabaseError, SettingsError
from plumbing.migrations import upgrade
from plumbing.mqtt import Broker
from plumbing.places import SpaceSettings
from sync.bootstrap import MIGRATIONS, HubAddresses, Observers, run
from sync.errors import BrokerError, DashboardError
from sync.publishing import SpaceApiSettings
from sync.settings import AgendaSettings, DashboardSettings, HubBrokerSettings, HubSettings
from sync.store import directory
from sync.store.schema import events
from tests.fakes.brokers import RunningBroker
from tests.fakes.servers import make_database
from tests.fakes.waiting import LIMIT_S, Seen
from tests.sync.kiosks import talking
from tests.sync.samples import DOOR, EPOCH, SPACE, batch, member, raw


def settings_for(folder: Path, broker: HubBrokerSettings, **more: object) -> HubSettings:
    return HubSettings(
        SpaceSettings(SPACE, name="Loft"),
        database=f"sqlite:///{folder}/hub.db",
        badge_key_file=str(folder / "badge.key"),
        broker=broker,
        dashboard=DashboardSettings(port=0),
        **more,
    )


@dataclass
class RunningHub:
    addresses: HubAddresses
    stop: asyncio.Event
    task: asyncio.Task[None]
    line: Seen[bool]
    committed: Seen[int]

    @property
    def broker(self) -> Broker:
        return Broker(self.addresses.broker_host, self.addresses.broker_port)


@asynccontextmanager
async def a_hub(settings: HubSettings) -> AsyncIterator[RunningHub]:
    ready: Seen[HubAddresses] = Seen()
    line: Seen[bool] = Seen()
    committed: Seen[int] = Seen()
    stop = asyncio.Event()
    observers = Observers(
        code=lambda _code: None,
        committed=lambda stored: [committed.add(item.record.seq) for item in stored],
        line=line.add,
    )
    task = asyncio.create_task(run(settings, stop=stop, on_ready=ready.add, observers=observers))
    try:
        waiting = asyncio.create_task(ready.count(1))
        await asyncio.wait([task, waiting], return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            waiting.cancel()
            await task
        hub = RunningHub((await waiting)[0], stop, task, line, committed)
        await line.until(lambda said: said[-1:] == [True])
        yield hub
    finally:
        stop.set()
        async with asyncio.timeout(LIMIT_S):
            await asyncio.gather(task, return_exceptions=True)


def embedded(folder: Path) -> HubSettings:
    return settings_for(folder, HubBrokerSettings(embedded=True, port=0))


def at(broker: Broker) -> HubBrokerSettings:
    return HubBrokerSettings(broker.host, broker.port)


async def get(addresses: HubAddresses, path: str) -> bytes:
    reader, writer = await asyncio.open_connection(addresses.dashboard_host, addresses.dashboard_port)
    writer.write(f"GET {path} HTTP/1.0\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    return answer


async def test_one_process_with_everything_in_it_takes_a_tap(tmp_path: Path):
    async with a_hub(embedded(tmp_path)) as hub, talking(hub.broker) as kiosk:
        kiosk.events(batch(raw(1), raw(2)))
        first = (await kiosk.cursors.count(1))[0]
        assert (first.epoch, first.upto) == (EPOCH, 2)
        assert await hub.committed.count(2) == [1, 2]
        assert b"200 OK" in await get(hub.addresses, "/health")
        assert b"200 OK" in await get(hub.addresses, "/visit")
    assert (tmp_path / "sister.key").stat().st_mode & 0o777 == 0o600


async def test_it_stops_promptly_and_leaves_nothing_behind(tmp_path: Path):
    before = set(threading.enumerate())
    async with a_hub(embedded(tmp_path)) as hub:
        hub.stop.set()
        async with asyncio.timeout(20):
            await hub.task
        with pytest.raises(OSError, match="Connect call failed"):
            await asyncio.open_connection("127.0.0.1", hub.addresses.dashboard_port)
        with pytest.raises(OSError, match="Connect call failed"):
            await asyncio.open_connection("127.0.0.1", hub.addresses.broker_port)
    assert asyncio.all_tasks() == {asyncio.current_task()}
    left = {thread.name for thread in set(threading.enumerate()) - before}
    assert not {name for name in left if not name.startswith("asyncio")}


async def test_taps_find_their_way_through_every_broker(broker: Broker, tmp_path: Path):
    async with a_hub(settings_for(tmp_path, at(broker))), talking(broker) as kiosk:
        kiosk.online()
        kiosk.have(0)
        (page,) = await kiosk.pages.count(1)
        assert [(item.kind, item.key) for item in page.items] == [("space", "space")]
        for seq in range(1, 51):
            kiosk.events(batch(raw(seq)))
        await kiosk.cursors.until(lambda said: said[-1].upto == 50)


async def test_a_broker_that_restarts_loses_nothing(running_broker: RunningBroker, tmp_path: Path):
    broker = running_broker.broker
    async with a_hub(settings_for(tmp_path, at(broker))) as hub, talking(broker) as kiosk:
        kiosk.events(batch(raw(1)))
        await kiosk.cursors.count(1)
        await asyncio.to_thread(running_broker.stop)
        await hub.line.until(lambda said: not said[-1])
        await asyncio.to_thread(running_broker.start)
        await hub.line.until(lambda said: said[-1])
        await kiosk.ups.count(2)
        kiosk.online()
        await kiosk.cursors.until(lambda said: len(said) >= 2 and said[-1].upto == 1)
        kiosk.events(batch(raw(1), raw(2)))
        await kiosk.cursors.until(lambda said: said[-1].upto == 2)
        assert hub.committed.all == [1, 2]


async def test_a_hub_that_restarts_tells_kiosks_where_they_stand(broker: Broker, tmp_path: Path):
    settings = settings_for(tmp_path, at(broker))
    async with talking(broker) as kiosk:
        async with a_hub(settings):
            kiosk.events(batch(raw(1), raw(2)))
            await kiosk.cursors.count(1)
        await kiosk.hub.until(lambda said: not said[-1].online)
        heard = len(kiosk.cursors.all)
        async with a_hub(settings):
            await kiosk.cursors.until(lambda said: len(said) > heard)
            last = kiosk.cursors.all[-1]
            assert (last.epoch, last.upto) == (EPOCH, 2)
            await kiosk.hub.until(lambda said: said[-1].online)


async def test_a_change_of_the_directory_reaches_every_kiosk(broker: Broker, tmp_path: Path):
    settings = settings_for(tmp_path, at(broker))
    async with a_hub(settings), talking(broker) as door, talking(broker, KioskId("back")) as back:
        door.have(0)
        back.have(0)
        await door.pages.count(1)
        await back.pages.count(1)
        # the dashboard's way in is tested with it; here another hub on the same database stands for it
        database = Database(open_engine(settings.database))
        database.write_now(lambda c: directory.put_member(c, member()))
        database.close()
        door.have(1)
        assert [item.kind for item in (await door.pages.count(2))[1].items] == ["member"]
        assert (await back.pages.count(2))[1].upto == 2
        await back.hub.until(lambda said: said[-1].revision == 2)


async def test_presence_is_folded_again_at_the_start(broker: Broker, tmp_path: Path):
    settings = settings_for(tmp_path, at(broker))
    for _ in range(2):
        async with a_hub(settings) as hub, talking(broker) as kiosk:
            kiosk.events(batch(raw(1, CheckedIn(MemberId("m1")))))
            await kiosk.cursors.count(1)
            assert b"200 OK" in await get(hub.addresses, "/health")
    engine = create_engine(settings.database)
    with engine.connect() as connection:
        assert connection.execute(select(events.c.seq)).scalars().all() == [1]
    engine.dispose()


async def test_the_hub_keeps_the_spaces_facts_in_the_feed(tmp_path: Path):
    async with a_hub(embedded(tmp_path)) as hub, talking(hub.broker) as kiosk:
        kiosk.have(0)
        (page,) = await kiosk.pages.count(1)
        assert page.items[0].body is not None
        facts = msgspec.json.decode(page.items[0].body, type=Space)
        assert facts == Space("Loft", plan_at="11:30", shown_a_day=3)
        assert facts.closing == "20:00"


async def test_a_hub_that_is_cancelled_still_says_goodbye(broker: Broker, tmp_path: Path):
    async with talking(broker) as kiosk:
        async with a_hub(settings_for(tmp_path, at(broker))) as hub:
            await kiosk.hub.until(lambda said: said[-1].online)
            hub.task.cancel()
            await asyncio.gather(hub.task, return_exceptions=True)
        await kiosk.hub.until(lambda said: not said[-1].online)


async def test_a_hub_on_postgresql_takes_a_tap(postgresql: str, broker: Broker, tmp_path: Path):
    url = make_database(postgresql, f"hub_{abs(hash(tmp_path))}")
    plain = settings_for(tmp_path, at(broker))
    settings = HubSettings(plain.space, url, plain.badge_key_file, plain.broker, plain.dashboard)
    async with a_hub(settings), talking(broker) as kiosk:
        kiosk.events(batch(raw(1)))
        assert (await kiosk.cursors.count(1))[0].upto == 1


@pytest.mark.parametrize(
    ("change", "error", "why"),
    [
        ({"database": "mysql://x/y"}, SettingsError, "not supported"),
        ({"database": "sqlite:////proc/nowhere/hub.db"}, DatabaseError, "cannot be made"),
        (
            {"broker": HubBrokerSettings(username="hub", password_file="/nowhere")},
            SettingsError,
            "password cannot be read",
        ),
        ({"badge_key_file": "/proc/nowhere/key"}, SettingsError, "secret cannot be made"),
    ],
)
async def test_what_cannot_work_is_said_in_a_sentence(tmp_path: Path, change, error, why):
    plain = embedded(tmp_path)
    values = {name: getattr(plain, name) for name in plain.__struct_fields__} | change
    with pytest.raises(error, match=why):
        await run(HubSettings(**values), stop=asyncio.Event())
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_port_that_is_taken_is_named(tmp_path: Path):
    async with a_hub(embedded(tmp_path)) as hub:
        (tmp_path / "second").mkdir()
        plain = embedded(tmp_path / "second")
        busy = hub.addresses
        page = DashboardSettings(port=busy.dashboard_port)
        with pytest.raises(DashboardError, match=str(busy.dashboard_port)):
            await run(
                HubSettings(plain.space, plain.database, plain.badge_key_file, plain.broker, page),
                stop=asyncio.Event(),
            )
        broker = HubBrokerSettings(embedded=True, port=busy.broker_port)
        with pytest.raises(BrokerError, match=str(busy.broker_port)):
            await run(
                HubSettings(plain.space, plain.database, plain.badge_key_file, broker, plain.dashboard),
                stop=asyncio.Event(),
            )


async def test_a_database_of_a_newer_program_is_refused(tmp_path: Path):
    settings = embedded(tmp_path)
    database = Database(open_engine(settings.database))
    upgrade(database, MIGRATIONS)
    database.write_now(lambda c: c.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    database.close()
    with pytest.raises(DatabaseError, match="newer Foyer"):
        await run(settings, stop=asyncio.Event())


async def test_the_log_names_no_person_and_no_badge(tmp_path: Path, caplog):
    caplog.set_level(logging.DEBUG)
    settings = embedded(tmp_path)
    async with a_hub(settings) as hub, talking(hub.broker) as kiosk:
        database = Database(open_engine(settings.database))
        database.write_now(
            lambda c: directory.put_member(c, member("Perpetua Quill", needs=("a lighthouse",)))
        )
        database.close()
        kiosk.have(0)
        await kiosk.pages.count(1)
        kiosk.events(batch(raw(1, CheckedIn(MemberId("m1"))), b'{"seq":2,"name":"Perpetua Quill"}'))
        await kiosk.cursors.count(1)
    ours = [record.getMessage() for record in caplog.records if record.name.startswith(("sync", "plumbing"))]
    assert not any(word in line for line in ours for word in ("Perpetua", "lighthouse"))
    assert DOOR in " ".join(ours)


async def test_a_second_hub_on_the_same_database_does_not_start_and_leaves_the_first_alone(tmp_path: Path):
    async with a_hub(embedded(tmp_path)) as hub:
        with pytest.raises(DatabaseError, match="another hub runs on the database"):
            await run(embedded(tmp_path), stop=asyncio.Event())
        assert b"200 OK" in await get(hub.addresses, "/health")
    async with a_hub(embedded(tmp_path)) as hub:
        assert b"200 OK" in await get(hub.addresses, "/health")


async def test_what_the_settings_publish_anybody_may_ask(tmp_path: Path):
    published = SpaceApiSettings(
        publish=True, url="https://a.example", logo="https://a.example/l.svg", phone="+33 2"
    )
    settings = msgspec.structs.replace(
        embedded(tmp_path), spaceapi=published, agenda=AgendaSettings(publish=True)
    )
    async with a_hub(settings) as hub:
        told = await get(hub.addresses, "/spaceapi.json")
        assert b"200 OK" in told
        assert b'"space":"Loft"' in told
        assert b"BEGIN:VCALENDAR" in await get(hub.addresses, "/agenda.ics")
    async with a_hub(embedded(tmp_path)) as hub:
        assert b"404 Not Found" in await get(hub.addresses, "/spaceapi.json")
        assert b"404 Not Found" in await get(hub.addresses, "/agenda.ics")
