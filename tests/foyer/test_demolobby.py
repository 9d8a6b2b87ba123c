"""The demo's calendar is one that the hub reads, and its second screen is found while the demo lives."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from foyer import demolobby
from foyer.errors import UsageError
from foyer.folder import demo_folder
from foyer.house import SPACE
from kiosk.settings import PREFIX, KioskSettings
from plumbing.settings import load
from sync.agenda.calendar import read

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_the_demo_s_calendar_is_on_every_day(tmp_path: Path):
    demolobby.write_calendar(tmp_path, SPACE, NOW)
    content = (tmp_path / demolobby.CALENDAR).read_bytes()
    found = read(content, SPACE.hours.day_of(NOW), 2, SPACE.hours.zone)
    assert [[moment.title for moment in agenda.moments] for agenda in found.agendas] == [
        [title for _, _, title, _ in demolobby.PROGRAMME]
    ] * 2
    assert not found.broken
    assert str(tmp_path / demolobby.CALENDAR) in demolobby.of_hub(tmp_path)


def test_a_hub_without_a_calendar_has_none_in_its_settings(tmp_path: Path):
    assert demolobby.of_hub(tmp_path) == ""


def test_the_second_screen_of_a_demo_is_found_while_it_lives(place: Path):
    with pytest.raises(UsageError, match="no demo answers here"):
        demolobby.running()
    with demo_folder() as folder:
        with pytest.raises(UsageError):
            demolobby.running()
        demolobby.write_settings(folder, SPACE, 1883)
        file = demolobby.running()
        settings = load(KioskSettings, file=file, environment={}, prefix=PREFIX)
        assert (settings.reader.device, settings.broker.port, settings.space.id) == ("none", 1883, SPACE.id)
        left = place / "foyer-demo-left"
        left.mkdir()
        (left / demolobby.SETTINGS).write_text("")
        (left / "lock").write_text("")
        assert demolobby.running() == file, "what a demo that was killed left behind is none"
    with pytest.raises(UsageError):
        demolobby.running()
