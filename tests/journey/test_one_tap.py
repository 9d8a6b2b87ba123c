"""One tap, end to end, through everything that is real: `docs/journey.md` as a test."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from community.wire.codec import decode
from community.wire.messages import Cursor, EventBatch
from hardware.virtual.port import VirtualPn532
from kiosk.core.views import Greeting, Lobby
from tests.contract.recorded import validate
from tests.fakes.members import AMINA, CARDS, LEA
from tests.fakes.programs import LIMIT_S, Hub, Recorder, kiosk_rows
from tests.fakes.witness import Witness, kiosk_on_screen


async def until(true: Callable[[], object]) -> None:
    """Poll, within bounds, what happens in another program."""
    async with asyncio.timeout(LIMIT_S):
        while not await asyncio.to_thread(true):  # noqa: ASYNC110 - another program sets no event of ours
            await asyncio.sleep(0.01)


def greetings(witness: Witness, name: str) -> list[tuple[Greeting, str]]:
    """The greetings of one person, with the words on the screen."""
    return [(view, words) for view, words in witness.seen(Greeting) if name in view.headline]


@pytest.mark.timeout(300)
async def test_a_tap_becomes_a_greeting_an_event_at_the_hub_and_presence_on_the_dashboard(
    tmp_path: Path, hub: Hub, virtual: VirtualPn532
):
    file = tmp_path / "kiosk.db"
    with Recorder(hub.broker_port) as recorder:
        async with kiosk_on_screen(
            tmp_path, virtual, broker_port=hub.broker_port, badge_key=hub.badge_key
        ) as witness:
            # The directory comes over the feed: until then nobody is known, and the place has no name.
            await witness.until(lambda: any(view.space_name == "Le Nook" for view, _ in witness.seen(Lobby)))

            await witness.knows_the_words_of(LEA, AMINA)

            first = await witness.tap(virtual, CARDS[AMINA])
            second = await witness.tap(virtual, CARDS[LEA])
            await witness.until(lambda: greetings(witness, "Léa"))
            await until(lambda: len(hub.rows.events()) == 4)
            await until(lambda: cursor(recorder) == 4)
            present = await asyncio.to_thread(hub.present)

    assert (first.outcome, first.member, first.seqs, first.introduced) == ("Arrived", AMINA, (1,), 0)
    assert (second.outcome, second.member, second.seqs, second.introduced) == ("Arrived", LEA, (2,), 1)

    greeting, words = greetings(witness, "Léa")[0]
    assert "Bonjour Léa" in words
    assert "Amina" in words
    assert "traduction" in words
    assert len(greeting.cards) == 1

    log = kiosk_rows(file)
    stored = {(epoch, seq): raw for epoch, seq, raw in hub.rows.events()}
    assert stored == log
    first_in, then_in, paired, introduced = [json.loads(raw)["event"] for _, raw in sorted(log.items())]
    assert first_in == {"kind": "checked_in", "member": AMINA}
    assert then_in == {"kind": "checked_in", "member": LEA}
    pairing = paired["pairing"]
    assert (paired["kind"], pairing["first"], pairing["second"]) == ("paired", AMINA, LEA)
    assert (pairing["slot"], pairing["seeks"]) == ("partner", LEA)
    assert (introduced["kind"], introduced["member"]) == ("introduced", LEA)
    assert introduced["shown"] == [{"member": AMINA, "slot": "partner"}]
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
        "told",
        "heard",
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
