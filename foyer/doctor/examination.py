"""Run every check and print what it found, one line a finding, one more for what to do.

A shell: it decides nothing but the order.  A check that fails itself is one finding more.
"""

import asyncio
import logging
import os
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from foyer.doctor import (
    badge_key,
    broker,
    calendar,
    dashboard,
    database,
    disk,
    door,
    machine,
    premises,
    reader,
    sound,
    terminal,
    versions,
)
from foyer.doctor.findings import Finding, Level, Say, broken
from foyer.doctor.premises import Premises
from foyer.language import speaker
from plumbing.errors import SettingsError
from plumbing.words import said

PLAIN_SIGNS = {Level.WORKS: "+", Level.NOTICE: "!", Level.BROKEN: "X"}
"""For terminals that have no check marks."""

Check = Callable[[], Awaitable[list[Finding]]]

log = logging.getLogger(__name__)


async def examine(kiosk_file: Path | None, hub_file: Path | None, *, only_reader: bool = False) -> int:
    """Look at this machine, and print what works and what does not.

    Args:
        kiosk_file: The kiosk's settings; `None` if there are none.
        hub_file: The hub's settings; `None` if there are none.
        only_reader: Look at nothing but the badge reader, and what stands in its way.

    Returns:
        0 if nothing is broken, 1 if something is.
    """
    say = speaker()
    found: list[Finding] = []
    with _quiet():
        here, of_settings = await asyncio.to_thread(premises.check, kiosk_file, hub_file, os.environ, say)
        checks = _of_reader(here, of_settings, say) if only_reader else _checks(here, of_settings, say)
        for title, check in checks:
            try:
                findings = await check()
            except Exception as error:  # noqa: BLE001 - one check that fails must not end the others
                findings = [_unfinished(error, say)]
            if findings:
                _print_section(title, findings)
            found += findings
    _print(f"\n{summary(found, say)}")
    return 1 if any(finding.level is Level.BROKEN for finding in found) else 0


def summary(found: Iterable[Finding], say: Say) -> str:
    """Return the last line."""
    count = sum(finding.level is Level.BROKEN for finding in found)
    if not count:
        return say("Nothing is broken.")
    return say("Broken: {count}. What to do stands under each.").format(count=count)


def lines_of(finding: Finding, encoding: str) -> list[str]:
    """Return a finding as it is printed; in letters that `encoding` has."""
    sign = finding.level.value
    try:
        sign.encode(encoding)
    except UnicodeEncodeError:
        sign = PLAIN_SIGNS[finding.level]
    lines = [f"  {sign} {finding.what}"]
    if finding.cure:
        arrow = "->" if sign in PLAIN_SIGNS.values() and sign != Level.NOTICE.value else "→"
        lines.append(f"      {arrow} {finding.cure}")
    return [line.encode(encoding, "replace").decode(encoding) for line in lines]


def _checks(here: Premises, of_settings: list[Finding], say: Say) -> Iterator[tuple[str, Check]]:
    kiosk, hub = here.kiosk, here.hub
    yield say("Programs"), _in_thread(lambda: versions.check(say))
    yield say("Settings"), _in_thread(lambda: of_settings)
    yield _reader(here, say)
    yield say("At the door"), _in_thread(lambda: door.check(kiosk.door if kiosk else None, say))
    yield say("Clock"), _in_thread(lambda: machine.check_clock(say))
    yield say("Disk"), _in_thread(lambda: _disks(here, say))
    yield say("Database"), _in_thread(lambda: _databases(here, say))
    yield (
        say("Badge key"),
        _in_thread(
            lambda: badge_key.check(
                Path(kiosk.badge_key_file) if kiosk and here.papers is None else None,
                Path(hub.badge_key_file) if hub else None,
                say,
            )
        ),
    )
    yield say("Broker"), lambda: broker.check(here, say)
    if hub is not None:
        yield say("Hub"), _in_thread(lambda: dashboard.check(hub.dashboard, say))
        yield say("Calendar"), lambda: calendar.check(hub, say)
    yield say("Screen"), _in_thread(lambda: terminal.check(os.environ, sys.stdout, say))
    yield say("Sound"), _in_thread(lambda: sound.check(kiosk.sound if kiosk else None, say))
    yield say("Power and heat"), _in_thread(lambda: machine.check_pi(say))


def _of_reader(here: Premises, of_settings: list[Finding], say: Say) -> Iterator[tuple[str, Check]]:
    wrong = [finding for finding in of_settings if finding.level is Level.BROKEN]
    if wrong:  # a reader that is set wrong is no missing one
        yield say("Settings"), _in_thread(lambda: wrong)
    yield _reader(here, say)


def _reader(here: Premises, say: Say) -> tuple[str, Check]:
    settings = here.kiosk.reader if here.kiosk else None
    return say("Badge reader"), _in_thread(lambda: reader.check(settings, say))


def _in_thread(check: Callable[[], list[Finding]]) -> Check:
    return lambda: asyncio.to_thread(check)


def _disks(here: Premises, say: Say) -> list[Finding]:
    folders = []
    if here.kiosk is not None:
        folders.append(Path(here.kiosk.data_folder))
    if here.hub is not None:
        folders += [file.parent for file in _hub_file(here.hub.database)]
    return [finding for folder in dict.fromkeys(folders) for finding in disk.check(folder, say)]


def _databases(here: Premises, say: Say) -> list[Finding]:
    found = []
    if here.kiosk is not None:
        found += database.check_kiosk(here.kiosk.database, say)
    if here.hub is not None:
        found += database.check_hub(here.hub.database, say)
    return found


def _hub_file(url: str) -> list[Path]:
    """Return the hub's SQLite file; none if it is another database."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return []
    return [Path(parsed.database)] if parsed.get_backend_name() == "sqlite" and parsed.database else []


def _unfinished(error: Exception, say: Say) -> Finding:
    log.debug("a check failed", exc_info=error)
    reason = said(error, say) if isinstance(error, SettingsError | OSError) else type(error).__name__
    return broken(
        say("This could not be looked at to the end ({reason}).").format(reason=reason),
        say(
            "Run it as the administrator: sudo foyer doctor. If it stays, it is a fault of Foyer's: tell us."
        ),
    )


def _print_section(title: str, findings: list[Finding]) -> None:
    _print(title)
    for finding in findings:
        for line in lines_of(finding, sys.stdout.encoding or "utf-8"):
            print(line, flush=True)


def _print(text: str) -> None:
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "replace").decode(encoding), flush=True)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep log lines of the parts we use off the terminal: their findings say the same in words."""
    silent = logging.NullHandler()
    root = logging.getLogger()
    root.addHandler(silent)
    try:
        yield
    finally:
        root.removeHandler(silent)
