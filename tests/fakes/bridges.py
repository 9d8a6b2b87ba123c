"""A microcontroller's bridge that only remembers what it was told, for tests of when light and sound come."""

from collections.abc import Callable
from dataclasses import dataclass, field

from firmware_bridge.door import BridgeReady, Capability, Light, Tone

READY = BridgeReady(
    firmware="1.2.0",
    protocol=(1, 0),
    board="a board",
    boot="b1",
    reset_cause="power",
    capabilities=frozenset(Capability),
    port="/dev/foyer-door",
)
"""A door that can do everything."""


@dataclass
class FakeBridge:
    """Takes lights and tones as the real bridge does."""

    on_word: Callable[[Light | Tone], None] = lambda _word: None
    lights: list[Light] = field(default_factory=list)
    tones: list[Tone] = field(default_factory=list)

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def light(self, light: Light) -> None:
        self.on_word(light)
        self.lights.append(light)

    def sound(self, tone: Tone) -> None:
        self.on_word(tone)
        self.tones.append(tone)
