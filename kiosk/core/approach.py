"""Who stands before the screen, as far as the door feels it: the lobby wakes, and dims after a time.

Pure.  Where nothing feels who comes, and as soon as what felt it falls silent, the lobby is as it always is.
"""

from dataclasses import dataclass, replace

from firmware_bridge.door import Away, BridgeReady, BridgeState, Capability, Near, Sensed, SensorHealth
from kiosk.core.pieces import Attention

DIM_AFTER_S = 180.0
"""Seconds without anybody near after which the lobby dims, if the settings say nothing else."""

FEELING = frozenset({Capability.RADAR, Capability.PIR})
"""What tells that somebody stands there; a beam only tells that somebody went by."""


@dataclass(frozen=True, slots=True)
class Approach:
    """What is known of the place before the screen."""

    bridge: BridgeReady | None = None
    """The microcontroller, while it answers."""
    silent: frozenset[Capability] = frozenset()
    """Sensors that it says do not speak."""
    near: bool = False
    alone_since_s: float = 0.0
    """Since when nobody is known to be near, monotonic seconds; without meaning while somebody is."""
    dim_after_s: float | None = DIM_AFTER_S
    """Seconds without anybody near after which the lobby dims, above 0; `None` for never."""

    @property
    def feels(self) -> bool:
        """Whether somebody who comes would be felt."""
        return self.bridge is not None and bool(FEELING & (self.bridge.capabilities - self.silent))

    @property
    def has_buttons(self) -> bool:
        """Whether there are buttons to press."""
        return self.bridge is not None and Capability.BUTTONS in self.bridge.capabilities

    def bridged(self, state: BridgeState, now_s: float) -> "Approach":
        """Take a new state of the microcontroller: one that starts says anew what it feels."""
        bridge = state if isinstance(state, BridgeReady) else None
        return Approach(bridge, alone_since_s=now_s, dim_after_s=self.dim_after_s)

    def felt(self, sensed: Sensed, now_s: float) -> "Approach":
        """Take what was felt at `now_s`."""
        match sensed:
            case Near():
                return replace(self, near=True)
            case Away():
                return replace(self, near=False, alone_since_s=now_s)
            case SensorHealth(sensor=sensor, works=works):
                silent = self.silent - {sensor} if works else self.silent | {sensor}
                known = replace(self, silent=silent)
                return known if known.feels else replace(known, near=False, alone_since_s=now_s)
            case _:
                return self

    def touched(self, now_s: float) -> "Approach":
        """Note a tap or a key: somebody is there, whatever was felt."""
        return replace(self, alone_since_s=now_s)

    def attention(self, now_s: float) -> Attention:
        """Return what the lobby is to be like."""
        if not self.feels:
            return Attention.USUAL
        if self.near:
            return Attention.AWAKE
        alone_s = now_s - self.alone_since_s
        dims = self.dim_after_s is not None and alone_s >= self.dim_after_s
        return Attention.ASLEEP if dims else Attention.USUAL

    def due_s(self, now_s: float) -> float | None:
        """Return in how many seconds the lobby dims by itself, above 0; `None` if it will not."""
        if not self.feels or self.near or self.dim_after_s is None:
            return None
        left_s = self.alone_since_s + self.dim_after_s - now_s
        return left_s if left_s > 0 else None
