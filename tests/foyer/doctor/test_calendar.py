"""What the doctor says of the space's calendar."""

from pathlib import Path

import pytest

from foyer.doctor import calendar
from foyer.doctor.findings import Level
from plumbing.places import SpaceSettings
from sync.agenda.asked import Trouble
from sync.settings import AgendaSettings, HubSettings
from tests.fakes.calendars import CALENDAR, serving


def settings(address: str) -> HubSettings:
    return HubSettings(SpaceSettings("our-space"), agenda=AgendaSettings(address))


async def test_without_a_calendar_there_is_nothing_to_say(say):
    assert await calendar.check(settings(""), say) == []


async def test_a_calendar_that_can_be_read_says_how_much_is_on(say, tmp_path: Path):
    private = b"BEGIN:VEVENT\r\nUID:p\r\nCLASS:PRIVATE\r\nDTSTART:20261122T100000\r\nEND:VEVENT\r\n"
    broken = b"BEGIN:VEVENT\r\nUID:b\r\nEND:VEVENT\r\n"
    daily = CALENDAR.replace(b"UID:lunch", b"UID:lunch\r\nRRULE:FREQ=DAILY")
    every = daily.replace(b"20261122T1", b"20200101T1")
    file = tmp_path / "calendar.ics"
    file.write_bytes(every.replace(b"END:VCALENDAR", private + broken + b"END:VCALENDAR"))
    found = await calendar.check(settings(str(file)), say)
    assert [(finding.level, finding.what) for finding in found] == [
        (Level.WORKS, "The calendar at calendar.ics can be read: 1 today, 1 tomorrow."),
        (Level.NOTICE, "Entries of the calendar that could not be read: 1. The others count."),
        (Level.NOTICE, "Entries of the calendar marked as private, which are never shown: 1."),
    ]


async def test_what_is_wrong_is_one_sentence_with_a_cure_and_without_the_address(say):
    with serving() as server:
        (found,) = await calendar.check(settings(server.at("missing?secret=0123456789")), say)
    assert (found.level, found.what) == (
        Level.BROKEN,
        "The calendar at 127.0.0.1 cannot be read: it answers 404.",
    )
    assert "[agenda]" in found.cure
    assert "0123456789" not in found.what + found.cure


@pytest.mark.parametrize("trouble", Trouble)
def test_every_trouble_has_a_reason_and_a_cure(say, trouble: Trouble):
    assert calendar._why(trouble, say).endswith(".")
    assert calendar._cure(trouble, say).endswith(".")
