"""`foyer demo`: the whole house in this terminal, with members who come and go by themselves."""

import asyncio
import logging
import shutil
from pathlib import Path

from community.desk_rules import Rules
from community.ids import MemberId
from foyer import demolobby
from foyer.demodoor import KEYS, DemoDoor, has_room
from foyer.doorbell import Answer, Doorbell
from foyer.house import PIN, PIN_OF, SPACE, House
from foyer.language import speaker, tell
from foyer.village.life import Act, Life, Move
from hardware.uid import Uid, parse_typed
from kiosk.bootstrap import Kiosk
from kiosk.core.inbox import Trace
from kiosk.observers import Observers
from kiosk.settings import Glyphs
from kiosk.ui.widgets.aside import COLUMNS
from plumbing import logs
from plumbing.clock import Clock
from plumbing.words import Sentence

log = logging.getLogger(__name__)

CROWD = 15
"""People who are in when the demo begins: enough to be introduced to, few enough to read."""

ANSWER_S = Rules().answer_s + 0.7
"""Seconds after which somebody answers their card: they read, then tap."""

STRANGER = bytes.fromhex("04F0F0F0F0F0F0")
"""The number of the badge that nobody has linked."""

MARGINS = 16
"""Columns at both sides of the lobby's foot, and those of the way in without a badge at its shortest."""

ARRIVALS = {"Arrived", "LeaveUndone"}


class Demo:
    """The demo's own part: who taps next, and what the keys do.  Lives as long as the demo."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._members = [person.id for person in house.people if person.badge]
        self._chosen = 0
        self._present: set[MemberId] = set()
        self._life = Life(house.people, house.chance)
        self._wishes: asyncio.Queue[Move | Uid | str] = asyncio.Queue()
        self._at_the_door: asyncio.Queue[str] = asyncio.Queue()
        self._translated = speaker()
        self.leave = asyncio.Event()
        """Set when somebody wants to end the demo in a way the kiosk does not know."""
        self.kiosk: Kiosk | None = None
        self.door: DemoDoor | None = None
        """The microcontroller, with --door."""

    def begin(self, kiosk: Kiosk) -> None:
        """Take the kiosk, and learn from its log who is in."""
        self.kiosk = kiosk
        self._present = self._house.inside(kiosk)
        self._house.on_code(self._say)
        self._say()

    def traced(self, trace: Trace) -> None:
        """Follow who is in."""
        if trace.member is not None and trace.outcome in ARRIVALS:
            self._present.add(trace.member)
        elif trace.member is not None and trace.outcome == "Left":
            self._present.discard(trace.member)

    def pressed(self, key: str) -> None:
        """Deal with a key of the demo's own: arrows and letters choose, Enter taps, Ctrl-C leaves."""
        match key:
            case "ctrl+c":
                self.leave.set()
            case "left" | "right":
                self._chosen = (self._chosen + (1 if key == "right" else -1)) % len(self._members)
            case "enter" | "f2" | "f3" | "f4":
                self._wishes.put_nowait(key)
            case _ if key in KEYS and self.door is not None:
                self._at_the_door.put_nowait(key)
                return
            case letter if len(letter) == 1 and letter.isalpha():
                self._jump(letter)
            case _:
                return
        self._say()

    async def ring(self, what: str) -> Answer:
        """Answer `foyer tap`."""
        if what == "unknown":
            self._wishes.put_nowait("f2")
            return Answer(Sentence("a badge that nobody has linked is on the reader"))
        if what == "phone":
            self._wishes.put_nowait("f3")
            return Answer(Sentence("a phone is on the reader"))
        match self._house.find(what):
            case (member,):
                return self._tap_for(member)
            case ():
                return self._tap_number(what)
            case several:
                names = ", ".join(self._house.names[member] for member in several)
                return Answer(Sentence("several names begin so: {names}", names=names), rung=False)

    def _tap_for(self, member: MemberId) -> Answer:
        name = self._house.names[member]
        if not self._house.door.holds(member):
            return Answer(Sentence("{name} has no badge yet", name=name), rung=False)
        self._wishes.put_nowait(Move(Act.LOOK, (member,)))
        return Answer(Sentence("{name}'s badge is on the reader", name=name))

    def _tap_number(self, what: str) -> Answer:
        try:
            uid = parse_typed(what)[0]
        except ValueError:
            nobody = Sentence(
                "nobody here is called {what!r}, and it is no badge number; try: Raphaël, Priya, Naïma",
                what=what,
            )
            return Answer(nobody, rung=False)
        self._wishes.put_nowait(uid)
        return Answer(Sentence("a badge with that number is on the reader"))

    async def live(self) -> None:
        """Make the village live, until cancelled; what is asked for by key goes first."""
        while True:
            try:
                # Not `wait_for`: before Python 3.12 it may swallow the cancellation that ends us.
                async with asyncio.timeout(self._life.pause_s()):
                    wish = await self._wishes.get()
            except TimeoutError:
                if self.kiosk is not None and self.kiosk.typing:
                    continue  # nobody of the village takes the screen from whoever types
                wish = self._life.next(self._present)
            await self._do(wish)

    async def stand_at(self, door: DemoDoor) -> None:
        """Do what the door's own keys ask for, until cancelled."""
        while True:
            await door.press(await self._at_the_door.get())
            self._say()

    async def _do(self, wish: Move | Uid | str) -> None:
        door = self._house.door
        match wish:
            case "enter":
                await door.tap(self._members[self._chosen])
            case "f2" | Move(act=Act.UNKNOWN):
                await door.tap_uid(STRANGER)
            case Uid(value=number):
                await door.tap_uid(number)
            case "f3" | Move(act=Act.PHONE):
                await door.tap_phone()
            case "f4":
                plugged = await asyncio.to_thread(door.toggle_cable)
                log.info("the virtual reader's cable is %s", "in" if plugged else "out")
            case Move(act=Act.LEAVE, people=(member,)):
                await door.tap(member)
                await asyncio.sleep(ANSWER_S)
                await door.tap(member)
            case Move(people=people):
                for member in people:
                    await door.tap(member)
            case _:
                pass

    def _jump(self, letter: str) -> None:
        """Choose the next member whose name begins with a letter."""
        names = [self._house.names[member].casefold() for member in self._members]
        later = [*range(self._chosen + 1, len(names)), *range(self._chosen + 1)]
        self._chosen = next((i for i in later if names[i].startswith(letter.casefold())), self._chosen)

    def _say(self) -> None:
        """Write the demo's line, at the foot of the lobby and over every other view."""
        if self.kiosk is None or self._house.running is None:
            return
        name = self._house.names[self._members[self._chosen]]
        code = self._house.running.code
        keys = Sentence("◂ {name} ▸ Enter: badge · F2 ? · F3 phone · F4 cable · Ctrl-Q: end", name=name)
        by_name = Sentence("0: {name}, PIN {pin}", name=PIN_OF, pin=PIN).said(self._translated)
        dashboard = self._house.dashboard
        place = dashboard.removeprefix("http://")
        long = f"{keys.said(self._translated)} · {by_name} · {dashboard}{f' code {code}' if code else ''}"
        place = f"{place} {code}".rstrip()
        short = f"◂ {name} ▸ Enter · Ctrl-Q · {place}"
        middle = Sentence(
            "◂ {name} ▸ Enter · F2 ? · F3 phone · F4 cable · 0 {who} {pin} · Ctrl-Q: end",
            name=name,
            who=PIN_OF,
            pin=PIN,
        ).said(self._translated)
        notes = [long, f"{middle} · {place}", f"{short} · 0 {PIN_OF} {PIN}", short]
        room = shutil.get_terminal_size().columns - MARGINS
        if self.door is not None and has_room():
            room -= COLUMNS
        elif self.door is not None:
            notes = [*(f"{self.door.note} · {note}" for note in notes), short]
        self.kiosk.note_is(next((note for note in notes if len(note) <= room), notes[-1]))


async def run_demo(folder: Path, *, seed: int, port: int, half_blocks: bool, with_door: bool = False) -> None:
    """Run the demo until Ctrl-Q or Ctrl-C.

    Args:
        folder: Where everything is written; the caller removes it.
        seed: Of the village.
        port: Of the dashboard; 0 takes a free one.
        half_blocks: For terminal fonts that lack sextant glyphs.
        with_door: With the door's microcontroller, and its picture.

    Raises:
        UsageError: The dashboard cannot have that port, or the door's firmware nothing to run in.
        DoorbellError: There is no place for the doorbell.
        HubStartError: The hub did not start.
    """
    tell(Sentence("Foyer: putting up a hub, a dashboard, a door and a village of 60 …"))
    house = House(
        folder, seed, dashboard_port=port, crowd=CROWD, glyphs=Glyphs.HALF if half_blocks else Glyphs.SEXTANT
    )
    logs.to_file(folder / "kiosk.log")
    demo = Demo(house)
    if with_door:
        demo.door = DemoDoor(folder / "door", lambda aside: kiosk.aside_is(aside))  # noqa: PLW0108 - made below
    demolobby.write_calendar(folder, SPACE, Clock().at())
    bell = Doorbell(demo.ring)
    await bell.start()  # before anything that takes its time: what is wrong there is said at once
    try:
        async with house:
            device = "none" if demo.door is None else str(demo.door.board.path)
            observers = Observers(trace=demo.traced, key=demo.pressed)
            kiosk = await house.kiosk(observers, door=device, sound=True)
            demo.begin(kiosk)
            demolobby.write_settings(folder, SPACE, kiosk.settings.broker.port)
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(demo.live(), name="village")]
                if demo.door is not None:
                    demo.door.start()
                    tasks.append(group.create_task(demo.door.live(), name="door"))
                    tasks.append(group.create_task(demo.stand_at(demo.door), name="door keys"))
                await kiosk.run_on_screen(demo.leave)
                for task in tasks:
                    task.cancel()
    finally:
        if demo.door is not None:
            await asyncio.to_thread(demo.door.stop)
        await bell.stop()
    tell(Sentence("Foyer: everything has stopped, and nothing was left on this machine."))
