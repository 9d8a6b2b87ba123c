"""Home Assistant over real brokers: it finds each kiosk and the space, hears numbers, and nobody's name."""

import asyncio
import json
from pathlib import Path

import jsonschema
import pytest

from community.events import CheckedIn
from community.ids import KioskId, MemberId, SpaceId
from community.wire.messages import BridgeHealth, Status
from community.wire.topics import Word, discovery_topic, home_topic, hub_topic, kiosk_topic
from plumbing.database import Database, open_engine
from plumbing.errors import WrongValueError
from plumbing.migrations import upgrade
from plumbing.mqtt import Broker
from sync.bootstrap import MIGRATIONS
from sync.home_assistant import kiosk_discovery, kiosk_state, space_discovery
from sync.settings import HomeAssistantSettings, HubBrokerSettings
from sync.store import directory
from tests.fakes.brokers import RunningBroker
from tests.fakes.waiting import LIMIT_S
from tests.sync.kiosks import talking
from tests.sync.samples import DOOR, SPACE, batch, member, raw
from tests.sync.test_bootstrap import a_hub, settings_for
from tests.sync.trusted import Voice, premises

TEXT = {"type": "string", "minLength": 1}
AVAILABILITY = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["topic"],
        "properties": {"topic": TEXT, "value_template": TEXT},
        "additionalProperties": False,
    },
}
COMMON = {"unique_id": TEXT, "name": TEXT, "icon": TEXT, "value_template": TEXT, "availability": AVAILABILITY}
SENSOR = {
    "type": "object",
    "required": ["platform", "unique_id"],
    "properties": {
        **COMMON,
        "platform": {"const": "sensor"},
        "entity_category": {"enum": ["config", "diagnostic"]},
        "state_class": {"enum": ["measurement", "total", "total_increasing"]},
        "unit_of_measurement": TEXT,
    },
    "additionalProperties": False,
}
BINARY_SENSOR = {
    "type": "object",
    "required": ["platform", "unique_id", "device_class"],
    "properties": {
        **COMMON,
        "platform": {"const": "binary_sensor"},
        "entity_category": {"enum": ["diagnostic"]},
        "device_class": {"enum": ["connectivity", "problem"]},
        "payload_on": TEXT,
        "payload_off": TEXT,
    },
    "additionalProperties": False,
}
DISCOVERY = {
    "type": "object",
    "required": ["device", "origin", "components"],
    "properties": {
        "device": {
            "type": "object",
            "required": ["identifiers"],
            "properties": {
                "identifiers": {"type": "array", "items": TEXT, "minItems": 1},
                **dict.fromkeys(("name", "manufacturer", "sw_version", "via_device"), TEXT),
            },
            "additionalProperties": False,
        },
        "origin": {
            "type": "object",
            "required": ["name"],
            "properties": {"name": TEXT, "sw_version": TEXT},
            "additionalProperties": False,
        },
        "availability": AVAILABILITY,
        "availability_mode": {"enum": ["all", "any", "latest"]},
        "state_topic": TEXT,
        "components": {"type": "object", "additionalProperties": {"oneOf": [SENSOR, BINARY_SENSOR]}},
    },
    "additionalProperties": False,
}
"""The keys that Home Assistant documents and its own schema takes, as far as they are used here.  Source: its
pages on MQTT discovery, sensors and binary sensors, and homeassistant/components/mqtt/schemas.py."""

LOFT, FRONT = SpaceId("loft"), KioskId("front-door")
HEALTHY = Status(
    online=True, reader="ready", waiting=0, disk_percent=41, bridge=BridgeHealth("ready", "1.2.0")
)


@pytest.mark.parametrize(
    "config",
    [space_discovery(LOFT, "Loft", "1.0"), kiosk_discovery(LOFT, FRONT, "1.0")],
    ids=["space", "kiosk"],
)
def test_only_documented_keys_are_said(config):
    jsonschema.validate(json.loads(json.dumps(config)), DISCOVERY)


def test_every_id_is_its_own_and_every_value_is_one_the_state_has():
    config = kiosk_discovery(LOFT, FRONT, "1.0")
    other = kiosk_discovery(LOFT, KioskId("back"), "1.0")
    ids = [part["unique_id"] for each in (config, other) for part in each["components"].values()]
    assert len(set(ids)) == len(ids)
    for name, part in config["components"].items():
        assert part["value_template"] == f"{{{{ value_json.{name} }}}}"
    assert set(config["components"]) == set(kiosk_state(HEALTHY))


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (HEALTHY, {"online": "online", "reader": "OFF", "door": "OFF", "disk": 41, "waiting": 0}),
        (
            Status(online=False, reader="lost", waiting=7, bridge=BridgeHealth("lost", fault="unplugged")),
            {"online": "offline", "reader": "ON", "door": "ON", "disk": "None", "waiting": 7},
        ),
        (
            Status(online=True, bridge=BridgeHealth("ready", "1.2.0", silent=("beam",))),
            {"online": "online", "reader": "None", "door": "ON", "disk": "None", "waiting": 0},
        ),
        (
            Status(online=True),
            {"online": "online", "reader": "None", "door": "None", "disk": "None", "waiting": 0},
        ),
    ],
)
def test_a_kiosk_is_told_of_in_states_and_numbers(status, said):
    assert kiosk_state(status) == said


async def heard(broker: Broker, *topics: str) -> dict[str, dict]:
    """What a Home Assistant that comes late is told at once, because it was retained."""
    async with Voice(broker, *topics) as late:
        await late.up()
        async with asyncio.timeout(LIMIT_S):
            await late.heard.until(lambda all_: {topic for topic, _ in all_} >= set(topics))
        return {topic: json.loads(payload) for topic, payload in late.heard.all}


async def test_a_home_assistant_that_comes_late_finds_all_of_it(
    tmp_path: Path, running_broker: RunningBroker
):
    where = HubBrokerSettings(port=running_broker.port)
    settings = settings_for(tmp_path, where, home_assistant=HomeAssistantSettings(discovery=True))
    database = Database(open_engine(settings.database))
    upgrade(database, MIGRATIONS)
    database.write_now(lambda c: directory.put_member(c, member("Ombeline", "m1")))
    database.close()
    topics = [discovery_topic("homeassistant", SPACE), home_topic(SPACE)]
    topics += [discovery_topic("homeassistant", SPACE, DOOR), home_topic(SPACE, DOOR)]
    async with a_hub(settings) as hub, Voice(running_broker.broker, *topics) as listening:
        await hub.line.count(1)
        async with talking(running_broker.broker) as kiosk:
            await kiosk.hub.count(1)
            kiosk.say(Word.STATUS, HEALTHY)
            kiosk.events(batch(raw(1, CheckedIn(MemberId("m1")), at=kiosk_now())))
            async with asyncio.timeout(LIMIT_S):
                await listening.heard.until(lambda all_: (home_topic(SPACE), b'{"present":1}') in all_)
            told = await heard(running_broker.broker, *topics)
    assert told[home_topic(SPACE)] == {"present": 1}
    assert told[home_topic(SPACE, DOOR)]["disk"] == 41
    for topic in (topics[0], topics[2]):
        jsonschema.validate(told[topic], DISCOVERY)
    assert "Ombeline" not in json.dumps(told) + json.dumps([t for t, _ in listening.heard.all])
    assert b"m1" not in b"".join(payload for _, payload in listening.heard.all)


async def test_nothing_is_said_unless_it_is_asked_for(tmp_path: Path, running_broker: RunningBroker):
    settings = settings_for(tmp_path, HubBrokerSettings(port=running_broker.port))
    async with (
        Voice(running_broker.broker, "homeassistant/#", home_topic(SPACE), hub_topic(SPACE)) as listening,
        a_hub(settings) as hub,
    ):
        await hub.line.count(1)
        await listening.heard.until(lambda all_: any(topic == hub_topic(SPACE) for topic, _ in all_))
    assert {topic for topic, _ in listening.heard.all} == {hub_topic(SPACE)}


async def test_it_comes_in_at_the_hubs_own_broker_and_may_not_speak_for_kiosks(
    tmp_path: Path, sqlite: Database
):
    word = tmp_path / "home.password"
    word.write_text("what home assistant says\n")
    home = HomeAssistantSettings(discovery=True, username="home-assistant", password_file=str(word))
    async with premises(tmp_path, sqlite, home) as house:
        theirs = Broker("127.0.0.1", house.mosquitto.plain_port, "home-assistant", "what home assistant says")
        config, state = discovery_topic("homeassistant", SPACE, DOOR), home_topic(SPACE, DOOR)
        async with (
            Voice(theirs, config, state, hub_topic(SPACE), "homeassistant/status") as assistant,
            Voice(house.hub, f"foyer/1/{SPACE}/#") as hub,
        ):
            await assistant.up()
            await hub.up()
            for topic in (config, state, hub_topic(SPACE)):
                hub.line.publish(topic, b"hello")
            assert [topic for topic, _ in await assistant.heard.count(3)] == [config, state, hub_topic(SPACE)]
            assistant.line.publish(kiosk_topic(SPACE, DOOR, Word.EVENTS), b"forged")
            assistant.line.publish(state, b"forged")
            assistant.line.publish("homeassistant/status", b"online")
            await assistant.heard.until(lambda all_: ("homeassistant/status", b"online") in all_)
            hub.line.publish(hub_topic(SPACE), b"after")
            await hub.heard.until(lambda all_: (hub_topic(SPACE), b"after") in all_)
            assert b"forged" not in [payload for _, payload in hub.heard.all]
        wrong = Broker("127.0.0.1", house.mosquitto.plain_port, "home-assistant", "something else")
        async with Voice(wrong) as stranger:
            await stranger.refused()


@pytest.mark.parametrize(
    "wrong",
    [
        {"prefix": "a/+"},
        {"prefix": ""},
        {"username": "Home Assistant", "password_file": "x"},
        {"username": "ha"},
    ],
)
def test_settings_that_cannot_work_are_refused(wrong):
    with pytest.raises(WrongValueError):
        HomeAssistantSettings(discovery=True, **wrong)


def kiosk_now():
    from datetime import UTC, datetime

    return datetime.now(UTC)
