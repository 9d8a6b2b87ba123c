"""Between systemd and a screen: what is said within is heard outside, and nothing is left behind."""

import os
import queue
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from plumbing.herald import _descendants
from tests.fakes.programs import wait_until

SAYS = """
import socket, sys, time, os, signal
line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
line.connect(os.environ["NOTIFY_SOCKET"])
line.send(b"MAINPID=1")
line.send(b"READY=1\\nSTATUS=well")
line.send(b"WATCHDOG=1")
open(sys.argv[1], "w").write(str(os.getpid()))
if sys.argv[2] == "hang":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    while True:
        time.sleep(60)
sys.exit(int(sys.argv[2]))
"""


@pytest.fixture
def service(tmp_path: Path):
    """The service manager's end of the line, and a herald whose grandchild says what it is given."""
    started: list[subprocess.Popen[bytes]] = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.settimeout(60)
        listening.bind(str(tmp_path / "systemd"))

        def start(how: str, *, orphan: bool = False) -> subprocess.Popen[bytes]:
            inner = [sys.executable, "-c", SAYS, str(tmp_path / "pid"), how]
            between = "import subprocess, sys; p = subprocess.Popen(sys.argv[1:]); "
            between += "sys.exit(0)" if orphan else "sys.exit(p.wait())"
            process = subprocess.Popen(
                [sys.executable, "-m", "plumbing.herald", sys.executable, "-c", between, *inner],
                env={**os.environ, "NOTIFY_SOCKET": str(tmp_path / "systemd")},
            )
            started.append(process)
            return process

        yield listening, start
    for process in started:
        process.kill()
        process.wait(60)


def pid_in(tmp_path: Path) -> int:
    wait_until(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text(), "the grandchild")
    return int((tmp_path / "pid").read_text())


def test_what_a_grandchild_says_of_itself_is_passed_on_and_nothing_else(service):
    listening, start = service
    process = start("3")
    assert listening.recv(100) == b"READY=1"
    assert listening.recv(100) == b"WATCHDOG=1"
    assert process.wait(60) == 3


@pytest.mark.parametrize("ending", [signal.SIGABRT, signal.SIGTERM])
def test_a_grandchild_that_hangs_does_not_stay(service, tmp_path, ending):
    listening, start = service
    process = start("hang")
    assert listening.recv(100) == b"READY=1"
    grandchild = pid_in(tmp_path)
    process.send_signal(ending)
    assert process.wait(60) != 0
    assert not Path(f"/proc/{grandchild}").exists()


def test_whoever_lost_their_parent_does_not_stay_either(service, tmp_path):
    _listening, start = service
    process = start("hang", orphan=True)
    grandchild = pid_in(tmp_path)
    assert process.wait(60) == 0
    assert not Path(f"/proc/{grandchild}").exists()


def test_it_is_told_to_end_while_it_ends_and_still_leaves_nobody(service, tmp_path):
    _listening, start = service
    process = start("hang", orphan=True)
    grandchild = pid_in(tmp_path)
    wait_until(lambda: parent_of(grandchild) == process.pid, "the program between to have ended")
    process.send_signal(signal.SIGTERM)  # while it waits for the grandchild, which does not listen
    assert process.wait(60) == 0
    assert not Path(f"/proc/{grandchild}").exists()


def test_whoever_a_thread_has_started_is_found():
    started, ended = queue.Queue(), threading.Event()

    def work():
        with subprocess.Popen(["/bin/sleep", "600"]) as child:
            started.put(child.pid)
            ended.wait(60)
            child.kill()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        assert started.get(timeout=60) in _descendants(os.getpid())
    finally:
        ended.set()
        thread.join(60)


def test_descendants_are_found_whatever_their_name_and_whoever_lives_between(tmp_path):
    odd = tmp_path / "a) Z 1 (b"
    odd.symlink_to("/bin/sh")
    with subprocess.Popen([odd, "-c", "sleep 600 & echo $!; wait"], stdout=subprocess.PIPE) as between:
        below = int(between.stdout.readline())
        assert _descendants(os.getpid())[-2:] == [between.pid, below]
        for process in (below, between.pid):
            os.kill(process, signal.SIGKILL)


def parent_of(process: int) -> int:
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[1])
