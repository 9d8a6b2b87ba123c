"""What a newer program wrote, in an older program's tables, interrupted or not."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from foyer.updating import databases, projecting
from foyer.updating.carrying import Undone
from foyer.updating.databases import Held
from foyer.updating.errors import RefusedError
from foyer.updating.layout import Layout
from foyer.updating.told import told
from plumbing.errors import DatabaseError

OLD = """
CREATE TABLE alembic_version (version_num TEXT NOT NULL);
INSERT INTO alembic_version VALUES ('0001');
CREATE TABLE log (seq INTEGER PRIMARY KEY, raw BLOB NOT NULL);
CREATE TABLE tries (who TEXT PRIMARY KEY, wrong INTEGER NOT NULL CHECK (wrong < 10));
CREATE INDEX by_raw ON log (raw);
INSERT INTO log VALUES (1, x'00'), (2, x'ff');
INSERT INTO tries VALUES ('a', 1);
"""
NEWER = """
UPDATE alembic_version SET version_num = '0002';
ALTER TABLE log ADD COLUMN note TEXT;
CREATE TABLE later (id INTEGER PRIMARY KEY);
INSERT INTO later VALUES (7);
"""
MEANWHILE = (
    "INSERT INTO log VALUES (3, x'03', 'new'); DELETE FROM tries; UPDATE log SET raw = x'11' WHERE seq = 1;"
)


def made(file: Path, *scripts: str) -> Path:
    with closing(sqlite3.connect(file)) as database:
        for script in scripts:
            database.executescript(script)
    return file


def rows(file: Path, table: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as database:
        return database.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()  # noqa: S608 - ours


def test_the_older_tables_hold_every_row_of_the_newer_ones(tmp_path: Path):
    newer = made(tmp_path / "newer.db", OLD, NEWER, MEANWHILE)
    older = made(tmp_path / "older.db", OLD)
    assert projecting.fill(older, newer) == ()
    assert rows(older, "log") == [(1, b"\x11"), (2, b"\xff"), (3, b"\x03")]
    assert rows(older, "tries") == []
    assert projecting.schema_of(older) == "0001"
    assert projecting.schema_of(newer) == "0002"


def test_a_shape_has_tables_and_indexes_and_no_row(tmp_path: Path):
    old = made(tmp_path / "old.db", OLD)
    shape = tmp_path / "shape.db"
    projecting.shape(old, shape)
    assert rows(shape, "log") == rows(shape, "tries") == []
    assert projecting.schema_of(shape) == "0001"
    with closing(sqlite3.connect(shape)) as database:
        assert ("by_raw",) in database.execute("SELECT name FROM sqlite_master").fetchall()
    assert projecting.fill(shape, old) == ()
    assert projecting.same(shape, old)


@pytest.mark.parametrize(
    "change",
    [
        "DROP TABLE tries",
        "DROP TABLE tries; CREATE TABLE tries (who TEXT PRIMARY KEY)",
        "DROP TABLE tries; CREATE TABLE tries (who TEXT, wrong INTEGER); INSERT INTO tries VALUES ('a', 99)",
    ],
    ids=["table gone", "column gone", "value the old one refuses"],
)
def test_a_table_that_cannot_be_filled_stays_and_the_others_are_filled(tmp_path: Path, change: str):
    newer = made(tmp_path / "newer.db", OLD, NEWER, MEANWHILE, change)
    older = made(tmp_path / "older.db", OLD)
    assert projecting.fill(older, newer) == ("tries",)
    assert rows(older, "tries") == [("a", 1)]
    assert len(rows(older, "log")) == 3


def test_a_difference_is_seen(tmp_path: Path):
    one, other = made(tmp_path / "one.db", OLD), made(tmp_path / "other.db", OLD)
    assert projecting.same(one, other)
    made(other, "INSERT INTO log VALUES (9, x'09')")
    assert not projecting.same(one, other)
    assert not projecting.same(other, one)


def test_what_is_not_there_has_no_schema(tmp_path: Path):
    assert projecting.schema_of(tmp_path / "none.db") == ""
    assert projecting.schema_of(made(tmp_path / "empty.db", "CREATE TABLE t (a)")) == ""


def release(tmp_path: Path, *schemas: str) -> Path:
    """A release's folder that knows some schemas of a kiosk."""
    scripts = tmp_path / "release/lib/python3.11/site-packages/kiosk/store/migrations/versions"
    scripts.mkdir(parents=True)
    for schema in schemas:
        (scripts / f"{schema}_step.py").touch()
    return tmp_path / "release"


def test_fitting_may_be_interrupted_and_repeated(tmp_path: Path):
    layout, old = Layout(tmp_path / "root"), release(tmp_path, "0001")
    held = Held("kiosk", made(tmp_path / "kiosk.db", OLD))
    databases.take_snapshots(layout, [held])
    made(held.file, NEWER, MEANWHILE)
    # as if it had been killed before: half a draft, and the newer one linked under its second name already
    (tmp_path / "kiosk.db.fitting").write_bytes(b"half")
    (tmp_path / "kiosk.db.newer-now").hardlink_to(held.file)
    (done,) = databases.fit(layout, [held], old, "now")
    assert done.stayed == ()
    assert rows(held.file, "log") == [(1, b"\x11"), (2, b"\xff"), (3, b"\x03")]
    assert projecting.schema_of(done.kept) == "0002"
    assert databases.fit(layout, [held], old, "now") == [], "once is enough"
    assert not (tmp_path / "kiosk.db.fitting").exists()


def test_without_a_snapshot_a_shape_will_do_but_nothing_may_be_lost(tmp_path: Path):
    layout, old = Layout(tmp_path / "root"), release(tmp_path, "0001")
    held = Held("kiosk", made(tmp_path / "kiosk.db", OLD))
    projecting.shape(held.file, databases.shape_in(old, "kiosk"))
    made(held.file, NEWER, MEANWHILE)
    before = rows(held.file, "log")
    made(held.file, "ALTER TABLE tries RENAME TO tried")
    with pytest.raises(RefusedError, match="going back would lose it"):
        databases.fit(layout, [held], old, "now")
    assert rows(held.file, "log") == before
    made(held.file, "ALTER TABLE tried RENAME TO tries")
    (done,) = databases.fit(layout, [held], old, "now")
    assert (done.stayed, projecting.schema_of(held.file)) == ((), "0001")


def test_with_neither_it_is_left_alone(tmp_path: Path):
    held = Held("kiosk", made(tmp_path / "kiosk.db", OLD, NEWER))
    with pytest.raises(RefusedError, match="nothing says how it was"):
        databases.fit(Layout(tmp_path / "root"), [held], release(tmp_path, "0001"), "now")
    assert projecting.schema_of(held.file) == "0002"


def test_a_snapshot_that_an_earlier_update_left_is_not_taken_for_this_one(tmp_path: Path):
    layout = Layout(tmp_path / "root")
    held = Held("kiosk", made(tmp_path / "kiosk.db", OLD))
    databases.take_snapshots(layout, [held])
    made(held.file, NEWER)
    databases.take_snapshots(layout, [held])
    snapshot = layout.snapshots / "kiosk.db"
    assert projecting.schema_of(snapshot) == "0002"
    assert snapshot.stat().st_mode & 0o077 == 0


def test_a_full_card_is_no_table_that_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    layout, old = Layout(tmp_path / "root"), release(tmp_path, "0001")
    held = Held("kiosk", made(tmp_path / "kiosk.db", OLD))
    databases.take_snapshots(layout, [held])
    made(held.file, NEWER, "INSERT INTO log VALUES (4, zeroblob(1000000), '')")
    opened = projecting._opened

    def on_a_full_card(file: Path) -> sqlite3.Connection:
        database = opened(file)
        database.execute("PRAGMA max_page_count=20")
        return database

    monkeypatch.setattr(projecting, "_opened", on_a_full_card)
    with pytest.raises(DatabaseError, match="full"):
        databases.fit(layout, [held], old, "now")
    assert projecting.schema_of(held.file) == "0002"
    assert [file for folder in (tmp_path, layout.state) for file in folder.rglob("*.fitting*")] == []


def test_no_tap_was_lost_is_only_said_when_it_is_so():
    def said(*stayed: str) -> str:
        fitted = (databases.Fitted("kiosk", Path("kiosk.db.newer-now"), stayed),)
        return " ".join(told(Undone("A", "B", ("kiosk",), fitted, ()))[0])

    assert "No tap was lost" in said()
    assert "No tap was lost" not in said("log")
    assert "Everything that was written" not in said("log")
    assert "as they were before the update: log." in said("log")


def test_nothing_is_written_through_a_link_that_lies_in_the_programs_folder(tmp_path: Path):
    layout, old = Layout(tmp_path / "root"), release(tmp_path, "0001")
    held, secret = Held("kiosk", made(tmp_path / "kiosk.db", OLD)), tmp_path / "shadow"
    secret.write_text("root's")
    databases.take_snapshots(layout, [held])
    made(held.file, NEWER)
    (tmp_path / "kiosk.db.fitting").symlink_to(secret)
    held.file.chmod(0o640)
    (done,) = databases.fit(layout, [held], old, "now")
    assert secret.read_text() == "root's"
    assert secret.stat().st_mode & 0o777 != 0o640
    assert held.file.stat().st_mode & 0o777 == 0o640
    assert list(layout.snapshots.glob("*.fitting*")) == []

    elsewhere = tmp_path / "elsewhere.db"
    done.kept.rename(elsewhere)
    held.file.unlink()
    held.file.symlink_to(elsewhere)
    with pytest.raises(RefusedError, match="not an ordinary file"):
        databases.fit(layout, [held], old, "now")
