"""`foyer members pin` and `foyer badges labels`: what an operator does at the hub's own machine."""

import io
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from community.badges import BadgeKey
from community.pins import MemberPin
from foyer.errors import UsageError
from foyer.members import import_members
from foyer.pins import typed_pin
from plumbing.pins import is_right
from plumbing.secrets import load_or_make

MEMBERS = "id,name,badge\nlea,Léa Martin,04:A1:A1:A1:A1:A1:A1\npaul,Paul,04:A2:A1:A1:A1:A1:A1\nnobadge,Zoé,\n"


class Hub:
    """A hub's settings and database with three members."""

    def __init__(self, folder: Path) -> None:
        self.settings, self.folder = folder / "hub.toml", folder
        self.settings.write_text(
            f'database = "sqlite:///{folder}/hub.db"\nbadge_key_file = "{folder}/badge.key"\n'
            '[space]\nid = "nook"\n'
        )
        file = folder / "members.csv"
        file.write_text(MEMBERS, encoding="utf-8")
        assert not import_members(self.settings, file).problems

    def pin(self, member: str) -> MemberPin | None:
        with closing(sqlite3.connect(self.folder / "hub.db")) as database:
            row = database.execute(
                "SELECT body FROM feed WHERE kind = 'pin' AND key = ?", (member,)
            ).fetchone()
        return None if row is None or row[0] is None else msgspec.json.decode(row[0], type=MemberPin)

    def deeds(self) -> list[tuple[str, str]]:
        with closing(sqlite3.connect(self.folder / "hub.db")) as database:
            return database.execute("SELECT deed, subject FROM deeds ORDER BY id").fetchall()


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    return Hub(tmp_path)


def give(foyer, monkeypatch, hub: Hub, who: str, pin: str, *more: str):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{pin}\n"))
    return foyer("members", "pin", who, "--settings", hub.settings, *more)


def test_a_pin_is_set_by_name_or_id_and_taken_away(foyer, monkeypatch, hub: Hub):
    assert give(foyer, monkeypatch, hub, "lea martin", "7394").code == 0
    key = BadgeKey(1, load_or_make(hub.folder / "badge.key"))
    assert is_right(key, hub.pin("lea"), "7394")
    assert give(foyer, monkeypatch, hub, "paul", "739402").code == 0
    assert give(foyer, monkeypatch, hub, "lea", "", "--remove").code == 0
    assert hub.pin("lea") is None
    assert hub.deeds() == [("pin-set", "lea"), ("pin-set", "paul"), ("pin-removed", "lea")]


@pytest.mark.parametrize(
    ("who", "pin", "said"),
    [
        ("lea", "1234", "anybody tries first"),
        ("lea", "73", "4 to 8 digits"),
        ("lea", "73a4", "4 to 8 digits"),
        ("Martin", "7394", "no member has the id or the whole name"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(foyer, monkeypatch, hub: Hub, who: str, pin: str, said: str):
    ran = give(foyer, monkeypatch, hub, who, pin)
    assert said in ran.sentence
    assert hub.pin("lea") is None


def test_a_pin_is_never_an_argument(foyer, hub: Hub):
    assert foyer("members", "pin", "lea", "7394", "--settings", hub.settings).code != 0


def test_at_a_terminal_it_is_asked_twice_and_not_shown(monkeypatch: pytest.MonkeyPatch):
    leader, follower = os.openpty()
    with os.fdopen(leader, "r+b", buffering=0) as hand, os.fdopen(follower) as terminal:
        monkeypatch.setattr("sys.stdin", terminal)
        asked = []

        def typed(answers: list[str]):
            def ask(prompt: str) -> str:
                asked.append(prompt)
                return answers.pop(0)

            return ask

        monkeypatch.setattr("getpass.getpass", typed(["7394", "7394", "7394", "7395"]))
        assert typed_pin("PIN: ", "Again: ") == "7394"
        with pytest.raises(UsageError):
            typed_pin("PIN: ", "Again: ")
        assert asked == ["PIN: ", "Again: "] * 2
        assert hand is not None


def test_labels_are_written_as_pdf_or_png(foyer, hub: Hub):
    pdf, png = hub.folder / "labels.pdf", hub.folder / "labels.png"
    assert foyer("badges", "labels", "--out", pdf, "--settings", hub.settings).code == 0
    assert pdf.read_bytes().startswith(b"%PDF")
    one = foyer("badges", "labels", "--out", png, "--member", "Paul", "--settings", hub.settings)
    assert one.code == 0
    assert png.read_bytes().startswith(b"\x89PNG")


def test_many_sheets_are_many_pngs(foyer, hub: Hub):
    file = hub.folder / "members.csv"
    lines = [f"m{n},Name {n},04:B0:00:00:00:00:{n:02X}" for n in range(22)]
    file.write_text("\n".join(["id,name,badge", *lines]) + "\n", encoding="utf-8")
    assert not import_members(hub.settings, file).problems
    assert foyer("badges", "labels", "--out", hub.folder / "l.png", "--settings", hub.settings).code == 0
    assert sorted(path.name for path in hub.folder.glob("l*.png")) == ["l-1.png", "l-2.png"]


@pytest.mark.parametrize(
    ("out", "more", "said"),
    [
        ("labels.txt", (), ".pdf or a .png"),
        ("none/labels.pdf", (), "cannot be written"),
        ("labels.pdf", ("--member", "Zoé"), "no badge"),
        ("labels.pdf", ("--member", "Nobody"), "no member has the id or the whole name"),
    ],
)
def test_labels_that_cannot_be_are_one_sentence(foyer, hub: Hub, out: str, more: tuple[str, ...], said: str):
    ran = foyer("badges", "labels", "--out", hub.folder / out, "--settings", hub.settings, *more)
    assert said in ran.sentence
