"""The command `foyer`: reads its arguments, starts a program, says in one sentence what is wrong."""

import asyncio
import contextlib
import json
import logging
import os
import signal
import sys
from collections.abc import Coroutine
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from foyer.doorbell import ring
from foyer.errors import FoyerError, UsageError
from foyer.hubprocess import DEMO_TOKEN
from plumbing import logs
from plumbing.errors import PlumbingError
from plumbing.settings import load

log = logging.getLogger(__name__)

KIOSK_FILE = Path("/etc/foyer/kiosk.toml")
HUB_FILE = Path("/etc/foyer/hub.toml")

app = App(
    name="foyer",
    help="Foyer: a coworking space's front door.  Tap a badge, be greeted, learn whom to meet.",
    version=version("foyer-kiosk"),
    version_flags=["--version"],
)
members_app = App(name="members", help="The members the hub knows.")
bench_app = App(name="bench", help="Measure this machine: ratios within one run.")
app.command(members_app)
app.command(bench_app)


@app.command
def demo(
    *,
    headless: bool = False,
    taps: int = 200,
    seed: int = 1,
    json_file: Annotated[Path | None, Parameter(name="--json")] = None,
    port: int = 8080,
    half_blocks: bool = False,
) -> None:
    """Start everything on this machine: broker, hub, dashboard, kiosk, a virtual door, a village.

    Args:
        headless: Without a terminal: tap by itself, count what really happened, and end.
        taps: How many taps, with --headless.
        seed: Which made-up past and day; the same seed, the same people.
        json_file: Where --headless writes its counts; standard output if not given.
        port: Of the dashboard; 0 takes a free one.
        half_blocks: For terminal fonts that lack sextant glyphs.
    """
    if headless:
        from foyer.count import count

        if taps < 1:
            raise UsageError(f"--taps must be 1 or more, not {taps}")
        figures = _run(count(taps=taps, seed=seed, port=0 if port == 8080 else port))  # noqa: PLR2004 - the default
        if figures is None:
            raise UsageError("the count was told to end before it was done")
        text = json.dumps(figures, indent=2)
        if json_file is None:
            print(text)
        else:
            try:
                json_file.write_text(text + "\n", encoding="utf-8")
            except OSError as error:
                print(text)
                raise UsageError(f"{json_file}: the counts cannot be written: {error.strerror}") from error
        sys.exit(1 if figures["lost"] or figures["doubled"] else 0)
    if not _has_terminal():
        raise UsageError("the demo needs a terminal to draw in; without one use `foyer demo --headless`")
    from foyer.demo import run_demo

    _run(run_demo(seed=seed, port=port, half_blocks=half_blocks))


@app.command
def tap(who: str) -> None:
    """Present a badge to the running demo: a member's name or a badge's number; also unknown, phone."""
    print(ring(who))


@app.command
def kiosk(
    *,
    settings: Path | None = None,
    kiosk_id: Annotated[str | None, Parameter(name="--id")] = None,
    space: str | None = None,
    reader: str | None = None,
    data_folder: Path | None = None,
    headless: bool = False,
    trace: bool = False,
) -> None:
    """Run the kiosk at the door.

    Args:
        settings: The settings file; /etc/foyer/kiosk.toml if there is one.
        kiosk_id: This device's name in the space.
        space: The space's id.
        reader: pn532:/dev/… with any serial path, or none.
        data_folder: Where its notebook is kept.
        headless: Without a screen.
        trace: With --headless: one line of JSON on standard output for each outcome.
    """
    from foyer.programs import run_kiosk
    from kiosk.settings import PREFIX, KioskSettings

    overrides = {
        "id": kiosk_id,
        "space.id": space,
        "reader.device": reader,
        "data_folder": None if data_folder is None else str(data_folder),
    }
    found = load(
        KioskSettings,
        file=_file(settings, KIOSK_FILE),
        environment=os.environ,
        prefix=PREFIX,
        overrides=overrides,
    )
    if trace and not headless:
        raise UsageError("--trace writes to standard output, which the screen owns: add --headless")
    if not headless and not _has_terminal():
        raise UsageError("the kiosk needs a terminal to draw in; without one add --headless")
    if headless:
        logs.to_standard_error()
    else:
        logs.to_file(found.log_file)
    _run(run_kiosk(found, headless=headless, trace=trace))


@app.command
def hub(
    *,
    settings: Path | None = None,
    database: str | None = None,
    space: str | None = None,
    embedded_broker: bool | None = None,
    port: int | None = None,
    announce: Annotated[bool, Parameter(show=False)] = False,
) -> None:
    """Run the hub: takes in what kiosks log, and shows hosts who is in.

    Args:
        settings: The settings file; /etc/foyer/hub.toml if there is one.
        database: sqlite:///path or postgresql+psycopg://user@host/name.
        space: The space's id.
        embedded_broker: Run a broker inside, on this machine only.
        port: Of the dashboard.
        announce: Say on standard output when it is ready; end when standard input closes.
    """
    from foyer.programs import run_hub
    from sync.settings import PREFIX, HubSettings

    overrides = {
        "database": database,
        "space.id": space,
        "broker.embedded": embedded_broker,
        "dashboard.port": port,
    }
    found = load(
        HubSettings,
        file=_file(settings, HUB_FILE),
        environment=os.environ,
        prefix=PREFIX,
        overrides=overrides,
    )
    logs.to_standard_error()
    _run(run_hub(found, announce=announce, demo_token=os.environ.get(DEMO_TOKEN)))


@app.command
def doctor(*, kiosk_settings: Path | None = None, hub_settings: Path | None = None) -> None:
    """Say in words what works on this machine and what does not.

    Args:
        kiosk_settings: The kiosk's settings file; /etc/foyer/kiosk.toml if there is one.
        hub_settings: The hub's settings file; /etc/foyer/hub.toml if there is one.
    """
    from foyer.doctor import examine

    sys.exit(_run(examine(_file(kiosk_settings, KIOSK_FILE), _file(hub_settings, HUB_FILE))))


@members_app.command(name="import")
def import_(file: Path, *, settings: Path | None = None, dry_run: bool = False) -> None:
    """Take members and their badges from a CSV file; if any line is wrong, nothing is changed.

    Args:
        file: With a header line; docs/operate.md shows the columns.
        settings: The hub's settings file; /etc/foyer/hub.toml if there is one.
        dry_run: Only check the file.
    """
    from foyer.members import import_members

    settings_file = _file(settings, HUB_FILE)
    if settings_file is None:
        raise UsageError(f"there is no {HUB_FILE}: name the hub's settings file with --settings")
    written = import_members(settings_file, file, dry_run=dry_run)
    for problem in written.problems:
        print(problem)
    if written.problems:
        raise UsageError(f"{file}: nothing was changed; mend {len(written.problems)} line(s) and try again")
    if dry_run:
        print(f"{file}: every line is right; nothing was changed")
    else:
        print(f"{file}: {written.members} members and {written.badges} badges are in")


@bench_app.command(name="tap")
def bench_tap(*, taps: int = 40, json_file: Annotated[Path | None, Parameter(name="--json")] = None) -> None:
    """From the card in the field to the greeting on the screen, beside the floor of the same machine.

    Args:
        taps: Taps for each size of community, each of somebody who arrives; at most 40 for the smallest.
        json_file: Where the figures go, besides the table.
    """
    from foyer.bench import bench

    _run(bench(taps=taps, json_file=json_file))


def main() -> None:
    """Run the command; what an operator can mend is one sentence and exit status 2."""
    logs.to_journal()
    try:
        app()
    except (FoyerError, PlumbingError) as error:
        _fail(error)
    except BaseExceptionGroup as group:
        known = group.subgroup(_is_ours)
        if known is None:
            logs.keep_failure(group)
            raise
        _fail(_first(known))
    except Exception as error:
        if not _is_ours(error):
            logs.keep_failure(error)
            raise
        _fail(error)


def _has_terminal() -> bool:
    """Say whether there is a screen to draw on; Textual reads from standard input, writes to both."""
    return sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()


def _is_ours(error: BaseException) -> bool:
    """Say whether an error's message is a sentence for the operator."""
    from hardware.errors import HardwareError
    from kiosk.errors import KioskError
    from sync.errors import SyncError

    return isinstance(error, FoyerError | PlumbingError | HardwareError | KioskError | SyncError)


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _fail(error: BaseException) -> None:
    if logs.kept():
        log.critical("%s", error)
    print(f"foyer: {error}", file=sys.stderr)
    sys.exit(2)


def _file(named: Path | None, usual: Path) -> Path | None:
    return named if named is not None else (usual if usual.exists() else None)


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    """Run a program; Ctrl-C and a service's stop end it in good order."""
    with contextlib.suppress(KeyboardInterrupt), asyncio.Runner() as runner:
        return runner.run(_until_told(work))
    return None


async def _until_told(work: Coroutine[Any, Any, Any]) -> Any:
    task = asyncio.current_task()
    if task is not None:
        for ending in (signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(ending, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        return await work
    return None
