import asyncio
import socket
from pathlib import Path

import pytest

from plumbing.systemd import notify, stay_watched


def test_systemd_is_told_where_it_listens(tmp_path: Path, monkeypatch):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.settimeout(5)
        listening.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        assert notify("READY=1")
        assert listening.recv(100) == b"READY=1"
    assert not notify("STOPPING=1")


def test_an_abstract_socket_is_found(monkeypatch):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.settimeout(5)
        listening.bind("")  # the kernel chooses an abstract name
        monkeypatch.setenv("NOTIFY_SOCKET", "@" + listening.getsockname()[1:].decode())
        assert notify("READY=1")
        assert listening.recv(100) == b"READY=1"


def test_without_systemd_nobody_is_told(monkeypatch):
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    assert not notify("READY=1")


async def test_a_loop_that_turns_is_heard_again_and_again(tmp_path: Path, monkeypatch):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.settimeout(60)
        listening.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        monkeypatch.setenv("WATCHDOG_USEC", "30000")
        watched = asyncio.create_task(stay_watched())
        for _ in range(3):
            assert await asyncio.to_thread(listening.recv, 100) == b"WATCHDOG=1"
        watched.cancel()
        await asyncio.gather(watched, return_exceptions=True)


@pytest.mark.parametrize("allowed", ["", "0", "soon"])
async def test_where_nobody_watches_nothing_is_said(monkeypatch, allowed):
    monkeypatch.setenv("WATCHDOG_USEC", allowed)
    await asyncio.wait_for(stay_watched(), 60)


async def test_a_line_that_is_gone_ends_it(monkeypatch, tmp_path: Path):
    monkeypatch.setenv("WATCHDOG_USEC", "30000")
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nobody"))
    await asyncio.wait_for(stay_watched(), 60)
