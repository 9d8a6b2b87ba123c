"""Bare paho on both ends of a broker: the fleet that `foyer bench ingest` sends with, and the raw limit.

Run by `foyer bench ingest`; the same sender speaks to the hub and to the bare receiver, so that what is
left between the two figures is the hub's own work.  PROTOCOL is the one the hub speaks, 5 or 3.1.1.

    python bench/wire.py send PROTOCOL PORT SPACE PREFIX KIOSKS EVENTS BATCH
    python bench/wire.py receive PROTOCOL PORT SPACE

The sender makes its events, says `{"ready": true}`, begins at a line on its standard input, and ends with
one line of JSON: `events` and `took_s`, from the first publish to the cursor that covers the last event.  It
never has more than `WINDOW` events without a cursor, as a kiosk.  The receiver keeps nothing and answers like
a hub, every `ANSWER_EVERY` events.
"""

import json
import random
import secrets
import socket
import sys
import threading
import time
import uuid
from typing import Any

import msgspec
import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from community.clock import Stamp
from community.events import CheckedIn, Event, Mood, MoodChosen, Record
from community.ids import Epoch, KioskId, MemberId, SpaceId
from community.wire.codec import encode
from community.wire.messages import Cursor, EventBatch
from community.wire.topics import Word, all_kiosks, kiosk_topic, parse

WINDOW = 4_000
"""Events without a cursor, over all kiosks: what one kiosk allows itself."""

INFLIGHT = 100
"""Messages without a PUBACK; paho's own 20 would be the limit measured."""

MOST_MESSAGES = 800
"""Messages without a cursor: of what a slow subscriber leaves lying, brokers keep 1,000 by default."""

ANSWER_EVERY = 100
RESEND_S = 3.0
MOST_RESENDS = 20
"""Seconds without a cursor after which a kiosk sends again, and how often before it is given up."""

YEAR_US = 365 * 86_400 * 1_000_000
MEMBERS = 300


def connected(protocol: str, port: int, name: str) -> paho.Client:
    """Return a client that is on the line."""
    client = paho.Client(
        CallbackAPIVersion.VERSION2,
        client_id=f"bench-{name}-{secrets.token_hex(4)}",
        protocol=MQTTProtocolVersion.MQTTv5 if protocol == "5" else MQTTProtocolVersion.MQTTv311,
    )
    client.max_inflight_messages_set(INFLIGHT)
    client.on_socket_open = lambda _client, _data, sock: sock.setsockopt(
        socket.IPPROTO_TCP, socket.TCP_NODELAY, 1
    )
    up = threading.Event()
    client.on_connect = lambda *_: up.set()
    client.connect("127.0.0.1", port)
    client.loop_start()
    if not up.wait(20):
        raise SystemExit("no broker")
    return client


def subscribe(client: paho.Client, name: str) -> None:
    """Hear a topic, and return once the broker has said yes."""
    heard = threading.Event()
    client.on_subscribe = lambda *_: heard.set()
    client.subscribe(name, qos=1)
    if not heard.wait(20):
        raise SystemExit("the broker does not answer")


def batches(kiosk: int, count: int, size: int) -> list[tuple[int, bytes]]:
    """Return one kiosk's backlog of the last year: the last number of each batch, and its bytes."""
    chance = random.Random(kiosk)  # noqa: S311 - a made-up fleet
    boot, epoch = str(uuid.UUID(int=chance.getrandbits(128))), Epoch(secrets.token_hex(8))
    began_us = time.time_ns() // 1_000 - YEAR_US
    raws = []
    for number in range(1, count + 1):
        member = MemberId(f"m{chance.randrange(MEMBERS):04d}")
        event: Event = MoodChosen(member, Mood.OPEN) if number % 4 == 0 else CheckedIn(member)
        up_us = number * (YEAR_US // 2 // count)
        raws.append(encode(Record(number, Stamp(began_us + up_us, boot, up_us, synced=True), event)))
    return [
        (
            min(first + size, count),
            encode(EventBatch(epoch, tuple(map(msgspec.Raw, raws[first : first + size])), oldest=1)),
        )
        for first in range(0, count, size)
    ]


def send(protocol: str, port: int, space: SpaceId, prefix: str, kiosks: int, events: int, size: int) -> None:  # noqa: C901 - one conversation, in its order
    """Send a fleet's backlog, and say how long it took until all of it was answered for."""
    names = [KioskId(f"{prefix}-{n}") for n in range(kiosks)]
    backlogs = [batches(n, events // kiosks, size) for n in range(kiosks)]
    upto = dict.fromkeys(names, 0)
    moved = threading.Condition()

    def heard(_client: paho.Client, _data: Any, message: paho.MQTTMessage) -> None:
        place = parse(message.topic)
        if place is not None and place.kiosk in upto:
            with moved:
                upto[place.kiosk] = max(
                    upto[place.kiosk], msgspec.json.decode(message.payload, type=Cursor).upto
                )
                moved.notify()

    client = connected(protocol, port, "sender")
    client.on_message = heard
    subscribe(client, all_kiosks(space, Word.CURSOR))
    topics = [kiosk_topic(space, name, Word.EVENTS) for name in names]
    print(json.dumps({"ready": True}), flush=True)
    sys.stdin.readline()
    began_s, sent = time.monotonic(), 0
    window = min(WINDOW, MOST_MESSAGES * size)

    def wait_while(more: int) -> None:
        """Wait until fewer than `more` events are without a cursor; send again what is overdue."""
        quiet = 0
        with moved:
            while sent - sum(upto.values()) >= more:
                if moved.wait(RESEND_S):
                    quiet = 0
                    continue
                quiet += 1
                if quiet > MOST_RESENDS:
                    raise SystemExit("no cursor for a minute")
                for name, topic, backlog in zip(names, topics, backlogs, strict=True):
                    for last, payload in backlog[: -(-sent // kiosks // size)]:
                        if last > upto[name]:
                            client.publish(topic, payload, qos=1)

    for round_of in zip(*backlogs, strict=True):
        wait_while(window)
        for topic, (_, payload) in zip(topics, round_of, strict=True):
            client.publish(topic, payload, qos=1)
        sent = sum(last for last, _ in round_of)
    wait_while(1)
    print(json.dumps({"events": sent, "took_s": time.monotonic() - began_s}), flush=True)
    client.disconnect()
    client.loop_stop()


def receive(protocol: str, port: int, space: SpaceId) -> None:
    """Count what comes, and answer for it, until standard input closes."""
    counted: dict[str, int] = {}
    said: dict[str, int] = {}

    def heard(client: paho.Client, _data: Any, message: paho.MQTTMessage) -> None:
        topic = message.topic
        number = counted[topic] = counted.get(topic, 0) + 1
        # The last of a run is not known here: a pause answers for what is left.
        if number % ANSWER_EVERY == 0:
            answer(client, topic, number)

    def answer(client: paho.Client, topic: str, number: int) -> None:
        place = parse(topic)
        if place is not None:
            said[topic] = number
            cursor = encode(Cursor(Epoch("raw"), number))
            client.publish(kiosk_topic(space, place.kiosk, Word.CURSOR), cursor, qos=1)

    client = connected(protocol, port, "receiver")
    client.on_message = heard
    subscribe(client, all_kiosks(space, Word.EVENTS))
    print(json.dumps({"ready": True}), flush=True)
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    while not ended.wait(0.02):
        for topic, number in list(counted.items()):
            if said.get(topic, 0) < number:
                answer(client, topic, number)
    client.disconnect()
    client.loop_stop()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["send", protocol, port, space, prefix, kiosks, events, batch]:
            send(protocol, int(port), SpaceId(space), prefix, int(kiosks), int(events), int(batch))
        case ["receive", protocol, port, space]:
            receive(protocol, int(port), SpaceId(space))
        case _:
            raise SystemExit(__doc__)
