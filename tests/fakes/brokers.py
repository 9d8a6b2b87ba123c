"""Real brokers on free loopback ports, for every test that speaks MQTT.

`running_mosquitto` starts Debian's Mosquitto as a child process (MQTT 5, no persistence, as the
design wants: a wire, not a store); `running_nats` Debian's NATS server, whose MQTT is 3.1.1;
`running_amqtt` starts the broker that ships in the demo, in a
thread and event loop of its own, so that a test which blocks cannot stop it.  Each yields a
`RunningBroker` which can be stopped and started again on the same port.

Use the parametrised fixtures by importing them in a `conftest.py`:

    from tests.fakes.brokers import broker, running_broker  # noqa: F401 - fixtures

`broker` is a `plumbing.mqtt.Broker`; `running_broker` also has `stop()` and `start()`.
"""

import asyncio
import contextlib
import getpass
import os
import shutil
import socket
import subprocess
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from typing_extensions import override

from plumbing.mqtt import Broker
from sync.broker import EmbeddedBroker

START_S = 15.0
"""Seconds a broker may take to listen on a busy machine."""

_PATH = os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin"
MOSQUITTO = shutil.which("mosquitto", path=_PATH)
NATS = shutil.which("nats-server", path=_PATH)


class RunningBroker(ABC):
    """A broker that a test may stop and start again on the same port."""

    name: str
    port: int

    @property
    def broker(self) -> Broker:
        """Where it is."""
        return Broker("127.0.0.1", self.port)

    @abstractmethod
    def start(self) -> None:
        """Listen; returns once connections are taken."""

    @abstractmethod
    def stop(self) -> None:
        """Go away, cutting every connection; does nothing if it is not running."""


class _Child(RunningBroker):
    """A broker that is a child process with a file of settings; it is stopped by killing it."""

    program: str | None

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._settings = folder / f"{self.name}.conf"
        self._log = folder / f"{self.name}.log"
        self._process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def settings(self) -> str:
        """What its file of settings says."""

    def start(self) -> None:
        self._settings.write_text(self.settings())
        self._run()

    def _run(self) -> None:
        with self._log.open("ab") as stream:
            self._process = subprocess.Popen(
                [str(self.program), "-c", str(self._settings)], stdout=stream, stderr=stream
            )
        wait_for_port(self.port)

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait(START_S)


class Mosquitto(_Child):
    """Debian's Mosquitto."""

    name = "mosquitto"
    program = MOSQUITTO
    extra = "allow_anonymous true\n"
    """Lines of its settings that a test may want otherwise."""

    def settings(self) -> str:
        return f"listener {self.port} 127.0.0.1\npersistence false\nset_tcp_nodelay true\n{self.extra}"


class GeneratedMosquitto(Mosquitto):
    """Mosquitto with the files a hub writes into `<folder>/broker`; `port` is the encrypted one."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.plain_port = free_port()
        self.files = folder / "broker"
        self.pid_file = folder / "mosquitto.pid"
        self._folder = folder

    @override
    def start(self) -> None:
        drop_in = self._folder / "conf.d"
        drop_in.mkdir(exist_ok=True)
        text = (self.files / "foyer.conf").read_text()
        assert "log_dest syslog" in text
        (drop_in / "foyer.conf").write_text(text.replace("log_dest syslog", "log_dest stderr"))
        # As Debian's own file, which comes first.
        self._settings.write_text(
            f"user {getpass.getuser()}\npid_file {self.pid_file}\npersistence true\n"
            f"persistence_location {self._folder}/\ninclude_dir {drop_in}\n"
        )
        self._run()

    def said(self) -> str:
        """Its log."""
        return self._log.read_text()


class Nats(_Child):
    """Debian's NATS server: MQTT 3.1.1 as one of its protocols, over streams on the disk."""

    name = "nats"
    program = NATS

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._folder = folder

    def settings(self) -> str:
        return (
            f'server_name: "{self.name}"\nhost: "127.0.0.1"\nport: -1\n'
            f'jetstream {{ store_dir: "{self._folder}/nats" }}\n'
            f'mqtt {{ host: "127.0.0.1", port: {self.port} }}\n'
        )


class Amqtt(RunningBroker):
    """The demo's embedded broker, in its own thread."""

    name = "amqtt"

    def __init__(self) -> None:
        self.port = free_port()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None

    def start(self) -> None:
        started = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve(started)), name="amqtt-broker")
        self._thread.start()
        assert started.wait(START_S), "amqtt did not start"

    def stop(self) -> None:
        thread, self._thread = self._thread, None
        if thread is not None:
            assert self._loop is not None
            assert self._stopping is not None
            self._loop.call_soon_threadsafe(self._stopping.set)
            thread.join(START_S)
            assert not thread.is_alive(), "amqtt did not stop"

    async def _serve(self, started: threading.Event) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        embedded = EmbeddedBroker(port=self.port)
        await embedded.start()
        started.set()
        await self._stopping.wait()
        await embedded.stop()


def free_port() -> int:
    """Return a loopback port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(port: int) -> None:
    """Return once somebody listens on `port`."""
    until = time.monotonic() + START_S
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        assert time.monotonic() < until, f"nobody listens on port {port}"
        threading.Event().wait(0.02)


@contextlib.contextmanager
def running_mosquitto(folder: Path, kind: type[Mosquitto] = Mosquitto) -> Iterator[Mosquitto]:
    """A Mosquitto for the length of a block."""
    _insist_on(kind.program, "mosquitto")
    with _running(kind(folder)) as running:
        yield running


@contextlib.contextmanager
def running_nats(folder: Path) -> Iterator[Nats]:
    """A NATS server for the length of a block."""
    _insist_on(Nats.program, "nats-server")
    with _running(Nats(folder)) as running:
        yield running


@contextlib.contextmanager
def running_amqtt() -> Iterator[Amqtt]:
    """An amqtt broker for the length of a block."""
    with _running(Amqtt()) as running:
        yield running


Kind = TypeVar("Kind", bound=RunningBroker)


@contextlib.contextmanager
def _running(broker: Kind) -> Iterator[Kind]:
    broker.start()
    try:
        yield broker
    finally:
        broker.stop()


def _insist_on(program: str | None, package: str) -> None:
    if program is None:
        reason = f"{package} is not installed (apt-get install {package})"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)


@pytest.fixture(params=["mosquitto", "amqtt", "nats"])
def running_broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RunningBroker]:
    """Each broker in turn, with the power to stop and start it."""
    kinds: dict[str, Callable[[], contextlib.AbstractContextManager[RunningBroker]]] = {
        "mosquitto": lambda: running_mosquitto(tmp_path),
        "amqtt": running_amqtt,
        "nats": lambda: running_nats(tmp_path),
    }
    with kinds[request.param]() as made:
        yield made


@pytest.fixture
def broker(running_broker: RunningBroker) -> Broker:
    """Where each broker in turn is."""
    return running_broker.broker
