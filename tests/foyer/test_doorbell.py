"""`foyer tap` rings a running demo over a socket that only this user may open."""

import asyncio
import os
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from foyer.doorbell import Answer, Doorbell, address, ring
from foyer.errors import DoorbellError, NotRungError
from plumbing.words import Sentence


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))


@pytest.fixture
async def rung() -> AsyncIterator[list[str]]:
    """A running bell, and what it was rung for."""
    heard: list[str] = []

    async def answer(what: str) -> Answer:
        heard.append(what)
        if what == "nobody":
            return Answer(Sentence("{name} has no badge yet", name="Nobody"), rung=False)
        return Answer(f"{what}: rung")

    bell = Doorbell(answer)
    await bell.start()
    yield heard
    await bell.stop()


async def test_a_ring_is_heard_and_answered(rung: list[str]):
    assert await asyncio.to_thread(ring, "Raphaël") == "Raphaël: rung"
    assert rung == ["Raphaël"]


async def test_only_this_user_may_ring(rung: list[str]):
    assert stat.S_IMODE(address().stat().st_mode) == 0o600
    assert stat.S_IMODE(address().parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("line", [b"\n", b"{\n", b"[]\n", b'{"other": 1}\n', b"\xff\n"])
async def test_what_is_no_ring_is_answered_and_the_bell_goes_on(rung: list[str], line: bytes):
    reader, writer = await asyncio.open_unix_connection(address())
    writer.write(line)
    assert b"not understood" in await reader.readline()
    writer.close()
    await writer.wait_closed()
    assert await asyncio.to_thread(ring, "again") == "again: rung"


async def test_no_socket_is_left_and_no_demo_is_said_in_a_sentence():
    async def answer(_what: str) -> Answer:
        return Answer("")

    bell = Doorbell(answer)
    await bell.start()
    await bell.stop()
    assert not address().exists()
    with pytest.raises(DoorbellError, match="start one with `foyer demo`"):
        await asyncio.to_thread(ring, "Priya")


async def test_a_second_demo_takes_the_bell_over(rung: list[str]):
    async def answer(_what: str) -> Answer:
        return Answer("the second")

    second = Doorbell(answer)
    await second.start()
    assert await asyncio.to_thread(ring, "x") == "the second"
    await second.stop()
    assert rung == []


async def test_nobody_to_tap_for_is_another_ending_in_the_language_of_who_rings(
    rung: list[str], monkeypatch: pytest.MonkeyPatch
):
    with pytest.raises(NotRungError, match="Nobody has no badge yet"):
        await asyncio.to_thread(ring, "nobody")
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    with pytest.raises(NotRungError, match="Nobody n’a pas encore de badge") as caught:
        await asyncio.to_thread(ring, "nobody")
    assert caught.value.status == 1


def _a_plain_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    (tmp_path / f"foyer-{os.getuid()}").write_text("")


def _a_file_as_session_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "file"))


def _somebody_else_s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    somebody = os.getuid() + 1
    monkeypatch.setattr("os.getuid", lambda: somebody)


@pytest.mark.parametrize("spoil", [_a_plain_file, _a_file_as_session_folder, _somebody_else_s])
async def test_a_folder_that_cannot_be_is_said_with_the_cure_at_both_ends(
    spoil, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async def answer(_what: str) -> Answer:
        return Answer("")

    spoil(tmp_path, monkeypatch)
    with pytest.raises(DoorbellError, match="set XDG_RUNTIME_DIR to a folder of your own"):
        await asyncio.to_thread(ring, "Priya")
    with pytest.raises(DoorbellError, match="set XDG_RUNTIME_DIR to a folder of your own"):
        await Doorbell(answer).start()


async def test_a_path_too_long_for_a_socket_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    async def answer(_what: str) -> Answer:
        return Answer("")

    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / ("x" * 120)))
    with pytest.raises(DoorbellError, match="cannot be put up"):
        await Doorbell(answer).start()
