"""Real brokers, and things that only look like one."""

import asyncio
import contextlib
import getpass
import http.server
import json
import socket
import threading

import pytest

from community.ids import KioskId, SpaceId
from community.wire.messages import Status
from community.wire.topics import doctor_topic, parse
from foyer.doctor import broker, dashboard
from foyer.doctor.findings import Level
from foyer.doctor.handshake import V5, V311, Step, connect_packet, read_answer, shake_hands
from foyer.doctor.premises import Premises
from kiosk.settings import KioskSettings
from plumbing.mqtt import Broker
from plumbing.places import BrokerSettings, SpaceSettings, is_loopback
from sync.settings import DashboardSettings, HubBrokerSettings, HubSettings
from tests.fakes.brokers import Mosquitto, free_port, running_amqtt, running_mosquitto

SPACE = SpaceId("our-space")


@contextlib.contextmanager
def answering(words: bytes):
    """A server that says `words` to whoever speaks first, and nothing more."""
    server = socket.create_server(("127.0.0.1", 0))
    release = threading.Event()

    def serve():
        line, _ = server.accept()
        with line:
            line.recv(1000)
            line.sendall(words)
            if not words:
                release.wait(20)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield Broker("127.0.0.1", server.getsockname()[1])
    finally:
        release.set()
        thread.join()
        server.close()


def settings(port: int, **more) -> Premises:
    kiosk = KioskSettings(
        id=KioskId("front-door"), space=SpaceSettings(SPACE), broker=BrokerSettings(port=port, **more)
    )
    return Premises(kiosk=kiosk)


# The first packet


def test_a_connect_packet_is_as_the_standard_has_it():
    assert connect_packet("a", "", "", V311) == bytes.fromhex("100d00044d51545404 02 000a 0001 61")
    assert connect_packet("a", "u", "p", V5) == bytes.fromhex(
        "101400044d51545405 c2 000a 00 0001 61 0001 75 0001 70"
    )
    assert connect_packet("a" * 200, "", "", V5)[:3] == bytes.fromhex("10d501")


@pytest.mark.parametrize(
    ("heard", "version", "step", "spoken"),
    [
        ("20020000", V311, Step.IN, "3.1.1"),
        ("2003000000", V5, Step.IN, "5"),
        ("2003008600", V5, Step.REFUSED, "5"),
        ("20020005", V311, Step.REFUSED, "3.1.1"),
        ("20020001", V5, Step.OTHER, ""),
        ("2003008800", V5, Step.OTHER, "5"),
        ("48545450", V5, Step.NOT_MQTT, ""),
        ("20", V5, Step.NOT_MQTT, ""),
    ],
)
def test_answers_are_read(heard, version, step, spoken):
    answer = read_answer(bytes.fromhex(heard), version)
    assert (answer.step, answer.version) == (step, spoken)


def test_a_broker_that_speaks_only_the_older_mqtt_is_found_out(monkeypatch):
    monkeypatch.setattr("foyer.doctor.handshake.LATEST_S", 1.0)
    with running_amqtt() as old:
        answer = shake_hands(old.broker, "doctor-test")
    assert (answer.step, answer.version) == (Step.IN, "3.1.1")


def test_every_wrong_address_has_its_own_step(monkeypatch):
    monkeypatch.setattr("foyer.doctor.handshake.LATEST_S", 0.2)
    assert shake_hands(Broker("no-such-host.invalid"), "x").step is Step.NO_SUCH_NAME
    assert shake_hands(Broker("127.0.0.1", free_port()), "x").step is Step.NOBODY
    with answering(b"HTTP/1.1 400 Bad Request\r\n\r\n") as web:
        assert shake_hands(web, "x").step is Step.NOT_MQTT


def test_a_line_without_the_encryption_we_want_is_told(mosquitto, tmp_path):
    ca = tmp_path / "ca.pem"
    ca.write_text("no certificate")
    answer = shake_hands(Broker("127.0.0.1", mosquitto.port, ca_file=ca), "x")
    assert answer.step is Step.TLS


@pytest.mark.parametrize("step", list(Step))
def test_every_step_has_a_sentence(step, say):
    from foyer.doctor.handshake import Answer

    found = broker.of_handshake(Answer(step, "5", "why"), Broker(), "kiosk", say)
    assert found.what
    assert bool(found.cure) is (step is not Step.IN)


# The whole check


async def test_a_broker_without_a_hub_is_told_kindly(mosquitto, say):
    found = await broker.check(settings(mosquitto.port), say)
    assert [f.level for f in found] == [Level.WORKS, Level.WORKS, Level.NOTICE]
    assert "No hub has spoken on this broker for the space our-space." in found[2].what


async def test_nobody_at_the_address_is_told(say):
    (found,) = await broker.check(settings(free_port()), say)
    assert found.level is Level.BROKEN
    assert "systemctl status mosquitto" in found.cure


class Closed(Mosquitto):
    """A Mosquitto that lets nobody in."""

    extra = "allow_anonymous false\n"


async def test_a_wrong_password_is_told_and_not_shown(tmp_path, say):
    (tmp_path / "password").write_text("correct horse\n")
    (tmp_path / "password").chmod(0o644)
    with running_mosquitto(tmp_path, Closed) as closed:
        found = await broker.check(
            settings(closed.port, username="front-door", password_file=str(tmp_path / "password")), say
        )
    assert "Anybody on this machine may read the broker's password" in found[0].what
    assert "does not let the kiosk in" in found[1].what
    assert "correct horse" not in str(found)


async def test_a_missing_password_file_is_told(tmp_path, say):
    (found,) = await broker.check(
        settings(1, username="front-door", password_file=str(tmp_path / "none")), say
    )
    assert "password cannot be read" in found.what


async def test_a_broker_that_carries_nothing_is_told(tmp_path, say, monkeypatch):
    monkeypatch.setattr(broker, "LATEST_S", 1.5)

    class Mute(Mosquitto):
        # Started by the administrator it becomes another user, who may not look into this folder.
        extra = f"user {getpass.getuser()}\nallow_anonymous true\nacl_file {tmp_path}/acl\n"

    (tmp_path / "acl").write_text("topic write nothing\n")
    with running_mosquitto(tmp_path, Mute) as mute:
        found = await broker.check(settings(mute.port), say)
    assert "carries nothing for it" in found[1].what
    assert "acl" in found[1].cure


async def test_an_embedded_broker_on_a_free_port_cannot_be_asked(say):
    hub = HubSettings(space=SpaceSettings(SPACE), broker=HubBrokerSettings(embedded=True, port=0))
    (found,) = await broker.check(Premises(hub=hub), say)
    assert found.level is Level.NOTICE


async def test_the_doctor_s_own_topics_are_nobody_s(mosquitto):
    for kiosk in (KioskId("front-door"), None):
        topic = doctor_topic(SPACE, kiosk)
        assert topic.startswith("foyer/1/our-space/")
        assert parse(topic) is None
        heard = await broker.speak(mosquitto.broker, SPACE, topic)
        assert heard == broker.Heard(echo=True, hub=None)


@pytest.mark.parametrize(
    ("status", "level"),
    [
        (None, Level.NOTICE),
        (Status(online=False), Level.NOTICE),
        (Status(online=True, program="0.1.0", revision=7), Level.WORKS),
    ],
)
def test_what_the_hub_said_is_put_in_words(status, level, say):
    assert broker.of_hub(status, SPACE, say).level is level


# The dashboard


class Page(http.server.BaseHTTPRequestHandler):
    """Answers every question with the server's own status and body."""

    def do_GET(self):
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *_args):
        """Say nothing."""


@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [
        (200, {"ok": True, "version": "0.1.0"}, "The hub is well: Foyer 0.1.0"),
        (503, {"ok": False, "version": "0.1.0"}, "The hub runs, but cannot use its database."),
        (200, "hello", "is not Foyer's dashboard"),
        (404, [], "is not Foyer's dashboard"),
    ],
)
async def test_the_dashboard_s_answer_is_put_in_words(status, body, sentence, say):
    server = http.server.HTTPServer(("127.0.0.1", 0), Page)
    server.status, server.body = status, json.dumps(body).encode()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        found = await asyncio.to_thread(dashboard.check, DashboardSettings(port=server.server_port), say)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert sentence in found[0].what


def test_a_hub_that_does_not_answer_is_told(say):
    (found,) = dashboard.check(DashboardSettings(port=free_port()), say)
    assert "restart foyer-hub" in found.cure


def test_a_dashboard_open_to_the_network_is_told(say):
    found = dashboard.check(DashboardSettings(host="0.0.0.0", port=free_port()), say)  # noqa: S104 - not opened
    assert "without encryption" in found[1].what
    assert is_loopback("localhost")
    assert not is_loopback("hub.local")
    assert len(dashboard.check(DashboardSettings(port=0), say)) == 1
