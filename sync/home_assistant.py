"""What Home Assistant is told: how each kiosk does, and how many are in.  Numbers and states, never anybody.

The hub says it, not the kiosks: it knows them all, its own rights are enough, and a kiosk that is away is
told of by somebody who is not.  What is said is retained: a Home Assistant that starts later hears it at
once.  Off unless the settings say otherwise.

Source: Home Assistant's documentation of MQTT discovery (device discovery, since 2024.11), and of its
sensors.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable

import msgspec

from community.ids import KioskId, SpaceId
from community.wire.messages import Status
from community.wire.topics import discovery_topic, home_topic, hub_topic
from plumbing.clock import Clock
from plumbing.database import Database
from plumbing.errors import DatabaseError
from sync.live import Live, Woken
from sync.presence import Presence
from sync.store import kiosks
from sync.store.kiosks import Heard

log = logging.getLogger(__name__)

LOOK_S = 60.0
"""Seconds between two looks though nothing was said: people leave by themselves at closing time."""

GAP_S = 1.0
"""Seconds between two tellings at least: a rush of taps is one number, not sixty."""

UNKNOWN = "None"
"""What Home Assistant takes for "not known"."""

JSON = dict[str, object]

Publish = Callable[[str, bytes, bool], bool]
"""Topic, payload, whether it is retained; `False` if the line is down."""


def space_discovery(space: SpaceId, name: str, program: str) -> JSON:
    """Return how Home Assistant finds the space: one number."""
    topic = home_topic(space)
    return {
        "device": _device(_id(space), name, program),
        "origin": _origin(program),
        "availability": [_hub_is_there(space)],
        "state_topic": topic,
        "components": {
            "present": {
                "platform": "sensor",
                "unique_id": f"{_id(space)}_present",
                "name": "Present",
                "icon": "mdi:account-group",
                "state_class": "measurement",
                "unit_of_measurement": "people",
                "value_template": "{{ value_json.present }}",
            }
        },
    }


def kiosk_discovery(space: SpaceId, kiosk: KioskId, program: str) -> JSON:
    """Return how Home Assistant finds one kiosk, and what it shows of it."""
    topic = home_topic(space, kiosk)
    on_line = {"topic": topic, "value_template": "{{ value_json.online }}"}

    def part(name: str, title: str, platform: str, **more: object) -> JSON:
        return {
            "platform": platform,
            "unique_id": f"{_id(space, kiosk)}_{name}",
            "name": title,
            "entity_category": "diagnostic",
            "value_template": f"{{{{ value_json.{name} }}}}",
            **more,
        }

    return {
        "device": {**_device(_id(space, kiosk), f"Kiosk {kiosk}", program), "via_device": _id(space)},
        "origin": _origin(program),
        "availability": [_hub_is_there(space), on_line],
        "availability_mode": "all",
        "state_topic": topic,
        "components": {
            "online": part(
                "online",
                "Connection",
                "binary_sensor",
                device_class="connectivity",
                payload_on="online",
                payload_off="offline",
                availability=[_hub_is_there(space)],
            ),
            "reader": part("reader", "Badge reader", "binary_sensor", device_class="problem"),
            "door": part("door", "Microcontroller and sensors", "binary_sensor", device_class="problem"),
            "disk": part(
                "disk",
                "Disk",
                "sensor",
                unit_of_measurement="%",
                state_class="measurement",
                icon="mdi:harddisk",
            ),
            "waiting": part(
                "waiting", "Events waiting", "sensor", state_class="measurement", icon="mdi:tray-full"
            ),
        },
    }


def kiosk_state(status: Status) -> JSON:
    """Return how one kiosk does, in the words the discovery says."""
    bridge = status.bridge
    return {
        "online": "online" if status.online else "offline",
        "reader": {"ready": "OFF", "lost": "ON"}.get(status.reader, UNKNOWN),
        "door": UNKNOWN if bridge is None else _problem(there=bridge.state != "ready" or bool(bridge.silent)),
        "disk": status.disk_percent or UNKNOWN,
        "waiting": status.waiting,
    }


class HomeAssistant:
    """Tells it, when something changed.  `run` as a task until cancelled; belongs to one event loop."""

    def __init__(
        self,
        space: SpaceId,
        name: str,
        prefix: str,
        *,
        database: Database,
        presence: Presence,
        live: Live,
        clock: Clock,
        publish: Publish,
        program: str,
    ) -> None:
        """Prepare.

        Args:
            space: The space's id.
            name: What people call it.
            prefix: Of the topics on which Home Assistant looks for devices.
            database: Where kiosks' words about themselves are.
            presence: Who is in; only counted.
            live: Rung at each change.
            clock: The machine's clocks.
            publish: Of the line.
            program: Foyer's version.
        """
        self._space, self._name, self._prefix, self._program = space, name, prefix, program
        self._database, self._presence, self._live, self._clock = database, presence, live, clock
        self._publish = publish
        self._told: dict[str, bytes] = {}

    def connected(self) -> None:
        """The line is up, perhaps to a broker that has forgotten: everything is told again."""
        self._told.clear()
        self._live.changed()

    async def run(self) -> None:
        """Tell what changed, until cancelled or the hub stops."""
        with self._live.subscribe() as changes:
            while True:
                try:
                    heard = await self._database.read(kiosks.every)
                except DatabaseError as error:
                    log.warning("Home Assistant is not told for now: %s", error)
                else:
                    self._tell(heard)
                await asyncio.sleep(GAP_S)
                if await changes.wait(LOOK_S) is Woken.ENDED:
                    return

    def _tell(self, heard: Iterable[Heard]) -> None:
        space, program = self._space, self._program
        self._say(discovery_topic(self._prefix, space), space_discovery(space, self._name, program))
        self._say(home_topic(space), {"present": len(self._presence.present(self._clock.at()))})
        for each in heard:
            config = kiosk_discovery(space, each.kiosk, each.status.program or program)
            self._say(discovery_topic(self._prefix, space, each.kiosk), config)
            self._say(home_topic(space, each.kiosk), kiosk_state(each.status))

    def _say(self, topic: str, what: JSON) -> None:
        payload = msgspec.json.encode(what)
        if self._told.get(topic) != payload and self._publish(topic, payload, True):
            self._told[topic] = payload


def _id(space: SpaceId, kiosk: KioskId | None = None) -> str:
    return f"foyer_{space}" if kiosk is None else f"foyer_{space}_{kiosk}"


def _device(identifier: str, name: str, program: str) -> JSON:
    return {"identifiers": [identifier], "name": name, "manufacturer": "Foyer", "sw_version": program}


def _origin(program: str) -> JSON:
    return {"name": "Foyer", "sw_version": program}


def _hub_is_there(space: SpaceId) -> JSON:
    """The hub's own retained status, which is also its last will."""
    template = "{{ 'online' if value_json.online else 'offline' }}"
    return {"topic": hub_topic(space), "value_template": template}


def _problem(*, there: bool) -> str:
    return "ON" if there else "OFF"
