"""What is installed on this machine, as its settings say; every other check begins from here."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec

from foyer.doctor.findings import Finding, Say, broken, notice, works
from kiosk.enrolment import Enrolment
from kiosk.enrolment import read as enrolment_in
from kiosk.errors import EnrolmentError
from kiosk.settings import PREFIX as KIOSK_PREFIX
from kiosk.settings import KioskSettings, enrolled
from plumbing.errors import SettingsError
from plumbing.settings import load
from plumbing.words import said
from sync.settings import PREFIX as HUB_PREFIX
from sync.settings import HubSettings

Settings = TypeVar("Settings", bound=msgspec.Struct)

SERVICE_USER = "foyer"
"""Whom the services run as, see deploy/raspberrypi."""


@dataclass(frozen=True, slots=True)
class Premises:
    """The programs this machine is set up for; `None` where it is not, or its settings are wrong."""

    kiosk: KioskSettings | None = None
    hub: HubSettings | None = None
    papers: Enrolment | None = None
    """With which the hub let the kiosk in, if it did."""


def check(
    kiosk_file: Path | None, hub_file: Path | None, environment: Mapping[str, str], say: Say
) -> tuple[Premises, list[Finding]]:
    """Read both settings, and say what is wrong with them."""
    kiosk, of_kiosk = _read(KioskSettings, kiosk_file, environment, KIOSK_PREFIX, say)
    hub, of_hub = _read(HubSettings, hub_file, environment, HUB_PREFIX, say)
    papers, of_papers = _papers(kiosk, say)
    kiosk = None if kiosk is None else enrolled(kiosk, papers)
    found = of_kiosk + of_papers + of_hub
    if not found:
        found.append(
            notice(
                say("Neither a kiosk nor a hub is set up on this machine yet."),
                say("To try Foyer out: foyer demo. To set it up: docs/operate.md."),
            )
        )
    if kiosk is not None and hub is not None and kiosk.space.id != hub.space.id:
        found.append(
            broken(
                say(
                    "The kiosk is of the space {kiosk}, the hub of {hub}: they cannot hear each other."
                ).format(kiosk=kiosk.space.id, hub=hub.space.id),
                say("Write the same id under [space] in both settings files."),
            )
        )
    return Premises(kiosk, hub, papers), found


def _papers(kiosk: KioskSettings | None, say: Say) -> tuple[Enrolment | None, list[Finding]]:
    if kiosk is None:
        return None, []
    try:
        papers = enrolment_in(Path(kiosk.data_folder))
    except EnrolmentError as error:
        if isinstance(error.__cause__, PermissionError):
            return None, [
                notice(
                    say("This user may not read how the kiosk was let in."),
                    say("Run it as the administrator: sudo foyer doctor"),
                )
            ]
        return None, [
            broken(
                say("What the hub gave this kiosk does not hold: {error}.").format(error=said(error, say)),
                say("Let it in again by a code from the dashboard: sudo foyer enrol"),
            )
        ]
    if papers is None:
        return None, []
    if papers.revoked:
        return papers, [
            broken(
                say("A host shut this kiosk out; it has forgotten whom it knew."),
                say("Let it in again by a code from the dashboard: sudo foyer enrol"),
            )
        ]
    what = say("The hub let this kiosk in as {kiosk} of the space {space}; what it gave is private.")
    return papers, [works(what.format(kiosk=papers.kiosk, space=papers.space))]


def _read(
    kind: type[Settings], file: Path | None, environment: Mapping[str, str], prefix: str, say: Say
) -> tuple[Settings | None, list[Finding]]:
    if file is None and not any(name.startswith(prefix) for name in environment):
        return None, []
    place = str(file) if file is not None else f"{prefix}…"
    try:
        settings = load(kind, file=file, environment=environment, prefix=prefix)
    except SettingsError as error:
        if isinstance(error.__cause__, PermissionError):
            what = say("This user may not read the settings in {place}.").format(place=place)
            return None, [notice(what, say("Run it as the administrator: sudo foyer doctor"))]
        what = say("These settings do not hold: {error}.").format(error=said(error, say))
        cure = say("Put it right in that place; the example beside the program shows every key.")
        return None, [broken(what, cure)]
    return settings, [works(say("The settings in {place} can be read and hold.").format(place=place))]
