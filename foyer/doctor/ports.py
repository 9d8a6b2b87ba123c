"""Serial ports, and who may open them: the same for the badge reader and the door's microcontroller."""

import grp
import os
import pwd
import stat
from collections.abc import Sequence
from pathlib import Path

from foyer.doctor.findings import Finding, Say, broken
from foyer.doctor.premises import SERVICE_USER

DEV = Path("/dev")
PORTS = ("serial/by-id/*", "foyer-reader", "serial0", "ttyUSB*", "ttyACM*", "ttyAMA*")
"""Where serial ports are found, the names that stay the same first."""


def listed(folder: Path) -> str:
    """Return the serial ports in /dev, one line; empty if there are none."""
    seen: dict[Path, Path] = {}
    for pattern in PORTS:
        for port in sorted(folder.glob(pattern)):
            seen.setdefault(port.resolve(), port)
    return ", ".join(map(str, seen.values()))


def not_allowed(port: str, say: Say) -> Finding:
    """Say that whoever runs the doctor may not open a port."""
    return broken(
        say("The user {user} may not open {port}.").format(user=user(), port=port),
        say("Run: sudo usermod -aG {group} {user}, then log in again.").format(
            group=group_of(Path(port)), user=user()
        ),
    )


def busy(port: str, say: Say) -> Finding:
    """Say that another program has a port."""
    return broken(
        say("The port {port} is held by another program.").format(port=port),
        say("To see which: sudo foyer doctor"),
    )


def of_rights(port: Path, say: Say) -> list[Finding]:
    """Say whether the services' own user may open the port too: the administrator always may."""
    try:
        service = pwd.getpwnam(SERVICE_USER)
        facts = port.stat()
    except (KeyError, OSError):
        return []
    if may_open(facts, service.pw_uid, os.getgrouplist(service.pw_name, service.pw_gid)):
        return []
    return [
        broken(
            say("The user {user} may not open {port}.").format(user=SERVICE_USER, port=port),
            say("Run: sudo usermod -aG {group} {user}, then restart the kiosk.").format(
                group=group_of(port), user=SERVICE_USER
            ),
        )
    ]


def may_open(facts: os.stat_result, user: int, groups: Sequence[int]) -> bool:
    """Say whether a user may read and write a device, by its owner, group and mode."""
    if facts.st_uid == user:
        wanted = stat.S_IRUSR | stat.S_IWUSR
    elif facts.st_gid in groups:
        wanted = stat.S_IRGRP | stat.S_IWGRP
    else:
        wanted = stat.S_IROTH | stat.S_IWOTH
    return facts.st_mode & wanted == wanted


def group_of(port: Path) -> str:
    """Return the group that owns a port."""
    try:
        return grp.getgrgid(port.stat().st_gid).gr_name
    except (OSError, KeyError):
        return "dialout"


def user() -> str:
    """Return who runs the doctor."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())
