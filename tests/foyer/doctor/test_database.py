"""Real database files: whole, damaged, old, new, in use."""

import hashlib
import os
import sqlite3

import pytest

from community.clock import Stamp
from community.events import UnknownBadgeTapped
from foyer.doctor import database
from foyer.doctor.findings import Level
from kiosk.store.log import Log
from kiosk.store.tables import open_database
from plumbing.database import Database, open_engine
from plumbing.migrations import known, upgrade
from sync.bootstrap import MIGRATIONS
from tests.fakes.brokers import free_port


@pytest.fixture
def kiosk_db(tmp_path):
    opened = open_database(tmp_path / "kiosk.db")
    log = Log(opened)
    yield tmp_path / "kiosk.db", opened, log
    opened.close()


def looks(folder):
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}


async def test_a_kiosk_s_notebook_tells_its_last_event_and_what_waits(kiosk_db, tmp_path, say):
    file, opened, log = kiosk_db
    at = Stamp(wall_us=1_795_000_000_000_000, boot="b", up_us=1, synced=True)
    await log.append([(at, UnknownBadgeTapped("k1:00000000000000000000000000000000"))] * 3)
    await log.acknowledge(1)
    beside = database.check_kiosk(file, say)
    opened.close()
    before = looks(tmp_path)
    alone = database.check_kiosk(file, say)
    assert looks(tmp_path) == before, "nothing is made beside a database at rest"
    assert [f.level for f in alone] == [Level.WORKS] * 3
    assert beside == alone, "a program that uses it changes nothing about what is read"
    assert "3 events kept, last: 2026-11-1" in alone[2].what
    assert f"not yet taken by the hub: 2; epoch {log.epoch}" in alone[2].what


def test_a_hub_s_database_tells_what_is_kept_apart(tmp_path, say):
    url = f"sqlite:///{tmp_path}/hub.db"
    opened = Database(open_engine(url))
    upgrade(opened, MIGRATIONS)
    opened.close()
    assert [f.level for f in database.check_hub(url, say)] == [Level.WORKS] * 3
    with sqlite3.connect(tmp_path / "hub.db") as connection:
        connection.execute(
            "INSERT INTO quarantine (kiosk, epoch, reason, raw, content, received_us) "
            "VALUES ('door', 'e', 'r', x'00', 'c', 1)"
        )
    connection.close()
    found = database.check_hub(url, say)[-1]
    assert found.level is Level.NOTICE
    assert "1 could not be understood and are kept apart" in found.what


def test_a_database_that_is_not_there_yet_is_no_fault_and_is_not_made(tmp_path, say):
    (found,) = database.check_kiosk(tmp_path / "kiosk.db", say)
    assert found.level is Level.NOTICE
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_database_is_told(kiosk_db, say):
    file, opened, _ = kiosk_db
    opened.close()
    raw = bytearray(file.read_bytes())
    raw[4096:12288] = os.urandom(8192)
    file.write_bytes(raw)
    (found,) = database.check_kiosk(file, say)
    assert "is damaged" in found.what
    assert "restore the last backup" in found.cure


def test_a_file_that_is_no_database_is_told(tmp_path, say):
    (tmp_path / "kiosk.db").write_text("a letter to grandmother, long enough to be no header" * 9)
    (found,) = database.check_kiosk(tmp_path / "kiosk.db", say)
    assert "is damaged" in found.what
    sqlite3.connect(tmp_path / "other.db").execute("CREATE TABLE a (b)").connection.close()
    (found,) = database.check_kiosk(tmp_path / "other.db", say)
    assert "is not one of Foyer's" in found.what


def test_a_newer_and_an_older_schema_are_told_apart(say):
    assert database.of_schema("0002", ["0001", "0002"], "x", say).level is Level.WORKS
    assert database.of_schema("0001", ["0001", "0002"], "x", say).level is Level.NOTICE
    assert database.of_schema("9999", ["0001", "0002"], "x", say).level is Level.BROKEN
    assert min(known(MIGRATIONS)) == "0001"


def test_what_is_no_address_of_a_database_is_told(say):
    assert database.check_hub("nonsense", say)[0].level is Level.BROKEN


def test_a_postgresql_that_does_not_answer_is_told_without_its_password(say):
    (found,) = database.check_hub(f"postgresql+psycopg://foyer:hush@127.0.0.1:{free_port()}/foyer", say)
    assert found.level is Level.BROKEN
    assert "hush" not in found.what
