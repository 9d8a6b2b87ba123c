"""A badge that asks for a PIN, and a name and a PIN: with the real hub, feed, chip and terminal."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from community.pins import FOR_MEMBER
from community.proofs import Level
from foyer.members import import_members
from foyer.pins import set_pin
from hardware.virtual.port import VirtualPn532
from plumbing.database import Database, open_engine
from sync.store import cards, secure_badges
from tests.fakes.brokers import free_port
from tests.fakes.members import CARDS, LEA, write
from tests.fakes.programs import Hub, KioskProgram, kiosk_rows, wait_until
from tests.fakes.terminal import KioskTerminal

PIN, WRONG = "7394", "8520"
DOWN = "\r"


@pytest.fixture
def house(tmp_path: Path, virtual: VirtualPn532) -> Iterator[tuple[KioskTerminal, KioskProgram]]:
    """A hub with Léa, whose badge asks for her PIN, and a kiosk that has heard of it."""
    hub = Hub(tmp_path / "hub", free_port(), embedded=True)
    assert not import_members(hub.settings, write(hub.folder)).problems
    set_pin(hub.settings, "Léa", PIN)
    database = Database(open_engine(hub.database))

    def ask(connection) -> int:
        (badge,) = [each for each in secure_badges.all_badges(connection) if each.member_id == LEA]
        return cards.set_level(connection, badge.hash, Level.PIN)

    database.write_now(ask)
    database.close()
    hub.start()
    kiosk = KioskProgram(tmp_path / "kiosk", f"pn532:{virtual.path}", hub.broker_port, hub.badge_key)
    terminal = KioskTerminal(kiosk.settings)
    try:
        terminal.start()
        terminal.shows("0  Badge oublié ?")
        yield terminal, kiosk
    finally:
        terminal.kill()
        hub.kill()


def tap(virtual: VirtualPn532, terminal: KioskTerminal, shows: str) -> None:
    """Hold Léa's card to the reader until something is shown, and lift it."""
    virtual.present(CARDS[LEA])
    terminal.shows(shows)
    virtual.lift()
    assert virtual.wait_for_polls(3, 20.0)


def kinds(kiosk: KioskProgram) -> list[str]:
    return [json.loads(raw)["event"]["kind"] for _, raw in sorted(kiosk_rows(kiosk.file).items())]


def wrong(kiosk: KioskProgram) -> int:
    with closing(sqlite3.connect(f"file:{kiosk.file}?mode=ro", uri=True)) as database:
        row = database.execute("SELECT wrong FROM tries WHERE who = ?", (LEA,)).fetchone()
    return 0 if row is None else row[0]


@pytest.mark.timeout(480)
def test_a_tap_counts_once_the_pin_was_typed(house, virtual: VirtualPn532):
    terminal, kiosk = house
    tap(virtual, terminal, "Personne ne les voit")
    assert kinds(kiosk) == []
    terminal.types(WRONG + DOWN)
    terminal.shows("Essayez encore")
    assert "Bonjour" not in terminal.words()
    terminal.types(PIN + DOWN)
    wait_until(lambda: kinds(kiosk)[:2] == ["pin_refused", "checked_in"], "the tap to count")
    assert wrong(kiosk) == 0
    log = (kiosk.folder / "kiosk.log").read_text()
    assert PIN not in log
    assert WRONG not in log
    assert "argon2" not in log


@pytest.mark.timeout(480)
def test_a_name_and_a_pin_come_in_without_a_badge(house):
    terminal, kiosk = house
    terminal.types("0")
    terminal.shows("comme on vous salue ici")
    terminal.types("lea" + DOWN)
    terminal.shows("Personne ne les voit")
    terminal.types(PIN + DOWN)
    wait_until(lambda: kinds(kiosk)[:1] == ["checked_in"], "the check-in")


@pytest.mark.timeout(480)
def test_killing_the_kiosk_between_wrong_tries_gains_none(house, virtual: VirtualPn532):
    terminal, kiosk = house
    for n in range(1, FOR_MEMBER.free + 1):
        tap(virtual, terminal, "Personne ne les voit")
        terminal.types(WRONG + DOWN)
        wait_until(lambda n=n: wrong(kiosk) == n, "the try to be counted")
        terminal.kill()
        terminal.start()
        terminal.shows("0  Badge oublié ?")
    tap(virtual, terminal, "Personne ne les voit")
    terminal.types(PIN + DOWN)
    terminal.shows("That was wrong several times")
    assert wrong(kiosk) == FOR_MEMBER.free
    assert set(kinds(kiosk)) <= {"pin_refused"}, "nobody came in"
