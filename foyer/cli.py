"""The command `foyer`: reads its arguments, starts a program, says in one sentence what is wrong."""

import json
import os
import sys
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from foyer.badges_cli import badges_app
from foyer.doorbell import ring
from foyer.ending import a_sentence, run
from foyer.errors import UsageError
from foyer.files import HUB_FILE, KIOSK_FILE, hub_file, named_or
from foyer.hubprocess import DEMO_TOKEN
from foyer.language import tell
from foyer.lobby_screen import lobby
from foyer.mcu import mcu_app
from foyer.measuring import bench_app, simulate, too_few
from foyer.members_cli import members_app
from foyer.poster_cli import poster
from foyer.sound_cli import sound
from foyer.stick_backup import backup as stick_backup
from foyer.terminals import has_terminal
from foyer.updating.cli import update
from plumbing import logs
from plumbing.settings import load
from plumbing.words import Sentence, why

START_AGAIN = 75
"""How a kiosk ends that a host told to restart: "try again" in sysexits.h; its service starts it again."""

app = App(
    name="foyer",
    help="Foyer: a coworking space's front door.  Tap a badge, be greeted, learn whom to meet.",
    version=version("foyer-kiosk"),
    version_flags=["--version"],
)
introductions_app = App(name="introductions", help="Whom the hub introduces to whom, and why.")
app.command(members_app)
app.command(badges_app)
app.command(introductions_app)
hub_app = App(name="hub")
app.command(hub_app)
app.command(bench_app)
app.command(mcu_app)
app.command(simulate)
app.command(lobby)
app.command(sound)
app.command(poster)
app.command(stick_backup, name="backup")
app.command(update)


@app.command
def demo(
    *,
    headless: bool = False,
    taps: int = 200,
    seed: int = 1,
    json_file: Annotated[Path | None, Parameter(name="--json")] = None,
    port: int = 8080,
    half_blocks: bool = False,
    door: bool = False,
) -> None:
    """Start everything on this machine: broker, hub, dashboard, kiosk, a virtual door, a village.

    Args:
        headless: Without a terminal: tap by itself, count what really happened, and end.
        taps: How many taps, with --headless.
        seed: Which made-up past and day; the same seed, the same people.
        json_file: Where --headless writes its counts; standard output if not given.
        port: Of the dashboard; 0 takes a free one.
        half_blocks: For terminal fonts that lack sextant glyphs.
        door: With the door's microcontroller: its real firmware, drawn beside the kiosk.
    """
    from foyer.folder import demo_folder

    if headless and door:
        raise UsageError(Sentence("--door draws a picture: it needs a terminal, and so not --headless"))
    if headless:
        from foyer.count import count

        if taps < 1:
            raise too_few(taps, 1)
        port = 0 if port == 8080 else port  # noqa: PLR2004 - the default
        with demo_folder() as folder:
            figures = run(count(folder, taps=taps, seed=seed, port=port))
        if figures is None:
            raise UsageError(Sentence("the count was told to end before it was done"))
        text = json.dumps(figures, indent=2)
        if json_file is None:
            print(text)
        else:
            try:
                json_file.write_text(text + "\n", encoding="utf-8")
            except OSError as error:
                print(text)
                raise UsageError(
                    Sentence("{file}: the counts cannot be written: {why}", file=json_file, why=why(error))
                ) from error
        sys.exit(1 if figures["lost"] or figures["doubled"] else 0)
    if not has_terminal():
        raise UsageError(
            Sentence("the demo needs a terminal to draw in; without one use `foyer demo --headless`")
        )
    from foyer.demo import run_demo

    with demo_folder() as folder:
        run(run_demo(folder, seed=seed, port=port, half_blocks=half_blocks, with_door=door))


@app.command
def tap(who: str) -> None:
    """Present a badge to the running demo: a member's name or a badge's number; also unknown, phone."""
    tell(ring(who))


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
        reader: pn532:/dev/… with any serial path, pcsc:, usb:054c:06c1, wedge:/dev/input/by-id/…, or none.
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
        file=named_or(settings, KIOSK_FILE),
        environment=os.environ,
        prefix=PREFIX,
        overrides=overrides,
    )
    if trace and not headless:
        raise UsageError(Sentence("--trace writes to standard output, which the screen owns: add --headless"))
    if not headless and not has_terminal():
        raise UsageError(Sentence("the kiosk needs a terminal to draw in; without one add --headless"))
    if headless:
        logs.to_standard_error()
    else:
        logs.to_file(found.log_file)
    if run(run_kiosk(found, headless=headless, trace=trace)):
        sys.exit(START_AGAIN)


@app.command
def enrol(address: str, code: str, *, settings: Path | None = None, data_folder: Path | None = None) -> None:
    """Let this kiosk in at a hub, by the code that a host reads out from the dashboard.

    Args:
        address: The hub's, like https://hub.local.
        code: All of it; small letters and missing dashes do not matter.
        settings: The kiosk's settings file; /etc/foyer/kiosk.toml if there is one.
        data_folder: Where the kiosk keeps its notebook.
    """
    from foyer.enrol import enrol_kiosk

    enrol_kiosk(named_or(settings, KIOSK_FILE), KIOSK_FILE, data_folder, address, code)


@hub_app.default
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
        file=named_or(settings, HUB_FILE),
        environment=os.environ,
        prefix=PREFIX,
        overrides=overrides,
    )
    logs.to_standard_error()
    run(run_hub(found, announce=announce, demo_token=os.environ.get(DEMO_TOKEN)))


@hub_app.command
def backup(file: Path, *, settings: Path | None = None) -> None:
    """Write the whole hub into one file, while it goes on running: database and badge key, checked.

    Args:
        file: Where; it must not exist yet.
        settings: The hub's settings file; /etc/foyer/hub.toml if there is one.
    """
    from foyer.hubcopies import back_up

    back_up(named_or(settings, HUB_FILE), file)


@hub_app.command
def restore(file: Path, *, settings: Path | None = None) -> None:
    """Put a backup in the place of a hub that is stopped; what was there is kept beside it.

    Args:
        file: What `foyer hub backup` wrote.
        settings: The hub's settings file; /etc/foyer/hub.toml if there is one.
    """
    from foyer.hubcopies import restore as restore_hub

    restore_hub(named_or(settings, HUB_FILE), file)


@hub_app.command(name="broker-config")
def broker_config(folder: Path | None = None, *, settings: Path | None = None) -> None:
    """Write Mosquitto's files from the hub's database: settings, certificate, who may come in and say what.

    Args:
        folder: Where; [kiosks] broker_folder in the hub's settings if not given.
        settings: The hub's settings file; /etc/foyer/hub.toml if there is one.
    """
    from foyer.brokerfiles import write_broker_files

    write_broker_files(hub_file(settings), folder)


@hub_app.command(name="kiosk-code")
def kiosk_code(kiosk: str, *, settings: Path | None = None) -> None:
    """Make a code that lets one kiosk in, as the dashboard does; for whoever is at the hub's machine.

    Args:
        kiosk: Its name.
        settings: The hub's settings file; /etc/foyer/hub.toml if there is one.
    """
    from foyer.kioskcode import make_kiosk_code

    make_kiosk_code(hub_file(settings), kiosk)


@app.command
def doctor(
    *, reader: bool = False, kiosk_settings: Path | None = None, hub_settings: Path | None = None
) -> None:
    """Say in words what works on this machine and what does not.

    Args:
        reader: Look at nothing but the badge reader: what it is, and what stands in its way.
        kiosk_settings: The kiosk's settings file; /etc/foyer/kiosk.toml if there is one.
        hub_settings: The hub's settings file; /etc/foyer/hub.toml if there is one.
    """
    from foyer.doctor import examine

    files = named_or(kiosk_settings, KIOSK_FILE), named_or(hub_settings, HUB_FILE)
    sys.exit(run(examine(*files, only_reader=reader)))


@introductions_app.command(name="explain")
def introductions_explain(
    one: str, other: str, *, at: datetime | None = None, settings: Path | None = None
) -> None:
    """Say why two members are or are not introduced: every filter, every term, every rank.

    For whoever runs the place, not for a screen: it may say that somebody would rather not meet somebody.

    Args:
        one: A member's id or whole name.
        other: Another.
        at: The moment, like 2026-11-23T11:30 in the space's time; now if not given.
        settings: The hub's settings file; /etc/foyer/hub.toml if there is one.
    """
    from foyer.introductions import explained
    from foyer.lines import tell_all

    tell_all(explained(hub_file(settings), one, other, at))


@introductions_app.command(name="preview")
def introductions_preview(*, at: datetime | None = None, settings: Path | None = None) -> None:
    """Print today's plan of introductions as it would be; nothing is changed.

    Args:
        at: The moment, like 2026-11-23T11:30 in the space's time; now if not given.
        settings: The hub's settings file; /etc/foyer/hub.toml if there is one.
    """
    from foyer.introductions import previewed
    from foyer.lines import tell_all

    tell_all(previewed(hub_file(settings), at))


def main() -> None:
    """Run the command; what an operator can mend is one sentence and exit status 2."""
    logs.to_journal()
    with a_sentence():
        app()
