"""Real bridge, real firmware, and everything that happens to a cable: presses are counted."""

import os
import random

from firmware_bridge.door import BridgeLost, BridgeReady, Pressed
from tests.firmware_bridge.conftest import Listener, MakeDoor, OpenBridge, needs_micropython

ROUNDS = int(os.environ.get("DOOR_SOAK", "6"))
"""How many faults; the whole soak has 200 of them and takes some minutes."""


@needs_micropython
def test_every_press_is_told_once_whatever_happened_before_it(make_door: MakeDoor, open_bridge: OpenBridge):
    chance = random.Random(4)  # noqa: S311 - for tests
    door = make_door()
    ears = Listener()
    bridge = open_bridge(door.path, ears)
    ears.wait_for_ready()
    faults = {"unplugged": 0, "board anew": 0, "host anew": 0}
    pressed = told = doubled = 0
    for number in range(ROUNDS):
        fault = tuple(faults)[number % 3]
        faults[fault] += 1
        ready = sum(isinstance(state, BridgeReady) for state in ears.states)
        if fault == "unplugged":
            door.unplug()
            ears.wait_until(lambda ears=ears: isinstance(ears.states[-1], BridgeLost))
            door.plug()
            ears.wait_for_ready(ready + 1)
        elif fault == "board anew":
            door.reset()
            ears.wait_for_ready(ready + 1)
        else:
            bridge.stop()
            ears = Listener()
            bridge = open_bridge(door.path, ears)
            ears.wait_for_ready()
        for _ in range(chance.randrange(1, 4)):
            button = chance.randrange(1, 4)
            before = len([word for word in ears.sensed if isinstance(word, Pressed)])
            door.press(button)
            pressed += 1
            ears.wait_until(lambda ears=ears, before=before: len(presses(ears)) > before)
            told += presses(ears)[-1] == Pressed(button)
            doubled += len(presses(ears)) - before - 1
    print(  # noqa: T201 - figures
        f"\nfaults {faults}; presses {pressed}, told {told}, missed {pressed - told}, doubled {doubled}"
    )
    assert (told, doubled) == (pressed, 0)


def presses(ears: Listener) -> list[Pressed]:
    return [word for word in ears.sensed if isinstance(word, Pressed)]
