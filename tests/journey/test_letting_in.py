"""A kiosk is let in by a code, works over an encrypted line, gets a new password, is shut out, comes back.

The real programs and a real Mosquitto: `foyer hub broker-config`, `foyer hub`, `foyer enrol`, `foyer kiosk`.
"""

import json
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from community.clock import Stamp
from community.events import CheckedIn
from community.ids import MemberId
from community.members import Member
from kiosk.enrolment import FILE
from kiosk.store.log import Log
from kiosk.store.tables import open_database
from plumbing.database import Database, open_engine
from sync.store import directory
from tests.fakes.brokers import GeneratedMosquitto, free_port
from tests.fakes.programs import Hub, Program, kiosk_rows, revision, wait_until
from tests.sync.dashboard.house import Browser

ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith("FOYER_")} | {"LC_ALL": "C.UTF-8"}


def foyer(*arguments: str, status: int = 0, **more: str) -> str:
    """Run the command to its end; return what it says."""
    done = subprocess.run(
        [sys.executable, "-m", "foyer", *arguments],
        env=ENVIRONMENT | more,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == status, done.stderr + done.stdout
    return done.stdout + done.stderr


class Place:
    """A hub that lets kiosks in, its broker, and the page of kiosks."""

    def __init__(self, folder: Path) -> None:
        self.mosquitto = GeneratedMosquitto(folder)
        self.hub = Hub(folder / "hub", self.mosquitto.plain_port)
        self.port = free_port()
        word = folder / "hub" / "broker.password"
        word.write_text("a long password of the hub\n")
        self.hub.settings.write_text(
            self.hub.settings.read_text().replace(
                "[broker]\n", f'[broker]\nusername = "foyer_hub"\npassword_file = "{word}"\n'
            )
            + f'[kiosks]\nbroker_folder = "{self.mosquitto.files}"\nauthority_folder = "{folder}/authority"\n'
            f'host = "127.0.0.1"\nport = {self.port}\nbroker_port = {self.mosquitto.port}\n'
            f'pid_file = "{self.mosquitto.pid_file}"\nnames = ["127.0.0.1"]\n'
        )

    def open(self) -> None:
        said = foyer("hub", "broker-config", "--settings", str(self.hub.settings))
        assert "Mosquitto's files are written. Kiosks that may come in: 0." in said
        self.mosquitto.start()
        self.hub.start()
        announced = [json.loads(line) for line in self.hub.program.out.read_text().splitlines()]
        code = next(line["code"] for line in announced if "code" in line)
        self.dashboard = Browser(_At(self.hub.dashboard_port, [code]))
        assert self.dashboard.set_up().status == 303

    def close(self) -> None:
        self.hub.program.kill()
        self.mosquitto.stop()

    def ask(self, do: str, kiosk: str = "front-door"):
        form = {"form_token": self.dashboard.form_token("/kiosks"), "do": do, "kiosk": kiosk}
        return self.dashboard.post("/kiosks", form)

    def code(self, kiosk: str = "front-door") -> str:
        return re.search(r'<b class="code">([^<]+)</b>', self.ask("code", kiosk).text)[1]

    @property
    def address(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def member(self, member: str) -> None:
        with closing(Database(open_engine(self.hub.database))) as database:
            database.write_now(lambda c: directory.put_member(c, Member(MemberId(member), "Élise")))


class _At:
    """What a browser must know of a house."""

    def __init__(self, port: int, codes: list[str]) -> None:
        self.port, self.codes = port, codes


class Door:
    """A kiosk's machine."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.program = Program("kiosk", folder)
        self.settings = folder / "kiosk.toml"
        self.settings.write_text(
            f'id = "not-this"\ndata_folder = "{folder}"\n'
            '[space]\nid = "nor-this"\n[reader]\ndevice = "none"\n'
        )
        self.papers = folder / FILE
        self.file = folder / "kiosk.db"

    def enrol(self, address: str, code: str, status: int = 0, **more: str) -> str:
        return foyer("enrol", address, code, "--settings", str(self.settings), status=status, **more)

    def start(self) -> None:
        self.program.run("kiosk", "--settings", str(self.settings), "--headless")

    def note(self, member: str, count: int = 1) -> None:
        """Write events as taps would, while the program does not run."""
        import asyncio

        async def write() -> None:
            with closing(open_database(self.file)) as database:
                stamp = Stamp(1, "boot", 1, synced=True)
                await Log(database).append([(stamp, CheckedIn(MemberId(member)))] * count)

        asyncio.run(write())

    def held(self) -> dict:
        return json.loads(self.papers.read_text())

    def knows(self) -> int:
        """How many things of the feed are in its notebook."""
        with closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True, timeout=30)) as database:
            return database.execute("SELECT count(*) FROM items").fetchone()[0]


@pytest.fixture
def place(tmp_path):
    made = Place(tmp_path)
    try:
        made.open()
        yield made
    finally:
        made.close()


@pytest.fixture
def door(tmp_path):
    made = Door(tmp_path / "door")
    try:
        yield made
    finally:
        made.program.kill()


def test_a_kiosk_from_its_code_to_being_shut_out_and_back(place, door):
    place.member("m1")
    code = place.code()
    said = door.enrol(place.address, code.lower().replace("-", " "))
    assert "This kiosk is let in as front-door of the space nook" in said
    assert code.split("-")[1] not in said, "no secret is said again"
    assert door.papers.stat().st_mode & 0o777 == 0o600
    papers = door.held()
    assert papers["badge_key"] == place.hub.badge_key.read_text().strip()
    assert len(papers["password"]) >= 43, "256 bits"

    # It works: signed batches arrive by an encrypted line, the directory comes back.
    door.note("m1", 3)
    door.start()
    wait_until(lambda: len(place.hub.rows.events()) == 3, "events to arrive")
    wait_until(lambda: revision(door.file) > 0, "the directory to come")
    assert door.knows() > 0
    assert place.hub.rows.quarantined() == 0

    # A new password, used at once, the old one ends.
    assert place.ask("renew").headers["location"] == "/kiosks?said=renewed"
    wait_until(lambda: door.held()["credential"] == 2, "the new password")
    passwords = place.mosquitto.files / "foyer.passwd"
    wait_until(lambda: "nook.front-door.1:" not in passwords.read_text(), "the old password to end")
    assert "nook.front-door.2:" in passwords.read_text()

    # It is shut out: it forgets, and keeps what was not sent.
    assert place.ask("revoke").headers["location"] == "/kiosks?said=revoked"
    wait_until(lambda: door.held()["revoked"], "the kiosk to forget")
    assert door.knows() == 0
    held = door.held()
    assert (held["password"], held["private_key"], held["badge_key"]) == ("", "", "")
    assert "nook.front-door" not in passwords.read_text()
    assert "Élise".encode() not in b"".join(file.read_bytes() for file in door.folder.glob("kiosk.db*"))
    door.program.stop()
    door.note("m1", 2)
    assert len(kiosk_rows(door.file)) == 5
    door.start()
    wait_until(lambda: b"waits for a new code" in door.program.err.read_bytes(), "it to say so")
    assert "shut this kiosk out" in foyer("doctor", "--kiosk-settings", str(door.settings), status=1)
    door.program.stop()

    # And comes back by a new code, with what it kept.
    door.enrol(place.address, place.code())
    assert door.held()["credential"] == 3
    door.start()
    wait_until(lambda: len(place.hub.rows.events()) == 5, "what was kept to arrive")
    assert place.hub.rows.quarantined() == 0


def test_a_kiosk_that_was_away_learns_from_the_hub_that_it_was_shut_out(place, door):
    place.member("m1")
    door.enrol(place.address, place.code())
    door.note("m1")
    door.start()
    wait_until(lambda: revision(door.file) > 0, "the directory to come")
    door.program.kill()
    place.ask("revoke")
    door.start()
    wait_until(lambda: door.held()["revoked"], "the kiosk to ask and forget", limit_s=60)
    assert door.knows() == 0


def test_a_kiosk_with_copied_papers_and_another_key_is_not_believed(place, door):
    door.enrol(place.address, place.code())
    stolen = door.held() | {"private_key": "11" * 32}
    door.papers.write_text(json.dumps(stolen))
    door.note("m1")
    door.start()
    wait_until(place.hub.rows.quarantined, "the batch to be set aside")
    assert place.hub.rows.events() == []
    assert "not that of its kiosk" in place.hub.rows.reasons()[0]
    assert "It may be forged" in place.dashboard.get("/quarantine").text


def test_whatever_is_wrong_with_a_code_is_said(place, door, tmp_path):
    code = place.code()
    assert "this is no code" in door.enrol(place.address, code[:-1], status=2)
    head, pin = code[:12], code[12:]
    other = "0" if pin[-1] != "0" else "1"
    assert "not the hub that this code is from" in door.enrol(place.address, code[:-1] + other, status=2)
    wrong = f"{head[:3]}{'0000-0000' if '0000-0000' not in head else '1111-1111'}{pin}"
    assert "the hub does not know this code" in door.enrol(place.address, wrong, status=2)
    assert "no hub answers" in door.enrol(f"https://127.0.0.1:{free_port()}", code, status=2)
    assert "write it like https" in door.enrol("http://127.0.0.1", code, status=2)
    dashboard = f"https://127.0.0.1:{place.hub.dashboard_port}"
    assert "no encrypted line" in door.enrol(dashboard, code, status=2)
    elsewhere = f"https://127.0.0.2:{place.port}"
    assert "no hub answers" in door.enrol(elsewhere, code, status=2)
    in_french = door.enrol(place.address, code[:-1], status=2, LC_ALL="fr_FR.UTF-8")
    assert "this is no code" not in in_french
    assert not door.papers.exists()
    assert "let in as front-door" in door.enrol(place.address, code)
    assert "does not know this code" in door.enrol(place.address, code, status=2)


def test_five_wrong_tries_end_a_code(place, door):
    code = place.code()
    wrong = f"{code[:3]}0000-0000{code[12:]}"
    for _ in range(5):
        door.enrol(place.address, wrong, status=2)
    assert "this code is over" in door.enrol(place.address, code, status=2)


def test_a_code_made_at_the_hub_s_machine_lets_a_kiosk_in_too(place, door):
    settings = ("--settings", str(place.hub.settings))
    assert "cannot be a kiosk's name" in foyer("hub", "kiosk-code", "Side Door", *settings, status=2)
    code = foyer("hub", "kiosk-code", "side-door", *settings).splitlines()[0]
    assert "This kiosk is let in as side-door of the space nook" in door.enrol(place.address, code)
    assert "by a command" in place.dashboard.get("/record").text
    door.note("m1", 2)
    door.start()
    wait_until(lambda: len(place.hub.rows.events()) == 2, "events to arrive")


def test_without_a_folder_for_the_broker_s_files_there_is_no_code(tmp_path):
    hub = Hub(tmp_path / "hub", 1)
    said = foyer("hub", "kiosk-code", "side-door", "--settings", str(hub.settings), status=2)
    assert "set broker_folder in [kiosks] first" in said
