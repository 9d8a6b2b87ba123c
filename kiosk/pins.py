"""Typing at the door: from the first key to a PIN that was right, or was not.

A shell: it waits and decides nothing.  What a PIN is never leaves this module but to be looked at beside the
event loop; it is in no log, trace or message.  Lives as long as the kiosk, on its event loop.
"""

import asyncio
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import replace

from community.badges import BadgeHash, BadgeKey
from community.ids import MemberId
from community.names import folded, meant_by
from community.pins import MemberPin
from community.reads import KnownBadge
from kiosk.core.asking import no_pin_yet, too_many, typing_of
from kiosk.core.directory import Directory
from kiosk.core.entry import Entry, Given, GivenUp, press
from kiosk.core.host_way import no_pin
from kiosk.core.inbox import Key, PinChecked
from kiosk.core.speaker import Speaker
from kiosk.key_holder import KeyHolder
from kiosk.scene import Scene
from kiosk.store.tries import TriesStore
from plumbing.clock import Clock
from plumbing.pins import is_right

NOBODY = "?"
"""What the tries under a name begin with that is nobody's."""


class Pins:
    """What is being typed, and what became of it."""

    def __init__(
        self,
        *,
        clock: Clock,
        key: BadgeKey,
        tries: TriesStore,
        scene: Scene,
        speaker: Callable[[], Speaker],
        on_checked: Callable[[PinChecked], None],
    ) -> None:
        """Begin with nothing typed.

        Args:
            clock: The machine's clocks.
            key: The space's secret.
            tries: Where wrong PINs are counted.
            scene: The screen.
            speaker: Asked when needed: the directory and the words as they are now.
            on_checked: Told, on the event loop, what became of a PIN.
        """
        self._clock, self._key, self._tries, self._scene = clock, key, tries, scene
        self._speaker, self._on_checked = speaker, on_checked
        self._entry = Entry()
        self.keys = KeyHolder(scene)
        """Whose the keys are while something is typed."""
        self._checking: asyncio.Task[None] | None = None

    @property
    def _directory(self) -> Directory:
        return self._speaker().directory

    def ask(self, read: KnownBadge, read_s: float) -> None:
        """Ask for a badge's PIN; the same badge again changes nothing of what is typed."""
        if read.member_id not in self._directory.pins:
            self._scene.show(no_pin_yet(self._speaker()))
        elif self.keys.holds and self._entry.badge == read:
            self._scene.more_time()
        else:
            self._put(Entry(read, read_s))

    def ask_name(self, now_s: float) -> None:
        """Ask somebody without a badge for their name."""
        self._put(Entry(read_s=now_s))

    def ask_host(self, member_id: MemberId, now_s: float) -> None:
        """Ask whoever looks after the place for their PIN, for the host's pages."""
        if member_id not in self._directory.pins:
            self._scene.show(no_pin(self._speaker(), member_id))
        else:
            asked = KnownBadge(BadgeHash(f"host:{member_id}"), member_id, needs_pin=True)
            self._put(Entry(asked, now_s, for_host=True))

    async def press(self, key: Key) -> None:
        """Take a key while something is typed.

        Raises:
            DatabaseError: A try could not be counted, so it was not looked at.
        """
        self.keys.pressed(key.now_s)
        match press(self._entry, key.key):
            case GivenUp():
                self.keys.let_go()
                self._scene.end()
            case Given() as given:
                await self._submit(given)
            case Entry() as entry:
                if entry == self._entry:
                    self._scene.more_time()
                else:
                    self._put(entry)

    async def checked(self, answer: PinChecked) -> KnownBadge | None:
        """Take in what became of a PIN, and show it if it was not right.

        Returns:
            The badge that may be taken for its member's now, or what stands for one; `None` if it was wrong,
            or came too late.

        Raises:
            DatabaseError: That it was right could not be written, so it does not count.
        """
        if answer.right:
            await self._tries.was_right(answer.who)
        if not self.keys.holds or self._entry is not answer.entry:
            return None
        member_id = answer.member_id
        if answer.right and member_id is not None and member_id in self._directory.members:
            badge = answer.entry.badge
            # somebody without a badge still has a quiet period
            self.keys.let_go()
            stands_for = BadgeHash(f"name:{member_id}") if badge is None else badge.badge
            return KnownBadge(stands_for, member_id)
        if answer.waits_next:
            self.keys.let_go()
            self._scene.show(too_many(self._speaker()))
        else:
            self._put(answer.entry.wrong())
        return None

    def stop(self) -> None:
        """Leave nothing behind."""
        if self._checking is not None:
            self._checking.cancel()

    async def _submit(self, given: Given) -> None:
        entry = given.entry
        member_id = entry.badge.member_id if entry.badge is not None else self._meant(entry.name)
        # A name that is nobody's is waited for like a member's, and checked like one: the answer tells nobody
        # who belongs here.
        who = self._nobody(entry.name) if member_id is None else str(member_id)
        counted = await self._tries.count(who, self._clock.stamp())
        if not counted.allowed:
            self.keys.let_go()
            self._scene.show(too_many(self._speaker()))
            return
        self._put(entry)
        stored = None if member_id is None else self._directory.pins.get(member_id)
        answer = PinChecked(entry, member_id, who, right=False, waits_next=counted.waits_next)
        self._checking = asyncio.create_task(self._check(stored, given.pin, answer), name="pin")
        self._checking.add_done_callback(_not_failed)

    async def _check(self, stored: MemberPin | None, pin: str, answer: PinChecked) -> None:
        right = await asyncio.to_thread(is_right, self._key, stored, pin)
        self._on_checked(replace(answer, right=right))

    def _meant(self, name: str) -> MemberId | None:
        return meant_by(name, self._directory.members.values())

    def _nobody(self, name: str) -> str:
        """Return what stands for a name that is nobody's: never the name itself."""
        return NOBODY + hmac.new(self._key.secret, folded(name).encode(), hashlib.sha256).hexdigest()[:32]

    def _put(self, entry: Entry) -> None:
        self._entry = entry
        self.keys.show(typing_of(self._speaker(), entry))


def _not_failed(checking: asyncio.Task[None]) -> None:
    """Let a check that failed end the program, as any callback that fails does: it is started again whole."""
    if not checking.cancelled():
        checking.result()
