"""A host at the door: badge, PIN, a new badge linked, with the real hub, feed, chip and terminal."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from foyer.cli import START_AGAIN
from foyer.members import import_members
from foyer.pins import set_pin
from hardware.virtual.port import VirtualPn532
from tests.fakes.brokers import free_port
from tests.fakes.members import CARDS, FILE, LEA, STRANGE, write
from tests.fakes.programs import Hub, KioskProgram, kiosk_rows, wait_until
from tests.fakes.terminal import KioskTerminal

PIN = "7394"
DOWN = "\r"


@pytest.fixture
def house(tmp_path: Path, virtual: VirtualPn532) -> Iterator[tuple[Hub, KioskTerminal, KioskProgram]]:
    """A hub where Léa looks after the place and has a PIN, and a kiosk that has heard of it."""
    hub = Hub(tmp_path / "hub", free_port(), embedded=True)
    lines = [
        f"{line},{'host' if n == 0 else 'yes' if line.startswith(LEA) else ''}"
        for n, line in enumerate(FILE.splitlines())
    ]
    assert not import_members(hub.settings, write(hub.folder, "\n".join(lines) + "\n")).problems
    set_pin(hub.settings, "Léa", PIN)
    hub.start()
    kiosk = KioskProgram(tmp_path / "kiosk", f"pn532:{virtual.path}", hub.broker_port, hub.badge_key)
    terminal = KioskTerminal(kiosk.settings)
    try:
        terminal.start()
        terminal.shows("0  Badge oublié ?")
        yield hub, terminal, kiosk
    finally:
        terminal.kill()
        hub.kill()


def tap(virtual: VirtualPn532, terminal: KioskTerminal, card, shows: str) -> None:
    """Hold a card to the reader until something is shown, and lift it."""
    virtual.present(card)
    terminal.shows(shows)
    virtual.lift()
    assert virtual.wait_for_polls(3, 20.0)


def comes_in(virtual: VirtualPn532, terminal: KioskTerminal) -> None:
    tap(virtual, terminal, CARDS[LEA], "Accueil")
    terminal.types("h")
    terminal.shows("Personne ne les voit")
    terminal.types(PIN + DOWN)
    terminal.shows("Associer un badge")


def asks_for_link(virtual: VirtualPn532, terminal: KioskTerminal) -> None:
    """Ask for the strange badge to be Amina's."""
    terminal.types("1")
    terminal.shows("Pose le nouveau badge")
    tap(virtual, terminal, STRANGE, "Tape les premi")
    terminal.types("ami")
    terminal.shows("1  Amina")
    terminal.types("1")
    terminal.shows("C\u2019est bien \u00e7a")
    terminal.types("1")


def knows_the_new_badge(kiosk: KioskProgram) -> bool:
    with closing(sqlite3.connect(f"file:{kiosk.file}?mode=ro", uri=True, timeout=30)) as database:
        return (
            database.execute("SELECT count(*) FROM items WHERE kind = 'badge'").fetchone()[0]
            == len(CARDS) + 1
        )


def events(kiosk: KioskProgram) -> list[dict]:
    return [json.loads(raw)["event"] for _, raw in sorted(kiosk_rows(kiosk.file).items())]


@pytest.mark.timeout(480)
def test_a_badge_that_a_host_links_greets_its_member_a_moment_later(house, virtual: VirtualPn532):
    _hub, terminal, kiosk = house
    comes_in(virtual, terminal)
    asks_for_link(virtual, terminal)
    terminal.shows("Dans un instant")
    terminal.types("0" + "2")
    terminal.shows("cette porte")
    wait_until(lambda: knows_the_new_badge(kiosk), "the feed to bring the badge")
    tap(virtual, terminal, STRANGE, "Entr")
    kinds = [event["kind"] for event in events(kiosk)]
    assert kinds.count("badge_link_asked") == 1
    assert "roll_call_opened" in kinds
    assert [e["member"] for e in events(kiosk) if e["kind"] == "checked_in"] == ["lea", "amina"]
    log = (kiosk.folder / "kiosk.log").read_text()
    assert "Amina" not in log
    assert PIN not in log


@pytest.mark.timeout(480)
def test_a_power_cut_before_the_hub_heard_of_it_loses_nothing(house, virtual: VirtualPn532):
    hub, terminal, kiosk = house
    hub.kill()
    comes_in(virtual, terminal)
    asks_for_link(virtual, terminal)
    terminal.shows("joint")
    terminal.kill()
    assert [event["kind"] for event in events(kiosk)].count("badge_link_asked") == 1
    hub.start()
    terminal.start()
    terminal.shows("0  Badge oublié ?")
    wait_until(lambda: "badge_link_asked" in hub.rows.kinds("amina"), "the hub to hear of it")
    wait_until(lambda: knows_the_new_badge(kiosk), "the feed to bring the badge")
    tap(virtual, terminal, STRANGE, "Entr")
    assert [e["member"] for e in events(kiosk) if e["kind"] == "checked_in"][-1] == "amina"


@pytest.mark.timeout(480)
def test_a_host_restarts_the_program(house, virtual: VirtualPn532):
    _hub, terminal, _kiosk = house
    comes_in(virtual, terminal)
    terminal.types("6")
    terminal.shows("Rien n\u2019est perdu")
    terminal.types("1")
    assert terminal.ends() == START_AGAIN
