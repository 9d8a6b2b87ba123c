"""The machine itself: its clock, and on a Raspberry Pi its power supply and heat."""

import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from foyer.doctor.findings import Finding, Say, broken, notice, works
from plumbing.clock import Clock

BUILT = datetime(2026, 1, 1, tzinfo=UTC)
"""Foyer is younger than this: a clock that shows less has lost the time."""

LATEST_S = 5
"""Seconds the firmware may take to answer."""

UNDER_VOLTAGE, THROTTLED, UNDER_VOLTAGE_BEFORE, THROTTLED_BEFORE = 1 << 0, 1 << 2, 1 << 16, 1 << 18
"""Bits of `vcgencmd get_throttled`.  Source: Raspberry Pi documentation, os/graphics-utilities."""


def check_clock(say: Say) -> list[Finding]:
    """Say whether the clock can be trusted."""
    clock = Clock()
    return [of_clock(clock.at(), _zone(), say, synchronised=clock.synchronised())]


def of_clock(at: datetime, zone: str, say: Say, *, synchronised: bool) -> Finding:
    """Say whether a clock that shows `at` can be trusted."""
    local = f"{at.astimezone():%Y-%m-%d %H:%M}"
    if at < BUILT:
        return broken(
            say("The clock is wrong: it shows {local}.").format(local=local),
            say("Connect the machine to the network and run: sudo timedatectl set-ntp true"),
        )
    if not synchronised:
        return notice(
            say("The clock shows {local} ({zone}) and is not synchronised yet.").format(
                local=local, zone=zone
            ),
            say(
                "Run: sudo timedatectl set-ntp true. Until then taps are kept with an uncertain time, "
                "and put right later."
            ),
        )
    return works(say("The clock is synchronised: {local}, time zone {zone}.").format(local=local, zone=zone))


def check_pi(say: Say) -> list[Finding]:
    """Say how a Raspberry Pi's supply and heat are; nothing on any other machine."""
    command = shutil.which("vcgencmd")
    if command is None:
        return []
    try:
        told = subprocess.run(  # noqa: S603 - a fixed command of the system
            [command, "get_throttled"], capture_output=True, text=True, check=True, timeout=LATEST_S
        )
        flags = int(told.stdout.strip().partition("=")[2], 16)
    except (OSError, subprocess.SubprocessError, ValueError):
        return []
    return [of_pi(flags, say)]


def of_pi(flags: int, say: Say) -> Finding:
    """Say what the bits of `vcgencmd get_throttled` mean."""
    if flags & UNDER_VOLTAGE:
        return broken(
            say("The Raspberry Pi gets too little voltage."),
            say("Use the power supply made for this Raspberry Pi, with its own cable."),
        )
    if flags & UNDER_VOLTAGE_BEFORE:
        return notice(
            say("The Raspberry Pi has had too little voltage since it was switched on."),
            say("Use the power supply made for this Raspberry Pi, with its own cable."),
        )
    if flags & (THROTTLED | THROTTLED_BEFORE):
        return notice(
            say("The Raspberry Pi is or was too hot, and slowed itself down."),
            say("Give it air or a heat sink."),
        )
    return works(say("The Raspberry Pi has enough power and is not too hot."))


def _zone() -> str:
    """Return the machine's time zone as its people know it."""
    link = Path("/etc/localtime")
    parts = str(link.resolve()).partition("/zoneinfo/")
    return parts[2] or (datetime.now(UTC).astimezone().tzname() or "UTC")
