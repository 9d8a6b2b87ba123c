"""A gate over a real database, and a real Mosquitto that reads what it writes."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from community.ids import KioskId
from community.wire.enrolment import Enrol, Enrolled
from community.wire.topics import Word, hub_topic, kiosk_topic
from plumbing.clock import Clock
from plumbing.database import Database
from plumbing.mqtt import Broker, Callbacks, Line, Will
from plumbing.places import SpaceSettings
from plumbing.signing import SigningKey
from sync.gate import Gate
from sync.settings import HomeAssistantSettings, HubBrokerSettings, HubSettings, KiosksSettings
from tests.fakes.brokers import GeneratedMosquitto
from tests.fakes.waiting import LIMIT_S, Seen
from tests.sync.samples import DOOR, SPACE

HUB, HUB_PASSWORD = "foyer_hub", "a long password of the hub"
HOST = "camille"


def settings_of(
    folder: Path, broker: GeneratedMosquitto, home: HomeAssistantSettings | None = None, **kiosks: object
) -> HubSettings:
    """A hub's settings that let kiosks in, everything in one folder."""
    word = folder / "hub.password"
    word.write_text(HUB_PASSWORD + "\n")
    return HubSettings(
        SpaceSettings(SPACE, name="Loft"),
        database=f"sqlite:///{folder}/hub.db",
        badge_key_file=str(folder / "badge.key"),
        broker=HubBrokerSettings(port=broker.plain_port, username=HUB, password_file=str(word)),
        home_assistant=home or HomeAssistantSettings(),
        kiosks=KiosksSettings(
            **{
                "broker_folder": str(broker.files),
                "authority_folder": str(folder / "authority"),
                "host": "127.0.0.1",
                "port": 0,
                "broker_port": broker.port,
                "pid_file": str(broker.pid_file),
                **kiosks,
            }
        ),
    )


@dataclass
class Premises:
    """A gate and its broker, which runs."""

    gate: Gate
    mosquitto: GeneratedMosquitto
    orders: list[tuple[str, bytes]]
    """What was published, by topic."""

    @property
    def hub(self) -> Broker:
        return Broker("127.0.0.1", self.mosquitto.plain_port, HUB, HUB_PASSWORD)

    async def let_in(self, kiosk: KioskId, key: SigningKey | None = None) -> Enrolled:
        """Let a kiosk in by a code, as the page does."""
        code = await self.gate.make_code(kiosk, HOST)
        done = await self.gate.enrol(Enrol(code.name, code.secret, (key or SigningKey.make()).public))
        assert isinstance(done, Enrolled)
        return done

    def broker(self, enrolled: Enrolled) -> Broker:
        return Broker(
            "127.0.0.1",
            enrolled.broker_port,
            enrolled.username,
            enrolled.password,
            authority=self.gate.authority,
        )


@asynccontextmanager
async def premises(
    folder: Path, database: Database, home: HomeAssistantSettings | None = None, **kiosks: object
) -> AsyncIterator[Premises]:
    """A gate whose files a real Mosquitto has read."""
    mosquitto = GeneratedMosquitto(folder)
    orders: list[tuple[str, bytes]] = []

    def publish(topic: str, payload: bytes) -> bool:
        orders.append((topic, payload))
        return False

    gate = Gate(settings_of(folder, mosquitto, home, **kiosks), database, Clock(), publish)
    await gate.refresh()
    mosquitto.start()
    try:
        yield Premises(gate, mosquitto, orders)
    finally:
        await gate.close()
        mosquitto.stop()


class Voice:
    """One user on the line: says, and collects what it hears and why it is down."""

    def __init__(self, broker: Broker, *filters: str, kiosk: KioskId = DOOR) -> None:
        self.heard: Seen[tuple[str, bytes]] = Seen()
        self.ups: Seen[bool] = Seen()
        self.losses: Seen[str] = Seen()
        self.line = Line(
            broker,
            f"test-{os.urandom(4).hex()}",
            filters=filters or (hub_topic(SPACE),),
            will=Will(kiosk_topic(SPACE, kiosk, Word.STATUS), b""),
            callbacks=Callbacks(
                lambda topic, payload: self.heard.add((topic, payload)),
                lambda: self.ups.add(True),
                self.losses.add,
            ),
        )

    async def __aenter__(self):
        self.line.start()
        return self

    async def __aexit__(self, *_error):
        await self.line.stop()

    async def up(self):
        await self.ups.count(1)
        return self

    async def refused(self) -> str:
        """Why it is not let in."""
        async with asyncio.timeout(LIMIT_S):
            why = (await self.losses.count(1))[0]
        assert not self.ups.all
        return why


def elsewhere(broker: Broker, **other: object) -> Broker:
    return replace(broker, **other)
