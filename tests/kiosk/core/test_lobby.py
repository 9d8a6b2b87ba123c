"""What stands on the lobby: other things every day, what is on, something kind, and nobody who is hidden."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from community.agenda import Agenda, Moment
from community.clock import Hours
from community.ids import MemberId
from community.members import Member, Mood, Visibility
from kiosk.core.directory import Directory
from kiosk.core.guests import Guest
from kiosk.core.lobby import (
    FAR_M,
    FROM_AFAR,
    LOOKING_FOR_AT_MOST,
    MOMENTS_AT_MOST,
    OFFERING_AT_MOST,
    Stand,
    lobby_of,
)
from kiosk.core.moments import UNSAID
from kiosk.core.pieces import MomentLine, Trouble
from kiosk.core.sentences import Words
from kiosk.core.speaker import Speaker
from kiosk.core.troubles import hub_trouble
from kiosk.core.variety import STEP, looking_for, offering, turn_of
from kiosk.core.views import Lobby
from tests.fakes.community import NAMED, directory_of

FRIDAY = date(2026, 11, 20)
NINE = datetime(2026, 11, 20, 8, tzinfo=UTC)
"""Nine in the morning in Paris."""
HIDDEN = Visibility(lobby=False, members=True)


def person(name: str, *, needs: Sequence[str] = (), offers: Sequence[str] = (), **more: object) -> Member:
    member = Member(
        MemberId(f"id-{name}"),
        name,
        needs=tuple(needs),
        offers=tuple(offers),
        visibility=NAMED,
        introductions=True,
    )
    return msgspec.structs.replace(member, **more)


def guests(*members: Member, mood: Mood | None = None) -> list[Guest]:
    return [Guest(member, NINE + timedelta(minutes=n), mood) for n, member in enumerate(members)]


def at(clock: str, day: date = FRIDAY) -> datetime:
    """A moment as clocks in Paris show it in winter."""
    return datetime.fromisoformat(f"{day}T{clock}+01:00").astimezone(UTC)


@pytest.fixture
def speaker(catalogues: Mapping[str, Words], hours: Hours) -> Speaker:
    return Speaker(directory_of(person("Léa")), catalogues, hours)


def lobby(speaker: Speaker, *present: Guest, now: datetime = NINE, stand: Stand | None = None) -> Lobby:
    return lobby_of(speaker, present, now, synced=True, met_this_week=0, trouble=None, stand=stand or Stand())


def with_agenda(speaker: Speaker, *moments: Moment, day: date = FRIDAY) -> Speaker:
    agendas = {**speaker.directory.agendas, day: Agenda(day, moments)}
    return replace(speaker, directory=replace(speaker.directory, agendas=agendas))


# Other things every day.


def test_each_day_somebody_says_another_thing_and_over_the_days_all_of_it():
    lea = guests(person("Léa", needs=["a", "b", "c"], offers=["x", "y"]))
    days = [FRIDAY + timedelta(days=n) for n in range(6)]
    said = [looking_for(lea, day, 6) for day in days]
    assert all(len(one) == 1 for one in said)
    assert {one[0] for one in said[:3]} == {"a", "b", "c"}
    assert said[:3] == said[3:]
    assert {offering(lea, day, 6)[0] for day in days[:2]} == {"x", "y"}


def test_who_has_much_to_say_and_who_has_little_are_each_said_once():
    both = guests(person("Léa", offers=["a", "b", "c"]), person("Yuki", offers=["z"]))
    assert len(offering(both, FRIDAY, 6)) == 2


def test_the_same_day_is_the_same_on_every_screen_and_another_space_has_another_order():
    crowd = guests(*(person(f"P{n}", offers=[f"offer {n}"]) for n in range(12)))
    assert offering(crowd, FRIDAY, 12) == offering(crowd[::-1], FRIDAY, 12)
    assert offering(crowd, FRIDAY, 12, seed="a") != offering(crowd, FRIDAY, 12, seed="b")
    assert offering(crowd, FRIDAY, 12) != offering(crowd, FRIDAY + timedelta(days=1), 12)


def test_in_a_day_everybody_comes_first_once():
    crowd = guests(*(person(f"P{n}", needs=[f"need {n}"]) for n in range(5)))
    assert {looking_for(crowd, FRIDAY, 1, turn=turn)[0] for turn in range(5)} == {
        f"need {n}" for n in range(5)
    }


def test_what_comes_first_changes_with_each_arrival_and_every_20_minutes_only(hours: Hours):
    assert turn_of(hours, NINE, 3) == turn_of(hours, NINE + STEP - timedelta(seconds=1), 3)
    assert turn_of(hours, NINE + STEP, 3) == turn_of(hours, NINE, 3) + 1 == turn_of(hours, NINE, 4)


def test_who_came_to_look_for_something_comes_first():
    crowd = [*guests(*(person(f"P{n}", needs=[f"need {n}"]) for n in range(5)))]
    crowd += guests(person("Eager", needs=["this"]), mood=Mood.LOOKING)
    assert {looking_for(crowd, FRIDAY, 6, turn=turn)[0] for turn in range(6)} == {"this"}


def test_a_need_that_ended_is_looked_for_no_more():
    lea = person("Léa", needs=["old", "new"], needs_until=(FRIDAY - timedelta(days=1), None))
    assert {looking_for(guests(lea), FRIDAY + timedelta(days=n), 6) for n in range(4)} == {("new",)}


@pytest.mark.parametrize(
    ("member", "mood"),
    [
        (person("Léa", offers=["drawing"], visibility=HIDDEN), None),
        (person("Léa", offers=["drawing"], visibility=Visibility(lobby=True, members=False)), None),
        (person("Léa", offers=["drawing"], introductions=False), None),
        (person("Léa", offers=["drawing"]), Mood.HEADS_DOWN),
        (person("Léa"), None),
    ],
)
def test_nothing_is_said_of_whoever_does_not_want_it(speaker: Speaker, member: Member, mood: Mood | None):
    view = lobby(speaker, *guests(member, mood=mood))
    assert (view.offering, view.offering_title, view.offering_title_secondary) == ((), "", "")


def test_what_somebody_says_names_nobody_who_is_here():
    paul = person("Paul Durand", visibility=HIDDEN)
    yu = person("Yu")
    lea = person(
        "Léa", needs=["parler à Paul", "lunch with DURAND", "voir Paul  Durand!", "a Paulownia", "yu"]
    )
    days = [FRIDAY + timedelta(days=n) for n in range(10)]
    here = {looking_for(guests(lea, paul, yu), day, 6)[0] for day in days}
    assert here == {"lunch with DURAND", "a Paulownia"}
    own = person("Rose", offers=["Rose knows it"])
    assert offering(guests(own), FRIDAY, 6) == ()


def test_a_name_without_letters_hides_nothing():
    odd = person("…", offers=["drawing …"])
    assert offering(guests(odd), FRIDAY, 6) == ("drawing …",)


def test_two_who_say_the_same_are_said_once():
    assert offering(guests(person("A", offers=["Logo"]), person("B", offers=["logo!"])), FRIDAY, 6) in {
        ("Logo",),
        ("logo!",),
    }
    assert len(offering(guests(person("A", offers=["…"]), person("B", offers=["!"])), FRIDAY, 6)) == 2


def test_the_lobby_has_room_for_so_much_and_from_afar_for_less(speaker: Speaker):
    crowd = guests(*(person(f"P{n}", needs=[f"need {n}"], offers=[f"offer {n}"]) for n in range(9)))
    busy = with_agenda(speaker, *(Moment(f"M{n}", at(f"1{n}:00")) for n in range(9)))
    near, far = lobby(busy, *crowd), lobby(busy, *crowd, stand=Stand(reads=False, distance_m=FAR_M))
    assert (len(near.looking_for), len(near.offering), len(near.moments)) == (
        LOOKING_FOR_AT_MOST,
        OFFERING_AT_MOST,
        MOMENTS_AT_MOST,
    )
    assert (len(far.looking_for), len(far.offering), len(far.moments)) == (
        FROM_AFAR.looking_for,
        FROM_AFAR.offering,
        FROM_AFAR.moments,
    )
    assert (near.offering_title, near.offering_title_secondary) == ("On propose aujourd’hui", "Offered today")


# What is on.


def test_moments_are_what_goes_on_and_what_is_still_to_come(speaker: Speaker):
    day = with_agenda(
        speaker,
        Moment("Festival"),
        Moment("Breakfast", at("08:00"), at("09:00"), "Kitchen"),
        Moment("Workshop", at("08:30"), at("11:00"), "Studio"),
        Moment("Lunch", at("12:30"), at("14:00"), "Kitchen"),
    )
    view = lobby(day)
    assert (view.moments_title, view.moments_title_secondary) == ("Aujourd’hui", "Today")
    assert view.moments == (
        MomentLine("8\xa0h\xa030", "Workshop", "Studio", now=True),
        MomentLine("12\xa0h\xa030", "Lunch", "Kitchen"),
        MomentLine("toute la journée", "Festival"),
    )


def test_a_moment_goes_when_it_is_over_and_one_of_no_known_end_after_an_hour(speaker: Speaker):
    day = with_agenda(speaker, Moment("Coffee", at("10:00")), Moment("Talk", at("10:30"), at("11:00")))

    def shown(now: datetime) -> list[str]:
        return [line.title for line in lobby(day, now=now).moments]

    assert shown(at("10:59")) == ["Coffee", "Talk"]
    assert shown(at("10:00") + UNSAID) == []
    assert lobby(day, now=at("11:00")).moments_title == ""


def test_once_nothing_more_is_on_today_tomorrow_is_told(speaker: Speaker):
    day = with_agenda(speaker, Moment("Talk", at("10:30"), at("11:00")))
    saturday = FRIDAY + timedelta(days=1)
    day = with_agenda(day, Moment("Market", at("09:00", saturday)), day=saturday)
    assert lobby(day, now=at("10:45")).moments_title == "Aujourd’hui"
    evening = lobby(day, now=at("18:00"))
    assert (evening.moments_title, evening.moments) == ("Demain", (MomentLine("9\xa0h\xa000", "Market"),))
    assert lobby(day, now=at("18:00", saturday)).moments == ()


def test_what_began_on_another_day_says_until_when_or_all_day(speaker: Speaker):
    thursday = FRIDAY - timedelta(days=1)
    day = with_agenda(
        speaker,
        Moment("Retreat", at("09:00", thursday), at("18:00", FRIDAY + timedelta(days=1))),
        Moment("Hackathon", at("20:00", thursday), at("17:00")),
    )
    assert lobby(day).moments == (
        MomentLine("jusqu’à 17\xa0h\xa000", "Hackathon", now=True),
        MomentLine("toute la journée", "Retreat"),
    )


def test_what_is_of_all_day_keeps_one_line(speaker: Speaker):
    timed = [Moment(f"M{n}", at(f"1{n}:00")) for n in range(8)]
    day = with_agenda(speaker, Moment("Festival"), Moment("Strike"), *timed)
    assert [line.title for line in lobby(day).moments] == ["M0", "M1", "M2", "Festival"]
    far = lobby(with_agenda(speaker, *timed), stand=Stand(distance_m=5))
    assert [line.title for line in far.moments] == ["M0", "M1"]


# Something kind.


@pytest.mark.parametrize(
    ("clock", "line"),
    [
        ("08:10", "Matin calme\u202f: la première personne qui arrive ouvre la journée."),
        ("15:00", "C’est calme ici\u202f: les meilleures places sont libres."),
    ],
)
def test_an_empty_room_says_something_kind(speaker: Speaker, clock: str, line: str):
    assert lobby(speaker, now=at(clock)).calm_line == line
    assert lobby(speaker, now=at(clock)).calm_line_secondary


def test_a_space_without_members_says_where_badges_are(speaker: Speaker):
    view = lobby(replace(speaker, directory=Directory()))
    assert view.calm_line == "Les premiers badges attendent à l’accueil."


def test_who_is_here_and_says_nothing_is_told_that_they_could(speaker: Speaker):
    assert lobby(speaker, *guests(person("Léa"))).calm_line_secondary == (
        "What you look for or offer can stand here: just tell a host."
    )
    assert lobby(speaker, *guests(person("Léa", offers=["drawing"]))).calm_line == ""


# A second screen.


def test_without_the_hub_a_second_screen_says_what_may_be_old_and_nothing_of_notes(
    catalogues: Mapping[str, Words],
):
    said = hub_trouble(3, catalogues["fr"], catalogues["en"], notes=False)
    assert said == Trouble(
        "Le hub ne répond pas\u202f: tout n’est peut-être pas à jour ici.",
        "The hub is out of reach: some of this may be out of date.",
    )


def test_a_screen_without_a_reader_says_where_to_tap_and_takes_no_names(speaker: Speaker):
    far = Stand(reads=False)
    view = lobby_of(speaker, [], NINE, synced=True, met_this_week=0, trouble=None, by_name=True, stand=far)
    assert view.tap_title == "Badgez à l’entrée"
    assert view.tap_line_secondary == "Tap your badge at the door and see whom to meet"
    assert view.forgotten is None
