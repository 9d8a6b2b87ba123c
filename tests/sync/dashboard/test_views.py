"""What hosts are told, as plain values."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from community.clock import Hours
from community.events import CheckedIn, CheckedOut, CheckOutUndone, MeetingUndone, Met
from community.ids import KioskId
from community.members import Member, Mood, Visibility
from community.visits import Visit
from sync.presence import Happened
from sync.views.people import choices, roster
from sync.views.timeline import Happening, moments

HOURS = Hours(ZoneInfo("Europe/Paris"))
NINE = datetime(2026, 11, 23, 9, tzinfo=HOURS.zone)
TODAY = HOURS.day_of(NINE)
KNOWN = {
    "e": Member("e", "Élise", needs=("a photographer", "a desk")),
    "p": Member("p", "Paul"),
    "o": Member("o", "Ombeline", visibility=Visibility(hosts=False)),
}


def told(*events, at=NINE + timedelta(hours=3)):
    """Tell events that came a minute apart, from nine o'clock."""
    happened = [Happened(NINE + timedelta(minutes=n), KioskId("door"), e) for n, e in enumerate(events)]
    return [(m.what, m.names) for m in moments(happened[::-1], KNOWN, HOURS, at)]


ARRIVED, LEFT, MET, CLOSED = Happening.ARRIVED, Happening.LEFT, Happening.MET, Happening.CLOSED


def test_the_day_is_told_newest_first():
    assert told(CheckedIn("e"), CheckedIn("p"), Met("e", "p"), CheckedOut("e")) == [
        (LEFT, ("Élise",)),
        (MET, ("Élise", "Paul")),
        (ARRIVED, ("Paul",)),
        (ARRIVED, ("Élise",)),
    ]


def test_what_was_undone_is_not_told():
    assert told(
        CheckedIn("e"),
        CheckedIn("p"),
        Met("e", "p"),
        MeetingUndone("p", "e"),
        CheckedOut("e"),
        CheckOutUndone("e"),
    ) == [
        (ARRIVED, ("Paul",)),
        (ARRIVED, ("Élise",)),
    ]


def test_an_arrival_while_being_in_is_not_told_twice():
    assert told(CheckedIn("e"), CheckedIn("e")) == [(ARRIVED, ("Élise",))]


def test_a_departure_of_somebody_who_is_not_in_is_not_told():
    assert told(CheckedOut("e")) == []


def test_who_hides_is_not_told_of_and_neither_is_whom_they_met():
    assert told(CheckedIn("o"), CheckedIn("e"), Met("e", "o"), CheckedOut("o")) == [(ARRIVED, ("Élise",))]


def test_closing_time_is_told_once_for_all_and_hides_who_hides():
    evening = NINE + timedelta(hours=12)
    assert told(CheckedIn("e"), CheckedIn("o"), CheckedIn("p"), at=evening)[0] == (CLOSED, ("Élise", "Paul"))


def test_an_arrival_after_closing_keeps_the_line_of_the_visit_before():
    happened = [
        Happened(NINE, KioskId("door"), CheckedIn("e")),
        Happened(NINE + timedelta(hours=12), KioskId("door"), CheckedIn("e")),
    ]
    lines = moments(happened[::-1], KNOWN, HOURS, NINE + timedelta(hours=13))
    assert [line.what for line in lines] == [ARRIVED, CLOSED, ARRIVED]
    assert lines[1].at.astimezone(HOURS.zone).hour == 20


def test_an_uncertain_arrival_is_uncertain_on_the_roster_and_in_the_day():
    arrival = Happened(NINE, KioskId("door"), CheckedIn("e"), uncertain=True)
    other = Happened(NINE + timedelta(minutes=1), KioskId("door"), CheckedIn("p"))
    found = roster([Visit("e", NINE), Visit("p", other.at)], KNOWN, TODAY, [other, arrival])
    assert [person.uncertain for person in found.people] == [True, False]
    lines = moments([other, arrival], KNOWN, HOURS, NINE + timedelta(hours=1))
    assert [line.uncertain for line in lines] == [False, True]


def test_a_need_is_shown_only_to_those_whose_mood_it_is():
    looking = roster([Visit("e", NINE, mood=Mood.LOOKING)], KNOWN, TODAY)
    assert looking.people[0].looking_for == "a photographer"
    assert roster([Visit("e", NINE, mood=Mood.OPEN)], KNOWN, TODAY).people[0].looking_for == ""
    assert roster([Visit("p", NINE, mood=Mood.LOOKING)], KNOWN, TODAY).people[0].looking_for == ""


def test_a_need_that_ended_is_not_shown_any_more():
    ended = TODAY - timedelta(days=1)
    known = {"s": Member("s", "Sam", needs=("a desk", "a lift"), needs_until=(ended, TODAY))}
    looking = [Visit("s", NINE, mood=Mood.LOOKING)]
    assert roster(looking, known, ended).people[0].looking_for == "a desk"
    assert roster(looking, known, TODAY).people[0].looking_for == "a lift"
    assert roster(looking, known, TODAY + timedelta(days=1)).people[0].looking_for == ""


def test_who_hides_or_is_not_in_the_directory_is_counted():
    found = roster([Visit("e", NINE), Visit("o", NINE), Visit("gone", NINE)], KNOWN, TODAY)
    assert (found.present, found.others) == (3, 2)
    assert [person.name for person in found.people] == ["Élise"]


def test_namesakes_can_be_told_apart():
    labels = [
        choice.label
        for choice in choices(
            [
                Member("1", "Léa", trade="potter"),
                Member("2", "léa"),
                Member("3", "Zoé"),
            ]
        )
    ]
    assert len({label.casefold() for label in labels}) == 3
    assert "Zoé" in labels
    assert "Léa · potter · 1" in labels
