"""A badge that asks for its member's PIN, and a name and a PIN without a badge: the whole way at one door."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from community.badges import Badge
from community.events import CardOpened, CheckedIn, CheckedOut, Met, PinRefused
from community.members import Space
from community.pins import FOR_DOOR, FOR_MEMBER, MemberPin
from community.proofs import Level
from community.wire.messages import FeedItem
from hardware.reader import Tap
from kiosk.core.keys import FORGOTTEN_KEY
from kiosk.core.views import (
    Farewell,
    Greeting,
    Lobby,
    MetNotice,
    OwnCard,
    RandomBadge,
    RefusedBadge,
    TroubleScreen,
    Typing,
    View,
)
from kiosk.pins import _not_failed
from plumbing.clock import Clock
from plumbing.pins import hashed
from tests.fakes.community import AMINA, EVERYBODY, KEY, LEA, YUKI, badge_of
from tests.fakes.doors import SPACE, Door, items, running

PIN = "7394"
PINS = {member.id: hashed(KEY, member.id, PIN) for member in (LEA, AMINA)}


def item(kind: str, key: str, body: object) -> FeedItem:
    return FeedItem(kind, key, 2, msgspec.Raw(msgspec.json.encode(body)))


def feed(*, space: Space = SPACE, pins: dict[str, MemberPin] | None = None) -> tuple[FeedItem, ...]:
    """Everybody; Léa's badge asks for her PIN."""
    known = PINS if pins is None else pins
    lea = Badge(badge_of(LEA), LEA.id, level=Level.PIN)
    return (
        *(each for each in items(*EVERYBODY, space=space) if each.key != lea.hash),
        item("badge", lea.hash, lea),
        *(item("pin", member, pin) for member, pin in known.items()),
    )


class Watch(Clock):
    """Clocks whose monotonic seconds are those of a door's taps."""

    seconds = 1_000.0

    def now_s(self) -> float:
        return self.seconds


@asynccontextmanager
async def opened(file: Path, items: tuple[FeedItem, ...]) -> AsyncIterator[Door]:
    """A running door whose keys and taps go by one watch; a minute goes by with each tap."""
    watch = Watch()
    async with running(file, items, watch) as door:
        tap = door.taps.tap

        def timed(tapped: Tap) -> None:
            watch.seconds = tapped.read_s
            tap(tapped)

        door.taps.tap = timed
        yield door


async def rest(door: Door) -> None:
    """Bring the lobby back."""
    lobbies = sum(isinstance(view, Lobby) for view in door.screen.views.all)
    if door.taps.typing:
        door.taps.press("escape")
    else:
        door.taps.scene.end()
    await door.screen.shows(Lobby, lobbies + 1)


class Typist:
    """Types at a door."""

    def __init__(self, door: Door) -> None:
        self.door = door

    async def types(self, text: str) -> None:
        """Press keys one after the other, then OK."""
        for key in (*text, "enter"):
            self.door.taps.press(key)

    async def gives(self, pin: str) -> str:
        """Type a PIN, and return what it led to."""
        before = len(self.door.traces.all)
        await self.types(pin)
        return (await self.door.traces.count(before + 1))[-1].outcome

    async def comes_as(self, name: str, pin: str) -> str:
        """Type a name and a PIN, from the lobby."""
        self.door.taps.press(FORGOTTEN_KEY)
        await self.types(name)
        return await self.gives(pin)


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with opened(tmp_path / "kiosk.db", feed()) as made:
        yield made


async def test_a_tap_counts_only_with_the_right_pin(door: Door):
    assert (await door.tap_of(LEA)).outcome == "PinAsked"
    await door.screen.shows(Typing)
    assert door.log.count() == 0
    assert await Typist(door).gives(PIN) == "Arrived"
    greeting = await door.screen.shows(Greeting)
    assert "Léa" in greeting.headline
    assert (await door.events(1))[0] == CheckedIn(LEA.id)


async def test_nobody_is_named_and_no_digit_is_shown_before(door: Door, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    await door.tap_of(LEA)
    await Typist(door).gives("8520")
    shown = [view for view in door.screen.views.all if isinstance(view, Typing)]
    said = repr([replace(view, rows=()) for view in shown])
    assert "Léa" not in said
    assert not any(digit in "".join(view.typed for view in shown) for digit in "0123456789")
    assert {view.typed for view in shown} >= {"", "●", "●●", "●●●", "●●●●"}
    said = caplog.text + repr(door.traces.all)
    assert "8520" not in said
    assert "argon2" not in said


async def test_a_wrong_pin_is_told_and_the_third_sends_to_the_host(door: Door):
    await door.tap_of(LEA)
    typist = Typist(door)
    for _ in range(FOR_MEMBER.free - 1):
        assert await typist.gives("8520") == "PinNotTaken"
        assert isinstance(door.screen.last, Typing)
        assert door.screen.last.wrong
        assert door.screen.last.typed == ""
    assert await typist.gives("8520") == "PinNotTaken"
    assert isinstance(door.screen.last, RefusedBadge)
    await door.tap_of(LEA)
    await typist.types(PIN)
    await door.screen.shows(RefusedBadge, 2)
    # hosts read of wrong PINs, and nobody has come in
    assert [each.event for each in door.log.since(0)] == [
        *(PinRefused(LEA.id) for _ in range(FOR_MEMBER.free - 1)),
        PinRefused(LEA.id, waits=True),
    ]


async def test_a_restart_between_wrong_tries_forgets_none(tmp_path: Path):
    file = tmp_path / "kiosk.db"
    for _ in range(FOR_MEMBER.free):
        async with opened(file, feed()) as door:
            await door.tap_of(LEA)
            await Typist(door).gives("8520")
    async with opened(file, feed()) as door:
        await door.tap_of(LEA)
        await Typist(door).types(PIN)
        await door.screen.shows(RefusedBadge)
        assert {type(each.event) for each in door.log.since(0)} == {PinRefused}


async def test_a_try_is_written_before_the_answer_is_known(tmp_path: Path):
    file, counted = tmp_path / "kiosk.db", []

    def shown(view: View) -> None:
        if isinstance(view, Typing) and "moment" in view.line_secondary:
            with closing(sqlite3.connect(file)) as connection:
                counted.append(connection.execute("SELECT who, wrong FROM tries ORDER BY who").fetchall())

    async with opened(file, feed()) as door:
        door.screen._on_show = shown
        await door.tap_of(LEA)
        await Typist(door).gives("8520")
    assert counted == [[("", 1), (LEA.id, 1)]]


async def test_the_right_pin_forgets_the_wrong_ones(door: Door):
    typist = Typist(door)
    await door.tap_of(LEA)
    await typist.gives("8520")
    await typist.gives("8521")
    assert await typist.gives(PIN) == "Arrived"
    await rest(door)
    for _ in range(FOR_MEMBER.free - 1):
        await typist.comes_as("Léa", "8520")
        assert isinstance(door.screen.last, Typing)
        await rest(door)


async def test_another_badge_takes_the_screen_and_late_digits_do_nothing_to_it(door: Door):
    await door.tap_of(LEA)
    for key in PIN[:2]:
        door.taps.press(key)
    assert (await door.tap_of(YUKI, after_s=1.0)).outcome == "Arrived"
    for key in (*PIN[2:], "1", "9", "enter"):  # they would be a mood, and leaving
        door.taps.press(key)
    assert (await door.tap_of(AMINA)).outcome == "Arrived"
    assert [trace.outcome for trace in door.traces.all] == ["PinAsked", "Arrived", "Arrived"]
    door.taps.press("1")
    assert (await door.traces.count(4))[-1].outcome == "MoodSet"


async def test_while_their_card_is_shown_a_tap_needs_no_second_pin(door: Door):
    await door.tap_of(LEA)
    typist = Typist(door)
    await typist.gives(PIN)
    await door.screen.shows(Greeting)
    trace = await door.tap(b"\x04" + b"lea\x00\x00\x00")
    assert trace.outcome == "OwnCard"


async def test_giving_up_brings_the_lobby_back(door: Door):
    await door.tap_of(LEA)
    door.taps.press("escape")
    await door.screen.shows(Lobby, 2)
    assert not door.taps.typing


async def test_a_badge_whose_member_has_no_pin_is_sent_to_the_host(tmp_path: Path):
    async with opened(tmp_path / "kiosk.db", feed(pins={})) as door:
        assert (await door.tap_of(LEA)).outcome == "PinAsked"
        assert isinstance(door.screen.last, RefusedBadge)
        assert door.log.count() == 0


async def test_the_space_may_ask_everybody(tmp_path: Path):
    space = msgspec.structs.replace(SPACE, badge_level=Level.PIN)
    async with opened(tmp_path / "kiosk.db", feed(space=space)) as door:
        assert (await door.tap_of(AMINA)).outcome == "PinAsked"
        assert (await door.tap_of(YUKI)).outcome == "PinAsked"
        assert isinstance(door.screen.last, RefusedBadge)


@pytest.mark.parametrize("typed", ["Amina", "AMINA", "amina ", "amína"])
async def test_a_name_and_a_pin_come_in_without_a_badge(door: Door, typed: str):
    assert await Typist(door).comes_as(typed, PIN) == "Arrived"
    assert (await door.events(1))[0] == CheckedIn(AMINA.id)
    assert "Amina" in (await door.screen.shows(Greeting)).headline


async def test_without_a_badge_one_leaves_by_key(door: Door):
    typist = Typist(door)
    await typist.comes_as("Amina", PIN)
    await rest(door)
    await door.tap_of(YUKI)  # a minute later
    await rest(door)
    assert await typist.comes_as("Amina", PIN) == "OwnCard"
    card = await door.screen.shows(OwnCard)
    assert "9" in card.leave_line
    door.taps.press("9")
    await door.screen.shows(Farewell)
    assert CheckedOut(AMINA.id) in await door.events(4)


async def test_an_unknown_name_a_wrong_pin_and_a_member_without_one_are_answered_alike(tmp_path: Path):
    said = []
    for n, name in enumerate(("Amina", "Nobody at all", "Yuki")):
        async with opened(tmp_path / f"{n}.db", feed()) as door:
            typist, views = Typist(door), []
            for _ in range(FOR_MEMBER.free):
                await typist.comes_as(name, "8520")
                views.append(door.screen.last)
                await rest(door)
            door.taps.press(FORGOTTEN_KEY)
            await typist.types(name)
            await typist.types(PIN)
            await door.screen.shows(RefusedBadge, 2)
            views.append(door.screen.last)
            said.append([replace(v, typed="") if isinstance(v, Typing) else v for v in views])
    assert said[0] == said[1] == said[2]
    assert [type(view) for view in said[0]] == [Typing, Typing, RefusedBadge, RefusedBadge]


async def test_names_tried_one_after_the_other_are_waited_for_too(door: Door):
    typist = Typist(door)
    for n in range(FOR_DOOR.free):
        await typist.comes_as(f"name {n}", "8520")
        await rest(door)
    door.taps.press(FORGOTTEN_KEY)
    await typist.types("Amina")
    await typist.types(PIN)
    await door.screen.shows(RefusedBadge, 2)
    assert door.log.count() == 0


async def test_no_way_in_by_name_where_nobody_has_a_pin(tmp_path: Path):
    async with opened(tmp_path / "kiosk.db", feed(pins={})) as door:
        assert (await door.screen.shows(Lobby)).forgotten is None
        door.taps.press(FORGOTTEN_KEY)
        await door.tap(b"\x08\x01\x02\x03")
        view = await door.screen.shows(RandomBadge)
        assert view.forgotten is None
        assert not any(isinstance(view, Typing) for view in door.screen.views.all)


async def test_a_phone_is_told_of_the_other_way(door: Door):
    await door.tap(b"\x08\x01\x02\x03")
    view = await door.screen.shows(RandomBadge)
    assert view.forgotten is not None
    assert await Typist(door).comes_as("amina", PIN) == "Arrived"


async def test_two_who_meet_may_take_their_time_with_a_pin(door: Door):
    await door.tap_of(LEA)
    await Typist(door).gives(PIN)
    await door.tap_of(AMINA)
    await door.tap_of(AMINA)
    await door.screen.shows(OwnCard)
    await door.tap_of(LEA, after_s=3.0)
    assert await Typist(door).gives(PIN) == "MetEachOther"
    await door.screen.shows(MetNotice)
    assert Met(AMINA.id, LEA.id) in await door.events(4)


async def test_a_try_that_cannot_be_written_does_not_count(tmp_path: Path):
    file = tmp_path / "kiosk.db"
    async with opened(file, feed()) as door:
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("DROP TABLE tries")
        await door.tap_of(LEA)
        await Typist(door).types(PIN)
        await door.screen.shows(TroubleScreen)
        assert door.log.count() == 0


async def test_a_hash_that_breaks_the_check_is_a_no(tmp_path: Path):
    broken = MemberPin(LEA.id, "$argon2id$é")
    async with opened(tmp_path / "kiosk.db", feed(pins={LEA.id: broken})) as door:
        await door.tap_of(LEA)
        assert await Typist(door).gives(PIN) == "PinNotTaken"


async def test_a_member_erased_meanwhile_does_not_come_in(door: Door):
    await door.tap_of(LEA)
    door.taps.directory_is([each for each in feed() if each.key != LEA.id])
    assert await Typist(door).gives(PIN) == "PinNotTaken"
    assert CardOpened(LEA.id) not in [record.event for record in door.log.since(0)]


async def test_a_check_that_cannot_be_made_is_no_wrong_pin_but_ends_the_kiosk():
    loop = asyncio.get_running_loop()
    heard: list[dict] = []
    loop.set_exception_handler(lambda _loop, context: heard.append(context))

    async def fails() -> None:
        raise MemoryError

    checking = asyncio.create_task(fails())
    checking.add_done_callback(_not_failed)
    await asyncio.wait({checking})
    await asyncio.sleep(0)
    (context,) = heard
    assert isinstance(context["exception"], MemoryError)
    assert "handle" in context, "what the kiosk ends for"
