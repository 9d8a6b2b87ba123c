"""Who wants to know what happens inside a kiosk."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from firmware_bridge.door import BridgeState, Sensed
from hardware.reader import ReaderState
from kiosk.core.inbox import Trace
from kiosk.core.troubles import HubState
from kiosk.core.views import View


@dataclass(frozen=True, slots=True)
class Observers:
    """Who wants to know what happens inside: traces, demos, benchmarks.  All on the event loop."""

    trace: Callable[[Trace], None] | None = None
    """After each tap or key that led to something."""
    painted: Callable[[View, Sequence[str]], None] | None = None
    """After a view was written to the terminal, with every legible word of what was drawn."""
    hub: Callable[[HubState], None] | None = None
    """At each change of what the kiosk knows of its hub."""
    reader: Callable[[ReaderState], None] | None = None
    """At each change of the reader's state."""
    bridge: Callable[[BridgeState], None] | None = None
    """At each change of the state of the door's microcontroller."""
    sensed: Callable[[Sensed], None] | None = None
    """At whatever it feels."""
    thought: Callable[[], None] | None = None
    """Each time introductions were thought over to the end."""
    ready: Callable[[], None] | None = None
    """Each time the kiosk is there for people, its screen drawn and its log open."""
    restart: Callable[[], None] | None = None
    """When a host asks for the program to end, to be started again; `None` where nothing would start it."""
    key: Callable[[str], None] | None = None
    """At each key, besides the kiosk's own use of it; not while a name or a PIN is typed."""
