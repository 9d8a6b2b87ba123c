"""Who comes near wakes the lobby, it dims after a time, and stays as it is where nothing feels anybody."""

from dataclasses import replace

import pytest

from firmware_bridge.door import (
    Away,
    BridgeFault,
    BridgeLost,
    Capability,
    Near,
    Passed,
    Pressed,
    SensorHealth,
)
from kiosk.core.approach import DIM_AFTER_S, Approach
from kiosk.core.pieces import Attention
from tests.fakes.bridges import READY

FELT = Approach().bridged(READY, 100.0)
LONG = 100.0 + DIM_AFTER_S


def test_without_a_microcontroller_the_lobby_never_changes():
    nobody = Approach()
    assert not nobody.feels
    assert not nobody.has_buttons
    assert nobody.due_s(0.0) is None
    for now_s in (0.0, 1e6):
        assert nobody.attention(now_s) is Attention.USUAL
        assert nobody.felt(Near(50), now_s).attention(now_s) is Attention.USUAL


def test_who_comes_near_wakes_the_lobby_and_who_leaves_lets_it_rest_then_dim():
    assert FELT.attention(100.0) is Attention.USUAL
    near = FELT.felt(Near(80), 110.0)
    assert near.attention(110.0) is Attention.AWAKE
    assert near.attention(1e6) is Attention.AWAKE
    assert near.due_s(110.0) is None
    left = near.felt(Away(), 200.0)
    assert left.attention(200.0) is Attention.USUAL
    assert left.due_s(200.0) == DIM_AFTER_S
    assert left.attention(200.0 + DIM_AFTER_S) is Attention.ASLEEP
    assert left.due_s(200.0 + DIM_AFTER_S) is None
    assert left.felt(Near(), 999.0).attention(999.0) is Attention.AWAKE


def test_a_tap_or_a_key_says_that_somebody_is_there():
    assert FELT.attention(LONG) is Attention.ASLEEP
    assert FELT.touched(LONG).attention(LONG) is Attention.USUAL
    assert FELT.felt(Near(), LONG).touched(LONG).attention(LONG) is Attention.AWAKE


def test_what_falls_silent_leaves_the_lobby_as_it_always_is():
    near = FELT.felt(Near(80), 110.0)
    deaf = near.felt(SensorHealth(Capability.RADAR, works=False), 120.0)
    assert deaf.feels, "the other one still does"
    deaf = deaf.felt(SensorHealth(Capability.PIR, works=False), 120.0)
    assert not deaf.feels
    assert deaf.attention(1e6) is Attention.USUAL
    again = deaf.felt(SensorHealth(Capability.RADAR, works=True), 130.0)
    assert again.attention(130.0) is Attention.USUAL, "it says anew who is there"
    assert again.attention(120.0 + DIM_AFTER_S) is Attention.ASLEEP


def test_a_microcontroller_that_goes_away_takes_everything_it_said_with_it():
    near = FELT.felt(Near(80), 110.0).felt(SensorHealth(Capability.BEAM, works=False), 111.0)
    lost = near.bridged(BridgeLost(BridgeFault.UNPLUGGED, "it is unplugged"), 120.0)
    assert lost == Approach(alone_since_s=120.0)
    assert lost.attention(1e6) is Attention.USUAL
    assert lost.bridged(READY, 130.0).attention(130.0) is Attention.USUAL


@pytest.mark.parametrize("sensed", [Passed(), Pressed(1)])
def test_who_goes_by_and_what_is_pressed_wakes_nothing_by_itself(sensed):
    assert FELT.felt(sensed, 110.0) == FELT


def test_a_lobby_that_people_read_from_afar_never_dims():
    never = replace(FELT, dim_after_s=None)
    assert never.attention(1e9) is Attention.USUAL
    assert never.due_s(100.0) is None
    lost = never.bridged(BridgeLost(BridgeFault.MUTE, "it is mute"), 110.0)
    assert lost.bridged(READY, 120.0).dim_after_s is None


def test_only_a_door_with_a_sensor_feels_and_only_one_with_buttons_has_them():
    plain = replace(READY, capabilities=frozenset({Capability.BEAM, Capability.RING, Capability.BUZZER}))
    door = Approach().bridged(plain, 0.0)
    assert not door.feels
    assert not door.has_buttons
    assert door.felt(Near(), 1.0).attention(2.0) is Attention.USUAL
    assert FELT.has_buttons
