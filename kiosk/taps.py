"""One tap, from the reader to the screen: looks up, asks the desk, commits, and only then shows.

A shell: it waits and decides nothing.  Taps and keys go through one queue, so what happened
first is decided first.  Lives as long as the kiosk, on its event loop.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from community.badges import BadgeKey
from community.clock import Stamp
from community.desk import Desk
from community.desk_rules import Rules
from community.events import Event, Paired
from community.introductions.introduction import Introduction
from community.members import Space
from community.outcomes import Outcome, SameTap, events_of
from community.proofs import ProofFault
from community.reads import PinAsked, Read, UnprovenBadge
from community.wire.messages import FeedItem
from hardware.reader import Proven, Tap
from kiosk.core import buttons
from kiosk.core.directory import Directory
from kiosk.core.elsewhere import Heard
from kiosk.core.inbox import HeardElsewhere, Key, NewDirectory, PinChecked, Planned, Sent, Trace
from kiosk.core.own_page import Address, nowhere
from kiosk.core.pressed import meaning_of
from kiosk.core.room import Scenery
from kiosk.core.sentences import Words, outcome_word
from kiosk.core.troubles import HubState
from kiosk.core.views import Lobby, Typing
from kiosk.doorstep import Doorstep
from kiosk.faults import Faults
from kiosk.furnishing import Furnishing
from kiosk.guests import Guests
from kiosk.host import HostDoor, Hosting
from kiosk.hours import hours_of
from kiosk.keypad import Keypad
from kiosk.notebook import Notebook
from kiosk.pins import Pins
from kiosk.proofs import Proofs, proved_by, shown_by
from kiosk.scene import Scene, Screen
from kiosk.store.counters import ReplayedError
from kiosk.store.elsewhere import ElsewhereStore
from kiosk.store.log import Log
from kiosk.store.tries import TriesStore
from kiosk.telling import HOST_CAME_IN, PIN_ASKED, PIN_NOT_TAKEN, SAME_TAP, Telling
from kiosk.thoughts import Thoughts
from plumbing.clock import Clock
from plumbing.errors import DatabaseError


class Taps:
    """The running part that turns taps and keys into events and views."""

    def __init__(
        self,
        *,
        clock: Clock,
        key: BadgeKey,
        events: Log,
        elsewhere: ElsewhereStore,
        tries: TriesStore,
        hosting: Hosting,
        items: Sequence[FeedItem],
        catalogues: Mapping[str, Words],
        screen: Screen,
        fallback: Space,
        on_committed: Callable[[], None],
        on_trace: Callable[[Trace], None] | None = None,
        on_thought: Callable[[], None] | None = None,
        proofs: Proofs | None = None,
        rules: Rules | None = None,
        note: str = "",
        seed: str = "",
        own_page: Address = nowhere,
    ) -> None:
        """Begin with what the log and the stored feed say.

        Args:
            clock: The machine's clocks.
            key: For hashing UIDs.
            events: The open log.
            elsewhere: What is held of the other doors.
            tries: Where wrong PINs are counted.
            hosting: What the host's pages need of the machine.
            items: The stored feed.
            catalogues: Words by language.
            screen: Where views go.
            fallback: The space as the settings have it, for a kiosk that has never met its hub.
            on_committed: Called after each commit: the uplink has something to send.
            on_trace: Called once a tap or key has been dealt with.
            on_thought: Called each time introductions were thought over to the end.
            proofs: Learns the keys of secure badges from each directory; `None` where there are none.
            rules: The desk's times; the defaults if `None`.
            note: A line the lobby shows at its foot, as it is.
            seed: The space's name: what chance is drawn from, as on the hub.
            own_page: Where members' own pages are.
        """
        self._clock, self._key = clock, key
        self._furnishing = Furnishing(
            clock, events, elsewhere, catalogues, fallback, hosting.choices.over, own_page
        )
        self._queue: asyncio.Queue[Tap | Sent] = asyncio.Queue()
        self._hub = HubState(reachable=True, waiting=0)
        self._note = note
        self._seen: tuple[Outcome, Scenery] | None = None
        self._corrections = clock.corrections
        self._telling = Telling(clock, on_trace)
        directory = self._furnishing.directory(items)
        self._proofs = proofs or Proofs(key)
        self._proofs.know(directory)
        self._room = self._furnishing.room(directory)
        self._desk = Desk(self._room.hours, rules or Rules(), self._room.arrivals(clock.at()))
        self._thoughts = Thoughts(
            lambda: self._room,
            clock,
            seed,
            alone=lambda: not self._hub.reachable,
            on_planned=self._queue.put_nowait,
            on_thought=on_thought,
        )
        self.doorstep = Doorstep(
            clock,
            events,
            on_attention=lambda: self.scene.refresh(),  # noqa: PLW0108 - made below
            on_button=self._pushed,
            on_committed=on_committed,
            listener=lambda member: self._room.listener(member, clock.at()),
        )
        self.scene = Scene(
            screen,
            lobby=lambda: self.guests.offered(self._lobby()),
            trouble=lambda fault: self._room.trouble(fault, self._desk),
            cleared=self._cleared,
            seconds_of_minute=lambda: clock.at().second + clock.at().microsecond / 1_000_000,
            minute_over=self._thoughts.begin,
        )
        self._faults = Faults(self.scene, self.doorstep)
        notebook = Notebook(clock, events, self._faults, on_committed, lambda: self._room)
        self._commit = notebook.commit
        self._pins = Pins(
            clock=clock,
            key=key,
            tries=tries,
            scene=self.scene,
            speaker=lambda: self._room.speaker,
            on_checked=self._queue.put_nowait,
        )
        self._host = HostDoor(
            hosting,
            clock=clock,
            scene=self.scene,
            doorstep=self.doorstep,
            furnishing=self._furnishing,
            faults=self._faults,
            commit=self._commit,
            room=lambda: self._room,
        )
        self.guests = Guests(
            self.scene, lambda: self._room.speaker, notebook.guest_came, self.doorstep.guest_came
        )
        self._keypad = Keypad(
            self._pins, self.guests, self._host, self._faults, lambda: self._desk.faced, self._cleared
        )

    @property
    def typing(self) -> bool:
        """Whether keys are somebody's own, and nobody else's business: a name, a PIN, a host's."""
        return self._keypad.busy

    def tap(self, tap: Tap) -> None:
        """Take a tap from the reader; on the event loop."""
        if self._faults.is_shut_out:  # nobody is known any more: it would be noted as an unknown badge
            return
        self.doorstep.touched()
        self._queue.put_nowait(tap)

    def cut(self) -> None:
        """Say what to do with a badge that was lifted too soon, unless a card is being read."""
        if self._faults.is_shut_out:
            return
        if self.scene.is_at_rest:
            self.scene.show(self._room.hold_still(self._desk))
        self.doorstep.look()

    def press(self, key: str) -> None:
        """Take a key or touch from the screen; on the event loop."""
        if self._faults.is_shut_out:
            return
        self.doorstep.touched()
        self._queue.put_nowait(Key(key, self._clock.now_s()))

    def directory_is(self, items: Sequence[FeedItem]) -> None:
        """Take a new directory from the uplink; on the event loop."""
        self._queue.put_nowait(NewDirectory(tuple(items)))

    def heard_elsewhere(self, new: Sequence[Heard]) -> None:
        """Take what happened at other doors from the uplink; on the event loop."""
        self._queue.put_nowait(HeardElsewhere(tuple(new)))

    def hub_is(self, state: HubState) -> None:
        """Take the hub's state from the uplink; on the event loop."""
        self._hub = state
        self._host.hub_is(state)
        self.scene.refresh()

    def note_is(self, note: str) -> None:
        """Take another line for the lobby's foot."""
        self._note = note
        self.scene.refresh()

    def reader_is(self, *, ready: bool) -> None:
        """Take the reader's state; on the event loop."""
        self._faults.reader_is(ready=ready)

    def shut_out(self) -> None:
        """Say that a host shut this kiosk out, and take no more taps."""
        self._proofs.know(Directory())
        self._faults.shut_out()

    async def run(self) -> None:
        """Deal with taps and keys, one after the other, until cancelled."""
        self.scene.start()
        try:
            await self._thoughts.over()
            while True:
                item = await self._queue.get()
                await self._set_right()
                match item:
                    case Tap():
                        await self._tapped(item)
                    case Key():
                        await self._pressed(item)
                    case NewDirectory():
                        await self._taught(item)
                    case HeardElsewhere():
                        await self._heard(item.new)
                    case Planned():
                        await self._paired(item)
                    case PinChecked():
                        await self._pin_checked(item)
        finally:
            self.scene.stop()
            self._pins.stop()
            self._thoughts.stop()

    async def _tapped(self, tap: Tap) -> None:
        stamp, shown = self._clock.stamp(), shown_by(tap.proof)
        uid = tap.proof.uid if isinstance(tap.proof, Proven) else tap.uid
        read = self._room.directory.read(uid.value, random=uid.is_random, key=self._key, shown=shown)
        try:
            await self._decide(read, proved_by(read, shown), stamp, tap.read_s)
        except ReplayedError as replayed:  # nothing was written, and nothing has changed
            unproven = UnprovenBadge(replayed.badge, ProofFault.REPLAYED)
            await self._decide(unproven, (), stamp, tap.read_s)

    async def _decide(self, read: Read, proved: Sequence[Event], stamp: Stamp, read_s: float) -> None:
        """Let the desk decide; what a badge proved is committed together with what comes of it.

        Raises:
            ReplayedError: It proved it with what was said before.
        """
        desk, outcome = self._desk.tap(read, stamp.at, read_s)
        match outcome:
            case SameTap():
                await self._commit(stamp, proved)
                self._again(outcome.outcome, read_s)
            case PinAsked(read=asked):
                await self._commit(stamp, proved)
                self._seen = None  # a bounce of another badge must not hide what is typed
                self._pins.ask(asked, read_s)
                self.doorstep.look()
                self._telling.tell(asked, PIN_ASKED, (), (), read_s, read_s)
            case _:
                await self._happened(desk, outcome, stamp, read_s, proved)

    async def _pin_checked(self, answer: PinChecked) -> None:
        """Let a tap count whose PIN was right, or the name somebody typed instead of one."""
        try:
            read = await self._pins.checked(answer)
        except DatabaseError as error:
            self._faults.not_noted(error)
            return
        stamp, now_s = self._clock.stamp(), self._clock.now_s()
        if read is None:
            await self._commit(stamp, answer.refused())
            self.doorstep.refuse()
            self._telling.tell(answer, PIN_NOT_TAKEN, (), (), now_s, now_s)
            return
        if answer.entry.for_host:
            await self._host.open_for(read.member_id)
            self._telling.tell(answer, HOST_CAME_IN, (), (), now_s, now_s)
            return
        # what the screen asked before has waited while the PIN was typed
        self._desk = self._desk.paused(now_s - answer.entry.read_s)
        await self._decide(read, (), stamp, now_s)
        if isinstance(self.scene.view, Typing):  # the same tap as one before: nothing new is shown
            self.scene.end()

    def _again(self, outcome: Outcome, read_s: float) -> None:
        """Show once more what this tap showed, unless somebody else has the screen by now.

        Then it stays theirs: a bounce must not hide the card whose question the next tap answers.
        """
        introductions: tuple[Introduction, ...] = ()
        if self._seen is not None and self._seen[0] == outcome:
            scenery = self._seen[1]
            self.scene.show(self.doorstep.with_buttons(scenery.view))
            self.doorstep.shown_again(outcome)
            introductions = scenery.introductions
        self._telling.tell(outcome, SAME_TAP, (), introductions, read_s, read_s)

    async def _taught(self, new: NewDirectory) -> None:
        """Take a new directory, built beside the event loop."""
        directory = await asyncio.to_thread(self._furnishing.directory, new.items, self._room.directory)
        if hours_of(directory.space) != self._room.hours:
            await self._furnish_again(directory)
        self._room.directory = directory
        self._proofs.know(Directory() if self._faults.is_shut_out else directory)
        self._seen = None  # what it shows may name somebody who is gone
        self.scene.refresh()
        await self._thoughts.over()

    async def _heard(self, new: Sequence[Heard]) -> None:
        """Fold what happened elsewhere; a card somebody is reading stays, the next tap knows."""
        await self._furnishing.hear(self._room, new)
        self._desk = replace(self._desk, present=self._room.arrivals(self._clock.at()))
        self.scene.refresh()
        self._thoughts.prepare_soon()

    async def _set_right(self) -> None:
        """Date the log anew if the clock was set right since."""
        self._clock.stamp()
        if self._corrections != self._clock.corrections:
            self._corrections = self._clock.corrections
            await self._furnish_again(self._room.directory)

    async def _furnish_again(self, directory: Directory) -> None:
        self._room = room = await self._furnishing.room_again(directory) or self._room
        self._desk = replace(self._desk, hours=room.hours, present=room.arrivals(self._clock.at()))

    async def _paired(self, planned: Planned) -> None:
        """Write the plan completed here, but for what taps decided in the meantime."""
        known = {pairing.pair for pairing in self._room.memory.today(planned.day).paired}
        new = [Paired(pairing) for pairing in planned.pairings if pairing.pair not in known]
        await self._commit(self._clock.stamp(), new)
        self._thoughts.prepare_soon()

    async def _pressed(self, key: Key) -> None:
        if await self._keypad.takes(key):
            return
        stamp = self._clock.stamp()
        desk, outcome = meaning_of(key, self._desk, stamp.at)
        if outcome is None:
            self.scene.more_time()  # whoever presses anything is still reading
        else:
            await self._happened(desk, outcome, stamp, key.now_s)

    async def _happened(
        self, desk: Desk, outcome: Outcome, stamp: Stamp, read_s: float, proved: Sequence[Event] = ()
    ) -> None:
        """Commit what happened; only then is it so, and only then is it shown."""
        records = await self._commit(stamp, [*proved, *events_of(outcome)])
        if records is None:
            self.doorstep.not_noted()
            return
        written_s = self._clock.now_s() if records else read_s
        scenery = self._room.scenery(outcome, desk, stamp.at, read_s)
        self._desk = self._room.offers(desk, scenery, read_s)
        hosts = self._host.instead_of(outcome)
        self._seen = (outcome, scenery) if hosts is None else None
        self.scene.show(hosts or self.doorstep.with_buttons(scenery.view))
        self.doorstep.shown(outcome, hosts or scenery.view)
        self._telling.tell(outcome, outcome_word(outcome), records, scenery.introductions, read_s, written_s)
        await self._commit(stamp, scenery.follows)
        self._thoughts.prepare_soon()

    def _pushed(self, button: int) -> None:
        """Take a button at the door for the key it stands for on this screen."""
        key = buttons.key_of(self.scene.view, button)
        if key is not None:
            self.press(key)

    def _lobby(self) -> Lobby:
        return self._room.lobby(
            self._desk,
            self._clock.at(),
            synced=self._clock.synchronised(),
            hub_reachable=self._hub.reachable,
            waiting=self._hub.waiting,
            note=self._note,
            attention=self.doorstep.attention,
        )

    def _cleared(self) -> None:
        self._desk = self._desk.screen_cleared()
        self._seen = None
        self._room.cleared()
