"""The real programs as child processes, and what they leave behind, for journeys and faults.

`Hub` and `KioskProgram` run `foyer hub` and `foyer kiosk` and can be killed and started again;
`Recorder` hears every message on the broker; `kiosk_rows` and `HubRows` read the databases from
outside, read-only, so that what a test counts is what is really on the disk.
"""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from statistics import median
from typing import Any, Self

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from sqlalchemy import and_, create_engine, func, or_, select
from sqlalchemy.pool import NullPool

from sync.store.schema import events, kiosks, quarantine
from tests.fakes.brokers import free_port

LIMIT_S = 60.0
"""Far more than anything waited for here takes on a busy machine."""

LOOK_AGAIN_S = 0.01

SPACE = "nook"
KIOSK = "front-door"
TOKEN = "a-token-for-tests"


def wait_until(true: Callable[[], object], what: str, limit_s: float = LIMIT_S) -> None:
    """Return once `true`; fail with `what` was waited for."""
    until = time.monotonic() + limit_s
    while not true():
        assert time.monotonic() < until, f"waited {limit_s:.0f} s for {what}"
        threading.Event().wait(LOOK_AGAIN_S)


class Program:
    """One of our programs, with its standard output and error in files."""

    def __init__(self, name: str, folder: Path) -> None:
        self.out = folder / f"{name}.out"
        self.err = folder / f"{name}.err"
        self.process: subprocess.Popen[bytes] | None = None
        self.environment: dict[str, str] = {}
        """Variables it starts with from now on, besides ours."""

    def run(self, *arguments: str, environment: Mapping[str, str] | None = None) -> None:
        """Start it; its standard input closes when it is stopped."""
        clean = {k: v for k, v in os.environ.items() if not k.startswith("FOYER_")}
        with self.out.open("ab") as out, self.err.open("ab") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "foyer", *arguments],
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=err,
                env={**clean, **self.environment, **(environment or {})},
            )

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end, as systemd does, and insist that it does so in good order."""
        code = self._end(signal.SIGTERM)
        assert code in {None, 0}, f"ended with {code}: {self.err.read_text()[-2000:]}"

    def end(self) -> int:
        """Wait until it has ended by itself; return its exit status."""
        assert self.process is not None
        code = self.process.wait(LIMIT_S)
        self._end(None)
        return code

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self.process is not None and self.process.poll() is None

    def _end(self, number: signal.Signals | None) -> int | None:
        process, self.process = self.process, None
        if process is None:
            return None
        if number is not None and process.poll() is None:
            process.send_signal(number)
        try:
            return process.wait(LIMIT_S)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait(LIMIT_S)
            if process.stdin is not None:
                process.stdin.close()


@dataclass
class Hub:
    """`foyer hub` with its settings; start, kill, start again on the same ports."""

    folder: Path
    broker_port: int
    embedded: bool = False
    database: str = ""
    program: Program = field(init=False)
    dashboard_port: int = field(init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir(exist_ok=True)
        self.database = self.database or f"sqlite:///{self.folder}/hub.db"
        self.program = Program("hub", self.folder)
        self.dashboard_port = free_port()
        self.settings.write_text(
            f'database = "{self.database}"\nbadge_key_file = "{self.badge_key}"\n{space()}'
            f"[broker]\nport = {self.broker_port}\nembedded = {str(self.embedded).lower()}\n"
            f"[dashboard]\nport = {self.dashboard_port}\n"
        )

    @property
    def settings(self) -> Path:
        return self.folder / "hub.toml"

    @property
    def badge_key(self) -> Path:
        return self.folder / "badge.key"

    @property
    def file(self) -> Path:
        """The SQLite file, where it is one."""
        return self.folder / "hub.db"

    def start(self) -> None:
        """Start it, and return once it is ready."""
        said = self.program.out.stat().st_size if self.program.out.exists() else 0
        self.program.run(
            "hub", "--settings", str(self.settings), "--announce", environment={"FOYER_DEMO_TOKEN": TOKEN}
        )

        def ready() -> bool:
            if not self.program.alive:
                raise AssertionError(f"the hub ended: {self.program.err.read_text()[-2000:]}")
            return b"dashboard_port" in self.program.out.read_bytes()[said:]

        wait_until(ready, "the hub to be ready")

    def kill(self) -> None:
        self.program.kill()

    def stop(self) -> None:
        self.program.stop()

    def present(self) -> dict[str, Any]:
        """Ask the dashboard over HTTP who is in."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.dashboard_port}/api/present",
            headers={"Authorization": f"Bearer {TOKEN}"},
        )
        with urllib.request.urlopen(request, timeout=LIMIT_S) as answer:  # noqa: S310 - our own hub on loopback
            return json.load(answer)

    @property
    def rows(self) -> "HubRows":
        return HubRows(self.database)


@dataclass
class KioskProgram:
    """`foyer kiosk --headless --trace`; start, kill, start again on the same files."""

    folder: Path
    device: str
    broker_port: int
    badge_key: Path
    name: str = KIOSK
    program: Program = field(init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir(exist_ok=True)
        self.program = Program("kiosk", self.folder)
        self.settings.write_text(
            f'id = "{self.name}"\ndata_folder = "{self.folder}"\n'
            f'badge_key_file = "{self.badge_key}"\n{space()}'
            f'[reader]\ndevice = "{self.device}"\n[broker]\nport = {self.broker_port}\n'
            '[sound]\nplayer = "none"\n'
        )

    @property
    def settings(self) -> Path:
        return self.folder / "kiosk.toml"

    @property
    def file(self) -> Path:
        return self.folder / "kiosk.db"

    def start(self) -> None:
        """Start it; `log_says` tells how far it is."""
        self.program.run("kiosk", "--settings", str(self.settings), "--headless", "--trace")

    def kill(self) -> None:
        self.program.kill()

    def stop(self) -> None:
        self.program.stop()

    def traces(self) -> list[dict[str, Any]]:
        """Everything it said was shown, over all its lives; a line cut by a kill was not said."""
        if not self.program.out.exists():
            return []
        lines = self.program.out.read_text().split("\n")[:-1]
        return [json.loads(line) for line in lines]

    def log_says(self, words: str) -> int:
        """How often its log lines hold some words."""
        return self.program.err.read_text().count(words) if self.program.err.exists() else 0

    def rows(self) -> dict[tuple[str, int], bytes]:
        return kiosk_rows(self.file)


def space() -> str:
    """The same place for hub and kiosk; it closes when a day ends anyway, so tests work in the evening."""
    return f'[space]\nid = "{SPACE}"\nname = "Le Nook"\nclosing = "04:00"\n'


def whose_words(file: Path) -> frozenset[str]:
    """Whose items the kiosk has as vectors."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=LIMIT_S)) as database:
            return frozenset(key for (key,) in database.execute("SELECT key FROM items WHERE kind = 'words'"))
    except sqlite3.OperationalError:
        return frozenset()  # it has not been made yet


def kiosk_rows(file: Path) -> dict[tuple[str, int], bytes]:
    """The kiosk's log as it stands on the disk: the event's bytes by epoch and number."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=LIMIT_S)) as database:
            database.execute("BEGIN")  # an epoch may begin between two questions
            kept = dict(database.execute("SELECT key, value FROM facts"))
            spans = list(database.execute("SELECT after, upto, epoch FROM former ORDER BY upto"))
            spans.append((int(kept.get("begins", 0)), int(kept["last_seq"]), kept["epoch"]))
            rows = list(database.execute("SELECT seq, raw FROM log"))
    except (sqlite3.OperationalError, KeyError):
        return {}  # it has not been made yet
    found = {}
    for place, raw in rows:
        after, epoch = next((after, epoch) for after, upto, epoch in spans if place <= upto)
        found[epoch, place - after] = raw
    return found


def of_other_doors(file: Path) -> list[dict[str, Any]]:
    """The events a kiosk holds of the other doors, in the order in which it heard them."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=LIMIT_S)) as database:
            rows = database.execute("SELECT raw FROM elsewhere ORDER BY place").fetchall()
    except sqlite3.OperationalError:
        return []  # it has not been made yet
    return [json.loads(raw)["event"] for (raw,) in rows]


def is_whole(file: Path) -> bool:
    """Whether SQLite finds nothing wrong with a file."""
    with closing(sqlite3.connect(file)) as database:
        return database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def log_end(file: Path) -> dict[str, int]:
    """The number of the newest event of a kiosk's present epoch; empty if there is none."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=LIMIT_S)) as database:
            kept = dict(database.execute("SELECT key, value FROM facts"))
    except sqlite3.OperationalError:
        return {}  # it has not been made yet
    last = int(kept.get("last_seq", 0)) - int(kept.get("begins", 0))
    return {kept["epoch"]: last} if last > 0 else {}


def revision(file: Path) -> int:
    """The revision of the directory that a kiosk has stored; 0 for none."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=LIMIT_S)) as database:
            row = database.execute("SELECT value FROM facts WHERE key = 'revision'").fetchone()
    except sqlite3.OperationalError:
        return 0
    return int(row[0]) if row else 0


@dataclass(frozen=True)
class HubRows:
    """What is in a hub's database, SQLite or PostgreSQL, read from outside."""

    database: str

    def events(self) -> list[tuple[str, int, bytes]]:
        """Every event: epoch, number, bytes."""
        query = select(events.c.epoch, events.c.seq, events.c.raw)
        return [(row.epoch, row.seq, bytes(row.raw)) for row in self._all(query)]

    def have(self, ends: Mapping[str, int]) -> bool:
        """Whether every event is here up to these numbers, by epoch."""
        wanted = or_(*(and_(events.c.epoch == epoch, events.c.seq <= end) for epoch, end in ends.items()))
        return not ends or self._all(select(func.count()).where(wanted))[0][0] >= sum(ends.values())

    def kinds(self, member: str) -> list[str]:
        """The kinds of a member's events, in the order of the log."""
        query = select(events.c.kind, events.c.raw).order_by(events.c.epoch, events.c.seq)
        return [row.kind for row in self._all(query) if f'"member":"{member}"'.encode() in bytes(row.raw)]

    def statuses(self) -> list[str]:
        """The last status of each kiosk, as it stands there."""
        return [row.status for row in self._all(select(kiosks.c.status))]

    def quarantined(self) -> int:
        return self._all(select(func.count()).select_from(quarantine))[0][0]

    def quarantined_raw(self) -> list[bytes]:
        return [bytes(row.raw) for row in self._all(select(quarantine.c.raw))]

    def reasons(self) -> list[str]:
        return [row.reason for row in self._all(select(quarantine.c.reason).order_by(quarantine.c.id))]

    def _all(self, query: Any) -> list[Any]:
        url = self.database
        if url.startswith("sqlite:///"):
            url = f"sqlite:///file:{url.removeprefix('sqlite:///')}?mode=ro&uri=true"
        engine = create_engine(url, poolclass=NullPool)
        try:
            with engine.connect() as connection:
                return list(connection.execute(query))
        finally:
            engine.dispose()


@dataclass(frozen=True)
class Count:
    """What became of every event; `str` is the line a run ends with."""

    written: int
    stored: int
    lost: int
    doubled: int
    quarantined: int
    kills: int = 0
    cuts: int = 0
    """Power cuts."""
    breaks: int = 0
    """Broken lines."""
    healed_s: tuple[float, ...] = ()
    """From each restart until the hub had everything written until then, in seconds."""

    def __str__(self) -> str:
        said = (
            f"{self.written} events written, {self.stored} stored, {self.lost} lost, {self.doubled} doubled, "
            f"{self.quarantined} quarantined, {self.kills} kills"
        )
        if self.cuts:
            said += f", {self.cuts} power cuts"
        if self.breaks:
            said += f", {self.breaks} broken lines"
        if self.healed_s:
            half, worst = median(self.healed_s), max(self.healed_s)
            said += f"; healed {len(self.healed_s)} times, in {half:.1f} s (p50) to {worst:.1f} s at most"
        return said

    def __add__(self, other: "Count") -> "Count":
        return Count(*(getattr(self, part.name) + getattr(other, part.name) for part in fields(Count)))

    def is_whole(self) -> bool:
        """Whether nothing was lost, doubled or put aside."""
        return (self.lost, self.doubled, self.quarantined) == (0, 0, 0) and self.stored == self.written


def count(log: Mapping[tuple[str, int], bytes], hub: HubRows, kills: int = 0) -> Count:
    """Hold the hub's rows against the kiosk's, byte for byte."""
    stored = hub.events()
    right = {(epoch, seq) for epoch, seq, raw in stored if log.get((epoch, seq)) == raw}
    return Count(
        written=len(log),
        stored=len(stored),
        lost=len(log.keys() - right),
        doubled=len(stored) - len(right),
        quarantined=hub.quarantined(),
        kills=kills,
    )


class Recorder:
    """A client of its own that hears every message of Foyer's on a broker, in order."""

    def __init__(self, port: int) -> None:
        self.messages: list[tuple[str, bytes]] = []
        self._subscribed = threading.Event()
        self._client = paho.Client(CallbackAPIVersion.VERSION2, client_id="recorder")
        self._client.on_connect = lambda client, *_: client.subscribe("foyer/#", qos=1)
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.on_message = lambda _client, _data, message: self.messages.append(
            (message.topic, bytes(message.payload))
        )
        self._client.connect("127.0.0.1", port)

    def said(self, word: str) -> list[bytes]:
        """The payloads of one word of a kiosk's topics."""
        return [payload for topic, payload in list(self.messages) if topic.endswith(f"/{word}")]

    def say(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Say something to everybody, as any client of the broker can."""
        self._client.publish(topic, payload, qos=1, retain=retain).wait_for_publish(LIMIT_S)

    def __enter__(self) -> Self:
        self._client.loop_start()
        assert self._subscribed.wait(LIMIT_S)
        return self

    def __exit__(self, *_error: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@contextmanager
def held(file: Path) -> Iterator[None]:
    """Hold a SQLite database's write lock: whoever wants to commit waits."""
    with closing(sqlite3.connect(file, isolation_level=None, timeout=LIMIT_S)) as database:
        database.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            database.execute("ROLLBACK")
