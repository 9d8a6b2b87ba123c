"""A backup is one file, checked, and a restore puts it back or changes nothing."""

import json
import shutil
import sqlite3
import tarfile
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import func, select

from community.badges import BadgeKey
from community.ids import MemberId
from plumbing import copies
from plumbing.database import Database, open_engine
from plumbing.errors import DatabaseError
from plumbing.migrations import upgrade
from plumbing.places import SpaceSettings
from plumbing.secrets import load_or_make
from sync import archive, backup
from sync.authority import Authority
from sync.bootstrap import MIGRATIONS
from sync.errors import BackupError
from sync.settings import HubSettings, KiosksSettings
from sync.sisters.taking import end_visits
from sync.store import (
    accounts,
    api_tokens,
    batches,
    directory,
    feed,
    log,
    newcomers,
    notice_schema,
    notices,
    own_pages,
    own_schema,
    photos,
    sisters,
    visitors,
    webhooks,
    world,
)
from sync.store import machines_schema as machines
from sync.store.schema import events, known_to_the_world, member_sessions, members, sessions
from tests.sync.samples import DOOR, NOON, batch, member, raw

BADGE = BadgeKey(1, bytes(32)).hash(b"\x04abcdef")


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> HubSettings:
    key = tmp_path / "badge.key"
    key.write_text("11" * 32 + "\n")
    key.chmod(0o600)
    kiosks = KiosksSettings(authority_folder=str(tmp_path / "authority"))
    return HubSettings(SpaceSettings("loft"), database_url, str(key), kiosks=kiosks)


@pytest.fixture
def hub(settings: HubSettings):
    """A hub's database with two members, a badge, a login and three events; closed before each restore."""
    opened = Database(open_engine(settings.database))
    upgrade(opened, MIGRATIONS)
    opened.write_now(
        lambda c: directory.put_all(c, [member("Ada"), member("Bo", "m2")], [(BADGE, MemberId("m1"))], 1)
    )
    take_in(opened, 1, 2, 3)
    host = opened.write_now(lambda c: accounts.add_first_host(c, "camille", "hash", "fr", NOON))
    opened.write_now(lambda c: accounts.open_session(c, "token", host.id, NOON))
    opened.write_now(lambda c: own_pages.open_session(c, "token", MemberId("m2"), NOON))
    opened.write_now(lambda c: world.say(c, MemberId("m2"), yes=True))
    token = api_tokens.Token("t1", "Zapier", frozenset({"members:read"}), 1, "camille", 2**53, None)
    opened.write_now(lambda c: api_tokens.add(c, token, "0" * 64))
    hook = webhooks.Webhook("h1", "https://hooks.example.org/", frozenset({"member.erased"}), 1, "camille")
    opened.write_now(lambda c: webhooks.add(c, hook))
    opened.write_now(lambda c: notices.set_reach(c, MemberId("m2"), notices.Reach("bo@example.org")))
    opened.write_now(agree)
    yield opened
    opened.close()


def agree(connection) -> None:
    """Let Bo say yes to what can be said yes to, and two things wait to be told of them."""
    newcomers.volunteer(connection, MemberId("m2"), yes=True)
    photos.put(connection, MemberId("m2"), photos.Photo(b"image", hosts=True, members=True))
    line = {"member_id": "m2", "day": "2026-03-02", "written": "2026-03-02", "kind": "work", "text": "x"}
    connection.execute(own_schema.came_of_it.insert().values(**line, amount=5, counted=True))
    for kind in ("member.arrived", "member.erased"):
        told = {"id": kind, "webhook": "h1", "kind": kind, "member_id": "m2", "body": b"{}", "made_us": 1}
        waits = {"due_us": 1, "tries": 0, "state": "waiting", "answer": ""}
        connection.execute(machines.deliveries.insert().values(**told, **waits))


def take_in(database: Database, *numbers: int) -> None:
    said = batches.read_batch(DOOR, batch(*map(raw, numbers)))
    items = [item for item in said if isinstance(item, log.Arrived)]
    database.write_now(lambda c: log.append(c, items, (), 5))


def count(settings: HubSettings, table) -> int:
    database = Database(open_engine(settings.database))
    try:
        return database.read_now(lambda c: c.execute(select(func.count()).select_from(table)).scalar_one())
    finally:
        database.close()


def paused(settings: HubSettings) -> bool:
    """Whether every webhook is."""
    database = Database(open_engine(settings.database))
    try:
        return all(each.paused for each in database.read_now(webhooks.every))
    finally:
        database.close()


def refused(settings: HubSettings, file: Path) -> str:
    before = count(settings, events)
    with pytest.raises((BackupError, DatabaseError)) as caught:
        backup.restore(settings, file, MIGRATIONS)
    assert count(settings, events) == before
    return str(caught.value)


def rewrite(file: Path, **changed) -> Path:
    """A backup whose manifest says something else."""
    with tarfile.open(file) as archive:
        archive.extractall(file.parent / "parts", filter="data")
    parts = file.parent / "parts"
    manifest = json.loads((parts / "manifest.json").read_text())
    (parts / "manifest.json").write_text(json.dumps({**manifest, **changed}))
    other = file.with_name("other.backup")
    with tarfile.open(other, "w") as archive:
        for part in sorted(parts.iterdir()):
            archive.add(part, part.name)
    return other


def test_what_was_backed_up_comes_back_and_what_was_there_is_kept(settings, hub, tmp_path: Path):
    file = tmp_path / "a.backup"
    made = backup.back_up(settings, file, MIGRATIONS)
    assert made.counts == {"events": 3, "members": 2, "badges": 1, "hosts": 1, "quarantine": 0}
    assert made.space == "loft"
    assert file.stat().st_mode & 0o777 == 0o600
    take_in(hub, 4, 5)
    hub.close()
    done = backup.restore(settings, file, MIGRATIONS)
    assert done.manifest == made
    assert count(settings, events) == 3
    assert len(done.kept) == 1
    if hub.engine.dialect.name == "sqlite":
        old = Database(open_engine(f"sqlite:///{done.kept[0]}"))
        assert old.read_now(lambda c: c.execute(select(func.count()).select_from(events)).scalar_one()) == 5
        old.close()
    else:
        assert Path(done.kept[0]).stat().st_size > 0


def test_a_backup_on_a_new_machine_brings_the_badge_key(settings, hub, tmp_path: Path):
    file = tmp_path / "a.backup"
    backup.back_up(settings, file, MIGRATIONS)
    hub.close()
    key = Path(settings.badge_key_file)
    old = key.read_text()
    key.write_text("22" * 32 + "\n")
    done = backup.restore(settings, file, MIGRATIONS)
    assert key.read_text() == old
    assert key.stat().st_mode & 0o777 == 0o600
    (kept,) = [Path(kept) for kept in done.kept if "badge.key" in kept]
    assert kept.read_text() == "22" * 32 + "\n"


def test_a_backup_on_a_new_machine_brings_the_authority_that_kiosks_believe(settings, hub, tmp_path: Path):
    home, file = tmp_path / "authority", tmp_path / "a.backup"
    believed = Authority(home, "loft").certificate
    key = (home / "authority.key").read_bytes()
    backup.back_up(settings, file, MIGRATIONS)
    hub.close()
    shutil.rmtree(home)
    backup.restore(settings, file, MIGRATIONS)
    assert Authority(home, "loft").certificate == believed
    assert (home / "authority.key").read_bytes() == key
    assert (home / "authority.key").stat().st_mode & 0o777 == 0o600
    assert home.stat().st_mode & 0o777 == 0o700
    (home / "authority.key").unlink()
    (home / "authority.pem").unlink()
    other = Authority(home, "loft").certificate  # as a hub does that was started before the restore
    done = backup.restore(settings, file, MIGRATIONS)
    assert Authority(home, "loft").certificate == believed
    (old,) = [Path(kept) for kept in done.kept if ".pem." in kept]
    assert old.read_text() == other


def test_a_backup_without_an_authority_leaves_the_one_there_is(settings, hub, tmp_path: Path):
    file = tmp_path / "a.backup"
    made = backup.back_up(settings, file, MIGRATIONS)
    assert set(made.sha256) == {archive.KEY, archive.SQLITE if made.engine == "sqlite" else archive.DUMP}
    hub.close()
    there = Authority(tmp_path / "authority", "loft").certificate
    backup.restore(settings, file, MIGRATIONS)
    assert Authority(tmp_path / "authority", "loft").certificate == there


def test_an_authority_that_was_changed_in_the_file_is_refused(settings, hub, tmp_path: Path):
    file = tmp_path / "a.backup"
    Authority(tmp_path / "authority", "loft")
    hashes = backup.back_up(settings, file, MIGRATIONS).sha256
    hub.close()
    assert "is damaged" in refused(settings, rewrite(file, sha256={**hashes, "authority.pem": "0" * 64}))


def test_an_authority_that_cannot_be_read_is_said_before_there_is_half_a_backup(
    settings, hub, tmp_path: Path
):
    Authority(tmp_path / "authority", "loft")
    (tmp_path / "authority" / "authority.key").unlink()
    (tmp_path / "authority" / "authority.key").mkdir()
    with pytest.raises(BackupError, match="every kiosk would have to be let in again"):
        backup.back_up(settings, tmp_path / "a.backup", MIGRATIONS)
    assert not (tmp_path / "a.backup").exists()


def test_the_secrets_of_badges_that_cannot_be_copied_are_in_it_and_come_back(settings, hub, tmp_path: Path):
    masters = tmp_path / "badge-masters.keys"
    settings = msgspec.structs.replace(settings, badge_masters_file=str(masters))
    masters.write_text("1 first\n")
    file = tmp_path / "a.backup"
    backup.back_up(settings, file, MIGRATIONS)
    hub.close()
    masters.write_text("1 first\n2 second\n")
    done = backup.restore(settings, file, MIGRATIONS)
    assert masters.read_text() == "1 first\n"
    assert masters.stat().st_mode & 0o777 == 0o600
    (kept,) = [Path(kept) for kept in done.kept if "badge-masters" in kept]
    assert kept.read_text() == "1 first\n2 second\n"


def test_whoever_was_erased_since_the_backup_is_erased_again_and_nobody_stays_logged_in(
    settings, hub, tmp_path: Path
):
    file = tmp_path / "a.backup"
    backup.back_up(settings, file, MIGRATIONS)
    hub.write_now(lambda c: directory.remove_member(c, MemberId("m1")))
    hub.close()
    assert backup.restore(settings, file, MIGRATIONS).erased == 1
    assert count(settings, members) == 1
    assert count(settings, sessions) == 0
    assert count(settings, member_sessions) == 0
    assert count(settings, known_to_the_world) == 0, "it may have been taken back since"
    assert count(settings, machines.api_tokens) == 0, "it may have been revoked since"
    assert count(settings, machines.webhooks) == 1
    assert paused(settings), "it may have been removed since"
    assert count(settings, notice_schema.members) == 0, "the same"


def test_a_yes_that_was_taken_back_since_does_not_come_back(settings, hub, tmp_path: Path):
    file = tmp_path / "a.backup"
    backup.back_up(settings, file, MIGRATIONS)
    hub.close()
    backup.restore(settings, file, MIGRATIONS)
    database = Database(open_engine(settings.database))
    assert database.read_now(newcomers.volunteering) == frozenset()
    photo = database.read_now(lambda c: photos.photo_of(c, MemberId("m2")))
    assert photo == photos.Photo(b"image"), "it is still theirs, and nobody else sees it"
    assert database.read_now(
        lambda c: c.execute(select(own_schema.came_of_it.c.counted)).scalars().all()
    ) == [False]
    assert database.read_now(lambda c: c.execute(select(machines.deliveries.c.kind)).scalars().all()) == [
        "member.erased"
    ]
    database.close()


def test_a_visitor_whose_visit_ended_does_not_come_back_and_sisters_wait(settings, hub, tmp_path: Path):
    file, key = tmp_path / "a.backup", settings.sister_key_file
    load_or_make(key)
    secret, today = key.read_text(), NOON.date()
    sister = sisters.Sister("s" * 24, "Le Nook", "https://a.example.org", "0" * 64, 1, "camille")
    hub.write_now(lambda c: sisters.put(c, sister))
    visiting = visitors.Visiting(MemberId("m1"), sister.id, "Le Nook", "v" * 32, 1, today)
    hub.write_now(lambda c: visitors.put(c, visiting))
    backup.back_up(settings, file, MIGRATIONS)
    hub.write_now(lambda c: sisters.use(c, "used", 2**40))
    hub.write_now(lambda c: end_visits(c, today + timedelta(days=1), 1))
    hub.close()
    key.unlink()
    assert backup.restore(settings, file, MIGRATIONS).erased == 1
    assert key.read_text() == secret
    database = Database(open_engine(settings.database))
    assert database.read_now(visitors.homes) == {}
    assert [each.waits for each in database.read_now(sisters.every)] == [True], (
        "it may have been removed since"
    )
    assert database.read_now(sisters.since_s) > 0, (
        "letters used since are not known: none from before is taken"
    )
    database.close()


def test_no_kiosk_takes_the_restored_feed_for_the_one_it_has(settings, hub, tmp_path: Path):
    file = tmp_path / "a.backup"
    backup.back_up(settings, file, MIGRATIONS)
    hub.write_now(lambda c: directory.put_member(c, member("Cy", "m3")))
    ahead = hub.read_now(feed.revision)
    hub.close()
    backup.restore(settings, file, MIGRATIONS)
    database = Database(open_engine(settings.database))
    assert database.read_now(feed.revision) > ahead
    database.close()


def test_a_running_hub_is_never_replaced(settings, hub, tmp_path: Path):
    file = tmp_path / "a.backup"
    backup.back_up(settings, file, MIGRATIONS)
    hub.read_now(feed.revision)
    assert "the hub is running: stop it first" in refused(settings, file)


def test_a_backup_of_a_newer_program_is_refused_before_anything_is_touched(settings, hub, tmp_path: Path):
    file = tmp_path / "a.backup"
    backup.back_up(settings, file, MIGRATIONS)
    hub.close()
    for changed in ({"schema": "9999"}, {"format": 2}):
        assert "newer Foyer" in refused(settings, rewrite(file, **changed))


def test_a_backup_of_another_space_is_refused(settings, hub, tmp_path: Path):
    file = tmp_path / "a.backup"
    backup.back_up(settings, file, MIGRATIONS)
    hub.close()
    assert "belongs to the space 'attic'" in refused(settings, rewrite(file, space="attic"))


def test_one_flipped_bit_is_noticed(settings, hub, tmp_path: Path):
    file = tmp_path / "a.backup"
    backup.back_up(settings, file, MIGRATIONS)
    hub.close()
    whole = bytearray(file.read_bytes())
    whole[len(whole) // 2] ^= 1
    file.write_bytes(whole)
    assert "is damaged" in refused(settings, file)


@pytest.mark.parametrize("content", [b"", b"no archive at all", bytes(20_000)])
def test_what_is_no_backup_is_said_to_be_none(settings, hub, tmp_path: Path, content: bytes):
    hub.close()
    file = tmp_path / "a.backup"
    file.write_bytes(content)
    assert "is no backup of a hub" in refused(settings, file)


def test_a_backup_never_takes_the_place_of_another_file(settings, hub, tmp_path: Path):
    file = tmp_path / "a.backup"
    file.write_text("precious")
    with pytest.raises(BackupError, match="exists already"):
        backup.back_up(settings, file, MIGRATIONS)
    assert file.read_text() == "precious"


def test_without_the_badge_key_there_is_no_backup(settings, hub, tmp_path: Path):
    Path(settings.badge_key_file).unlink()
    with pytest.raises(BackupError, match="would know no badge"):
        backup.back_up(settings, tmp_path / "a.backup", MIGRATIONS)
    assert not (tmp_path / "a.backup").exists()


def test_nothing_is_left_over(settings, hub, tmp_path: Path):
    before = {path.name for path in tmp_path.iterdir()}
    backup.back_up(settings, tmp_path / "a.backup", MIGRATIONS)
    assert {path.name for path in tmp_path.iterdir()} - before == {"a.backup"}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_postgresql_without_its_tools_is_said(settings, hub, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _tool: None)
    with pytest.raises(DatabaseError, match="pg_dump is missing: install"):
        backup.back_up(settings, tmp_path / "a.backup", MIGRATIONS)


def test_a_writer_goes_on_while_a_copy_is_made(tmp_path: Path):
    file = tmp_path / "a.db"
    writer = sqlite3.connect(file, isolation_level=None)
    writer.executescript("PRAGMA journal_mode=WAL; CREATE TABLE t (n); INSERT INTO t VALUES (1);")
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("INSERT INTO t VALUES (2)")
    copies.copy_sqlite(file, tmp_path / "b.db")
    writer.execute("COMMIT")
    copy = sqlite3.connect(tmp_path / "b.db")
    assert copy.execute("SELECT n FROM t").fetchall() == [(1,)]
    assert copies.in_use(file)
    copy.close()
    writer.close()
    assert not copies.in_use(file)
    assert copies.is_whole(tmp_path / "b.db")
