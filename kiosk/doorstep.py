"""The place before the screen: who comes wakes the lobby, who goes by is counted, light and sound answer.

A shell: it waits and decides nothing.  Lives as long as the kiosk, on its event loop; without a
microcontroller nothing ever comes here, and nothing leaves.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import assert_never

from community.events import BeamCounted
from community.ids import MemberId
from community.outcomes import MetEachOther, MetUndone, Outcome
from community.wire.messages import BridgeHealth
from firmware_bridge.door import (
    Away,
    BridgeFault,
    BridgeLost,
    BridgeReady,
    BridgeState,
    Capability,
    Near,
    Passed,
    Pressed,
    Sensed,
    SensorHealth,
)
from kiosk.core import buttons, signs
from kiosk.core.approach import Approach
from kiosk.core.beam import Beam, Gathered
from kiosk.core.pieces import Attention
from kiosk.core.views import View
from kiosk.signals import Signals
from kiosk.sounds import ListenerOf, Sounds, anybody
from kiosk.store.log import Log
from plumbing.clock import Clock
from plumbing.errors import DatabaseError

log = logging.getLogger(__name__)


class Doorstep:
    """What the door feels and says."""

    def __init__(
        self,
        clock: Clock,
        events: Log,
        *,
        on_attention: Callable[[], None],
        on_button: Callable[[int], None],
        on_committed: Callable[[], None],
        listener: ListenerOf = anybody,
    ) -> None:
        """Prepare.

        Args:
            clock: The machine's clocks.
            events: The open log, for how many bodies went by.
            on_attention: Called when the lobby is to be another.
            on_button: Gets the number of a button that was pressed.
            on_committed: Called after each commit: the uplink has something to send.
            listener: Says how loud the kiosk is for somebody now.
        """
        self._clock, self._log = clock, events
        self._on_attention, self._on_button, self._on_committed = on_attention, on_button, on_committed
        self.signals = Signals()
        """Light and buzzer, once it is given a bridge."""
        self.sounds = Sounds(self.signals, listener, self._has_buzzer)
        """What sounds with them, once it is given a speaker."""
        self._approach = Approach(alone_since_s=clock.now_s())
        self._beam = Beam()
        self._attention = Attention.USUAL
        self._trouble = False
        self._lost: BridgeFault | None = None
        self._wake = asyncio.Event()

    @property
    def attention(self) -> Attention:
        """What the lobby is to be like."""
        return self._attention

    @property
    def health(self) -> BridgeHealth | None:
        """How the microcontroller does; `None` before anything is known of it, or where there is none."""
        bridge = self._approach.bridge
        if bridge is not None:
            silent = tuple(sorted(sensor.value for sensor in self._approach.silent))
            return BridgeHealth("ready", bridge.firmware[:32], silent=silent)
        return None if self._lost is None else BridgeHealth("lost", fault=self._lost.value)

    def dims_after(self, seconds: float | None) -> None:
        """Let the lobby dim after so many seconds without anybody near, above 0; `None` for never."""
        self._know(replace(self._approach, dim_after_s=seconds))

    def with_buttons(self, view: View) -> View:
        """Return a view that says which button does what, where there are buttons."""
        return buttons.marked(view) if self._approach.has_buttons else view

    # What the kiosk says to it, each once it is committed and on the screen.

    def shown(self, outcome: Outcome, view: View | None = None) -> None:
        """Give the sign of what was committed and shown."""
        self.sounds.give(signs.sign_of(outcome), _whose(outcome), view)

    def guest_came(self, view: View) -> None:
        """Give the sign of a guest who was noted."""
        self.sounds.give(signs.NOTED, None, view)

    def shown_again(self, outcome: Outcome) -> None:
        """Give the sign of the same tap once more, without its tone."""
        self.signals.give(signs.again(signs.sign_of(outcome)))

    def look(self) -> None:
        """Ask for a look at the screen: a PIN is asked, or a badge was lifted too soon."""
        self.touched()
        self.sounds.give(signs.LOOK)

    def refuse(self) -> None:
        """Say that a PIN was not taken."""
        self.sounds.give(signs.REFUSED)

    def not_noted(self) -> None:
        """Say that a tap could not be written."""
        self.sounds.give(signs.NOT_NOTED)

    def trouble_is(self, *, there: bool) -> None:
        """Note that taps cannot be recorded, or can again."""
        self._trouble = there
        self._set_light()

    def touched(self) -> None:
        """Note a tap or a key: somebody is there, whatever was felt, and what was being said is over."""
        self.sounds.cut()
        self._know(self._approach.touched(self._clock.now_s()))

    # What the microcontroller says, on the event loop.

    def bridge_is(self, state: BridgeState) -> None:
        """Take the microcontroller's state."""
        match state:
            case BridgeReady():
                self._lost = None
            case BridgeLost(kind=kind):
                self._lost = kind
            case _:
                assert_never(state)
        self._know(self._approach.bridged(state, self._clock.now_s()))
        self.signals.say_again()

    def feel(self, sensed: Sensed) -> None:
        """Take what was felt."""
        now_s = self._clock.now_s()
        match sensed:
            case Near() | Away():
                self._know(self._approach.felt(sensed, now_s))
            case SensorHealth(sensor=sensor, works=works):
                log.log(
                    logging.INFO if works else logging.WARNING,
                    "the door's %s %s",
                    sensor.value,
                    "speaks" if works else "does not speak",
                )
                self._know(self._approach.felt(sensed, now_s))
            case Passed():
                self._beam.passed(now_s)
                self._wake.set()
            case Pressed(button=button):
                self._on_button(button)
            case _:
                assert_never(sensed)

    async def run(self) -> None:
        """Dim the lobby and write down who went by, when it is time, until cancelled."""
        try:
            while True:
                self._wake.clear()
                self._know(self._approach, wakes=False)
                now_s = self._clock.now_s()
                if self._beam.due_s(now_s) == 0:
                    await self._write()
                dues = (self._approach.due_s(now_s), self._beam.due_s(now_s))
                try:
                    # Not `wait_for`: before Python 3.12 it may swallow the cancellation that ends us.
                    async with asyncio.timeout(min((due for due in dues if due is not None), default=None)):
                        await self._wake.wait()
                except TimeoutError:
                    continue
        finally:
            self.signals.stop()
            await self._write()

    def _has_buzzer(self) -> bool:
        bridge = self._approach.bridge
        return bridge is not None and Capability.BUZZER in bridge.capabilities

    def _know(self, approach: Approach, *, wakes: bool = True) -> None:
        self._approach = approach
        attention = approach.attention(self._clock.now_s())
        if attention is not self._attention:
            self._attention = attention
            self._set_light()
            self._on_attention()
        if wakes:
            self._wake.set()

    def _set_light(self) -> None:
        self.signals.resting_is(signs.resting(self._attention, trouble=self._trouble))

    async def _write(self) -> None:
        """Write how many bodies went by; if that fails, they are written with later ones."""
        gathered: Gathered | None = self._beam.gathered(self._clock.now_s())
        if gathered is None:
            return
        try:
            event = BeamCounted(gathered.count, gathered.over_s)
            await self._log.append([(self._clock.stamp(), event)])
        except DatabaseError as error:
            log.warning("the bodies that the beam counted are not noted yet: %s", error)
            return
        self._beam.noted(gathered, self._clock.now_s())
        self._on_committed()


def _whose(outcome: Outcome) -> MemberId | None:
    """Return whom an outcome is for; nobody alone where two are."""
    return None if isinstance(outcome, MetEachOther | MetUndone) else getattr(outcome, "member_id", None)
