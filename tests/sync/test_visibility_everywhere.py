"""Who may read what of whom, as one table, held against everything that leaves the hub or stands on a screen.

The table is section 6 of the design: visibility is the member's, per audience, default modest; heads-down is
never suggested and never announced; who is avoided is not shown; an emergency knows everybody.  A line says
of one surface which facts of a member may stand on it; what it does not name may never.
"""

import asyncio
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image

from community.desk import Desk
from community.events import CheckedIn, CheckedOut, Met, MoodChosen
from community.ids import MemberId
from community.members import Member, Mood, Space, Visibility
from community.wire.messages import Status
from kiosk.core.views import Greeting
from sync.dashboard.world import AGENDA_FRESH_S
from sync.home_assistant import HomeAssistant
from sync.photos import prepared
from sync.publishing import Publishing, SpaceApiSettings
from sync.store import directory, feed, photos, receipts, world
from sync.store.photos import Photo
from sync.store.receipts import Kind, Line
from tests.fakes.community import directory_of
from tests.fakes.rooms import PARIS
from tests.fakes.rooms import House as Door
from tests.sync.dashboard.house import SPACE_ID, Browser, House
from tests.sync.dashboard.test_own_photo import fetched
from tests.sync.dashboard.test_own_receipt import opened

ZOE, READER, SHUNNED = MemberId("m-quill"), MemberId("m-reader"), MemberId("m-shunned")

FACTS = {
    "first": "Zoelle",
    "last": "Quandt",
    "id": ZOE,
    "trade": "glassblower",
    "company": "Vitrailco",
    "need": "ceramic furnace",
    "offer": "stained windows",
    "interest": "bellringing",
    "ask": "lighthouses",
    "place": "mezzanine",
    "topic": "astrology",
    "avoids": SHUNNED,
    "words": "a commission for the chapel",
}
"""What there is to know of Zoelle Quandt, each by what it is recognised by; `words` stand on her receipt."""


@dataclass(frozen=True)
class State:
    """How somebody is: what they chose, and where they are."""

    lobby: bool
    members: bool
    hosts: bool
    world: bool
    introductions: bool
    photo_hosts: bool
    photo_members: bool
    mood: Mood | None
    inside: bool
    avoided: bool
    """Whether the reader is somebody they would rather not meet."""

    @property
    def free(self) -> bool:
        """In, and not deep in work."""
        return self.inside and self.mood is not Mood.HEADS_DOWN

    @property
    def introduced(self) -> bool:
        """An introduction may name them."""
        return self.introductions and self.members

    @property
    def in_lobby(self) -> bool:
        return self.free and self.lobby

    @property
    def quoted(self) -> bool:
        """Hosts may read beside their name what they look for."""
        busy = self.inside and self.mood is Mood.HEADS_DOWN
        today = self.inside and self.mood is Mood.LOOKING
        return self.hosts and not busy and (self.introduced or today)

    @property
    def overheard(self) -> bool:
        """They hide from hosts, but let the lobby say what they look for: it stands there without a name."""
        return self.in_lobby and self.introduced and not self.hosts

    def member(self) -> Member:
        return Member(
            ZOE,
            f"{FACTS['first']} {FACTS['last']}",
            languages=("en",),
            trade=FACTS["trade"],
            company=FACTS["company"],
            needs=(FACTS["need"],),
            offers=(FACTS["offer"],),
            interests=(FACTS["interest"],),
            ask_about=(FACTS["ask"],),
            place=FACTS["place"],
            avoid_topics=(FACTS["topic"],),
            visibility=Visibility(lobby=self.lobby, members=self.members, hosts=self.hosts),
            introductions=self.introductions,
            avoid=(SHUNNED, *((READER,) if self.avoided else ())),
        )


Rule = Callable[[State], bool]


@dataclass(frozen=True)
class Exactly:
    """It stands there if, and only if."""

    rule: Rule


@dataclass(frozen=True)
class AtMost:
    """It may stand there only if."""

    rule: Rule


Line_ = Mapping[str, Exactly | AtMost]
NOTHING: Line_ = {}

HUB: Mapping[str, Line_] = {
    # hosts: who is in, of those who let hosts read their name; and what came today
    "/": {
        "first": Exactly(lambda s: s.hosts),
        "last": Exactly(lambda s: s.hosts),
        "id": AtMost(lambda s: s.hosts),
        "trade": Exactly(lambda s: s.hosts and s.inside),
        "need": Exactly(lambda s: s.hosts and s.inside and s.mood is Mood.LOOKING),
    },
    # an emergency knows everybody
    "/roll-call": {name: Exactly(lambda s: s.inside) for name in ("first", "last")}
    | {"id": AtMost(lambda _: True)},
    "/needs": {
        "first": Exactly(lambda s: s.quoted),
        "last": Exactly(lambda s: s.quoted),
        "id": AtMost(lambda s: s.quoted),
        "need": Exactly(lambda s: s.quoted or s.overheard),
        "offer": Exactly(lambda s: (s.free and s.hosts and s.introduced) or s.overheard),
    },
    "/brief": {name: AtMost(lambda s: s.hosts) for name in ("first", "last", "id")},
    "/introductions": {name: AtMost(lambda s: s.hosts and s.free) for name in ("first", "last", "id")},
    "/came-of-it": NOTHING,
    "/retention": NOTHING,
    # the screen in the room: first names of those whom the lobby may name
    "/board": {"first": Exactly(lambda s: s.in_lobby)},
    "/api/present": {"id": Exactly(lambda s: s.inside and s.hosts)},
    # the world
    "/spaceapi.json": {
        "first": Exactly(lambda s: s.in_lobby and s.members and s.hosts and s.world),
    },
    "/agenda.ics": NOTHING,
    "/health": NOTHING,
    "/healthz": NOTHING,
    "/metrics": NOTHING,
    # another member, whom they met once
    "/me": NOTHING,
    "/me/everything.json": NOTHING,
    "/me/receipt": {
        "first": Exactly(lambda s: s.members),
        "last": Exactly(lambda s: s.members),
        "id": AtMost(lambda s: s.members and s.photo_members and not s.avoided),
    },
    "/me/receipt.json": {name: Exactly(lambda s: s.members) for name in ("first", "last")},
    "/me/receipt.csv": {name: Exactly(lambda s: s.members) for name in ("first", "last")},
    # kiosks need the profile itself to choose and to greet; what is theirs alone they are never told
    "the feed": {name: AtMost(lambda _: True) for name in FACTS if name != "words"},
    "home assistant": NOTHING,
}
PICTURES: Mapping[str, Exactly] = {
    "/photos/m-quill": Exactly(lambda s: s.photo_hosts and s.hosts),
    "/me/photos/m-quill": Exactly(lambda s: s.photo_members and s.members and not s.avoided),
}
KIOSK: Mapping[str, Line_] = {
    "the lobby": {
        "first": Exactly(lambda s: s.in_lobby),
        "last": Exactly(lambda s: s.in_lobby),
        "need": Exactly(lambda s: s.in_lobby and s.introduced),
        "offer": Exactly(lambda s: s.in_lobby and s.introduced),
        "id": AtMost(lambda s: s.in_lobby),
    },
    # the greeting of another member: introductions, and the strip of the greeting before
    "another's greeting": {
        **{
            name: AtMost(lambda s: s.free and s.members and not s.avoided) for name in ("first", "last", "id")
        },
        **{
            name: AtMost(lambda s: s.free and s.introduced and not s.avoided)
            for name in ("trade", "company", "interest", "ask", "place")
        },
        **{
            name: AtMost(lambda s: s.free and s.introduced and (s.lobby or not s.avoided))
            for name in ("need", "offer")
        },
    },
}


def broken(line: Line_, state: State, text: str) -> list[str]:
    """Return which facts stand in a text and may not, or do not and should."""
    wrong = []
    for name, word in FACTS.items():
        stands, rule = word.casefold() in text.casefold(), line.get(name)
        if stands and (rule is None or not rule.rule(state)):
            wrong.append(f"{name} may not stand there")
        if not stands and isinstance(rule, Exactly) and rule.rule(state):
            wrong.append(f"{name} should stand there")
    return wrong


STATES = st.builds(
    State,
    **{
        name: st.booleans()
        for name in (
            *("lobby", "members", "hosts", "world", "introductions", "photo_hosts", "photo_members"),
            *("inside", "avoided"),
        )
    },
    mood=st.none() | st.sampled_from(Mood),
)
OPEN = State(
    lobby=True,
    members=True,
    hosts=True,
    world=True,
    introductions=True,
    photo_hosts=True,
    photo_members=True,
    mood=Mood.LOOKING,
    inside=True,
    avoided=False,
)


def but(**changes: object) -> State:
    """Return somebody who is open to everything, but for this."""
    return replace(OPEN, **changes)


class Premises:
    """A hub with everything switched on, and whoever asks it."""

    def __init__(self, house: House) -> None:
        self.house, self.nonce = house, 0
        house.meters.line_up = True
        house.kiosk("door", Status(online=True, boot="b", reader="ready"))
        self.host, self.anybody = Browser(house), Browser(house)
        assert self.host.set_up().status == 303
        reader = Member(READER, "Rea der", languages=("en",), visibility=Visibility(members=True))
        house.database.write_now(lambda c: directory.put_member(c, OPEN.member()))
        house.database.write_now(lambda c: directory.put_member(c, reader))
        house.happen(Met(ZOE, READER))
        house.happen(CheckedIn(READER))
        line = Line(0, house.clock.at().date(), Kind.WORK, FACTS["words"], 5, counted=True)
        house.database.write_now(lambda c: receipts.write_line(c, ZOE, line, line.day))
        picture = io.BytesIO()
        Image.new("RGB", (64, 64), "teal").save(picture, "PNG")
        self.picture = prepared(picture.getvalue())
        self.told: list[str] = []
        """What Home Assistant was told."""

    def become(self, state: State) -> None:
        """Let Zoelle be so."""

        def work(connection) -> None:
            directory.put_member(connection, state.member())
            world.say(connection, ZOE, yes=state.world)
            photos.put(connection, ZOE, Photo(self.picture, state.photo_hosts, state.photo_members))

        self.house.database.write_now(work)
        self.house.clock.move(timedelta(seconds=AGENDA_FRESH_S))
        self.house.happen(CheckedOut(ZOE))  # the mood of the state before goes with it
        self.house.happen(CheckedIn(ZOE))
        if state.mood is not None:
            self.house.happen(MoodChosen(ZOE, state.mood))
        if not state.inside:
            self.house.happen(CheckedOut(ZOE))
        self.house.on_loop(self.house.live.changed)

    def asked(self, path: str, reader: Browser) -> str:
        """Return what a surface says."""
        if path == "the feed":
            items = self.house.database.read_now(feed.everything)
            return msgspec.json.encode(items).decode()
        if path == "home assistant":
            return "\n".join(self.told)
        if path == "/roll-call":
            token = self.host.form_token(path)
            return self.host.post(path, {"form_token": token}).text
        if path.partition("/")[2].partition("/")[0] == "me":
            answer = reader.get(path)
        else:
            everybody = path.endswith((".json", ".ics", "z")) or path in {"/health", "/metrics"}
            answer = (self.anybody if everybody else self.host).get(path)
        assert answer.status == 200, (path, answer.status)
        # what a host may choose from when linking a badge names every member: it is the desk's list of badges
        return re.sub(r"<option[^>]*>", "", answer.text)

    def reader(self) -> Browser:
        """Return the phone of another member, with their page open."""
        self.nonce += 1
        return opened(self.house, READER, self.nonce)


@pytest.fixture(scope="module")
def premises(tmp_path_factory) -> Iterator[Premises]:
    publishing = Publishing(
        SPACE_ID,
        SpaceApiSettings(
            publish=True, url="https://a.example", logo="https://a.example/l.svg", email="a@b.example"
        ),
        agenda=True,
    )
    space = Space(name="Le Nook", address="https://a.example")
    with House(tmp_path_factory.mktemp("house"), publishing=publishing, space=space) as house:
        premises = Premises(house)

        def publish(topic: str, payload: bytes, _retain: bool) -> bool:  # noqa: FBT001 - as the line's
            premises.told.append(f"{topic} {payload.decode()}")
            return True

        home = HomeAssistant(
            SPACE_ID,
            "Le Nook",
            "homeassistant",
            database=house.database,
            presence=house.presence,
            live=house.live,
            clock=house.clock,
            publish=publish,
            program="1",
        )
        task = house.on_loop(lambda: asyncio.get_running_loop().create_task(home.run(), name="home"))
        yield premises
        house.on_loop(task.cancel)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(STATES)
@example(OPEN)
@example(but(mood=Mood.HEADS_DOWN))
@example(but(inside=False))
@example(but(hosts=False))
@example(but(lobby=False, members=False, hosts=False, mood=None))
@example(but(avoided=True, world=False))
def test_the_hub_says_of_a_member_what_the_table_says_and_no_more(premises: Premises, state: State):
    premises.become(state)
    reader = premises.reader()
    found = {path: broken(line, state, premises.asked(path, reader)) for path, line in HUB.items()}
    for path, rule in PICTURES.items():
        browser = reader if path.startswith("/me") else premises.host
        status, image, kept = fetched(premises.house, browser, path)
        shown = status == 200 and image == premises.picture and "no-store" in kept
        if shown is not rule.rule(state):
            found[path] = ["the picture"]
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def test_home_assistant_was_told_something(premises: Premises):
    premises.become(OPEN)
    assert any('"present":' in told for told in premises.told)


@settings(max_examples=120, deadline=None)
@given(STATES)
@example(OPEN)
@example(but(mood=Mood.HEADS_DOWN))
@example(but(avoided=True))
@example(but(inside=False))
def test_a_kiosk_shows_of_a_member_what_the_table_says_and_no_more(state: State):
    lobby, greeting = at_the_door(state)
    assert broken(KIOSK["the lobby"], state, lobby) == []
    assert broken(KIOSK["another's greeting"], state, greeting) == []


def test_somebody_open_to_all_is_introduced_at_the_door():
    _, greeting = at_the_door(OPEN)
    assert all(FACTS[name] in greeting for name in ("first", "trade"))


def at_the_door(state: State) -> tuple[str, str]:
    """Return what the lobby says, and the greeting of somebody who could help and be helped."""
    zoe = state.member()
    reader = Member(
        READER,
        "Rea der",
        languages=("en",),
        needs=(FACTS["offer"],),
        offers=(FACTS["need"],),
        visibility=Visibility(lobby=True, members=True),
        introductions=True,
    )
    shunned = Member(SHUNNED, "Shu nned", visibility=Visibility(members=True), introductions=True)
    door = Door.of(directory_of(zoe, reader, shunned))
    door.tap(zoe)
    if state.mood is not None:
        door.add(MoodChosen(ZOE, state.mood))
    if not state.inside:
        door.add(CheckedOut(ZOE))
    door.desk = Desk(PARIS, present=door.room.arrivals(door.at))
    lobby = said(door.lobby())
    scenery = door.tap(reader, after_s=6.0)
    assert scenery is not None
    assert isinstance(scenery.view, Greeting)
    return lobby, said(scenery.view)


def said(view: object) -> str:
    """Return everything a view says."""
    return msgspec.json.encode(view).decode()
