"""What of a calendar stands on the lobby: the right moments at the right time, and nothing private."""

import resource
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community.agenda import LONGEST_TITLE, MOMENTS_AT_MOST, Agenda, Moment
from sync.agenda.apart import read_apart
from sync.agenda.asked import Asked, Reading
from sync.agenda.blocks import cut, is_calendar
from sync.agenda.calendar import LONGEST_PLACE, MOST_ALL_DAY, Found, read
from sync.agenda.repeats import FORGIVEN, IMPATIENCE_S, PATIENCE_S

PARIS = ZoneInfo("Europe/Paris")
SUNDAY = date(2026, 11, 22)
DAY = timedelta(days=1)

START_S = 8.0
"""Far more of the processor than a process takes to begin, on a busy machine too."""

LUNCH = """\
UID:lunch
SUMMARY:Lunch
DTSTART;TZID=Europe/Paris:20261122T123000
DTEND;TZID=Europe/Paris:20261122T140000"""

OUR_ZONE = """BEGIN:VTIMEZONE
TZID:(UTC+01:00) Chez nous
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
END:VTIMEZONE"""


def calendar(*entries: str, more: str = "") -> bytes:
    """A whole file with these entries."""
    wrapped = "\n".join(f"BEGIN:VEVENT\n{entry}\nEND:VEVENT" for entry in entries)
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//tests//EN\n{more}\n{wrapped}\nEND:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def found(*entries: str, first: date = SUNDAY, days: int = 1, more: str = "") -> Found:
    return read(calendar(*entries, more=more), first, days, PARIS)


def on(*entries: str, first: date = SUNDAY, more: str = "") -> tuple[Moment, ...]:
    """The moments of one day."""
    what = found(*entries, first=first, more=more)
    assert not what.broken
    return what.agendas[0].moments if what.agendas else ()


async def found_apart(folder: Path, *entries: str, more: str = "") -> tuple[Reading, float]:
    """What another process finds, and its seconds of the processor; what never ends is ended there."""
    file = folder / "calendar.ics"
    file.write_bytes(calendar(*entries, more=more))
    before_s = resource.getrusage(resource.RUSAGE_CHILDREN)
    reading = await read_apart(Asked(str(file), "Europe/Paris", SUNDAY, days=1))
    after_s = resource.getrusage(resource.RUSAGE_CHILDREN)
    return reading, after_s.ru_utime - before_s.ru_utime


def titles(*entries: str, first: date = SUNDAY) -> list[str]:
    return [moment.title for moment in on(*entries, first=first)]


def entry(starts: str, *more: str, title: str = "Yoga", uid: str = "yoga") -> str:
    return "\n".join((f"UID:{uid}", f"SUMMARY:{title}", f"DTSTART{starts}", *more))


def at(text: str) -> datetime:
    """A moment as clocks in Paris show it."""
    return datetime.fromisoformat(text).replace(tzinfo=PARIS).astimezone(UTC)


def test_a_moment_has_its_title_its_time_and_its_place():
    moments = on(
        f"{LUNCH}\nLOCATION:Kitchen\nDESCRIPTION:ask Paul\nORGANIZER;CN=Paul:mailto:paul@example.org"
    )
    assert moments == (Moment("Lunch", at("2026-11-22T12:30"), at("2026-11-22T14:00"), "Kitchen"),)


@pytest.mark.parametrize(
    "starts",
    [
        ";TZID=Europe/Paris:20261122T123000",
        ":20261122T113000Z",
        ":20261122T123000",
        ";TZID=W. Europe Standard Time:20261122T123000",
        ";TZID=/freeassociation.sourceforge.net/Europe/Paris:20261122T123000",
        ";TZID=Nowhere/Land:20261122T123000",
        ';TZID="(UTC+01:00) Chez nous":20261122T123000',
        ";TZID=America/New_York:20261122T063000",
    ],
)
def test_the_time_is_right_in_every_way_of_naming_a_zone(starts: str):
    (moment,) = on(entry(starts), more=OUR_ZONE)
    assert (moment.starts, moment.ends) == (at("2026-11-22T12:30"), None)


def test_a_described_zone_knows_summer():
    (moment,) = on(
        entry(';TZID="(UTC+01:00) Chez nous":20260701T123000'), first=date(2026, 7, 1), more=OUR_ZONE
    )
    assert moment.starts == at("2026-07-01T12:30")


def test_all_day_is_shown_on_each_of_its_days_and_not_after():
    week = entry(";VALUE=DATE:20261121", "DTEND;VALUE=DATE:20261124", title="Festival")
    assert [titles(week, first=SUNDAY + n * DAY) for n in (-2, -1, 0, 1, 2)] == [
        [],
        ["Festival"],
        ["Festival"],
        ["Festival"],
        [],
    ]
    assert on(week) == (Moment("Festival"),)
    assert titles(entry(";VALUE=DATE:20261122")) == ["Yoga"]
    assert titles(entry(";VALUE=DATE:20261121")) == []


def test_what_goes_on_past_midnight_is_of_the_day_it_began_on_until_the_morning():
    party = entry(":20261121T210000", "DTEND:20261122T020000", title="Party")
    long = entry(":20261121T210000", "DTEND:20261122T093000", title="Hackathon")
    assert titles(party, first=SUNDAY - DAY) == ["Party"]
    assert titles(party) == []
    assert titles(long) == ["Hackathon"]
    assert titles(entry(":20261123T020000")) == ["Yoga"], "at two in the night the day is still the same"


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("RRULE:FREQ=DAILY", [0, 1, 2, 3, 4, 5, 6]),
        ("RRULE:FREQ=DAILY;INTERVAL=2", [0, 2, 4, 6]),
        ("RRULE:FREQ=WEEKLY;BYDAY=MO,TH", [1, 4]),
        ("RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", []),
        ("RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=SU", [0]),
        ("RRULE:FREQ=MONTHLY;BYDAY=-1FR", [5]),
        ("RRULE:FREQ=MONTHLY;BYMONTHDAY=-1", []),
        ("RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", []),
        ("RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", [4]),
        ("RRULE:FREQ=DAILY;UNTIL=20261124T110000Z", [0, 1, 2]),
        ("RRULE:FREQ=DAILY;UNTIL=20261124T105900Z", [0, 1]),
        ("RRULE:FREQ=DAILY;UNTIL=20261124", [0, 1, 2]),
        ("RRULE:FREQ=DAILY;COUNT=7", []),
        ("RRULE:FREQ=DAILY;COUNT=749", [0, 1, 2]),
        ("RRULE:FREQ=DAILY;BYDAY=SA,SU", [0, 6]),
    ],
)
def test_a_rule_that_began_years_ago_is_on_the_right_days(rule: str, days: list[int]):
    """It began on Wednesday 6 November 2024 at noon; the week looked at begins on Sunday 22 November 2026."""
    what = found(entry(";TZID=Europe/Paris:20241106T120000", rule), days=7)
    wanted = [SUNDAY + n * DAY for n in days]
    assert [agenda.day for agenda in what.agendas] == wanted
    assert all(agenda.moments[0].starts == at(f"{agenda.day}T12:00") for agenda in what.agendas)


def test_noon_stays_noon_when_clocks_change():
    every = entry(
        ";TZID=Europe/Paris:20200101T120000", "DTEND;TZID=Europe/Paris:20200101T133000", "RRULE:FREQ=DAILY"
    )
    for first in (date(2026, 3, 28), date(2026, 10, 24)):
        what = found(every, first=first, days=3)
        assert [(a.moments[0].starts, a.moments[0].ends) for a in what.agendas] == [
            (at(f"{first + n * DAY}T12:00"), at(f"{first + n * DAY}T13:30")) for n in range(3)
        ]


def test_an_hour_that_is_skipped_or_there_twice_is_one_moment():
    every = entry(";TZID=Europe/Paris:20200101T023000", "RRULE:FREQ=DAILY")
    (skipped,) = on(every, first=date(2026, 3, 28))
    assert skipped.starts == datetime(2026, 3, 29, 1, 30, tzinfo=UTC), (
        "counted on from before: half past three"
    )
    (twice,) = on(every, first=date(2026, 10, 24))
    assert twice.starts == datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "the first of the two"


def test_a_night_that_clocks_change_in_lasts_until_the_hour_that_was_said():
    night = entry(":20261024T220000", "DTEND:20261025T060000", title="Night")
    assert on(night, first=date(2026, 10, 24))[0].ends == at("2026-10-25T06:00")


@pytest.mark.parametrize(
    "exception",
    [
        "EXDATE;TZID=Europe/Paris:20261122T120000",
        "EXDATE:20261122T110000Z",
        "EXDATE;VALUE=DATE:20261122",
        "EXDATE:20261121T110000Z,20261122T110000Z",
        "EXDATE:20261121T110000Z\nEXDATE:20261122T110000Z",
        "EXDATE:20261122T120000",
    ],
)
def test_an_exception_is_left_out(exception: str):
    daily = entry(";TZID=Europe/Paris:20261101T120000", "RRULE:FREQ=DAILY", exception)
    assert titles(daily) == []
    assert titles(daily, first=SUNDAY + DAY) == ["Yoga"]


def test_an_exception_of_all_day_is_left_out():
    daily = entry(";VALUE=DATE:20261101", "RRULE:FREQ=DAILY;UNTIL=20261130", "EXDATE;VALUE=DATE:20261122")
    assert titles(daily) == []
    assert titles(daily, first=SUNDAY + DAY) == ["Yoga"]


@pytest.mark.parametrize(
    "extra",
    ["RDATE:20261122T110000Z", "RDATE;VALUE=PERIOD:20261122T110000Z/PT2H", "RDATE;VALUE=DATE:20261122"],
)
def test_an_extra_day_counts(extra: str):
    assert titles(entry(";TZID=Europe/Paris:20261101T120000", extra)) == ["Yoga"]


def test_one_occurrence_may_be_moved_renamed_or_taken_back():
    weekly = entry(";TZID=Europe/Paris:20261101T120000", "RRULE:FREQ=WEEKLY")
    moved = entry(":20261123T170000Z", "RECURRENCE-ID:20261122T110000Z", title="Yoga, later")
    assert titles(weekly, moved) == []
    assert titles(weekly, moved, first=SUNDAY + DAY) == ["Yoga, later"]
    cancelled = entry(
        ":20261122T110000Z", "RECURRENCE-ID;TZID=Europe/Paris:20261122T120000", "STATUS:CANCELLED"
    )
    assert titles(weekly, cancelled) == []
    by_day = entry(":20261122T160000Z", "RECURRENCE-ID;VALUE=DATE:20261122", title="By day")
    assert titles(weekly, by_day) == ["By day"]
    again = entry(":20261122T170000Z", "RECURRENCE-ID:20261122T110000Z", "SEQUENCE:3", title="Changed again")
    once = entry(":20261122T160000Z", "RECURRENCE-ID:20261122T110000Z", "SEQUENCE:2", title="Changed once")
    assert titles(weekly, again, once) == ["Changed again"]
    assert titles(moved, first=SUNDAY + DAY) == ["Yoga, later"], "its series is in another file"


def test_what_is_cancelled_is_not_on():
    assert titles(entry(":20261122T120000", "STATUS:CANCELLED")) == []
    weekly = entry(":20261101T120000", "RRULE:FREQ=WEEKLY", "STATUS:CANCELLED")
    assert titles(weekly, entry(":20261122T160000", "RECURRENCE-ID:20261122T120000")) == []
    assert titles(entry(":20261122T120000", "STATUS:TENTATIVE")) == ["Yoga"]


def test_the_same_entry_twice_counts_once_as_it_was_changed_last():
    old = entry(":20261122T120000", "SEQUENCE:1", title="Old")
    new = entry(":20261122T130000", "SEQUENCE:2", title="New")
    assert titles(new, old) == titles(old, new) == ["New"]


@pytest.mark.parametrize("kind", ["PRIVATE", "CONFIDENTIAL", "private", "X-SECRET"])
def test_what_is_private_is_never_shown(kind: str):
    what = found(f"{LUNCH}\nCLASS:{kind}")
    assert (what.agendas, what.private, what.broken) == ((), 1, 0)
    assert found(f"{LUNCH}\nCLASS:PUBLIC").agendas


def test_a_series_is_private_as_a_whole_if_any_part_of_it_is():
    weekly = entry(":20261101T120000", "RRULE:FREQ=WEEKLY", title="Therapy")
    one = entry(":20261122T160000", "RECURRENCE-ID:20261122T120000", title="Therapy, later")
    assert titles(f"{weekly}\nCLASS:PRIVATE", one) == []
    assert titles(weekly, f"{one}\nCLASS:PRIVATE") == []
    assert titles(f"{weekly}\nCLASS:PRIVATE", entry(":broken", "CLASS:PRIVATE"), LUNCH) == ["Lunch"]


@pytest.mark.parametrize(
    "broken",
    [
        "UID:x\nSUMMARY:No beginning",
        entry(":20261322T120000", uid="x"),
        entry(":not a time", uid="x"),
        entry(":20261122T120000", "DTEND:yesterday", uid="x"),
        entry(":20261122T120000", "DURATION:a while", uid="x"),
        entry(":20261122T120000", "RRULE:FREQ=SOMETIMES", uid="x"),
        entry(":20261122T120000", "RRULE:COUNT=3", uid="x"),
        entry(":20261122T120000", "RRULE:FREQ=DAILY;BYDAY=XX", uid="x"),
        entry(":20261122T120000", "RDATE:soon", uid="x"),
        entry(":20261122T120000", "SEQUENCE:many", uid="x"),
        entry(":20261122T120000", "RRULE:FREQ=DAILY;INTERVAL=99999999999", "RDATE:99991231T235959Z", uid="x"),
        entry(":20261122T120000", "RRULE:FREQ=SECONDLY", uid="x"),
        entry(":20261122T120000", "BEGIN:VALARM", uid="x"),
    ],
)
def test_an_entry_that_is_broken_spoils_no_other(broken: str):
    what = found(LUNCH, broken, entry(":20261122T170000", uid="y"))
    assert [m.title for m in what.agendas[0].moments if m.title != "Yoga"] == ["Lunch"]
    assert "Yoga" in [m.title for m in what.agendas[0].moments]
    assert what.broken <= 1


@pytest.mark.parametrize(
    "rule",
    [
        "RRULE:FREQ=DAILY;INTERVAL=0",
        "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
        "RRULE:FREQ=MINUTELY;COUNT=99999999",
        "RRULE:FREQ=SECONDLY;COUNT=999999999;BYHOUR=25",
        "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    ],
)
async def test_a_rule_that_never_ends_holds_nobody_up(tmp_path: Path, rule: str):
    what, took_s = await found_apart(tmp_path, LUNCH, entry(":19700101T120000", rule, uid="bomb"))
    assert took_s < PATIENCE_S + START_S
    assert [moment.title for moment in what.agendas[0].moments] == ["Lunch"]


async def test_many_rules_that_never_end_hold_nobody_up(tmp_path: Path):
    never = "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"
    bombs = [entry(":19700101T120000", never, uid=f"b{n}") for n in range(40)]
    what, took_s = await found_apart(tmp_path, *bombs, LUNCH)
    assert took_s < FORGIVEN * PATIENCE_S + 40 * IMPATIENCE_S + START_S
    assert ([moment.title for moment in what.agendas[0].moments], what.broken) == (["Lunch"], 40)


async def test_a_zone_that_never_ends_holds_nobody_up(tmp_path: Path):
    bomb = OUR_ZONE.replace("FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30")
    what, took_s = await found_apart(tmp_path, LUNCH, more=bomb)
    assert took_s < PATIENCE_S + START_S
    assert [moment.title for moment in what.agendas[0].moments] == ["Lunch"]


def test_a_rule_by_the_minute_is_no_moment():
    assert found(entry(":19700101T000000", "RRULE:FREQ=MINUTELY")).broken == 1


def test_an_entry_that_does_not_end_is_broken_and_the_next_one_counts():
    text = calendar(LUNCH).replace(
        b"END:VEVENT\r\n", b"BEGIN:VEVENT\r\nUID:n\r\nSUMMARY:N\r\nDTSTART:20261122T150000\r\nEND:VEVENT\r\n"
    )
    what = read(text, SUNDAY, 1, PARIS)
    assert ([m.title for m in what.agendas[0].moments], what.broken) == (["N"], 1)


def test_a_described_zone_that_is_broken_is_as_good_as_unknown():
    assert titles_with_zone(OUR_ZONE.replace("+0200", "sideways").replace("Chez nous", "Ailleurs")) == [
        "Yoga"
    ]


def titles_with_zone(zone: str) -> list[str]:
    (found_entry,) = on(entry(';TZID="(UTC+01:00) Ailleurs":20261122T123000'), more=zone)
    return [found_entry.title]


def test_titles_and_places_are_one_short_visible_line():
    long = entry(":20261122T120000", "LOCATION:" + "b" * 300, title="a" * 300)
    (moment,) = on(long)
    assert (len(moment.title), len(moment.place)) == (LONGEST_TITLE, LONGEST_PLACE)
    assert moment.title.endswith("…")
    (odd,) = on(entry(":20261122T120000", title="  Deux\\nlignes\\, \u202etournées\x07 et\u00a0coupées "))
    assert odd.title == "Deux lignes, tournées et coupées"
    assert titles(entry(":20261122T120000", title="\\n ")) == [], "nothing to say"


@pytest.mark.parametrize(
    "place", ["https://meet.example.org/secret", "salle@example.org", "www.example.org", "Zoom: zoom://1"]
)
def test_an_address_on_the_net_is_no_place(place: str):
    assert on(entry(":20261122T120000", f"LOCATION:{place}"))[0].place == ""


def test_long_lines_are_put_together():
    folded = entry(":20261122T120000", title="Petit-déjeuner des nouvelles")
    text = calendar(folded).replace(b"nouvelles", b"nou\r\n velles")
    assert read(text, SUNDAY, 1, PARIS).agendas[0].moments[0].title == "Petit-déjeuner des nouvelles"


def test_a_day_has_room_for_so_many_and_those_with_an_hour_come_before_all_day():
    all_day = [entry(";VALUE=DATE:20261122", title=f"Day {n:02}", uid=f"d{n}") for n in range(20)]
    timed = [entry(f":20261122T{8 + n:02}0000", title=f"Hour {n:02}", uid=f"h{n}") for n in range(10)]
    shown = on(*all_day, *timed)
    assert len(shown) == MOMENTS_AT_MOST
    assert [moment.title for moment in shown[:MOST_ALL_DAY]] == ["Day 00", "Day 01", "Day 02", "Day 03"]
    assert [moment.starts for moment in shown[MOST_ALL_DAY:]] == sorted(
        moment.starts for moment in shown[MOST_ALL_DAY:] if moment.starts
    )
    assert len(on(*all_day)) == MOMENTS_AT_MOST


def test_ends_before_it_begins_is_an_end_nobody_said():
    (moment,) = on(entry(":20261122T120000", "DTEND:20261122T110000"))
    assert moment.ends is None
    (half,) = on(entry(":20261122T120000", "DURATION:PT30M"))
    assert half.ends == at("2026-11-22T12:30")


def test_the_same_at_the_same_time_from_two_entries_is_one_moment():
    assert titles(LUNCH, LUNCH.replace("UID:lunch", "UID:copy")) == ["Lunch"]
    assert titles(LUNCH.replace("UID:lunch\n", ""), entry(":20261122T150000").replace("UID:yoga\n", "")) == [
        "Lunch",
        "Yoga",
    ]


def test_years_of_entries_are_read_in_a_moment():
    old = [
        entry(f":2019{1 + n % 12:02}{1 + n % 28:02}T120000", "DESCRIPTION:" + "x" * 200, uid=f"o{n}")
        for n in range(20_000)
    ]
    before_s = process_time()
    assert titles(*old, LUNCH) == ["Lunch"]
    assert process_time() - before_s < 5.0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<!DOCTYPE html><title>Log in</title>",
        b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n",
        b"\x00" * 100,
        b"BEGIN:VCARD\r\nEND:VCARD",
    ],
)
def test_what_is_no_whole_calendar_is_none(content: bytes):
    assert not is_calendar(content)


def test_a_byte_order_mark_and_small_letters_are_forgiven():
    assert is_calendar(b"\xef\xbb\xbf" + calendar(LUNCH) + b"\r\n\r\n")
    assert is_calendar(b"begin:vcalendar\nend:vcalendar")


def test_what_is_of_another_year_is_not_even_read():
    unreadable = "DURATION:a while"
    assert titles(entry(":20300101T120000", unreadable), entry(":20200101T120000", unreadable)) == []


def test_days_without_anything_are_not_told():
    what = found(entry(":20261124T120000"), days=8)
    assert what.agendas == (Agenda(date(2026, 11, 24), (Moment("Yoga", at("2026-11-24T12:00")),)),)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                [
                    LUNCH,
                    OUR_ZONE,
                    "BEGIN:VEVENT",
                    "END:VEVENT",
                    "RRULE:FREQ=DAILY",
                    "DTSTART:20261122T120000",
                    "EXDATE:",
                    "SUMMARY:x",
                    "UID:",
                ]
            ),
            st.text(max_size=40),
        ),
        max_size=12,
    )
)
def test_whatever_stands_in_a_file_reading_it_ends(lines: list[str]):
    content = ("BEGIN:VCALENDAR\r\n" + "\r\n".join(lines) + "\r\nEND:VCALENDAR").encode("utf-8", "replace")
    cut(content)
    read(content, SUNDAY, 2, PARIS)
