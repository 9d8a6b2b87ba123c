"""Wrong PINs in the kiosk's own file."""

from pathlib import Path

import pytest

from community.clock import Stamp
from community.pins import FOR_DOOR, FOR_MEMBER
from kiosk.store import tries as store
from kiosk.store.tables import open_database
from kiosk.store.tries import TriesStore


def at(seconds: float) -> Stamp:
    return Stamp(int(seconds * 1_000_000), "boot", int(seconds * 1_000_000), synced=True)


@pytest.fixture
def database(tmp_path: Path):
    database = open_database(tmp_path / "kiosk.db")
    yield database
    database.close()


def rows(database) -> dict[str, int]:
    with_rows = database.read_now(lambda c: c.execute(store.select(store.tries)).all())
    return {row.who: row.wrong for row in with_rows}


async def test_a_try_that_waits_is_not_counted(database):
    tries = TriesStore(database)
    said = [await tries.count("lea", at(1)) for _ in range(FOR_MEMBER.free + 1)]
    assert [each.allowed for each in said] == [True] * FOR_MEMBER.free + [False]
    assert [each.waits_next for each in said] == [False] * (FOR_MEMBER.free - 1) + [True, True]
    assert rows(database) == {"": FOR_MEMBER.free, "lea": FOR_MEMBER.free}
    assert (await tries.count("lea", at(1 + FOR_MEMBER.first_s))).allowed


async def test_one_name_does_not_hold_up_another_until_the_door_waits(database):
    tries = TriesStore(database)
    for n in range(FOR_DOOR.free):
        assert (await tries.count(f"?{n}", at(1))).allowed
    assert not (await tries.count("lea", at(1))).allowed


async def test_who_was_right_is_forgiven_and_nobody_else(database):
    tries = TriesStore(database)
    for who in ("lea", "lea", "amina", "lea"):
        await tries.count(who, at(1))
    await tries.was_right("lea")
    assert rows(database) == {"": 3, "amina": 1}
    await tries.was_right("amina")
    await tries.was_right("nobody")
    await tries.was_right("nobody")
    assert rows(database) == {}


async def test_names_that_are_nobody_s_are_forgotten_first(database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(store, "MOST_KEPT", 3)
    tries = TriesStore(database)
    for n, who in enumerate(("lea", "?1", "?2", "?3", "amina")):
        await tries.count(who, at(1 + n))
    assert set(rows(database)) == {"", "lea", "amina", "?3"}
