"""One tap, end to end, through everything that is real: `docs/journey.md` as a test."""

import asyncio
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from community.ids import KioskId, SpaceId
from community.wire.codec import decode
from community.wire.messages import Cursor, EventBatch
from hardware.virtual.cards import Card
from hardware.virtual.port import VirtualPn532
from kiosk.bootstrap import Kiosk, Observers
from kiosk.core.views import Greeting, Lobby, View
from kiosk.settings import KioskSettings, ReaderSettings
from kiosk.taps import Trace
from plumbing.places import BrokerSettings, SpaceSettings
from tests.contract.recorded import validate
from tests.fakes.members import AMINA, CARDS, LEA
from tests.fakes.programs import KIOSK, LIMIT_S, SPACE, Hub, Recorder, kiosk_rows

SIZE = (120, 33)


class Witness:
    """Sees what the kiosk paints and traces, with the state of its log at that moment."""

    def __init__(self, log: Path) -> None:
        self.painted: list[tuple[View, str]] = []
        self.traces: list[Trace] = []
        self.log_when_painted: list[int] = []
        self._log = log
        self._changed = asyncio.Event()

    def paint(self, view: View, words: Sequence[str]) -> None:
        self.painted.append((view, " ".join(" ".join(words).split())))
        self.log_when_painted.append(len(kiosk_rows(self._log)))
        self._changed.set()

    def trace(self, trace: Trace) -> None:
        self.traces.append(trace)
        self._changed.set()

    async def until(self, true: Callable[[], object]) -> None:
        async with asyncio.timeout(LIMIT_S):
            while not true():
                self._changed.clear()
                await self._changed.wait()

    def greeting(self, name: str) -> tuple[Greeting, str] | None:
        return next(
            ((v, words) for v, words in self.painted if isinstance(v, Greeting) and name in v.headline), None
        )


async def until(true: Callable[[], object]) -> None:
    """Poll, within bounds, what happens in another program."""
    async with asyncio.timeout(LIMIT_S):
        while not await asyncio.to_thread(true):  # noqa: ASYNC110 - another program sets no event of ours
            await asyncio.sleep(0.01)


def settings(folder: Path, hub: Hub, virtual: VirtualPn532) -> KioskSettings:
    return KioskSettings(
        id=KioskId(KIOSK),
        space=SpaceSettings(SpaceId(SPACE), closing="04:00"),
        data_folder=str(folder),
        badge_key_file=str(hub.badge_key),
        reader=ReaderSettings(f"pn532:{virtual.path}"),
        broker=BrokerSettings(port=hub.broker_port),
    )


async def tap(virtual: VirtualPn532, witness: Witness, card: Card) -> Trace:
    """Hold a card to the reader until the kiosk has said what it means, and lift it."""
    before = len(witness.traces)
    virtual.present(card)
    await witness.until(lambda: len(witness.traces) > before)
    virtual.lift()
    assert await asyncio.to_thread(virtual.wait_for_polls, 3, LIMIT_S)
    return witness.traces[before]


@pytest.mark.timeout(90)
async def test_a_tap_becomes_a_greeting_an_event_at_the_hub_and_presence_on_the_dashboard(
    tmp_path: Path, hub: Hub, virtual: VirtualPn532
):
    file = tmp_path / "kiosk.db"
    witness = Witness(file)
    stop = asyncio.Event()
    with Recorder(hub.broker_port) as recorder:
        kiosk = Kiosk(settings(tmp_path, hub, virtual), Observers(trace=witness.trace, painted=witness.paint))
        async with asyncio.TaskGroup() as group:
            group.create_task(kiosk.run_on_screen(stop, without_terminal=SIZE))
            await witness.until(lambda: any(isinstance(v, Lobby) for v, _ in witness.painted))
            # The directory comes over the feed: until then nobody is known.
            await until(lambda: recorder.said("feed"))
            await witness.until(
                lambda: any(isinstance(v, Lobby) and v.space_name == "Le Nook" for v, _ in witness.painted)
            )

            first = await tap(virtual, witness, CARDS[AMINA])
            second = await tap(virtual, witness, CARDS[LEA])
            await witness.until(lambda: witness.greeting("Léa"))
            await until(lambda: len(hub.rows.events()) == 3)
            await until(lambda: cursor(recorder) == 3)
            present = await asyncio.to_thread(hub.present)
            stop.set()

    assert (first.outcome, first.member, first.seqs, first.introduced) == ("Arrived", AMINA, (1,), 0)
    assert (second.outcome, second.member, second.seqs, second.introduced) == ("Arrived", LEA, (2,), 1)

    greeting, words = witness.greeting("Léa") or pytest.fail("no greeting was painted")
    assert "Bonjour Léa" in words
    assert "Amina" in words
    assert "traduction" in words
    assert len(greeting.cards) == 1

    log = kiosk_rows(file)
    stored = {(epoch, seq): raw for epoch, seq, raw in hub.rows.events()}
    assert stored == log
    assert [json.loads(raw)["event"] for _, raw in sorted(log.items())] == [
        {"kind": "checked_in", "member": AMINA},
        {"kind": "checked_in", "member": LEA},
        {"kind": "introduced", "member": LEA, "shown": [{"member": AMINA, "slot": "partner"}]},
    ]
    assert hub.rows.quarantined() == 0
    assert present == {"present": 2, "members": [AMINA, LEA]}

    painted_greetings = [
        rows
        for (view, _), rows in zip(witness.painted, witness.log_when_painted, strict=True)
        if isinstance(view, Greeting)
    ]
    assert painted_greetings[0] >= 1, "a greeting was painted before its event was on the disk"

    assert {topic.rpartition("/")[2] for topic, _ in recorder.messages} == {
        "events",
        "status",
        "have",
        "cursor",
        "feed",
        "hub",
    }
    for topic, payload in recorder.messages:
        validate(topic, payload)
        assert not {"Amina", "Léa", "Paul"} & set(topic.split("/"))
    for payload in recorder.said("events"):
        assert "Léa".encode() not in payload, "a name stands in an event"
        assert CARDS[LEA].uid.hex().encode() not in payload.lower(), "a badge's number stands in an event"
    batches = [decode(payload, EventBatch) for payload in recorder.said("events")]
    assert all(isinstance(batch, EventBatch) for batch in batches)


def cursor(recorder: Recorder) -> int:
    """The last cursor the hub has said."""
    said = [decode(payload, Cursor) for payload in recorder.said("cursor")]
    return said[-1].upto if said and isinstance(said[-1], Cursor) else 0
