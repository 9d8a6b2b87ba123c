"""The calendar we write: what a real reader makes of it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from sync.agenda.blocks import is_calendar
from sync.agenda.calendar import read
from sync.agenda.written import Entry, write

PARIS = ZoneInfo("Europe/Paris")
NOON = datetime(2026, 11, 23, 12, 30, tzinfo=PARIS)
MADE = datetime(2026, 11, 23, 9, 0, tzinfo=PARIS)
TITLE = "Déjeuner; « à midi », tous\\ensemble"
LUNCH = Entry(
    TITLE, NOON.astimezone(UTC), (NOON + timedelta(hours=1)).astimezone(UTC), "Cuisine, rez-de-jardin"
)


def written(*entries: Entry, zone: ZoneInfo = PARIS) -> Calendar:
    found = Calendar.from_ical(write(entries, "Le Nook", "nook", zone, MADE))
    assert isinstance(found, Calendar)
    assert not found.errors
    return found


def test_what_is_written_is_read_back_by_a_real_reader():
    found = written(LUNCH, Entry("Journée portes ouvertes", date(2026, 11, 24)), Entry("Café", NOON))
    lunch, day, coffee = found.walk("VEVENT")
    assert str(lunch["SUMMARY"]) == TITLE
    assert str(lunch["LOCATION"]) == "Cuisine, rez-de-jardin"
    assert (lunch["DTSTART"].dt, lunch["DTEND"].dt) == (NOON, NOON + timedelta(hours=1))
    assert lunch["DTSTART"].params["TZID"] == "Europe/Paris"
    assert day["DTSTART"].dt == date(2026, 11, 24)
    assert "DTEND" not in coffee
    assert "LOCATION" not in coffee
    assert all(event["DTSTAMP"].dt == MADE for event in (lunch, day, coffee))
    assert lunch["DTSTAMP"].to_ical() == b"20261123T080000Z"
    assert (str(found["VERSION"]), str(found["X-WR-CALNAME"])) == ("2.0", "Le Nook")
    assert str(found["X-WR-TIMEZONE"]) == "Europe/Paris"


def test_the_rules_of_the_time_zone_are_in_the_file_and_right_in_summer_and_winter():
    summer = Entry("Été", datetime(2027, 7, 1, 10, tzinfo=UTC))
    found = written(LUNCH, summer)
    (zone,) = found.walk("VTIMEZONE")
    rules = zone.to_tz()
    for at in (datetime(2026, 11, 23, 12), datetime(2027, 7, 1, 12)):  # noqa: DTZ001 - what a clock on the wall shows
        assert at.replace(tzinfo=rules).utcoffset() == at.replace(tzinfo=PARIS).utcoffset()


def test_an_entry_is_known_again_and_told_from_others():
    again = Entry(TITLE, NOON, None, LUNCH.place)
    assert LUNCH.uid("nook") == again.uid("nook")
    others = {
        LUNCH.uid("loft"),
        Entry("Dîner", NOON, None, LUNCH.place).uid("nook"),
        Entry(TITLE, NOON + timedelta(minutes=1), None, LUNCH.place).uid("nook"),
        Entry(TITLE, NOON, None, "").uid("nook"),
        Entry(TITLE, NOON.date(), None, LUNCH.place).uid("nook"),
    }
    assert len(others - {LUNCH.uid("nook")}) == 5


def test_what_is_there_twice_is_written_once_and_nothing_is_a_calendar_too():
    assert len(written(LUNCH, LUNCH).walk("VEVENT")) == 1
    assert written().walk("VEVENT") == []


@given(
    st.text(st.characters(exclude_categories=("Cc", "Cs", "Co", "Cn", "Cf", "Zl", "Zp")), max_size=80),
    st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001 - Hypothesis adds the zone
    st.sampled_from(["Europe/Paris", "UTC", "America/St_Johns", "Asia/Kathmandu", "Africa/Casablanca"]),
)
def test_any_title_at_any_time_anywhere_comes_back_as_our_own_reader_reads_it(title, naive, name):
    zone = ZoneInfo(name)
    at = naive.replace(microsecond=0, tzinfo=UTC)
    content = write([Entry(f"x{title}", at)], "N", "nook", zone, MADE)
    assert is_calendar(content)
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert event["DTSTART"].dt.astimezone(UTC) == at
    assert str(event["SUMMARY"]) == f"x{title}"
    found = read(content, at.astimezone(zone).date() - timedelta(days=1), 2, zone)
    assert found.broken == 0
    assert [moment.starts for agenda in found.agendas for moment in agenda.moments] == [at]
