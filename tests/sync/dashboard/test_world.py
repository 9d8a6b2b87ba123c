"""What anybody on the net may ask: nothing unless it is switched on, and then no more than was agreed to."""

import asyncio
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
import yaml
from icalendar import Calendar
from jsonschema import Draft202012Validator

from community.agenda import Agenda, Moment
from community.events import CheckedIn, CheckedOut, MoodChosen
from community.ids import MemberId, TableId
from community.introductions.tables import Occasion, Table
from community.members import Member, Mood, Space, Visibility
from community.wire.messages import Status
from plumbing.errors import DatabaseError, DatabaseTrouble
from plumbing.words import Sentence
from sync.agenda.asked import Reading
from sync.agenda.kept import Kept, keep
from sync.dashboard.world import AGENDA_FRESH_S, SPACE_FRESH_S, Answer
from sync.publishing import Publishing, SpaceApiSettings
from sync.store import directory, introductions, world
from tests.sync.dashboard.house import SPACE_ID, Browser, House, SetClock

OPENAPI = yaml.safe_load((Path(__file__).parents[3] / "docs/openapi.yaml").read_text())
TODAY = date(2026, 11, 23)
FULL = SpaceApiSettings(
    publish=True,
    url="https://nook.example.org/",
    logo="https://nook.example.org/logo.svg",
    postal_address="1 rue du Puits, 35000 Rennes, France",
    coordinates=(48.1173, -1.6778),
    country_code="FR",
    hint="The blue door in the yard",
    email="bonjour@nook.example.org",
    phone="+33 2 99 00 00 00",
    mastodon="@nook@social.example.org",
    matrix="#nook:example.org",
    xmpp="nook@chat.example.org",
    irc="irc://irc.example.org/#nook",
    mailing_list="nook@lists.example.org",
)
SPACE = Space(name="Le Nook", address="https://foyer.nook.example.org")
PUBLISHING = Publishing(SPACE_ID, FULL, agenda=True)
OPEN_TO_ALL = Visibility(lobby=True, members=True, hosts=True)


@pytest.fixture
def house(tmp_path):
    with House(tmp_path, publishing=PUBLISHING, space=SPACE) as house:
        house.meters.line_up = True
        house.kiosk("door", Status(online=True, boot="b", reader="ready"))
        yield house


def arrive(house: House, member_id: str, *, yes: bool, visibility: Visibility = OPEN_TO_ALL, **facts) -> None:
    """Let somebody come in who said yes or no to the world."""
    member = Member(MemberId(member_id), visibility=visibility, **facts)
    house.database.write_now(lambda c: directory.put_member(c, member))
    house.database.write_now(lambda c: world.say(c, member.id, yes=yes))
    house.happen(CheckedIn(member.id))


def asked(house: House) -> dict:
    """What a program on the net is told, once the last answer is old."""
    house.clock.move(timedelta(seconds=SPACE_FRESH_S))
    answer = Browser(house).get("/spaceapi.json")
    assert answer.status == 200
    schema = {**OPENAPI["components"]["schemas"]["SpaceApi"], "components": OPENAPI["components"]}
    Draft202012Validator(schema).validate(answer.json)
    return answer.json


def people(house: House) -> dict:
    return asked(house)["sensors"]["people_now_present"][0]


def test_nothing_is_there_unless_it_is_switched_on(tmp_path: Path):
    with House(tmp_path) as house:
        for path in ("/spaceapi.json", "/agenda.ics"):
            assert Browser(house).get(path).status == 404
    with House(tmp_path, publishing=Publishing(SPACE_ID)) as house:
        for path in ("/spaceapi.json", "/agenda.ics"):
            assert Browser(house).get(path).status == 404


@pytest.mark.parametrize(
    ("publishing", "there", "missing"),
    [
        (Publishing(SPACE_ID, FULL), "/spaceapi.json", "/agenda.ics"),
        (Publishing(SPACE_ID, agenda=True), "/agenda.ics", "/spaceapi.json"),
    ],
)
def test_each_is_switched_on_by_itself(tmp_path: Path, publishing: Publishing, there: str, missing: str):
    with House(tmp_path, publishing=publishing) as house:
        assert Browser(house).get(there).status == 200
        assert Browser(house).get(missing).status == 404


def test_the_operator_s_words_stand_where_version_15_has_them(house: House):
    told = asked(house)
    assert told["api_compatibility"] == ["15"]
    assert told["space"] == "Le Nook"
    assert told["location"] == {
        "timezone": "Europe/Paris",
        "address": "1 rue du Puits, 35000 Rennes, France",
        "lat": 48.1173,
        "lon": -1.6778,
        "country_code": "FR",
        "hint": "The blue door in the yard",
    }
    assert told["contact"]["ml"] == "nook@lists.example.org"
    assert len(told["contact"]) == 7
    assert told["feeds"] == {"calendar": {"type": "ical", "url": f"{SPACE.address}/agenda.ics"}}


def test_what_the_operator_did_not_say_is_not_there(tmp_path: Path):
    least = SpaceApiSettings(publish=True, url=FULL.url, logo=FULL.logo, email=FULL.email)
    with House(tmp_path, publishing=Publishing(SPACE_ID, least)) as house:
        told = asked(house)
    assert told["location"] == {"timezone": "Europe/Paris"}
    assert told["contact"] == {"email": FULL.email}
    assert "feeds" not in told


def test_it_is_open_while_somebody_is_in_and_everybody_is_counted(house: House):
    assert asked(house)["state"] == {"open": False}
    arrive(house, "lea", yes=True, name="Léa Martin")
    arrive(house, "amina", yes=False, name="Amina Diallo")
    arrive(house, "ghost", yes=True, name="Ghislain Ombre", visibility=Visibility(hosts=False))
    told = asked(house)
    assert told["state"] == {"open": True}
    assert told["sensors"]["people_now_present"] == [{"value": 3, "names": ["Léa"]}]
    house.happen(CheckedOut(MemberId("lea")))
    assert people(house) == {"value": 2}


def test_a_yes_taken_back_heads_down_and_an_erasure_take_the_name_away(house: House):
    for member_id, name in (("lea", "Léa"), ("amina", "Amina"), ("noe", "Noé")):
        arrive(house, member_id, yes=True, name=name)
    assert people(house)["names"] == ["Amina", "Léa", "Noé"]
    house.database.write_now(lambda c: world.say(c, MemberId("lea"), yes=False))
    house.happen(MoodChosen(MemberId("amina"), Mood.HEADS_DOWN))
    assert people(house) == {"value": 3, "names": ["Noé"]}
    house.database.write_now(lambda c: directory.remove_member(c, MemberId("noe")))
    assert people(house) == {"value": 3}
    assert house.database.read_now(world.everybody) == {"amina"}


def test_nobody_is_named_and_nothing_is_said_of_open_while_no_door_is_heard(house: House):
    arrive(house, "lea", yes=True, name="Léa")
    assert people(house) == {"value": 1, "names": ["Léa"]}
    house.meters.line_up = False
    assert asked(house)["state"] == {}
    assert people(house) == {"value": 1}
    house.meters.line_up = True
    house.kiosk("door", Status(online=False, boot="b", reader="ready"))
    assert asked(house)["state"] == {}
    house.kiosk("side", Status(online=True, boot="s", reader="ready"))
    assert asked(house)["state"] == {"open": True}
    assert people(house) == {"value": 1}, "she may have left by the door that is not heard"
    house.kiosk("door", Status(online=True, boot="b", reader="ready"))
    assert people(house) == {"value": 1, "names": ["Léa"]}


def test_who_came_at_an_uncertain_time_is_counted_and_not_named(house: House):
    member = Member(MemberId("lea"), "Léa", visibility=OPEN_TO_ALL)
    house.database.write_now(lambda c: directory.put_member(c, member))
    house.database.write_now(lambda c: world.say(c, member.id, yes=True))
    house.happen(CheckedIn(member.id), synced=False)
    assert people(house) == {"value": 1}


SECRETS = {
    "id": "opaque-77",
    "name": "Ghislain",
    "trade": "tradeword",
    "company": "companyword",
    "needs": "needword",
    "offers": "offerword",
    "interests": "interestword",
    "place": "placeword",
}


def test_nothing_else_of_anybody_is_in_either(house: House):
    arrive(
        house,
        SECRETS["id"],
        yes=True,
        name="Léa Ghislain",
        trade=SECRETS["trade"],
        company=SECRETS["company"],
        needs=(SECRETS["needs"],),
        offers=(SECRETS["offers"],),
        interests=(SECRETS["interests"],),
        place=SECRETS["place"],
    )
    table = Table(TableId("t1"), Occasion.COFFEE, house.clock.at(), "Cuisine", (MemberId(SECRETS["id"]),))
    house.database.write_now(lambda c: introductions.put_tables(c, [table]))
    told = json.dumps(asked(house), ensure_ascii=False) + Browser(house).get("/agenda.ics").text
    assert "Léa" in told
    assert [word for word in SECRETS.values() if word in told] == []
    assert "door" not in told.replace(FULL.hint, "")


def test_whoever_asks_needs_no_login_gets_no_cookie_and_opens_nothing_else(house: House, host: Browser):
    for path, kind in (
        ("/spaceapi.json", "application/json"),
        ("/agenda.ics", "text/calendar; charset=utf-8"),
    ):
        stranger = Browser(house)
        answer = stranger.get(path, origin="https://map.example.org", sec_fetch_site="cross-site")
        assert (answer.status, answer.headers["content-type"]) == (200, kind)
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        assert answer.headers["cache-control"].startswith("public, max-age=")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "set-cookie" not in answer.headers
        assert "access-control-allow-credentials" not in answer.headers
        assert host.get(path).text == answer.text, "a host is told nothing more"
        for other in ("/", "/members", "/record", "/board", "/api/present", "/me"):
            found = stranger.get(other)
            assert found.status in {303, 401, 403}, other
            assert "access-control-allow-origin" not in found.headers
        assert stranger.ask("HEAD", path).status == 200
        assert stranger.ask("POST", path, b"").status == 403
        assert stranger.post(path, {}).status == 405


async def test_a_crowd_costs_one_look():
    clock, made = SetClock(datetime(2026, 11, 23, 9, tzinfo=UTC)), []
    go_on = asyncio.Event()

    async def make() -> bytes:
        await go_on.wait()
        made.append(clock.now_s())
        return str(len(made)).encode()

    answer = Answer(make, 10, "text/plain", clock)
    async with asyncio.TaskGroup() as crowd:
        asked = [crowd.create_task(answer.get()) for _ in range(200)]
        go_on.set()
    assert {task.result().body for task in asked} == {b"1"}
    for step, body in ((9, b"1"), (1, b"2"), (10, b"3")):
        clock.move(timedelta(seconds=step))
        assert (await answer.get()).body == body


async def test_a_database_that_failed_is_asked_again_at_once():
    answers: list[bytes | None] = [None, b"here"]

    async def make() -> bytes:
        made = answers.pop(0)
        if made is None:
            raise DatabaseError(DatabaseTrouble.UNREACHABLE, Sentence("gone"))
        return made

    answer = Answer(make, 10, "text/plain", SetClock(datetime(2026, 11, 23, 9, tzinfo=UTC)))
    with pytest.raises(DatabaseError):
        await answer.get()
    assert (await answer.get()).body == b"here"
    assert (await answer.get()).body == b"here"


def agenda(house: House) -> Calendar:
    house.clock.move(timedelta(seconds=AGENDA_FRESH_S))
    answer = Browser(house).get("/agenda.ics")
    assert answer.status == 200
    found = Calendar.from_ical(answer.text)
    assert isinstance(found, Calendar)
    return found


def known(house: House, *agendas: Agenda) -> None:
    kept = Kept("source", "calendar.example.org", 0, good=Reading(agendas), read_on=TODAY)
    house.database.write_now(lambda c: keep(c, kept))


NOON = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)
LUNCH = Moment("Déjeuner partagé", NOON, NOON + timedelta(hours=1), "Cuisine")
NIGHT = Moment("Nuit du code", datetime(2026, 11, 23, 22, tzinfo=UTC), datetime(2026, 11, 24, 9, tzinfo=UTC))


def test_what_is_on_can_be_subscribed_to(house: House):
    assert agenda(house).walk("VEVENT") == []
    known(
        house,
        Agenda(TODAY - timedelta(days=1), (Moment("Hier"),)),
        Agenda(TODAY, (Moment("Portes ouvertes"), LUNCH, NIGHT)),
        Agenda(TODAY + timedelta(days=1), (NIGHT, Moment("Portes ouvertes"))),
    )
    found = agenda(house)
    assert str(found["X-WR-CALNAME"]) == "Le Nook"
    events = found.walk("VEVENT")
    assert [(str(one["SUMMARY"]), one["DTSTART"].dt) for one in events] == [
        ("Portes ouvertes", TODAY),
        ("Déjeuner partagé", NOON),
        ("Nuit du code", NIGHT.starts),
        ("Portes ouvertes", TODAY + timedelta(days=1)),
    ]
    assert str(events[1]["LOCATION"]) == "Cuisine"
    uids = [str(one["UID"]) for one in events]
    assert len(set(uids)) == 4
    assert [str(one["UID"]) for one in agenda(house).walk("VEVENT")] == uids


@pytest.mark.parametrize(
    ("languages", "coffee"), [(("fr", "en"), "Un café ensemble"), (("de", "en"), "Coffee together")]
)
def test_tables_are_in_it_in_the_space_s_language_without_anybody(tmp_path: Path, languages, coffee):
    space = msgspec.structs.replace(SPACE, languages=languages)
    with House(tmp_path, publishing=PUBLISHING, space=space) as house:
        lea = house.member("lea", "Léa Martin")
        table = Table(TableId("t1"), Occasion.COFFEE, NOON, "Terrasse", (lea,), (lea,))
        house.database.write_now(lambda c: introductions.put_tables(c, [table]))
        (event,) = agenda(house).walk("VEVENT")
        assert (str(event["SUMMARY"]), str(event["LOCATION"])) == (coffee, "Terrasse")
        assert event["DTSTART"].dt == NOON
        assert "Léa" not in Browser(house).get("/agenda.ics").text
        assert "ATTENDEE" not in event
