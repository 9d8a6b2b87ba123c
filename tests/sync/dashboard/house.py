"""A hub with a dashboard and nothing else: real database, real web server, a clock that can be set."""

import asyncio
import functools
import http.client
import json
import re
import socket
import tempfile
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import uvicorn
from typing_extensions import override

from community.badges import BadgeHash, BadgeKey
from community.clock import Hours, Stamp
from community.events import Event, Record
from community.ids import Epoch, KioskId, MemberId, SpaceId
from community.members import Member, Space, Visibility
from community.wire.codec import encode
from community.wire.messages import Status
from foyer.members import uid_of
from foyer.preview import draw_door
from plumbing.clock import Clock
from plumbing.database import Database, open_engine
from plumbing.migrations import upgrade
from plumbing.signing import SigningKey
from sync.dashboard.app import create_app
from sync.dashboard.rendering import LOCALE
from sync.gate import Gate
from sync.introductions.service import Introductions
from sync.live import Live
from sync.meters import Meters
from sync.passes import Passes
from sync.presence import Presence
from sync.publishing import Publishing
from sync.settings import IntroductionsSettings
from sync.store import directory, kiosks, log
from sync.store.directory import Directory

PARIS = ZoneInfo("Europe/Paris")
MORNING = datetime(2026, 11, 23, 9, 42, tzinfo=PARIS)
"""A Monday."""

SPACE_ID = SpaceId("nook")
BADGE_KEY = BadgeKey(1, b"a secret of the space, 32 bytes.")
METRICS_TOKEN = "a token for machines"
LOGIN, PASSWORD = "camille", "three words work well"
MIGRATIONS = Path(__file__).parents[3] / "sync/store/migrations"


@functools.cache
def migrated_database() -> bytes:
    """Return an empty database as the real migrations leave it; they run once for all tests."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "hub.db"
        database = Database(open_engine(f"sqlite:///{file}"))
        upgrade(database, MIGRATIONS)
        database.close()
        return file.read_bytes()


class SetClock(Clock):
    """A clock that shows what it is set to."""

    def __init__(self, at: datetime) -> None:
        super().__init__()
        self.shown = at
        self.shown_s = 1000.0

    @override
    def at(self) -> datetime:
        return self.shown

    @override
    def now_s(self) -> float:
        return self.shown_s

    def move(self, step: timedelta) -> None:
        """Let time pass."""
        self.shown += step
        self.shown_s += step.total_seconds()


class TellingServer(uvicorn.Server):
    """uvicorn, which says when it answers."""

    def __init__(self, config: uvicorn.Config, started: threading.Event) -> None:
        super().__init__(config)
        self._told = started

    @override
    async def startup(self, sockets=None) -> None:
        await super().startup(sockets)
        self._told.set()


class GatedDirectory(Directory):
    """The directory, whose answers can be held back after everybody was told."""

    def __init__(self, database: Database, gate: asyncio.Event) -> None:
        super().__init__(database)
        self._gate = gate

    @override
    async def link(self, badge: BadgeHash, member_id: MemberId) -> int:
        revision = await super().link(badge, member_id)
        await self._gate.wait()
        return revision


class House:
    """The hub under test: its server runs on a thread of its own, tests ask it over loopback."""

    def __init__(
        self,
        folder: Path,
        *,
        at: datetime = MORNING,
        https: bool = False,
        demo: str | None = None,
        settings: IntroductionsSettings | None = None,
        gate: Callable[["House"], Gate] | None = None,
        publishing: Publishing | None = None,
        space: Space | None = None,
        locale: Path = LOCALE,
    ) -> None:
        self._publishing, self._space = publishing, space or Space(name="Le Nook")
        self._settings = settings or IntroductionsSettings()
        self.clock = SetClock(at)
        file = folder / "hub.db"
        if not file.exists():
            file.write_bytes(migrated_database())
        self.database = Database(open_engine(f"sqlite:///{file}"))
        self.codes: list[str] = []
        self._https, self._demo, self._gate = https, demo, gate
        self._locale = locale
        self.sister_key = SigningKey.make()
        self._seq = 0
        self._started: threading.Event = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), name="house")

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._started.wait(20)
        return self

    def __exit__(self, *_: object) -> None:
        self.on_loop(self._stop)
        self._thread.join(20)
        assert not self._thread.is_alive()
        self.database.close()

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.live = Live()
        self.presence = Presence(Hours(PARIS))
        self.meters = Meters()
        self.gate = asyncio.Event()
        self.gate.set()
        self.directory = GatedDirectory(self.database, self.gate)
        self.directory.on_change(lambda _revision: self.live.changed())
        self.introductions = Introductions(
            SPACE_ID,
            Space(name="Le Nook"),
            self._settings,
            self.database,
            self.presence,
            self.clock,
            lambda _revision: self.live.changed(),
        )
        self.app = create_app(
            took_in=self._take_in,
            database=self.database,
            presence=self.presence,
            live=self.live,
            clock=self.clock,
            space=self._space,
            on_code=self.codes.append,
            directory=self.directory,
            introductions=self.introductions,
            meters=self.meters,
            metrics_token=METRICS_TOKEN,
            gate=None if self._gate is None else self._gate(self),
            https=self._https,
            demo_token=self._demo,
            badge_key=BADGE_KEY,
            passes=Passes(SPACE_ID, BADGE_KEY),
            publishing=self._publishing,
            parse_uid=uid_of,
            draw_door=draw_door,
            sister_key=self.sister_key,
            locale=self._locale,
        )
        listener = socket.create_server(("127.0.0.1", 0))
        self.port = listener.getsockname()[1]
        self._server = TellingServer(uvicorn.Config(self.app, log_config=None, lifespan="on"), self._started)
        await self._server.serve(sockets=[listener])
        self.left_behind = {t for t in asyncio.all_tasks() if t is not asyncio.current_task()}
        assert not self.left_behind

    def _stop(self) -> None:
        self.live.close()
        self._server.should_exit = True

    def on_loop(self, work, *arguments):
        """Run `work` on the hub's event loop and return what it returns."""

        async def run():
            return work(*arguments)

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(20)

    # What the rest of the hub would do.

    def member(self, member_id: str, name: str, *, hosts: bool = True, **facts) -> MemberId:
        """Put a member into the directory."""
        member = Member(MemberId(member_id), name, visibility=Visibility(hosts=hosts), **facts)
        self.database.write_now(lambda c: directory.put_member(c, member))
        return member.id

    def happen(
        self, event: Event, at: datetime | None = None, *, boot: str = "b", synced: bool = True
    ) -> None:
        """Let the door's kiosk log an event and the hub take it in; without `synced` its clock says 1970."""
        self._seq += 1
        when = int((at or self.clock.at()).timestamp() * 1_000_000)
        up = when % 10**12
        record = Record(self._seq, Stamp(when if synced else up, boot, up, synced), event)
        arrived = log.Arrived(KioskId("door"), Epoch("e1"), record, encode(record))
        appended = self.database.write_now(lambda c: log.append(c, [arrived], [], when))
        self.on_loop(self._take_in, appended.new)

    def _take_in(self, new) -> None:
        self.meters.took_in(new)
        self.presence.add(new, self.clock.at())
        self.live.changed()

    def kiosk(self, name: str, status: Status) -> None:
        """Let a kiosk report."""
        heard = int(self.clock.at().timestamp() * 1_000_000)
        self.database.write_now(lambda c: kiosks.put(c, KioskId(name), status, heard))
        self.on_loop(self.live.changed)

    def link(self, badge: BadgeHash, member_id: MemberId) -> None:
        """Link a badge as another host would."""
        self.database.write_now(lambda c: directory.link(c, badge, member_id, 1))


class Browser:
    """An HTTP client with cookies that says where it comes from, as browsers do."""

    def __init__(self, house: House, *, language: str = "en") -> None:
        self._house = house
        self.cookies: dict[str, str] = {}
        self.headers = {"accept-language": language}

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._house.port}"

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> "Answer":
        """Send one request and read the whole answer."""
        line = http.client.HTTPConnection("127.0.0.1", self._house.port, timeout=20)
        try:
            line.request(method, path, body, self._headers(headers))
            response = line.getresponse()
            answer = Answer(response.status, response.headers, response.read().decode())
        finally:
            line.close()
        self._keep(answer)
        return answer

    def get(self, path: str, **headers: str) -> "Answer":
        return self.ask("GET", path, **headers)

    def post(self, path: str, fields: dict[str, str], **headers: str) -> "Answer":
        """Send a form as the page of this site would."""
        sent = {
            "content-type": "application/x-www-form-urlencoded",
            "origin": self.origin,
            "sec-fetch-site": "same-origin",
        }
        return self.ask("POST", path, urlencode(fields).encode(), **{**sent, **headers})

    def form_token(self, path: str) -> str:
        return self.get(path).form_token

    def set_up(self) -> "Answer":
        """Become the first host."""
        code = self._house.codes[-1]
        return self.post(
            "/welcome",
            {
                "form_token": self.form_token("/welcome"),
                "code": code,
                "login": LOGIN,
                "password": PASSWORD,
                "again": PASSWORD,
            },
        )

    def log_in(self, login: str = LOGIN, password: str = PASSWORD) -> "Answer":
        token = self.form_token("/login")
        return self.post("/login", {"form_token": token, "login": login, "password": password})

    def listen(self, **headers: str) -> "Listener":
        """Open the live stream."""
        return Listener(self._house.port, self._headers(headers))

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        headers = {**self.headers, **{name.replace("_", "-"): value for name, value in more.items()}}
        if self.cookies:
            headers["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return headers

    def _keep(self, answer: "Answer") -> None:
        for cookie in answer.headers.get_all("set-cookie") or []:
            name, _, rest = cookie.partition("=")
            value = rest.partition(";")[0]
            if "max-age=0" in cookie.lower():
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value


class Answer:
    """One answer."""

    def __init__(self, status: int, headers: http.client.HTTPMessage, text: str) -> None:
        self.status = status
        self.headers = headers
        self.text = text

    @property
    def json(self):
        return json.loads(self.text)

    @property
    def form_token(self) -> str:
        found = re.search(r'name="form_token" value="([0-9a-f]{64})"', self.text)
        assert found, self.text
        return found[1]


class Listener:
    """The live stream as a browser reads it."""

    def __init__(self, port: int, headers: dict[str, str]) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._line.request("GET", "/live", headers=headers)
        self.response = self._line.getresponse()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.response.close()
        self._line.close()

    def next(self) -> dict[str, str] | None:
        """Return the next event or comment, or `None` at the end."""
        found: dict[str, str] = {}
        while True:
            line = self.response.readline().decode()
            if not line:
                return None
            line = line.rstrip("\n")
            if not line:
                return found
            name, _, value = line.partition(":")
            key = name or "comment"
            value = value.removeprefix(" ")
            found[key] = f"{found[key]}\n{value}" if key in found else value

    def next_message(self) -> dict[str, str] | None:
        """Return the next event that is not a comment."""
        while True:
            found = self.next()
            if found is None or "comment" not in found:
                return found
