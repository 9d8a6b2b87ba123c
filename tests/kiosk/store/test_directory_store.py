"""The stored feed: swapped as a whole or not at all."""

import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import event

from community.ids import MemberId
from community.wire.codec import digest_of
from community.wire.messages import Erasure, FeedItem
from kiosk.store.directory import DirectoryStore, Forgotten
from plumbing.database import Database
from plumbing.errors import DatabaseError


def item(key: str, body: object, revision: int = 1, kind: str = "member") -> FeedItem:
    return FeedItem(kind, key, revision, None if body is None else msgspec.Raw(msgspec.json.encode(body)))


FIRST = (item("a", {"id": "a"}), item("b", {"id": "b"}))
CHANGE = (item("b", None, 2), item("c", {"id": "c"}, 2))
AFTER = (FIRST[0], CHANGE[1])


def keys(store: DirectoryStore) -> set[str]:
    return {stored.key for stored in store.items()}


@pytest.fixture
async def store(database: Database) -> DirectoryStore:
    made = DirectoryStore(database)
    assert await made.swap(FIRST, since=0, upto=1, digest=digest_of(FIRST)) is not None
    return made


async def test_a_new_kiosk_has_nothing_and_says_revision_0(database: Database):
    empty = DirectoryStore(database)
    assert (empty.revision, empty.items()) == (0, ())


async def test_a_snapshot_replaces_everything(store: DirectoryStore):
    only = (item("z", {"id": "z"}, 5),)
    stored = await store.swap(only, since=0, upto=5, digest=digest_of(only))
    assert stored is not None
    assert (keys(store), store.revision) == ({"z"}, 5)


async def test_a_delta_changes_what_it_names_and_removes_what_is_gone(
    store: DirectoryStore, database: Database
):
    stored = await store.swap(CHANGE, since=1, upto=2, digest=digest_of(AFTER))
    assert stored is not None
    assert digest_of(stored) == digest_of(AFTER)
    reopened = DirectoryStore(database)
    assert (keys(reopened), reopened.revision) == ({"a", "c"}, 2)


async def test_a_wrong_digest_changes_nothing(store: DirectoryStore, database: Database):
    assert await store.swap(CHANGE, since=1, upto=2, digest="0" * 32) is None
    assert await store.swap(CHANGE, since=0, upto=2, digest="0" * 32) is None
    reopened = DirectoryStore(database)
    assert (keys(reopened), reopened.revision, store.revision) == ({"a", "b"}, 1, 1)


async def test_a_failure_in_the_middle_changes_nothing(store: DirectoryStore, database: Database):
    def fail(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if "INTO facts" in statement:
            raise sqlite3.OperationalError("disk I/O error")

    event.listen(database.engine, "before_cursor_execute", fail)
    with pytest.raises((DatabaseError, sqlite3.OperationalError)):
        await store.swap(CHANGE, since=0, upto=2, digest=digest_of((CHANGE[1],)))
    event.remove(database.engine, "before_cursor_execute", fail)
    assert (keys(store), store.revision) == ({"a", "b"}, 1)


async def test_an_unknown_kind_is_kept_for_the_digest(store: DirectoryStore):
    recipe = item("soup", {"salt": 1}, 2, kind="recipe")
    stored = await store.swap((recipe,), since=1, upto=2, digest=digest_of((*FIRST, recipe)))
    assert stored is not None
    assert "soup" in keys(store)


async def test_no_name_is_written_outside_the_items(store: DirectoryStore, file: Path):
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        kept = {key for (key,) in database.execute("SELECT key FROM facts")}
    assert kept <= {"epoch", "last_seq", "acknowledged", "revision", "digest"}


def erasure(member: str, at_us: int, *, lifted: bool = False, revision: int = 2) -> FeedItem:
    body = {"member": member, "at_us": at_us, "lifted": lifted}
    return item(member, body, revision, kind="erased")


async def test_the_digest_of_what_is_stored_is_kept_with_it(store: DirectoryStore, database: Database):
    assert store.digest == digest_of(FIRST) == DirectoryStore(database).digest
    database.write_now(lambda c: c.exec_driver_sql("DELETE FROM facts WHERE key = 'digest'"))
    assert DirectoryStore(database).digest == digest_of(FIRST)


async def test_a_snapshot_that_brings_an_erased_member_back_is_not_taken(
    store: DirectoryStore, database: Database
):
    erased = (erasure("b", 50), item("b", None, 2))
    after = (FIRST[0], erased[0])
    assert await store.swap(erased, since=1, upto=2, digest=digest_of(after)) is not None
    assert await store.swap(FIRST, since=0, upto=1, digest=digest_of(FIRST)) == Forgotten(
        (Erasure(MemberId("b"), 50),)
    )
    assert (keys(store), store.revision) == ({"a", "b"}, 2)  # "b" is the erasure
    assert {stored.kind for stored in DirectoryStore(database).items()} == {"member", "erased"}
    told_again = (FIRST[0], erasure("b", 50, revision=3))
    assert await store.swap(told_again, since=0, upto=3, digest=digest_of(told_again)) is not None


async def test_an_erasure_that_was_lifted_lets_the_member_come_back(store: DirectoryStore):
    erased = (erasure("b", 50), item("b", None, 2))
    await store.swap(erased, since=1, upto=2, digest=digest_of((FIRST[0], erased[0])))
    lifted = (*FIRST, erasure("b", 50, lifted=True, revision=3))
    assert isinstance(await store.swap(lifted, since=0, upto=3, digest=digest_of(lifted)), tuple)
    assert isinstance(await store.swap(FIRST, since=0, upto=4, digest=digest_of(FIRST)), tuple)


async def test_a_lifting_that_is_older_than_the_last_erasure_does_not_count(store: DirectoryStore):
    erased = (erasure("b", 50), item("b", None, 2))
    await store.swap(erased, since=1, upto=2, digest=digest_of((FIRST[0], erased[0])))
    lifted = (*FIRST, erasure("b", 20, lifted=True, revision=3))
    assert isinstance(await store.swap(lifted, since=0, upto=3, digest=digest_of(lifted)), Forgotten)
