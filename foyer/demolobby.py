"""The demo's calendar and its second screen: what `foyer lobby --demo` needs to join it."""

import tempfile
from datetime import datetime, time, timedelta
from pathlib import Path

from foyer.errors import UsageError
from foyer.folder import PREFIX, is_alive
from plumbing.places import SpaceSettings
from plumbing.words import Sentence

CALENDAR = "calendar.ics"
"""In the demo's folder."""

SETTINGS = "lobby.toml"
"""The same."""

PROGRAMME = (
    (time(8, 30), time(9, 15), "Petit-déjeuner des nouveaux", "Cuisine"),
    (time(12, 30), time(13, 45), "Déjeuner partagé", "Cuisine"),
    (time(15, 0), time(15, 30), "Pause thé", "Verrière"),
    (time(18, 30), time(20, 30), "Apéro devis : on compare nos tarifs", "Atelier"),
)
"""What is on every day: begins, ends, what, where."""


def write_calendar(folder: Path, space: SpaceSettings, now: datetime) -> None:
    """Write the village's calendar, as calendars on the net look; every day is the same."""
    day = now.astimezone(space.hours.zone).date() - timedelta(days=7)
    entries = (
        "BEGIN:VEVENT",
        "UID:moment-{number}@demo\r\nSUMMARY:{title}\r\nLOCATION:{place}\r\nRRULE:FREQ=DAILY",
        f"DTSTART;TZID={space.timezone}:{{begins:%Y%m%dT%H%M%S}}",
        f"DTEND;TZID={space.timezone}:{{ends:%Y%m%dT%H%M%S}}",
        "END:VEVENT",
    )
    written = [
        "\r\n".join(entries).format(
            number=number,
            title=title,
            place=place,
            begins=datetime.combine(day, begins),
            ends=datetime.combine(day, ends),
        )
        for number, (begins, ends, title, place) in enumerate(PROGRAMME)
    ]
    head = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Foyer//demo//FR")
    text = "\r\n".join((*head, *written, "END:VCALENDAR"))
    (folder / CALENDAR).write_text(text + "\r\n", encoding="utf-8", newline="")


def of_hub(folder: Path) -> str:
    """Return what of it stands in the hub's settings; nothing where no calendar was written."""
    return f'[agenda]\ncalendar = "{folder / CALENDAR}"\n' if (folder / CALENDAR).exists() else ""


def write_settings(folder: Path, space: SpaceSettings, broker_port: int) -> None:
    """Write what a second screen of the demo is set to."""
    data = folder / "lobby"
    data.mkdir(mode=0o700, exist_ok=True)
    (folder / SETTINGS).write_text(
        f'id = "lobby-screen"\ndata_folder = "{data}"\nbadge_key_file = "{folder}/badge.key"\n'
        f'[space]\nid = "{space.id}"\nname = "{space.name}"\n[reader]\ndevice = "none"\n'
        f"[broker]\nport = {broker_port}\n",
        encoding="utf-8",
    )


def running() -> Path:
    """Return the settings of a second screen for the demo that runs.

    Raises:
        UsageError: None runs.
    """
    for folder in sorted(Path(tempfile.gettempdir()).glob(f"{PREFIX}*")):
        if (folder / SETTINGS).exists() and is_alive(folder):
            return folder / SETTINGS
    raise UsageError(Sentence("no demo answers here: start one with `foyer demo` in another terminal"))
