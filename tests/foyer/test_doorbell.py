"""`foyer tap` rings a running demo over a socket that only this user may open."""

import asyncio
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from foyer.doorbell import Doorbell, address, ring
from foyer.errors import DoorbellError


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))


@pytest.fixture
async def rung() -> AsyncIterator[list[str]]:
    """A running bell, and what it was rung for."""
    heard: list[str] = []

    async def answer(what: str) -> str:
        heard.append(what)
        return f"{what}: rung"

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
    async def answer(_what: str) -> str:
        return ""

    bell = Doorbell(answer)
    await bell.start()
    await bell.stop()
    assert not address().exists()
    with pytest.raises(DoorbellError, match="start one with `foyer demo`"):
        await asyncio.to_thread(ring, "Priya")


async def test_a_second_demo_takes_the_bell_over(rung: list[str]):
    async def answer(_what: str) -> str:
        return "the second"

    second = Doorbell(answer)
    await second.start()
    assert await asyncio.to_thread(ring, "x") == "the second"
    await second.stop()
    assert rung == []
