"""`foyer demo`: the whole house in this terminal, with members who come and go by themselves."""

import asyncio
import logging

from community.desk import Rules
from community.ids import MemberId
from foyer.doorbell import Doorbell
from foyer.house import House
from foyer.village.life import Act, Life, Move
from hardware.uid import Uid, parse_typed
from kiosk.bootstrap import Kiosk, Observers
from kiosk.core.inbox import Trace
from kiosk.settings import Glyphs
from plumbing import logs

log = logging.getLogger(__name__)

CROWD = 11
"""People who are in when the demo begins: enough to be introduced to, few enough to read."""

ANSWER_S = Rules().answer_s + 0.7
"""Seconds after which somebody answers their card: they read, then tap."""

STRANGER = bytes.fromhex("04F0F0F0F0F0F0")
"""The number of the badge that nobody has linked."""

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
        self.kiosk: Kiosk | None = None

    def begin(self, kiosk: Kiosk) -> None:
        """Take the kiosk, and learn from its log who is in."""
        self.kiosk = kiosk
        self._present = self._house.inside(kiosk)
        self._say()

    def traced(self, trace: Trace) -> None:
        """Follow who is in."""
        if trace.member is not None and trace.outcome in ARRIVALS:
            self._present.add(trace.member)
        elif trace.member is not None and trace.outcome == "Left":
            self._present.discard(trace.member)

    def pressed(self, key: str) -> None:
        """Deal with a key of the demo's own: arrows and letters choose, Enter taps."""
        match key:
            case "left" | "right":
                self._chosen = (self._chosen + (1 if key == "right" else -1)) % len(self._members)
            case "enter" | "f2" | "f3" | "f4":
                self._wishes.put_nowait(key)
            case letter if len(letter) == 1 and letter.isalpha():
                self._jump(letter)
            case _:
                return
        self._say()

    async def ring(self, what: str) -> str:
        """Answer `foyer tap`."""
        match what:
            case "unknown":
                self._wishes.put_nowait("f2")
                return "a badge that nobody has linked is on the reader"
            case "phone":
                self._wishes.put_nowait("f3")
                return "a phone is on the reader"
            case _:
                return self._tap_for(what)

    def _tap_for(self, what: str) -> str:
        member = self._house.find(what)
        if member is None:
            try:
                uid = parse_typed(what)[0]
            except ValueError:
                return (
                    f"nobody here is called {what!r}, and it is no badge number; try: Raphaël, Priya, Naïma"
                )
            self._wishes.put_nowait(uid)
            return "a badge with that number is on the reader"
        if not self._house.door.holds(member):
            return f"{self._house.names[member]} has no badge yet"
        self._wishes.put_nowait(Move(Act.LOOK, (member,)))
        return f"{self._house.names[member]}'s badge is on the reader"

    async def live(self) -> None:
        """Make the village live, until cancelled; what is asked for by key goes first."""
        while True:
            try:
                # Not `wait_for`: before Python 3.12 it may swallow the cancellation that ends us.
                async with asyncio.timeout(self._life.pause_s()):
                    wish = await self._wishes.get()
            except TimeoutError:
                wish = self._life.next(self._present)
            await self._do(wish)

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
        """Write the demo's line at the foot of the lobby."""
        if self.kiosk is None or self._house.running is None:
            return
        name = self._house.names[self._members[self._chosen]]
        code = self._house.running.code
        keys = f"◂ {name} ▸ Enter: badge · F2 ? · F3 phone · F4 cable · Ctrl-Q"
        self.kiosk.note_is(f"{keys} · {self._house.dashboard} code {code}")


async def run_demo(*, seed: int, port: int, half_blocks: bool) -> None:
    """Run the demo until Ctrl-Q.

    Raises:
        HubStartError: The hub did not start, for instance because the port is taken.
    """
    print("Foyer: putting up a hub, a dashboard, a door and a village of 60 …", flush=True)
    house = House(
        seed, dashboard_port=port, crowd=CROWD, glyphs=Glyphs.HALF if half_blocks else Glyphs.SEXTANT
    )
    logs.to_file(house.folder / "kiosk.log")
    async with house:
        demo = Demo(house)
        kiosk = await house.kiosk(Observers(trace=demo.traced, key=demo.pressed))
        demo.begin(kiosk)
        bell = Doorbell(demo.ring)
        await bell.start()
        try:
            async with asyncio.TaskGroup() as group:
                village = group.create_task(demo.live(), name="village")
                await kiosk.run_on_screen(asyncio.Event())
                village.cancel()
        finally:
            await bell.stop()
    print("Foyer: everything has stopped, and nothing was left on this machine.")
