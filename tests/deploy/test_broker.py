"""A real Mosquitto with the configuration we install: who may say and hear what."""

import asyncio
import getpass
import os
import subprocess
from pathlib import Path

import pytest

from community.ids import KioskId, SpaceId
from community.wire.topics import Word, all_kiosks, doctor_topic, hub_topic, kiosk_topic
from foyer.doctor.broker import speak
from foyer.doctor.handshake import Step, shake_hands
from plumbing.mqtt import Broker, Callbacks, Line, Will
from tests.fakes.brokers import MOSQUITTO, free_port, wait_for_port
from tests.fakes.waiting import Seen

SPACE = SpaceId("le-nook")
DOOR, SIDE = KioskId("front-door"), KioskId("side-door")
PASSWORDS = {"foyer_hub": "of the hub", "front-door": "of the door", "side-door": "of the side"}
QUIET_S = 0.5
"""How long nothing must be heard: what is allowed on the same line takes a few milliseconds."""


@pytest.fixture
def installed(deploy, tmp_path, find_tool):
    """The broker as installed, on another port, with its files in the test's folder."""
    find_tool("mosquitto", "mosquitto")
    port = free_port()
    plain = tmp_path / "foyer.passwd"
    plain.write_text("".join(f"{name}:{word}\n" for name, word in PASSWORDS.items()))
    plain.chmod(0o600)
    subprocess.check_call([find_tool("mosquitto_passwd", "mosquitto"), "-U", str(plain)])
    (tmp_path / "foyer.acl").write_text((deploy / "mosquitto/acl").read_text().replace("@SPACE@", SPACE))
    text = (deploy / "mosquitto/foyer.conf").read_text()
    for old, new in (
        ("listener 1883\n", f"listener {port} 127.0.0.1\n"),
        ("/etc/mosquitto/", f"{tmp_path}/"),
        ("log_dest syslog", "log_dest stderr"),
    ):
        assert old in text
        text = text.replace(old, new)
    drop_in = tmp_path / "conf.d"
    drop_in.mkdir()
    (drop_in / "foyer.conf").write_text(text)
    # As Debian's own file, which comes first.
    main = tmp_path / "mosquitto.conf"
    main.write_text(
        f"user {getpass.getuser()}\npersistence true\npersistence_location {tmp_path}/\n"
        f"include_dir {drop_in}\n"
    )
    log = (tmp_path / "mosquitto.log").open("wb")
    process = subprocess.Popen([str(MOSQUITTO), "-c", str(main)], stdout=log, stderr=log)
    wait_for_port(port)
    yield port
    process.terminate()
    process.wait(20)
    log.close()
    assert not (tmp_path / "mosquitto.db").exists(), "the broker keeps nothing"
    assert b"Error" not in Path(log.name).read_bytes()


def login(port: int, name: str) -> Broker:
    return Broker("127.0.0.1", port, name, PASSWORDS[name])


class Voice:
    """One user on the line: says, and collects what it hears."""

    def __init__(self, broker: Broker, *filters: str) -> None:
        self.heard: Seen[tuple[str, bytes]] = Seen()
        self._up = asyncio.Event()
        self.line = Line(
            broker,
            f"test-{os.urandom(4).hex()}",
            filters=filters,
            will=Will(kiosk_topic(SPACE, DOOR, Word.STATUS), b""),
            callbacks=Callbacks(
                lambda topic, payload: self.heard.add((topic, payload)), self._up.set, lambda _reason: None
            ),
        )

    async def __aenter__(self):
        self.line.start()
        async with asyncio.timeout(20):
            await self._up.wait()
        return self

    async def __aexit__(self, *_error):
        await self.line.stop()


SAYS = (Word.EVENTS, Word.STATUS, Word.HAVE, Word.TOLD, Word.HEARD)
SAID = [kiosk_topic(SPACE, DOOR, word) for word in SAYS]
TOLD = [kiosk_topic(SPACE, DOOR, word) for word in (Word.CURSOR, Word.FEED, Word.PASSED)] + [hub_topic(SPACE)]
ACROSS = (Word.TOLD, Word.HEARD)
"""What every kiosk of the space hears of every other."""


async def test_a_kiosk_says_what_is_its_own_and_hears_what_is_meant_for_it(installed):
    everything = [all_kiosks(SPACE, word) for word in Word]
    async with (
        Voice(login(installed, "foyer_hub"), *everything) as hub,
        Voice(login(installed, "front-door"), *TOLD) as door,
    ):
        for topic in SAID:
            door.line.publish(topic, b"hello")
        assert [topic for topic, _ in await hub.heard.count(len(SAID))] == SAID
        for topic in TOLD:
            hub.line.publish(topic, b"hello")
        assert [topic for topic, _ in await door.heard.count(len(TOLD))] == TOLD


async def test_a_kiosk_cannot_speak_for_another_or_for_the_hub(installed):
    forged = [kiosk_topic(SPACE, SIDE, word) for word in Word] + [
        kiosk_topic(SPACE, DOOR, Word.CURSOR),
        kiosk_topic(SPACE, DOOR, Word.FEED),
        kiosk_topic(SPACE, DOOR, Word.PASSED),
        hub_topic(SPACE),
        kiosk_topic(SpaceId("elsewhere"), DOOR, Word.EVENTS),
        "anything/else",
    ]
    async with (
        Voice(login(installed, "foyer_hub"), "#") as hub,
        Voice(login(installed, "front-door"), hub_topic(SPACE)) as door,
    ):
        for topic in forged:
            door.line.publish(topic, b"forged")
        door.line.publish(SAID[0], b"honest")
        await hub.heard.until(lambda heard: any(payload == b"honest" for _, payload in heard))
        assert hub.heard.all == [(SAID[0], b"honest")]


async def test_doors_hear_what_each_tells_the_others(installed):
    async with (
        Voice(login(installed, "front-door"), *(all_kiosks(SPACE, word) for word in ACROSS)) as door,
        Voice(login(installed, "side-door"), hub_topic(SPACE)) as side,
    ):
        said = [kiosk_topic(SPACE, SIDE, word) for word in ACROSS]
        for topic in said:
            side.line.publish(topic, b"hello")
        assert [topic for topic, _ in await door.heard.count(len(said))] == said


async def test_a_kiosk_cannot_listen_to_what_another_says_to_the_hub(installed):
    curious = [kiosk_topic(SPACE, SIDE, word) for word in Word if word not in ACROSS] + ["foyer/#", "#"]
    async with (
        Voice(login(installed, "foyer_hub"), hub_topic(SPACE)) as hub,
        Voice(login(installed, "front-door"), *curious) as door,
        Voice(login(installed, "side-door"), hub_topic(SPACE)) as side,
    ):
        hub.line.publish(kiosk_topic(SPACE, SIDE, Word.FEED), b"private")
        hub.line.publish(kiosk_topic(SPACE, SIDE, Word.PASSED), b"private")
        side.line.publish(kiosk_topic(SPACE, SIDE, Word.EVENTS), b"private")
        hub.line.publish(kiosk_topic(SPACE, DOOR, Word.FEED), b"for the door")
        await door.heard.until(lambda heard: any(payload == b"for the door" for _, payload in heard))
        await side.line.stop()
        with pytest.raises(TimeoutError):
            await door.heard.until(lambda heard: any(p == b"private" for _, p in heard), limit_s=QUIET_S)


@pytest.mark.parametrize(
    ("username", "password"), [("", ""), ("front-door", "of the side"), ("stranger", "of the door")]
)
async def test_whoever_has_no_password_stays_outside(installed, username, password):
    answer = await asyncio.to_thread(shake_hands, Broker("127.0.0.1", installed, username, password), "x")
    assert answer.step is Step.REFUSED


async def test_the_doctor_may_speak_to_itself(installed):
    for name, kiosk in (("front-door", DOOR), ("foyer_hub", None)):
        assert (await speak(login(installed, name), SPACE, doctor_topic(SPACE, kiosk))).echo
