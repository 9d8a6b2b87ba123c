"""A guest at the lobby: from the keys of a real terminal to the hosts' page, and no further."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from hardware.virtual.port import VirtualPn532
from tests.fakes.members import CARDS, LEA
from tests.fakes.programs import Hub, KioskProgram, Recorder, kiosk_rows, wait_until
from tests.fakes.terminal import KioskTerminal

WHOM, NAME = "lea", "barnabe"
DOWN = "\r"


@pytest.fixture
def house(hub: Hub, tmp_path: Path, virtual: VirtualPn532) -> Iterator[tuple[KioskTerminal, KioskProgram]]:
    kiosk = KioskProgram(tmp_path / "kiosk", f"pn532:{virtual.path}", hub.broker_port, hub.badge_key)
    terminal = KioskTerminal(kiosk.settings)
    try:
        terminal.start()
        terminal.shows("Je viens voir quelqu")
        yield terminal, kiosk
    finally:
        terminal.kill()


def words_here(kiosk: KioskProgram) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(f"file:{kiosk.file}?mode=ro", uri=True)) as database:
        return database.execute("SELECT asked, name FROM guests").fetchall()


@pytest.mark.timeout(480)
def test_a_guest_is_told_to_hosts_and_to_their_member_and_is_in_no_log(
    hub: Hub, house, virtual: VirtualPn532
):
    terminal, kiosk = house
    with Recorder(hub.broker_port) as recorder:
        terminal.types("8")
        terminal.shows("Le prénom suffit")
        terminal.types(WHOM + DOWN)
        terminal.shows("ou juste OK")
        terminal.types(NAME + DOWN)
        wait_until(lambda: hub_guests(hub) == [(LEA, WHOM, NAME, False)], "the hub to have the guest")
        wait_until(lambda: words_here(kiosk) == [], "the kiosk to forget what was typed")
        said = [topic.rpartition("/")[2] for topic, payload in recorder.messages if NAME.encode() in payload]
        assert set(said) == {"events"}, "the doors of the space are told that somebody came, and not who"
        assert not [topic for topic, _ in recorder.messages if NAME in topic or WHOM in topic]
    virtual.present(CARDS[LEA])
    terminal.shows("là pour toi depuis")
    virtual.lift()
    for raw in kiosk_rows(kiosk.file).values():
        assert NAME.encode() not in raw
    for file in (kiosk.folder / "kiosk.log", hub.program.err, hub.program.out):
        assert NAME not in file.read_text()


def hub_guests(hub: Hub) -> list[tuple[str, str, str, bool]]:
    from sync.store.schema import guests
    from tests.fakes.programs import HubRows

    return [
        (row.member_id, row.asked, row.name, row.met) for row in HubRows(hub.database)._all(guests.select())
    ]
