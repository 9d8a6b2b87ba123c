"""Whether a release that was just started does what it is for."""

import http.client
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from foyer.updating.layout import Layout, packages_of
from foyer.updating.services import Services
from foyer.updating.standing import hub_folder, standing
from foyer.visiting import hub_settings
from kiosk.settings import PREFIX, KioskSettings
from plumbing.errors import SettingsError
from plumbing.settings import load
from sync.settings import HubSettings

ANSWERS_S = 2.0
"""Seconds for the hub to answer one question."""

OK = 200


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited, in seconds."""

    limit_s: float = 30.0
    """For everything to be up."""
    steady_s: float = 4.0
    """For it to stay up, in the same processes: a program that dies and is started anew is not up."""
    pause_s: float = 0.5
    """Between two looks."""


def come_up(
    layout: Layout,
    services: Services,
    programs: Sequence[str],
    release: Path,
    patience: Patience,
    on_look: Callable[[], None] = lambda: None,
) -> tuple[str, ...]:
    """Wait until programs of a release are up, and stay so.

    Returns:
        Those that are not; empty when all is well.
    """
    until = time.monotonic() + patience.limit_s
    seen: tuple[int, ...] | None = None
    since = 0.0
    while True:
        on_look()
        pids = tuple(_pid(layout, services, program, release) for program in programs)
        now = time.monotonic()
        if not all(pids):
            seen = None
        elif pids != seen:
            seen, since = pids, now
        elif now - since >= patience.steady_s:
            return ()
        if now >= until and (seen is None or now >= until + patience.steady_s):
            return tuple(program for program, pid in zip(programs, pids, strict=True) if not pid) or tuple(
                programs
            )
        time.sleep(patience.pause_s)


def _pid(layout: Layout, services: Services, program: str, release: Path) -> int:
    """Return the process of a program that is up; 1 for a release from before programs left word."""
    if not services.is_up(program):
        return 0
    try:
        return _standing(layout, program, release)
    except SettingsError:
        return 0


def _standing(layout: Layout, program: str, release: Path) -> int:
    settings = layout.settings / f"{program}.toml"
    if program == "hub":
        hub = hub_settings(settings)
        if not _answers(hub):
            return 0
        folder = hub_folder(hub)
    else:
        folder = Path(load(KioskSettings, file=settings, environment={}, prefix=PREFIX).data_folder)
    if not (packages_of(release) / "foyer/updating").is_dir():
        return 1
    return standing(folder, program, release)


def _answers(settings: HubSettings) -> bool:
    """Ask the hub whether it and its database are well."""
    host = settings.dashboard.host
    reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - "everywhere" is asked here
    line = http.client.HTTPConnection(reached, settings.dashboard.port, timeout=ANSWERS_S)
    try:
        line.request("GET", "/health")
        response = line.getresponse()
        return response.status == OK and json.loads(response.read(10_000)).get("ok") is True
    except (OSError, ValueError, AttributeError, http.client.HTTPException):
        return False
    finally:
        line.close()
