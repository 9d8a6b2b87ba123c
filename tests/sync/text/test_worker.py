"""The worker on real SQLite; most with letters only, which need no model to be loaded."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Sequence

import msgspec

from community.ids import MemberId
from community.introductions.vectors import item_key
from community.introductions.wording import ItemVectors, TextModel
from community.members import Member
from plumbing.database import Database, open_engine
from plumbing.errors import DatabaseError, DatabaseTrouble
from sync.errors import TextError
from sync.store import directory, feed
from sync.store.feed import Kind
from sync.text import glossary
from sync.text.pipeline import Pipeline
from sync.text.worker import TextWorker
from tests.fakes.waiting import Seen
from tests.sync.samples import member

GLOSSARY = glossary.read()
ADA, BOB = MemberId("m1"), MemberId("m2")


class CountingPipeline(Pipeline):
    """Notes what it was asked to encode."""

    def __init__(self, *, with_encoder: bool = False) -> None:
        super().__init__(GLOSSARY, with_encoder=with_encoder)
        self.asked: list[str] = []

    def packed(self, items: Sequence[str]) -> dict[str, str]:
        self.asked.extend(items)
        return super().packed(items)


@contextlib.asynccontextmanager
async def running(database: Database, pipeline: Pipeline) -> AsyncIterator[tuple[TextWorker, Seen[int]]]:
    told: Seen[int] = Seen()
    worker = TextWorker(database, pipeline, told.add, retry_first_s=0.001, look_s=0.02)
    task = asyncio.create_task(worker.run())
    try:
        yield worker, told
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def put(database: Database, *members: Member) -> None:
    for one in members:
        database.write_now(lambda c, one=one: directory.put_member(c, one))


def words(database: Database, who: MemberId) -> ItemVectors | None:
    return database.read_now(lambda c: feed.find(c, Kind.WORDS, who, ItemVectors))


def model(database: Database) -> TextModel | None:
    return database.read_now(lambda c: feed.find(c, Kind.TEXT, "text", TextModel))


async def until(condition) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - another thread's work is awaited, there is no event for it
            await asyncio.sleep(0.005)


async def test_every_item_of_every_member_gets_a_vector(sqlite: Database):
    put(sqlite, member(needs=("a logo",), interests=("chess",)), member("Bob", "m2", offers=("logos",)))
    pipeline = CountingPipeline()
    async with running(sqlite, pipeline) as (_, told):
        await told.count(1)
    ada = words(sqlite, ADA)
    assert ada is not None
    assert ada.model == pipeline.model.name
    assert {item_key("a logo"), item_key("chess")} <= set(ada.vectors)
    assert words(sqlite, BOB) is not None
    assert model(sqlite) == pipeline.model
    assert told.all[0] == sqlite.read_now(feed.revision)


async def test_only_what_is_new_is_encoded(sqlite: Database):
    put(sqlite, member(trade="", needs=("a logo",)))
    pipeline = CountingPipeline()
    async with running(sqlite, pipeline) as (worker, told):
        await told.count(1)
        put(sqlite, member(trade="", needs=("a logo", "a website")))
        worker.changed(0)
        await told.count(2)
        put(sqlite, member("Ada Renamed", trade="", needs=("a website",)))
        worker.changed(0)
        await told.count(3)
    assert pipeline.asked == ["a logo", "a website"]
    ada = words(sqlite, ADA)
    assert ada is not None
    assert set(ada.vectors) == {item_key("a website")}


async def test_a_hub_that_starts_again_encodes_nothing(sqlite: Database):
    put(sqlite, member(needs=("a logo",)))
    async with running(sqlite, CountingPipeline()) as (_, told):
        await told.count(1)
    before = sqlite.read_now(feed.revision)
    again = CountingPipeline()
    async with running(sqlite, again) as (worker, told):
        put(sqlite, member("Bob", "m2", trade="", needs=("a rhyme",)))
        worker.changed(0)
        await told.count(1)
    assert again.asked == ["a rhyme"]
    assert sqlite.read_now(feed.revision) == before + 2


async def test_another_model_encodes_everything_anew(sqlite: Database):
    put(sqlite, member(trade="", needs=("a logo",)), member("Bob", "m2", trade="", needs=("a poem",)))
    async with running(sqlite, CountingPipeline()) as (_, told):
        await told.count(1)
    other = CountingPipeline()
    other.model = msgspec.structs.replace(other.model, name="another")
    async with running(sqlite, other) as (_, told):
        await told.count(1)
    assert sorted(other.asked) == ["a logo", "a poem"]
    ada = words(sqlite, ADA)
    assert ada is not None
    assert ada.model == "another"


async def test_the_same_vectors_may_be_read_another_way(sqlite: Database):
    put(sqlite, member(needs=("a logo",)))
    async with running(sqlite, CountingPipeline()) as (_, told):
        await told.count(1)
    other = CountingPipeline()
    other.model = msgspec.structs.replace(other.model, least=0.9)
    async with running(sqlite, other) as (_, told):
        await told.count(1)
    assert other.asked == []
    assert model(sqlite) == other.model


async def test_what_another_program_imports_is_noticed(sqlite: Database):
    async with running(sqlite, CountingPipeline()) as (_, told):
        outside = Database(open_engine(sqlite.engine.url.render_as_string()))
        put(outside, member(needs=("a logo",)))
        outside.close()
        await told.count(1)
    assert words(sqlite, ADA) is not None


async def test_nobodys_words_stay_and_an_item_less_profile_has_none(sqlite: Database):
    put(sqlite, member(trade="", needs=("a logo",)), member("Bob", "m2", trade=""))
    async with running(sqlite, CountingPipeline()) as (worker, told):
        await told.count(1)
        assert words(sqlite, BOB) is None
        put(sqlite, member(trade=""))
        worker.changed(0)
        await told.count(2)
        assert words(sqlite, ADA) is None


class ErasingPipeline(CountingPipeline):
    """Erases Ada while her items are encoded."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self.database = database

    def packed(self, items: Sequence[str]) -> dict[str, str]:
        self.database.write_now(lambda c: directory.remove_member(c, ADA))
        return super().packed(items)


async def test_who_is_erased_meanwhile_has_no_words(sqlite: Database):
    put(sqlite, member(needs=("a logo",)), member("Bob", "m2", needs=("a poem",)))
    async with running(sqlite, ErasingPipeline(sqlite)) as (_, told):
        await told.count(1)
    assert words(sqlite, ADA) is None
    assert words(sqlite, BOB) is not None
    assert ("words", "m1") not in {(item.kind, item.key) for item in sqlite.read_now(feed.everything)}


async def test_words_without_their_member_go(sqlite: Database):
    left = feed.Change(Kind.WORDS, ADA, ItemVectors("old", {"k": "v"}))
    sqlite.write_now(lambda c: feed.write(c, [left]))
    async with running(sqlite, CountingPipeline()) as (_, told):
        await told.count(1)
    assert words(sqlite, ADA) is None


class BrokenPipeline(CountingPipeline):
    """Its encoder is there and does not load."""

    def packed(self, items: Sequence[str]) -> dict[str, str]:
        raise TextError("the sentence encoder cannot be loaded")


async def test_without_a_working_encoder_the_log_says_so_once_and_letters_serve(sqlite: Database, caplog):
    put(sqlite, member("Perpetua Quill", needs=("a lighthouse",)))
    async with running(sqlite, BrokenPipeline(with_encoder=True)) as (_, told):
        await told.count(1)
    said = [record.getMessage() for record in caplog.records if record.name == "sync.text.worker"]
    assert len(said) == 1
    assert "letters only" in said[0]
    assert not any(word in caplog.text for word in ("Perpetua", "lighthouse"))
    known = model(sqlite)
    assert known is not None
    assert known.name.startswith("letters-")


async def test_a_database_that_refuses_is_asked_again(sqlite: Database, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG, "sync.text.worker")
    put(sqlite, member(needs=("a logo",)))
    refused: list[str] = []
    for name in ("read", "write"):
        original = getattr(sqlite, name)

        async def refusing(work, name=name, original=original):
            refused.append(name)
            if refused.count(name) < 3:
                raise DatabaseError(DatabaseTrouble.LOCKED, "another program holds it")
            return await original(work)

        monkeypatch.setattr(sqlite, name, refusing)
    async with running(sqlite, CountingPipeline()) as (_, told):
        await told.count(1)
    levels = [record.levelname for record in caplog.records if "cannot be" in record.getMessage()]
    assert levels == ["WARNING", "DEBUG", "WARNING", "DEBUG"]


async def test_many_members_are_written_in_lots(sqlite: Database, monkeypatch):
    monkeypatch.setattr("sync.text.worker.MEMBERS_AT_ONCE", 2)
    put(sqlite, *(member(f"N{n}", f"m{n}", needs=(f"need {n}",)) for n in range(5)))
    async with running(sqlite, CountingPipeline()) as (_, told):
        assert (await told.count(3)) == [6, 7, 8]
    assert all(words(sqlite, MemberId(f"m{n}")) for n in range(5))


async def test_sixty_members_take_a_moment_and_the_hub_goes_on(sqlite: Database):
    put(sqlite, *(member(f"N{n}", f"m{n}", needs=(f"une affiche de {n} pages",)) for n in range(60)))
    longest_s = 0.0
    loop = asyncio.get_running_loop()
    async with running(sqlite, Pipeline(GLOSSARY)) as (_, told):
        begin = before = loop.time()
        while not told.all:
            await asyncio.sleep(0.001)
            longest_s, before = max(longest_s, loop.time() - before), loop.time()
            assert before - begin < 60
    assert longest_s < 1  # 0.03 s on a quiet machine; a blocked loop would stand still for seconds


class RestingPipeline(CountingPipeline):
    """Notes how much it had been asked each time it was told to rest."""

    def __init__(self) -> None:
        super().__init__()
        self.rests: list[int] = []

    def rest(self) -> None:
        self.rests.append(len(self.asked))


async def test_after_a_while_without_work_the_encoder_rests_once_and_again_at_the_end(sqlite: Database):
    pipeline, told = RestingPipeline(), Seen[int]()
    worker = TextWorker(sqlite, pipeline, told.add, look_s=0.005, idle_s=0.01)
    task = asyncio.create_task(worker.run())
    try:
        put(sqlite, member(trade="", needs=("a logo",)))
        worker.changed(0)
        await until(lambda: pipeline.rests == [1])
        put(sqlite, member("Bob", "m2", trade="", needs=("a rhyme",)))
        worker.changed(0)
        await until(lambda: pipeline.rests == [1, 2])
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert pipeline.rests == [1, 2, 2]
