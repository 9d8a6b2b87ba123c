"""Whatever goes wrong with an update, and wherever it is cut off, the door is not left stopped."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from foyer.updating import databases, journal, standing
from foyer.updating.carrying import DOOR, Carrier, Kept, Stranded, Undone
from foyer.updating.errors import RefusedError
from foyer.updating.health import Patience
from foyer.updating.journal import Journal, Phase
from foyer.updating.layout import COMPLETE, Layout, point
from foyer.updating.projecting import schema_of
from foyer.updating.updating import Updater
from plumbing.errors import SettingsError
from tests.fakes.programs import space

OLD = """
CREATE TABLE alembic_version (version_num TEXT NOT NULL);
INSERT INTO alembic_version VALUES ('0001');
CREATE TABLE log (seq INTEGER PRIMARY KEY, raw BLOB NOT NULL);
INSERT INTO log VALUES (1, x'00');
"""
NEWER = """
UPDATE alembic_version SET version_num = '0002';
CREATE TABLE later (id INTEGER PRIMARY KEY);
INSERT INTO later VALUES (7);
"""


class CutOffError(BaseException):
    """Stands for a kill or a power cut."""


@dataclass
class Doorway:
    """Services that only remember whether they run."""

    runs: set[str] = field(default_factory=lambda: {"kiosk"})
    cannot_stop: bool = False

    def wanted(self) -> tuple[str, ...]:
        return ("kiosk",)

    def stop(self, programs: Sequence[str]) -> None:
        if self.cannot_stop:
            raise RefusedError("the services cannot be stopped")
        self.runs -= set(programs)

    def start(self, programs: Sequence[str]) -> None:
        self.runs |= set(programs)

    def is_up(self, program: str) -> bool:
        return program in self.runs


@dataclass
class Place:
    """A machine with the older release A and the newer release B, and a kiosk's database."""

    layout: Layout
    services: Doorway = field(default_factory=Doorway)

    @property
    def database(self) -> Path:
        return self.layout.root / "var/lib/foyer/kiosk.db"

    def release(self, name: str, *schemas: str) -> Path:
        """One that cannot leave word yet: it is up when its service is."""
        place = self.layout.releases / name
        scripts = place / "lib/python3.11/site-packages/kiosk/store/migrations/versions"
        scripts.mkdir(parents=True)
        for schema in schemas:
            (scripts / f"{schema}_step.py").touch()
        (place / "bin").mkdir()
        (place / "bin/python").write_text("#!/bin/sh\necho other\n")
        (place / "bin/foyer").write_text("#!/bin/sh\nexit 0\n")
        for program in place.glob("bin/*"):
            program.chmod(0o755)
        return place

    def writes(self, script: str) -> None:
        with closing(sqlite3.connect(self.database)) as database:
            database.executescript(script)

    def rows(self, table: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.database)) as database:
            return database.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()  # noqa: S608 - ours

    def spoil_settings(self) -> None:
        (self.layout.settings / "kiosk.toml").write_text("id = 7\n")

    def begin(self, old: str, new: str, phase: Phase = Phase.TRYING) -> Journal:
        releases = self.layout.releases
        begun = Journal(phase, str(releases / old), str(releases / new), ("kiosk",), "now")
        journal.write(self.layout, begun)
        return begun

    def carrier(
        self, on_step: Callable[[str], None] = lambda _step: None, *, waits_s: float = 5.0
    ) -> Carrier:
        return Carrier(self.layout, self.services, Patience(waits_s, 0.0, 0.0), on_step)

    def cut_off(self, begun: Journal, at: str) -> Journal:
        """Carry out until a step; return what the journal says then."""

        def on_step(step: str) -> None:
            if step == at:
                raise CutOffError

        with pytest.raises(CutOffError):
            self.carrier(on_step).carry_out(begun, again=False)
        left = journal.read(self.layout)
        assert left is not None
        return left

    def is_over(self) -> bool:
        """Say whether nothing is in progress, nobody's copies are left, and the kiosk runs."""
        over = journal.read(self.layout) is None and not self.layout.snapshots.exists()
        return over and self.services.runs == {"kiosk"}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    made = Place(Layout((tmp_path / "root").resolve()))
    data = made.database.parent
    for folder in (made.layout.releases, made.layout.settings, made.layout.state, data):
        folder.mkdir(parents=True)
    (made.layout.settings / "kiosk.toml").write_text(
        f'id = "front-door"\ndata_folder = "{data}"\nbadge_key_file = "{data}/badge.key"\n{space()}'
        '[reader]\ndevice = "none"\n[broker]\nport = 1883\n[sound]\nplayer = "none"\n'
    )
    made.release("A", "0001")
    made.release("B", "0001", "0002")
    made.writes(OLD)
    point(made.layout.current, made.layout.releases / "A")
    return made


def test_an_update_that_comes_up_is_kept(place: Place):
    outcome = place.carrier().carry_out(place.begin("A", "B"), again=False)
    assert outcome == Kept("B", (), ())
    assert place.is_over()


def test_settings_that_are_wrong_end_an_update_before_it_begins(place: Place):
    begun = place.begin("A", "B")
    place.spoil_settings()
    with pytest.raises(SettingsError):
        place.carrier().carry_out(begun, again=False)
    assert place.is_over()


@pytest.mark.parametrize("phase", [Phase.TRYING, Phase.UNDOING])
def test_settings_that_are_wrong_leave_no_journal_and_no_stopped_door(place: Place, phase: Phase):
    begun = place.begin("A", "B", phase)
    point(place.layout.current, place.layout.releases / "B")
    place.spoil_settings()
    outcome = place.carrier(waits_s=0.0).carry_out(begun, again=True)
    assert isinstance(outcome, Stranded)
    assert isinstance(outcome.why, SettingsError)
    assert place.is_over()


def test_services_that_cannot_be_stopped_end_the_way_back(place: Place):
    begun = place.begin("A", "B", Phase.UNDOING)
    point(place.layout.current, place.layout.releases / "B")
    place.services.cannot_stop = True
    outcome = place.carrier().carry_out(begun, again=True)
    assert isinstance(outcome, Stranded)
    assert outcome.release == "B"
    assert place.is_over()


def went_to_b(place: Place) -> None:
    """The machine was updated to B, and has written something only B can keep."""
    databases.take_snapshots(place.layout, [databases.Held("kiosk", place.database)])
    databases.keep_shapes(place.layout, place.layout.releases / "A")
    place.writes(NEWER)
    point(place.layout.current, place.layout.releases / "B")


def test_a_way_back_that_is_cut_off_leaves_what_only_the_newer_release_holds(place: Place):
    went_to_b(place)
    begun = place.cut_off(place.begin("B", "A"), "switch")
    assert schema_of(place.database) == "0001"
    outcome = place.carrier().carry_out(begun, again=True)
    assert isinstance(outcome, Undone)
    assert place.rows("later") == [(7,)]
    assert list(place.database.parent.glob("*.newer-*")) == []
    assert place.is_over()


def test_a_way_back_that_fails_at_a_later_database_puts_the_first_one_back(
    place: Place, monkeypatch: pytest.MonkeyPatch
):
    went_to_b(place)
    fit = databases.fit

    def fails_later(*arguments: object) -> object:
        fit(*arguments)
        raise RefusedError("the next one cannot be kept")

    monkeypatch.setattr(databases, "fit", fails_later)
    with pytest.raises(RefusedError):
        place.carrier().carry_out(place.begin("B", "A"), again=False)
    assert place.rows("later") == [(7,)]
    assert place.is_over()


def test_cut_off_while_the_board_is_written_to_the_kiosk_runs_again(place: Place):
    (place.layout.root / "dev").mkdir()
    (place.layout.root / DOOR).touch()
    begun = place.begin("A", "B")

    def cut_off_as_the_board_is_written_to(step: str) -> None:
        if step == "firmware":
            place.services.runs.clear()
            raise CutOffError

    with pytest.raises(CutOffError):
        place.carrier(cut_off_as_the_board_is_written_to).carry_out(begun, again=False)
    left = journal.read(place.layout)
    assert left is not None, "somebody must come back for the kiosk"
    steps: list[str] = []
    assert place.carrier(steps.append).carry_out(left, again=True) == Kept("B", (), ())
    assert steps == ["keep", "firmware", "prune"]
    assert place.is_over()


def test_copies_that_a_killed_update_left_are_removed_by_whoever_comes_next(place: Place):
    for folder in (place.layout.rehearsal, place.layout.snapshots, place.layout.staging):
        folder.mkdir()
        (folder / "members.db").touch()
    assert Updater(place.layout, place.carrier(), lambda _sentence: None).finish(wait=True) is None
    assert sorted(file.name for file in place.layout.state.iterdir()) == ["lock"]


def test_the_word_of_a_killed_program_is_not_taken_for_that_of_the_next_one(tmp_path: Path):
    standing.file_of(tmp_path, "kiosk").write_text("an old word")
    with standing.leaves_word(tmp_path, "kiosk") as up:
        assert not standing.file_of(tmp_path, "kiosk").exists()
        up()
        assert standing.file_of(tmp_path, "kiosk").exists()


def going_back(place: Place) -> Path:
    updater = Updater(place.layout, place.carrier(), lambda _sentence: None)
    return updater._before()


def test_without_a_link_the_way_back_leads_to_no_release_that_is_newer(place: Place):
    for name, schemas in {
        "0.2.0-aaaaaaaa": ("0001", "0002"),
        "0.1.0-bbbbbbbb": ("0001",),
        "0.1.9-cccccccc": ("0001", "0003"),
        "0.3.0-dddddddd": ("0001", "0002"),
        "ours": ("0001",),
    }.items():
        (place.release(name, *schemas) / COMPLETE).touch()
    point(place.layout.current, place.layout.releases / "0.2.0-aaaaaaaa")
    assert going_back(place).name == "0.1.0-bbbbbbbb"
    (place.layout.releases / "0.1.0-bbbbbbbb" / COMPLETE).unlink()
    with pytest.raises(RefusedError, match="no other release"):
        going_back(place)
