"""A kiosk that was never let in asks for its code on its own screen, and goes on into the lobby."""

import json
from pathlib import Path

import pytest

from tests.fakes.programs import revision, wait_until
from tests.fakes.terminal import KioskTerminal
from tests.journey.test_letting_in import Door, Place

DOWN = "\r"


@pytest.fixture
def place(tmp_path: Path):
    made = Place(tmp_path)
    try:
        made.open()
        yield made
    finally:
        made.close()


@pytest.fixture
def terminal(tmp_path: Path, place: Place):
    door = Door(tmp_path / "kiosk")
    door.settings.write_text(f'hub = "{place.address}"\n' + door.settings.read_text())
    made = KioskTerminal(door.settings)
    made.start()
    try:
        yield made, door
    finally:
        made.kill()


@pytest.mark.timeout(480)
def test_a_code_typed_at_the_kiosk_lets_it_in_without_a_restart(place: Place, terminal):
    screen, door = terminal
    screen.shows("Tape le code du tableau de bord")
    screen.shows("not-this")
    place.member("elise")
    code = place.code()
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    screen.types(wrong.lower().replace("-", "") + DOWN)
    screen.shows("La fin du code est fausse")
    assert not door.papers.exists()
    screen.types("\x7f" + code[-1] + DOWN)
    screen.shows("Tap your badge and see whom")
    assert door.held()["kiosk"] == "front-door"
    wait_until(lambda: revision(door.file) > 0, "the directory to come over the encrypted line")
    assert json.loads(door.papers.read_text())["space"] != "nor-this"
    log = (door.folder / "kiosk.log").read_text()
    assert code.replace("-", "") not in log.replace("-", "")


@pytest.mark.timeout(480)
def test_what_is_wrong_is_said_and_the_next_code_is_taken(place: Place, terminal):
    screen, _door = terminal
    screen.shows("Tape le code du tableau de bord")
    screen.types("7k" + DOWN)
    screen.shows("Un code a 26 lettres et chiffres")
    code = place.code()
    letters = code.replace("-", "")
    other = "2" if letters[5] != "2" else "3"
    screen.types("\x7f\x7f" + letters[:5] + other + letters[6:] + DOWN)
    screen.shows("ne connaît pas ce code")


@pytest.mark.timeout(480)
def test_whom_a_host_shut_out_asks_for_a_new_code_and_goes_on_with_it(place: Place, terminal):
    screen, door = terminal
    screen.shows("Tape le code du tableau de bord")
    place.member("elise")
    screen.types(place.code().lower().replace("-", "") + DOWN)
    screen.shows("Tap your badge and see whom")
    wait_until(lambda: revision(door.file) > 0, "the directory to come")
    place.ask("revoke")
    screen.shows("Tape le code du tableau de bord")
    wait_until(lambda: door.held()["revoked"], "the secrets to be gone")
    screen.types(place.code("side-door").lower().replace("-", "") + DOWN)
    screen.shows("Tap your badge and see whom")
    assert (door.held()["kiosk"], door.held()["revoked"]) == ("side-door", False)
    wait_until(lambda: revision(door.file) > 0, "the directory to come once more")


@pytest.mark.timeout(480)
def test_whom_a_host_shut_out_asks_for_a_new_code_after_a_restart_too(place: Place, terminal):
    screen, door = terminal
    screen.shows("Tape le code du tableau de bord")
    screen.types(place.code().lower().replace("-", "") + DOWN)
    screen.shows("Tap your badge and see whom")
    place.ask("revoke")
    wait_until(lambda: door.held()["revoked"], "the secrets to be gone")
    screen.kill()
    again = KioskTerminal(door.settings)
    again.start()
    try:
        again.shows("front-door (")
        again.shows("Shut out by a host")
    finally:
        again.kill()
