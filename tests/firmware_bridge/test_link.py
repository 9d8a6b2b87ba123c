"""The host's half and the board's half against each other, over lines of every kind, without waiting."""

import os
import random

import pytest

from firmware_bridge.door import Away, Capability, Glow, Light, Near, Passed, Pressed, SensorHealth, Tone
from firmware_bridge.heard import Heard, Logged, Met, Mute, OtherVersion, Pong, Told
from firmware_bridge.link import MOST_MISSED, TONE_S, Link
from firmware_bridge.mcu import protocol
from firmware_bridge.mcu.frames import FrameReader, encode
from tests.fakes.doorline import LINES, World, delayed, lossy, noisy, perfect

ALL_LINES = pytest.mark.parametrize("line", LINES.values(), ids=LINES)
SEEDS = pytest.mark.parametrize("seed", range(5))

LONG_S = 60.0

PINGS = int(os.environ.get("DOOR_PINGS", "1000"))
"""How many pings go through junk; 10,000 take a quarter of a minute."""


def told(heard: list[Heard]) -> list[object]:
    return [word.sensed for word in heard if isinstance(word, Told)]


def met(heard: list[Heard]) -> list[Met]:
    return [word for word in heard if isinstance(word, Met)]


def in_a_row(world: World) -> None:
    """Let ten people press, stand and pass, each only once the one before has been told."""
    for number in range(10):
        for kind, payload in (
            (protocol.PRESENCE, (1, protocol.RADAR, 40 + number, 0)),
            (protocol.PRESSED, (number % 3 + 1,)),
            (protocol.PRESENCE, (0, protocol.RADAR, 0, 0)),
        ):
            world.tell(kind, *payload)
            world.run(1.9)


@ALL_LINES
@SEEDS
def test_both_halves_meet_over_any_line(line, seed: int):
    world = World(line, seed)
    assert len(met(world.run(LONG_S))) == 1
    (first,) = met(world.heard)
    assert first.about.capabilities == {Capability.RADAR, Capability.RING}
    assert Mute() not in world.heard


@ALL_LINES
@SEEDS
def test_what_happens_is_told_once_and_in_order_over_any_line(line, seed: int):
    world = World(line, seed)
    world.run(LONG_S)
    in_a_row(world)
    world.run(LONG_S)
    expected = [word for number in range(10) for word in (Near(40 + number), Pressed(number % 3 + 1), Away())]
    assert told(world.heard) == expected


@ALL_LINES
@SEEDS
def test_what_is_asked_for_is_done_once_over_any_line(line, seed: int):
    world = World(line, seed)
    world.run(LONG_S)
    expected = []
    for number, glow in enumerate(Glow):
        world.link.light(Light(glow, 30), world.now_s)
        world._carry()
        world.run(5)
        expected.append((protocol.LIGHT, number))
    assert [action[:2] for action in world.done if action[0] == protocol.LIGHT] == expected


@SEEDS
@pytest.mark.parametrize("line", [perfect, delayed, noisy])
def test_a_tone_sounds_once(line, seed: int):
    world = World(line, seed)
    world.run(LONG_S)
    for tone in Tone:
        world.link.sound(tone, world.now_s)
        world._carry()
        world.run(5)
    assert [action for action in world.done if action[0] == protocol.SOUND] == [
        (protocol.SOUND, 1),
        (protocol.SOUND, 2),
        (protocol.SOUND, 3),
    ]


def test_a_thousand_pings_between_two_lights_do_not_make_the_second_a_repeat():
    world = World()
    for glow in (Glow.ACCEPTED, Glow.REFUSED):
        world.run(1000)
        world.link.light(Light(glow, 5), world.now_s)
        world._carry()
    world.run(5)
    assert [action[1] for action in world.done if action[0] == protocol.LIGHT] == [3, 4]


def test_many_pings_through_junk_are_all_answered():
    world = World(noisy)
    world.run(PINGS + 0.5)
    pongs = [word.took_s for word in world.heard if isinstance(word, Pong)]
    print(f"\npings through junk, both halves in one process: {PINGS}, answered {len(pongs)}")  # noqa: T201
    assert len(pongs) == PINGS
    assert world.link.noise >= PINGS
    assert world.talk.noise >= PINGS
    assert Mute() not in world.heard


def test_a_lost_frame_costs_a_fifth_of_a_second():
    is_cut = True

    def once_cut(data: bytes, _chance: random.Random) -> list[tuple[float, bytes]]:
        nonlocal is_cut
        was_cut, is_cut = is_cut, False
        return [] if was_cut else [(0.001, data)]

    world = World()
    world.run(0.1)
    world.line = once_cut
    world.tell(protocol.PRESSED, 1)
    world.run(0.19)
    assert told(world.heard) == []
    world.run(0.03)
    assert told(world.heard) == [Pressed(1)]


def test_a_mute_board_is_noticed_after_three_seconds_and_greeted_again_when_asked():
    world = World()
    world.run(10)
    world.line = lambda _data, _chance: []
    assert world.run(4.5) == [Mute()]
    assert world.link.next_deadline_s() == float("inf")
    assert world.link.tick(world.now_s) == []
    world.line = perfect
    world.plug_again()
    assert len(met(world.run(1))) == 1


def test_a_board_that_never_answers_is_mute_too():
    world = World(lambda _data, _chance: [])
    assert world.run(10) == [Mute()]


def test_after_it_is_over_nothing_is_heard_any_more():
    world = World(board=(2, 0))
    assert world.run(10) == [OtherVersion("2.0")]
    assert world.link.receive_data(encode(protocol.LOG, 0, b"hello"), world.now_s) == []


def test_a_board_that_starts_anew_is_met_anew_at_once():
    world = World()
    world.run(10)
    world.link.light(Light(Glow.WELCOME, 60), world.now_s)
    world._carry()
    world.run(1)
    world.boot()
    (again,) = met(world.run(1.1))
    assert again.about.boot == "00000002"
    assert world.done[-1][:2] == (protocol.LIGHT, 2)


def test_a_board_that_missed_a_silence_is_greeted_before_it_is_believed():
    world = World()
    world.run(10)

    def only_to_host(data: bytes, _chance: random.Random) -> list[tuple[float, bytes]]:
        return [(0.001, data)] if data == log_line else []

    log_line = b"\x00" + encode(protocol.LOG, 0, b"still here")
    world.line = only_to_host
    for _ in range(6):
        world.talk.log("still here")
        world._carry()
        world.run(1)
    world.tell(
        protocol.PRESENCE, 1, protocol.RADAR, 90, 0
    )  # dropped: nobody is there as far as the board knows
    world.line = perfect
    assert len(met(world.run(2))) == 1
    assert Mute() not in world.heard
    assert Logged("still here") in world.heard
    assert (protocol.HELLO,) in world.done[1:]


def test_a_host_that_starts_anew_is_told_everything_anew():
    world = World()
    world.run(10)
    world.tell(protocol.PRESSED, 1)
    world.plug_again(Link(77))
    world.run(1)
    assert world.done.count((protocol.HELLO,)) == 2
    assert told(world.heard) == []  # nobody acts on a press that another program's life ago was meant for


@pytest.mark.parametrize(
    ("host", "board", "theirs"), [((1, 0), (2, 0), "2.0"), ((2, 1), (1, 0), "1.0"), ((1, 0), (0, 9), "0.9")]
)
def test_another_major_version_is_said_and_ends_it(host, board, theirs: str):
    world = World(host=host, board=board)
    assert world.run(10) == [OtherVersion(theirs)]
    assert world.done == []


@pytest.mark.parametrize(("host", "board"), [((1, 0), (1, 7)), ((1, 7), (1, 0))])
def test_another_minor_version_goes_on(host, board):
    world = World(host=host, board=board)
    world.run(5)
    world.tell(protocol.PRESSED, 2)
    world.run(5)
    assert told(world.heard) == [Pressed(2)]


def test_a_board_that_knows_more_than_we_do_is_told_so_and_goes_on():
    world = World()
    world.run(1)
    world.talk._flying = [encode(29, 7, b"?"), 7, 29, world.now_ms, world.now_ms]
    world.run(1)
    assert world.talk._flying is None
    world.tell(protocol.SENSOR, 99, 1)
    world.tell(protocol.SENSOR, protocol.BEAM, 0)
    world.run(1)
    assert told(world.heard) == [SensorHealth(Capability.BEAM, works=False)]


def test_a_command_the_board_does_not_know_is_given_up():
    world = World()
    world.run(1)
    world.link._flight = world.link._flight_of(40, b"", world.now_s + 60)
    world.run(1)
    assert world.link._flight is None
    world.link._flight = world.link._flight_of(protocol.LIGHT, b"\xff\x01\x00", world.now_s + 60)
    world.run(1)
    assert world.link._flight is None
    assert world.done == [(protocol.HELLO,)]


def test_a_light_that_has_gone_out_is_not_said_to_a_board_that_comes_back():
    world = World()
    world.link.light(Light(Glow.ACCEPTED, 2), world.now_s)
    world.line = lambda _data, _chance: []
    world.run(10)
    world.line = perfect
    world.plug_again()
    world.run(5)
    assert world.done == [(protocol.HELLO,)] * 2


def test_a_newer_light_takes_the_place_of_one_that_is_on_its_way():
    world = World()
    world.run(1)
    world.line = lambda _data, _chance: []
    world.link.light(Light(Glow.ACCEPTED, 60), world.now_s)
    world._carry()
    world.run(0.1)
    world.line = perfect
    world.link.light(Light(Glow.REFUSED, 60), world.now_s)
    world._carry()
    world.run(0.05)
    assert [action[1] for action in world.done if action[0] == protocol.LIGHT] == [4]


def test_a_light_that_is_never_acknowledged_is_given_up_when_it_would_be_out():
    world = World()
    world.run(1)
    world.line = lambda data, _chance: [(0.001, data)] if data[1] == protocol.PONG else []
    world.link.light(Light(Glow.ACCEPTED, 0.5), world.now_s)
    world._carry()
    world.run(0.7)
    assert world.link._flight is None


def test_a_tone_that_waited_too_long_stays_unsaid():
    world = World(lambda _data, _chance: [])
    world.link.sound(Tone.ACCEPTED, world.now_s)
    world.run(TONE_S + 0.1)
    world.line = perfect
    world.link.sound(Tone.REFUSED, world.now_s)
    world.run(1.5)
    assert [action for action in world.done if action[0] == protocol.SOUND] == [(protocol.SOUND, 2)]


def test_a_board_lets_go_for_whoever_asks_met_or_not():
    world = World(board=(2, 0))
    world.run(5)
    assert world.talk.receive_data(encode(protocol.RELEASE, 9), world.now_ms) == [(protocol.RELEASE,)]
    assert FrameReader().receive_data(world.talk.data_to_send()) == [(protocol.ACK, 9, b"")]


def test_bodies_at_the_beam_are_counted_even_those_nobody_was_told_of():
    world = World()
    world.passed = 4
    world.run(10)
    assert told(world.heard) == []  # those before our time are nobody's business
    world.tell(protocol.PASSED, 5, 0, 0, 0)
    world.run(1)
    assert told(world.heard) == [Passed()]
    world.tell(protocol.PASSED, 8, 0, 0, 0)
    world.run(1)
    assert told(world.heard) == [Passed()] * 4
    world.passed = 10
    world.plug_again()
    world.run(1)
    assert told(world.heard) == [Passed()] * 6
    world.boot()
    world.run(2)
    world.tell(protocol.PASSED, 1, 0, 0, 0)
    world.run(1)
    assert told(world.heard) == [Passed()] * 7


def test_a_counter_that_jumps_is_no_crowd():
    world = World()
    world.run(1)
    world.tell(protocol.PASSED, 0, 0, 0, 1)
    world.run(1)
    assert told(world.heard) == [Passed()] * MOST_MISSED


def test_a_press_that_nobody_heard_of_for_two_seconds_is_forgotten():
    world = World()
    world.run(1)
    world.line = lambda data, _chance: [(0.001, data)] if data[1] in (protocol.PING, protocol.PONG) else []
    for button in (1, 2, 3):
        world.tell(protocol.PRESSED, button)
    world.run(2.5)
    world.line = perfect
    world.tell(protocol.PRESSED, 3)
    world.run(2)
    assert told(world.heard) == [Pressed(3)]


def test_presses_that_pile_up_are_dropped_and_states_replace_each_other():
    world = World()
    world.run(1)
    for number in range(20):
        world.tell(protocol.PRESSED, number % 3 + 1)
        world.tell(protocol.PRESENCE, 1, protocol.RADAR, 10 + number, 0)
        world.tell(protocol.SENSOR, protocol.RADAR, number % 2)
    assert len(world.talk._waiting) == 6
    world.run(5)
    assert Near(29) in told(world.heard)
    assert told(world.heard).count(SensorHealth(Capability.RADAR, works=True)) == 1


def test_everything_said_to_a_board_before_a_hello_is_refused():
    world = World(lambda _data, _chance: [])
    world.talk.data_to_send()
    world.talk.receive_data(encode(protocol.PING, 5) + encode(protocol.ACK, 6), world.now_ms)
    answers = FrameReader().receive_data(world.talk.data_to_send())
    assert answers == [(protocol.NAK, 5, b"\x04hello first")]
    world.talk.log("nobody hears this")
    world.tell(protocol.PRESSED, 1)
    assert world.talk.data_to_send() == b""


@pytest.mark.parametrize(
    "answers",
    [
        [(protocol.HELLO_R, b"\x00")],
        [(protocol.HELLO_R, b"\x00\x01fw=1.0.0 caps=ring")],
        [(protocol.HELLO_R, b"\x00\x01proto=1 boot=1")],
        [(protocol.HELLO_R, b"\x01\x02half of it")],
        [(protocol.NAK, b"\x04hello first")],
        [(protocol.NAK, b"")],
        [(protocol.ACK, b""), (protocol.PONG, b""), (protocol.PRESSED, b"\x01"), (99, b"")],
    ],
)
def test_an_answer_that_makes_no_sense_is_waited_out(answers: list[tuple[int, bytes]]):
    link = Link(9)
    link.connected(0.0)
    ((_, seq, _),) = FrameReader().receive_data(link.data_to_send())
    for kind, payload in answers:
        assert link.receive_data(encode(kind, seq, payload), 0.1) == []
    assert link.data_to_send() == b""
    assert link.tick(0.25) == []
    ((kind, again, _),) = FrameReader().receive_data(link.data_to_send())
    assert (kind, again) == (protocol.HELLO, seq)
    link.connected(0.7)
    # An answer to what was said before the line was opened anew comes too late: it may be another start's.
    assert link.receive_data(encode(protocol.HELLO_R, seq, b"\x00\x01proto=1.0 boot=1"), 0.8) == []


def test_a_version_that_cannot_be_read_is_another_one():
    link = Link()
    link.connected(0.0)
    assert link.receive_data(encode(protocol.NAK, 1, b"\x01what?"), 0.1) == [OtherVersion("?")]


def test_a_board_that_answers_with_another_version_than_it_was_asked_for_is_not_believed():
    link = Link()
    link.connected(0.0)
    about = b"\x00\x01proto=2.3 boot=1"
    assert link.receive_data(encode(protocol.HELLO_R, 1, about), 0.1) == [OtherVersion("2.3")]


def test_answers_to_nothing_are_ignored():
    world = World()
    world.run(1.5)
    for kind in (protocol.ACK, protocol.PONG, protocol.NAK, protocol.HELLO_R):
        assert world.link.receive_data(encode(kind, 200, b"\x02"), world.now_s) == []


@SEEDS
def test_pulled_and_plugged_again_in_the_middle_of_everything(seed: int):
    world = World(lossy, seed)
    presses = 0
    for number in range(30):
        world.run(world.chance.random() * 3)
        if number % 3 == 0:
            world.plug_again()
        elif number % 3 == 1:
            world.boot()
        world.run(20)
        world.tell(protocol.PRESSED, 1)
        presses += 1
        world.run(2)
    assert told(world.heard) == [Pressed(1)] * presses
