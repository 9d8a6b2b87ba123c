"""The real bridge and the real firmware, each in its own Python, over a pseudo-terminal."""

import time
from pathlib import Path

from firmware_bridge.door import (
    Away,
    BridgeFault,
    BridgeReady,
    Capability,
    Glow,
    Light,
    Near,
    Passed,
    Pressed,
    SensorHealth,
    Tone,
)
from firmware_bridge.mcu.version import FIRMWARE
from firmware_bridge.release import release
from tests.firmware_bridge.conftest import PATIENCE_S, Listener, MakeDoor, OpenBridge, needs_micropython

pytestmark = needs_micropython

GREEN = (0, 70, 12)
MOST_WAKING_MS = 350
"""What the whole way from the radar to the screen may take; the bridge's part must leave room in it."""


def test_the_board_says_what_it_is(make_door: MakeDoor, open_bridge: OpenBridge, listener: Listener):
    door = make_door()
    open_bridge(door.path)
    ready = listener.wait_for_ready()
    assert ready.firmware == FIRMWARE
    assert ready.protocol == (1, 0)
    assert ready.board == "virtual"
    assert ready.reset_cause == "power"
    assert ready.port == str(door.path)
    assert ready.capabilities == {
        Capability.RADAR,
        Capability.RING,
        Capability.BUZZER,
        Capability.BUTTONS,
    }
    assert listener.threads == {f"door-bridge {door.path}"}


def test_who_comes_near_is_felt_and_who_goes_away_too(
    make_door: MakeDoor, open_bridge: OpenBridge, listener: Listener
):
    door = make_door()
    open_bridge(door.path)
    listener.wait_for(Away())
    listener.wait_for(SensorHealth(Capability.RADAR, works=True))
    began_s = time.monotonic()
    door.stand(90)
    listener.wait_for(Near(90))
    took_ms = (time.monotonic() - began_s) * 1000
    door.stand(50)
    listener.wait_for(Near(50))
    # A board that was still starting when it was greeted says twice how everything is.
    aways = listener.sensed.count(Away())
    gone_s = time.monotonic()
    door.stand(None)
    listener.wait_for(Away(), count=aways + 1)
    assert time.monotonic() - gone_s > 4.5
    print(f"\napproach to Near at the host: {took_ms:.0f} ms (up to 100 of it until the radar reports)")  # noqa: T201 - a figure


def test_light_and_sound_are_those_that_were_asked_for(
    make_door: MakeDoor, open_bridge: OpenBridge, listener: Listener
):
    door = make_door()
    bridge = open_bridge(door.path)
    listener.wait_for_ready()
    bridge.light(Light(Glow.ACCEPTED, 0.5))
    bridge.sound(Tone.ACCEPTED)
    assert door.wait_until(lambda door: set(door.ring) == {GREEN}, PATIENCE_S)
    assert door.wait_until(lambda door: door.sounded == (880, 0, 1320, 0), PATIENCE_S)
    # Nobody says anything more: it falls back to rest by itself.
    assert door.wait_until(lambda door: GREEN not in door.ring, PATIENCE_S)


def test_a_press_is_told_once(make_door: MakeDoor, open_bridge: OpenBridge, listener: Listener):
    door = make_door()
    open_bridge(door.path)
    listener.wait_for_ready()
    for button in (1, 2, 3, 2):
        door.press(button)
        listener.wait_until(lambda button=button: Pressed(button) in listener.sensed[-1:])
    presses = [sensed for sensed in listener.sensed if isinstance(sensed, Pressed)]
    assert presses == [Pressed(1), Pressed(2), Pressed(3), Pressed(2)]


def test_a_board_that_starts_anew_is_greeted_anew_and_gets_its_light_back(
    make_door: MakeDoor, open_bridge: OpenBridge, listener: Listener
):
    door = make_door()
    bridge = open_bridge(door.path)
    first = listener.wait_for_ready()
    bridge.light(Light(Glow.ACCEPTED, 60))
    assert door.wait_until(lambda door: set(door.ring) == {GREEN}, PATIENCE_S)
    door.reset()
    second = listener.wait_for_ready(count=2)
    assert second.boot != first.boot
    assert door.wait_until(lambda door: door.starts == 2 and set(door.ring) == {GREEN}, PATIENCE_S)
    assert all(isinstance(state, BridgeReady) for state in listener.states)


def test_a_board_that_is_unplugged_is_used_again_when_it_is_back(
    make_door: MakeDoor, open_bridge: OpenBridge, listener: Listener, tmp_path: Path
):
    path = tmp_path / "foyer-door"
    door = make_door(path=path)
    open_bridge(path)
    for times in (1, 2, 3):
        listener.wait_for_ready(times)
        door.unplug()
        assert listener.wait_for_lost(times).kind is BridgeFault.UNPLUGGED
        door.plug()
    listener.wait_for_ready(4)
    assert len(listener.states) == 7


def test_a_kiosk_that_starts_anew_is_told_everything_again(
    make_door: MakeDoor, open_bridge: OpenBridge, listener: Listener
):
    door = make_door()
    first = open_bridge(door.path)
    listener.wait_for_ready()
    door.stand(70)
    listener.wait_for(Near(70))
    first.stop()
    second = Listener()
    open_bridge(door.path, second)
    second.wait_for(Near(70))
    second.wait_for(SensorHealth(Capability.RADAR, works=True))
    assert second.wait_for_ready().boot == listener.wait_for_ready().boot


def test_without_a_host_the_ring_says_so_and_with_one_it_rests(
    make_door: MakeDoor, open_bridge: OpenBridge, listener: Listener
):
    def one_violet(door) -> bool:
        lit = [colour for colour in door.ring if colour != (0, 0, 0)]
        return lit == [(12, 0, 18)]

    door = make_door()
    assert door.wait_until(one_violet, PATIENCE_S)
    bridge = open_bridge(door.path)
    listener.wait_for_ready()
    assert door.wait_until(lambda door: len(set(door.ring)) == 1, PATIENCE_S)
    bridge.stop()
    assert door.wait_until(one_violet, PATIENCE_S)


def test_a_radar_that_falls_silent_is_told_and_told_again_when_it_speaks(
    make_door: MakeDoor, open_bridge: OpenBridge, listener: Listener
):
    door = make_door()
    open_bridge(door.path)
    listener.wait_for(SensorHealth(Capability.RADAR, works=True))
    door.silence_radar(is_dead=True)
    listener.wait_for(SensorHealth(Capability.RADAR, works=False))
    door.silence_radar(is_dead=False)
    listener.wait_for(SensorHealth(Capability.RADAR, works=True), count=2)


def test_a_pir_and_a_beam_do_without_a_radar(
    make_door: MakeDoor, open_bridge: OpenBridge, listener: Listener
):
    door = make_door("presence.pir", "beam")
    bridge = open_bridge(door.path)
    assert listener.wait_for_ready().capabilities == {Capability.PIR, Capability.BEAM}
    door.feel(is_there=True)
    listener.wait_for(Near())
    for passed in (1, 2):
        door.break_beam(is_broken=True)
        listener.wait_for(Passed(), count=passed)
        door.break_beam(is_broken=False)
        # The next ping is more than the moment two bodies are apart at least.
        pongs = len(listener.pongs_s)
        listener.wait_until(lambda pongs=pongs: len(listener.pongs_s) > pongs + 1)
    # It has neither light nor sound; asking for them harms nobody.
    bridge.light(Light(Glow.ACCEPTED, 5))
    bridge.sound(Tone.LOOK)
    listener.wait_until(lambda: len(listener.pongs_s) > 0)
    assert door.ring == ()
    assert door.sounded == ()


def test_a_board_that_is_released_lets_go_of_the_line(
    make_door: MakeDoor, open_bridge: OpenBridge, listener: Listener
):
    door = make_door()
    assert release(door.path)
    assert not release(door.path)  # nobody is there any more
    open_bridge(door.path)
    assert listener.wait_for_lost().kind is BridgeFault.MUTE
    assert door.starts == 1
