"""From a tap to the screen: committed first, shown then, and never the one without the other."""

import asyncio
import os
import sqlite3
import tty
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import monotonic
from typing import TypeGuard

import msgspec
import pytest
from typing_extensions import override

from community.badges import short_code
from community.clock import Stamp
from community.events import (
    Answer,
    Answered,
    CardOpened,
    CheckedIn,
    CheckedOut,
    CheckOutUndone,
    Event,
    Introduced,
    Met,
    MoodChosen,
    Paired,
    Record,
    Shown,
    UnknownBadgeTapped,
)
from community.ids import Epoch, KioskId
from community.introductions.pairing import Origin, Pairing, pair
from community.introductions.slots import Slot
from community.members import Mood, Space
from community.wire.messages import DoorEvent, DoorEvents
from firmware_bridge.bridge import SerialBridge
from firmware_bridge.door import (
    Away,
    BridgeFault,
    BridgeLost,
    Glow,
    Light,
    Near,
    Pressed,
    Tone,
)
from hardware.reader import Tap, Technology
from hardware.uid import Uid
from kiosk.core.pieces import Attention
from kiosk.core.signs import LOOK, SIGN_S
from kiosk.core.troubles import HubState
from kiosk.core.views import (
    Farewell,
    Greeting,
    Lobby,
    MetNotice,
    OwnCard,
    RandomBadge,
    TroubleScreen,
    UnknownBadge,
)
from kiosk.store.log import Log
from kiosk.store.tables import open_database
from plumbing.clock import Clock, SteadyClock
from plumbing.errors import DatabaseError, DatabaseTrouble
from tests.fakes.bridges import READY, FakeBridge
from tests.fakes.community import AMINA, EVERYBODY, HIDDEN_ONE, KEY, LEA, YUKI, uid_of
from tests.fakes.doors import SPACE, Door, items, running

NOON_US = 1_772_712_000_000_000

NOTHING_S = 0.25
"""Giving a sign never waits: far less than this, even where the machine is busy with other tests."""


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with running(tmp_path / "kiosk.db", items(*EVERYBODY)) as made:
        yield made


async def test_the_first_tap_is_an_arrival_committed_before_it_is_shown(door: Door):
    trace = await door.tap_of(LEA)
    assert (trace.outcome, trace.member, trace.seqs) == ("Arrived", LEA.id, (1,))
    assert trace.shown_ms >= trace.committed_ms
    assert ("Greeting", 1) in door.written_when_shown
    assert await door.events(1) == [CheckedIn(LEA.id)]
    assert door.committed == 1


async def test_light_and_sound_come_once_it_is_committed_and_shown(door: Door):
    told: list[tuple[Light | Tone, int, str]] = []

    def word(what: Light | Tone) -> None:
        told.append((what, door.log.count(), type(door.screen.last).__name__))

    door.taps.doorstep.signals.use(FakeBridge(word))
    await door.tap_of(LEA)
    assert told == [
        (Light(Glow.ACCEPTED, SIGN_S), 1, "Greeting"),
        (Tone.ACCEPTED, 1, "Greeting"),
    ]
    await door.tap_of(LEA, after_s=2)
    assert told[2:] == [(Light(Glow.ACCEPTED, SIGN_S), 1, "Greeting")], "a bounce does not beep"
    await door.tap(b"\x04\x99\x99\x99\x99\x99\x99")
    assert [what for what, _, _ in told[3:]] == [Light(Glow.LOOK, SIGN_S), Tone.LOOK]
    door.taps.doorstep.signals.stop()


async def test_a_bridge_that_is_mute_dead_or_missing_never_delays_a_tap(
    door: Door, tmp_path: Path, counts: list[str]
):
    keeper, mute = os.openpty()
    tty.setraw(mute)
    signals = door.taps.doorstep.signals

    def made(path: str) -> SerialBridge:
        return SerialBridge(path, on_sensed=lambda _sensed: None, on_state=lambda _state: None)

    bridges = {
        "without a microcontroller": None,
        "with one that remembers": FakeBridge(),
        "with one that is mute": made(os.ttyname(mute)),
        "with one that is missing": made(str(tmp_path / "nowhere")),
    }
    took_ms: dict[str, list[float]] = {name: [] for name in bridges}
    try:
        for name, bridge in bridges.items():
            if bridge is not None:
                bridge.start()
                signals.use(bridge)
            for _ in range(10):
                began_s = monotonic()
                await door.tap_of(LEA)
                took_ms[name].append((monotonic() - began_s) * 1_000)
                began_s = monotonic()
                signals.give(LOOK)
                assert monotonic() - began_s < NOTHING_S, name
    finally:
        signals.stop()
        for bridge in bridges.values():
            if bridge is not None:
                bridge.stop()
        os.close(keeper)
        os.close(mute)
    said = ", ".join(f"{name} {median(took):.1f}" for name, took in took_ms.items())
    counts.append(f"a tap until its view is handed to the screen, ms (median of 10): {said}")


class Stopped(Clock):
    """It is always the same moment, so that two kiosks say the same."""

    @override
    def stamp(self) -> Stamp:
        return msgspec.structs.replace(super().stamp(), wall_us=NOON_US, synced=True)

    @override
    def at(self) -> datetime:
        return datetime.fromtimestamp(NOON_US / 1_000_000, UTC)


async def test_a_microcontroller_that_is_not_there_makes_no_difference_to_any_view(tmp_path: Path):
    shown = []
    for name in ("without", "lost"):
        async with running(tmp_path / f"{name}.db", items(*EVERYBODY), Stopped()) as door:
            if name == "lost":
                door.taps.doorstep.signals.use(FakeBridge())
                door.taps.doorstep.bridge_is(BridgeLost(BridgeFault.UNPLUGGED, "it is unplugged"))
            for after_s in (60.0, 60.0, 3.0, 2.0, 60.0):
                await door.tap_of(LEA, after_s)
            await door.tap_of(AMINA)
            door.taps.press("2")
            await door.traces.count(7)
            shown.append([view for view in door.screen.views.all if not isinstance(view, Lobby)])
            lobbies = [view for view in door.screen.views.all if isinstance(view, Lobby)]
            assert {view.attention for view in lobbies} == {Attention.USUAL}
            door.taps.doorstep.signals.stop()
    assert shown[0] == shown[1]


async def test_a_tap_that_cannot_be_written_sounds_refused_and_the_light_says_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async with running(tmp_path / "kiosk.db", items(*EVERYBODY)) as door:
        bridge = FakeBridge()
        door.taps.doorstep.signals.use(bridge)
        monkeypatch.setattr(door.log, "append", _full)
        door.taps.tap(Tap(Uid(uid_of(LEA)), 1_060.0, Technology.TYPE_2))
        await door.screen.shows(TroubleScreen)
        async with asyncio.timeout(20):
            while not bridge.tones:  # noqa: ASYNC110 - a stand-in sets no event
                await asyncio.sleep(0.005)
        assert bridge.tones == [Tone.REFUSED]
        assert {light.glow for light in bridge.lights} == {Glow.TROUBLE}
        door.taps.doorstep.signals.stop()


async def _full(*_entries: object) -> None:
    raise DatabaseError(DatabaseTrouble.FULL, "the disk is full")


async def test_the_lobby_wakes_for_who_comes_near_and_a_card_stays(door: Door):
    door.taps.doorstep.bridge_is(READY)
    assert door.screen.kinds() == ["Lobby"], "a microcontroller alone changes nothing"
    door.taps.doorstep.feel(Near(80))
    awake = door.screen.last
    assert isinstance(awake, Lobby)
    assert awake.attention is Attention.AWAKE
    await door.tap_of(LEA)
    door.taps.doorstep.feel(Away())
    assert isinstance(door.screen.last, Greeting), "somebody reads it"


async def test_buttons_choose_what_the_screen_offers_and_only_where_there_are_any(door: Door):
    await door.tap_of(LEA)
    plain = door.screen.last
    assert isinstance(plain, Greeting)
    assert {choice.sign for choice in plain.moods} == {""}
    door.taps.doorstep.bridge_is(READY)
    await door.tap_of(LEA)
    card = door.screen.last
    assert isinstance(card, OwnCard)
    assert [choice.sign for choice in card.moods] == ["[1]", "·", "[2]", "[3]"]
    door.taps.doorstep.feel(Pressed(3))
    assert MoodChosen(LEA.id, Mood.HEADS_DOWN) in await door.events(3)


async def test_whom_somebody_was_shown_is_written_after_the_greeting(door: Door):
    await door.tap_of(AMINA)
    trace = await door.tap_of(LEA)
    assert trace.introduced == 1
    *_, paired, last = await door.events(4)
    assert isinstance(paired, Paired)
    assert paired.pairing.pair == pair(AMINA.id, LEA.id)
    assert isinstance(last, Introduced)
    assert [shown.member for shown in last.shown] == [AMINA.id]
    assert AMINA.id in {weighed.member for weighed in last.weighed}


async def test_a_repeat_within_the_quiet_period_shows_again_and_writes_nothing(door: Door):
    await door.tap_of(LEA)
    trace = await door.tap_of(LEA, after_s=2)
    assert (trace.outcome, trace.member, trace.seqs) == ("SameTap", LEA.id, ())
    assert isinstance(door.screen.last, Greeting)
    assert door.log.count() == 1


async def test_a_bounce_never_takes_the_screen_from_whoever_has_it_now(door: Door):
    await door.tap_of(AMINA)
    await door.tap_of(LEA)
    assert (await door.tap_of(AMINA, after_s=2)).outcome == "OwnCard"
    card = door.screen.last
    trace = await door.tap_of(LEA, after_s=2)
    assert (trace.outcome, trace.introduced) == ("SameTap", 0)
    assert door.screen.last is card, "the card that asks to leave was hidden by somebody else's bounce"


async def test_own_card_leaving_and_taking_it_back_with_the_badge_alone(door: Door):
    await door.tap_of(LEA)
    assert (await door.tap_of(LEA)).outcome == "OwnCard"
    assert isinstance(door.screen.last, OwnCard)
    assert (await door.tap_of(LEA, after_s=3)).outcome == "Left"
    assert isinstance(door.screen.last, Farewell)
    assert (await door.tap_of(LEA, after_s=3)).outcome == "LeaveUndone"
    kinds = [CheckedIn(LEA.id), CardOpened(LEA.id), CheckedOut(LEA.id), CheckOutUndone(LEA.id)]
    assert await door.events(4) == kinds


async def test_two_who_are_in_have_met(door: Door):
    for member in (LEA, AMINA, LEA):
        await door.tap_of(member)
    trace = await door.tap_of(AMINA, after_s=4)
    assert trace.outcome == "MetEachOther"
    notice = door.screen.last
    assert isinstance(notice, MetNotice)
    assert {notice.first.name, notice.second.name} == {"Léa", "Amina"}
    assert Met(LEA.id, AMINA.id) in await door.events(4)


async def test_a_mood_key_speaks_for_whoever_s_card_is_shown(door: Door):
    await door.tap_of(LEA)
    door.taps.press("4")
    await door.screen.shows(OwnCard)
    assert await door.events(2) == [CheckedIn(LEA.id), MoodChosen(LEA.id, Mood.HEADS_DOWN)]


async def test_a_mood_key_at_the_lobby_and_an_undo_of_nothing_do_nothing(door: Door):
    for key in ("1", "u", "touch", "x"):
        door.taps.press(key)
    await door.tap_of(LEA)
    assert await door.events(1) == [CheckedIn(LEA.id)]


async def test_an_unknown_badge_shows_the_code_by_which_the_host_finds_it(door: Door):
    uid = b"\x04strangr"
    trace = await door.tap(uid)
    view = door.screen.last
    assert isinstance(view, UnknownBadge)
    assert view.code == short_code(KEY.hash(uid))
    assert (trace.outcome, trace.member) == ("Unknown", None)
    assert await door.events(1) == [UnknownBadgeTapped(KEY.hash(uid))]


async def test_a_phone_s_random_number_is_explained_and_never_written(door: Door):
    trace = await door.tap(b"\x08\x01\x02\x03")
    assert isinstance(door.screen.last, RandomBadge)
    assert (trace.outcome, trace.seqs, door.log.count()) == ("CannotLink", (), 0)


async def test_no_name_and_no_full_number_stands_in_a_trace_or_in_the_log(door: Door, tmp_path: Path):
    for member in (LEA, AMINA, LEA):
        await door.tap_of(member)
    said = repr(door.traces.all).encode() + written_to(tmp_path)
    for member in (LEA, AMINA):
        assert member.name.encode() not in said
        assert uid_of(member).hex().encode() not in said.lower()


def written_to(folder: Path) -> bytes:
    """The bytes of every record of a log."""
    with closing(sqlite3.connect(f"file:{folder}/kiosk.db?mode=ro", uri=True)) as database:
        return b"".join(raw for (raw,) in database.execute("SELECT raw FROM log"))


async def test_who_was_in_before_a_restart_is_in_after_it(tmp_path: Path):
    async with running(tmp_path / "kiosk.db", items(*EVERYBODY)) as before:
        await before.tap_of(LEA)
    async with running(tmp_path / "kiosk.db", items(*EVERYBODY)) as after:
        assert (await after.tap_of(LEA)).outcome == "OwnCard"


async def test_a_badge_linked_a_moment_ago_works_at_the_next_tap(tmp_path: Path):
    async with running(tmp_path / "kiosk.db", items(AMINA)) as door:
        assert (await door.tap_of(LEA)).outcome == "Unknown"
        door.taps.directory_is(items(AMINA, LEA))
        assert (await door.tap_of(LEA, after_s=2)).outcome == "Arrived"


async def test_an_erased_member_is_named_nowhere_from_then_on(tmp_path: Path):
    async with running(tmp_path / "kiosk.db", items(AMINA, LEA)) as door:
        await door.tap_of(LEA)
        door.taps.scene.rest()
        assert [chip.name for chip in (await door.screen.shows(Lobby)).names] == ["Léa"]
        door.taps.directory_is(items(AMINA))
        shown = await door.screen.views.until(
            lambda views: isinstance(views[-1], Lobby) and not views[-1].names
        )
        assert shown[-1].present_count == 0


async def test_a_kiosk_that_never_met_its_hub_shows_the_space_of_its_settings(tmp_path: Path):
    async with running(tmp_path / "kiosk.db", ()) as door:
        lobby = door.screen.last
        assert isinstance(lobby, Lobby)
        assert lobby.space_name == "From the settings"


async def test_new_closing_hours_change_who_counts_as_present(tmp_path: Path):
    async with running(tmp_path / "kiosk.db", items(*EVERYBODY)) as door:
        await door.tap_of(LEA)
        other = Space("Le Nook", timezone="Pacific/Auckland", closing="04:00")
        door.taps.directory_is(items(*EVERYBODY, space=other))
        assert (await door.tap_of(LEA)).outcome == "OwnCard"


@pytest.mark.parametrize("space", [Space(timezone="Mars/Olympus"), Space(closing="late")])
async def test_hours_that_cannot_be_read_fall_back_on_the_defaults(tmp_path: Path, space: Space):
    async with running(tmp_path / "kiosk.db", items(*EVERYBODY, space=space)) as door:
        assert (await door.tap_of(LEA)).outcome == "Arrived"


async def test_the_plan_of_the_day_is_completed_here_once_if_the_hub_is_away_at_its_hour(tmp_path: Path):
    feed = items(*EVERYBODY)
    database = open_database(tmp_path / "kiosk.db")
    await Log(database).append([(Clock().stamp(), CheckedIn(member.id)) for member in (LEA, AMINA)])
    database.close()
    async with running(tmp_path / "kiosk.db", feed) as door:
        door.taps.directory_is(feed)
        await door.tap(b"\x04nobody")
        assert not [event for event in await door.events(3) if planned(event)]
        door.taps.hub_is(HubState(reachable=False, waiting=0))
        door.taps.directory_is(feed)
        events = await door.events(4)
        assert [event.pairing.pair for event in events if planned(event)] == [pair(LEA.id, AMINA.id)]
    async with running(tmp_path / "kiosk.db", feed) as door:
        door.taps.hub_is(HubState(reachable=False, waiting=0))
        door.taps.directory_is(feed)
        await door.tap(b"\x04nobody")
        assert len([event for event in await door.events(5) if planned(event)]) == 1


def planned(event: Event) -> TypeGuard[Paired]:
    """Say whether somebody was paired by the plan of the day."""
    return isinstance(event, Paired) and event.pairing.origin is Origin.PLAN


async def test_the_lobby_says_when_the_hub_is_away_and_shows_the_demo_s_note(door: Door):
    door.taps.hub_is(HubState(reachable=False, waiting=2))
    door.taps.note_is("a note")
    lobby = door.screen.last
    assert isinstance(lobby, Lobby)
    assert lobby.trouble is not None
    assert "2" in lobby.trouble.line
    assert lobby.help_line == "a note"


# What happens at the other doors.

AGO = timedelta(minutes=4)


async def elsewhere(door: Door, *told: Event | tuple[timedelta, Event], first: int = 1) -> None:
    """Another door tells events, each of now or of so long ago."""
    now = Clock().stamp()
    events = []
    for number, entry in enumerate(told, first):
        ago, event = entry if isinstance(entry, tuple) else (timedelta(), entry)
        ago_us = int(ago / timedelta(microseconds=1))
        at = Stamp(now.wall_us - ago_us, "theirs", 10**12 + number - ago_us, synced=True)
        events.append(DoorEvent(ago_us, msgspec.Raw(msgspec.json.encode(Record(number, at, event)))))
    telling = DoorEvents(KioskId("street"), Epoch("e"), first - 1, first - 1 + len(told), tuple(events))
    taken = await door.elsewhere.take(telling, now)
    assert taken is not None
    door.taps.heard_elsewhere(taken)


async def counted(door: Door, number: int) -> Lobby:
    """The lobby, once it counts so many people."""
    views = await door.screen.views.until(
        lambda all_: isinstance(all_[-1], Lobby) and all_[-1].present_count == number
    )
    assert isinstance(views[-1], Lobby)
    return views[-1]


async def test_who_came_in_at_another_door_is_counted_and_has_a_card_here(door: Door):
    await elsewhere(door, CheckedIn(LEA.id), CheckedIn(HIDDEN_ONE.id))
    lobby = await counted(door, 2)
    assert [chip.name for chip in lobby.names] == ["Léa"], "somebody hidden was named"
    trace = await door.tap_of(LEA)
    assert trace.outcome == "OwnCard"
    assert await door.events(1) == [CardOpened(LEA.id)], "a second arrival was written"


async def test_who_came_in_at_another_door_is_introduced_here(door: Door):
    await elsewhere(door, CheckedIn(AMINA.id))
    assert (await door.tap_of(LEA)).introduced == 1
    assert isinstance(greeting := door.screen.last, Greeting)
    assert [card.name for card in greeting.cards] == ["Amina"]


@pytest.mark.parametrize(
    "more",
    [
        (MoodChosen(AMINA.id, Mood.HEADS_DOWN),),
        (CheckedOut(AMINA.id),),
        (Answered(AMINA.id, LEA.id, Answer.RATHER_NOT),),
        (Met(AMINA.id, LEA.id),),
    ],
)
async def test_what_was_said_at_another_door_holds_here(door: Door, more: tuple[Event, ...]):
    await elsewhere(door, CheckedIn(AMINA.id), *more)
    assert (await door.tap_of(LEA)).introduced == 0


async def test_what_was_taken_back_at_another_door_is_taken_back_here(door: Door):
    await elsewhere(door, CheckedIn(AMINA.id), CheckedOut(AMINA.id), CheckOutUndone(AMINA.id))
    assert (await counted(door, 1)).names[0].name == "Amina"
    assert (await door.tap_of(LEA)).introduced == 1


async def test_whoever_was_shown_enough_people_elsewhere_is_shown_no_more_here(tmp_path: Path):
    async with running(tmp_path / "kiosk.db", items(*EVERYBODY, space=replace_cap(SPACE, 1))) as door:
        slot = Slot.NEIGHBOUR
        pairing = Pairing(*pair(LEA.id, YUKI.id), slot)
        await elsewhere(
            door,
            CheckedIn(AMINA.id),
            CheckedIn(YUKI.id),
            Paired(pairing),
            Introduced(YUKI.id, (Shown(LEA.id, slot),)),
            CheckedOut(YUKI.id),
        )
        assert (await door.tap_of(LEA)).introduced == 0


def replace_cap(space: Space, shown_a_day: int) -> Space:
    return msgspec.structs.replace(space, shown_a_day=shown_a_day)


async def test_leaving_at_another_door_ends_the_visit_and_the_card_on_the_screen_stays(door: Door):
    await door.tap_of(LEA)
    await door.tap_of(LEA)
    card = door.screen.last
    await elsewhere(door, CheckedOut(LEA.id))
    await door.tap(b"\x04nobody")
    assert card in door.screen.views.all
    assert (await door.tap_of(LEA)).outcome == "Arrived"


async def test_what_comes_late_is_put_where_it_belongs(door: Door):
    await door.tap_of(LEA)
    door.taps.scene.rest()
    await elsewhere(door, (2 * AGO, CheckedIn(LEA.id)), (AGO, CheckedOut(LEA.id)), CheckedIn(AMINA.id))
    await counted(door, 2)
    assert (await door.tap_of(LEA)).outcome == "OwnCard", "she came back after she had left there"
    door.taps.scene.rest()
    await elsewhere(door, (AGO / 2, MoodChosen(AMINA.id, Mood.HEADS_DOWN)), first=4)
    await elsewhere(door, CheckedIn(YUKI.id), first=5)
    await counted(door, 3)


async def test_an_arrival_at_both_doors_is_one_and_lasts_until_either_check_out(door: Door):
    await door.tap_of(LEA)
    await elsewhere(door, (AGO, CheckedIn(LEA.id)))
    await door.tap(b"\x04nobody")
    door.taps.scene.rest()
    assert (await counted(door, 1)).present_count == 1
    await elsewhere(door, CheckedOut(LEA.id), first=2)
    door.taps.scene.rest()
    await counted(door, 0)


async def test_what_a_room_made_anew_knows_already_is_not_counted_again(door: Door):
    """The second telling waits in the queue while the first makes everything be folded anew."""
    met = [Met(LEA.id, AMINA.id), Met(LEA.id, YUKI.id), Met(AMINA.id, YUKI.id)]
    await door.tap_of(LEA)
    await elsewhere(door, (AGO, CheckedIn(LEA.id)))
    await elsewhere(door, *met, first=2)
    await elsewhere(door, CheckedIn(AMINA.id), first=5)
    await door.tap(b"\x04nobody")
    assert len(list(door.taps._room.memory._meetings())) == len(met)


async def test_what_other_doors_told_is_there_after_a_restart(tmp_path: Path):
    async with running(tmp_path / "kiosk.db", items(*EVERYBODY)) as door:
        await elsewhere(door, CheckedIn(LEA.id))
        await counted(door, 1)
    async with running(tmp_path / "kiosk.db", items(*EVERYBODY)) as door:
        assert (await door.tap_of(LEA)).outcome == "OwnCard"


async def fill(door: Door) -> bytes:
    """Let the database have no more pages, and tap until one tap is refused; return its number."""
    with door.log._database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")
    for _ in range(100):
        shown, uid = len(door.screen.views.all), b"\x04" + os.urandom(6)
        door.taps.tap(Tap(Uid(uid), 1_060.0, Technology.TYPE_2))
        await door.screen.views.count(shown + 1)
        if isinstance(door.screen.last, TroubleScreen):
            return uid
    pytest.fail("the database never was full")


def empty(door: Door) -> None:
    """Let the database grow again."""
    with door.log._database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")


async def test_a_tap_that_cannot_be_written_is_not_true_and_the_same_tap_works_once_it_can(door: Door):
    refused = await fill(door)
    written, traced = door.log.count(), len(door.traces.all)
    assert traced == written, "a tap was told of that was not written"
    assert UnknownBadgeTapped(KEY.hash(refused)) not in await door.events(written)
    empty(door)
    trace = await door.tap(refused, after_s=61)
    assert (trace.outcome, trace.seqs) == ("Unknown", (written + 1,))
    assert isinstance(door.screen.last, UnknownBadge)


async def test_a_reader_lost_while_the_disk_is_full_is_still_lost_once_there_is_room(door: Door):
    await door.tap_of(LEA)
    await fill(door)
    door.taps.reader_is(ready=False)
    empty(door)
    await door.tap_of(AMINA)
    door.taps.scene.rest()
    assert isinstance(door.screen.last, TroubleScreen)
    door.taps.reader_is(ready=True)
    assert isinstance(door.screen.last, Lobby)


async def test_a_kiosk_that_is_shut_out_says_so_in_both_languages_and_notes_nothing(door: Door):
    await door.tap_of(LEA)
    written = door.log.count()
    door.taps.shut_out()
    shown = door.screen.last
    assert isinstance(shown, TroubleScreen)
    assert shown.what != shown.what_secondary
    assert shown.what_to_do != shown.what_to_do_secondary
    door.taps.tap(Tap(Uid(bytes(4)), 0.0, Technology.TYPE_2))
    door.taps.press("c")
    assert door.taps._queue.empty()
    assert door.log.count() == written


class Wrong(SteadyClock):
    """A steady clock over a wall clock that a test sets."""

    def __init__(self) -> None:
        self.ahead = timedelta()
        self.good = False
        super().__init__()

    def _wall_us(self) -> int:
        return super()._wall_us() + int(self.ahead / timedelta(microseconds=1))

    def _kernel_is_synchronised(self) -> bool:
        return self.good


async def test_a_clock_that_is_set_right_after_an_arrival_makes_no_second_one(tmp_path: Path):
    clock = Wrong()
    clock.ahead = timedelta(days=-3)
    async with running(tmp_path / "kiosk.db", items(*EVERYBODY), clock) as door:
        assert (await door.tap_of(LEA)).outcome == "Arrived"
        clock.ahead, clock.good = timedelta(), True
        assert (await door.tap_of(LEA)).outcome == "OwnCard"
        arrived, opened = (r for r in door.log.since(0) if not isinstance(r.event, Introduced))
        assert abs(opened.at.at - arrived.at.at) < timedelta(minutes=1)


async def test_a_wall_clock_that_jumps_back_and_forth_changes_nothing_at_the_door(tmp_path: Path):
    clock = Wrong()
    clock.good = True
    async with running(tmp_path / "kiosk.db", items(*EVERYBODY), clock) as door:
        assert (await door.tap_of(LEA)).outcome == "Arrived"
        for days in (40, -40, 365, -9_000, 0):
            clock.ahead = timedelta(days=days)
            assert (await door.tap_of(LEA)).outcome == "OwnCard"
            assert (await door.tap_of(LEA, after_s=1.0)).outcome == "SameTap"
        times = [record.at.at for record in door.log.since(0)]
        assert times == sorted(times)
        assert times[-1] - times[0] < timedelta(minutes=5)
