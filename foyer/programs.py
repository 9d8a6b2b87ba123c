"""Run the kiosk or the hub as a program of its own."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path

from foyer.errors import UsageError
from foyer.hubprocess import DEMO_TOKEN
from foyer.language import tell
from foyer.members import uid_of
from foyer.preview import draw_door
from foyer.updating.standing import hub_folder, leaves_word
from kiosk.bootstrap import Kiosk
from kiosk.core.inbox import Trace
from kiosk.lobby_screen import LobbyScreen
from kiosk.observers import Observers
from kiosk.settings import KioskSettings
from plumbing.places import is_loopback
from plumbing.systemd import notify, stay_watched
from plumbing.words import Sentence
from sync.bootstrap import HubAddresses
from sync.bootstrap import Observers as HubObservers
from sync.bootstrap import run as run_the_hub
from sync.settings import HubSettings


async def run_kiosk(settings: KioskSettings, *, headless: bool, trace: bool) -> bool:
    """Run a kiosk until it is told to end; return whether a host asked for it to be started again.

    Raises:
        SettingsError, DatabaseError, LogError, EnrolmentError: It cannot start.
    """
    stop, again = _told_to_stop(), asyncio.Event()

    def restart() -> None:
        again.set()
        stop.set()

    with leaves_word(Path(settings.data_folder), "kiosk") as up:
        kiosk = Kiosk(settings, Observers(trace=_print_trace if trace else None, restart=restart, ready=up))
        notify("READY=1")
        async with _watched():
            if headless:
                await kiosk.run_headless(stop)
            else:
                await kiosk.run_on_screen(stop)
    return again.is_set()


async def run_lobby(settings: KioskSettings) -> None:
    """Run a lobby screen until it is told to end.

    Raises:
        SettingsError, DatabaseError, LogError: It cannot start.
    """
    stop = _told_to_stop()
    screen = LobbyScreen(settings)
    notify("READY=1")
    with leaves_word(Path(settings.data_folder), "lobby") as up:
        up()
        async with _watched():
            await screen.run_on_screen(stop)


async def run_hub(settings: HubSettings, *, announce: bool, demo_token: str | None) -> None:
    """Run a hub until it is told to end; `announce` as `foyer.hubprocess` expects it."""
    if demo_token is not None and not is_loopback(settings.dashboard.host):
        raise UsageError(
            Sentence(
                "{name} is for the demo, whose dashboard listens on this machine only: unset it",
                name=DEMO_TOKEN,
            )
        )
    stop = _told_to_stop()
    observers = HubObservers(code=_announce_code if announce else _say_code)
    on_ready = _announce if announce else _say_ready
    with leaves_word(hub_folder(settings), "hub") as up:
        await _run_hub(settings, stop, observers, on_ready, up, announce=announce, demo_token=demo_token)


async def _run_hub(
    settings: HubSettings,
    stop: asyncio.Event,
    observers: HubObservers,
    on_ready: Callable[[HubAddresses], None],
    up: Callable[[], None],
    *,
    announce: bool,
    demo_token: str | None,
) -> None:
    def ready(addresses: HubAddresses) -> None:
        up()
        on_ready(addresses)

    async with asyncio.TaskGroup() as group:
        watcher = group.create_task(_end_with_parent(stop), name="parent") if announce else None
        async with _watched():
            await run_the_hub(
                settings,
                stop=stop,
                on_ready=ready,
                observers=observers,
                https=settings.dashboard.https,
                demo_token=demo_token,
                parse_uid=uid_of,
                draw_door=draw_door,
            )
        if watcher is not None:
            watcher.cancel()


@asynccontextmanager
async def _watched() -> AsyncIterator[None]:
    """Let systemd's watchdog hear that this event loop turns, as long as the block runs."""
    heard = asyncio.create_task(stay_watched(), name="watchdog")
    try:
        yield
    finally:
        heard.cancel()
        await asyncio.wait({heard})


def _told_to_stop() -> asyncio.Event:
    """Return an event that a service manager's or a person's wish to end sets."""
    stop = asyncio.Event()
    for ending in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(ending, stop.set)
    return stop


def _print_trace(trace: Trace) -> None:
    print(json.dumps(asdict(trace)), flush=True)


def _announce(addresses: HubAddresses) -> None:
    print(json.dumps(asdict(addresses)), flush=True)


def _announce_code(code: str) -> None:
    print(json.dumps({"code": code}), flush=True)


def _say_ready(addresses: HubAddresses) -> None:
    sentence = Sentence(
        "The dashboard is at http://{host}:{port}",
        host=addresses.dashboard_host,
        port=addresses.dashboard_port,
    )
    tell(sentence)


def _say_code(code: str) -> None:
    if not code:  # it was used: whoever used it knows
        return
    sentence = Sentence(
        "There is no host yet. Open the dashboard and type this code to become the first: {code}", code=code
    )
    tell(sentence)


async def _end_with_parent(stop: asyncio.Event) -> None:
    """Set `stop` when standard input closes: the parent has ended, however it ended."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    try:
        await reader.read()
        stop.set()
    finally:
        transport.close()
