"""Start a program for systemd, and pass on what its grandchildren say of themselves.

`python -m plumbing.herald PROGRAM ARGUMENT...`

A screen needs a session, and whoever has one is no longer in its service's control group: what Foyer says
from inside the compositor's terminal, systemd takes for a stranger's.  This process is the service's own; it
hears them on a socket that only its user may open, and repeats what is about starting and living.  It imports
little, for it stays in memory.

When it ends, and however it is told to, nothing that it started is left: a program that hangs would keep the
reader.

Source: sd_notify(3), prctl(2) PR_SET_CHILD_SUBREAPER.
"""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection
from pathlib import Path
from types import FrameType

from plumbing.systemd import notify

PASSED_ON = ("READY=1", "STOPPING=1", "WATCHDOG=1")
"""Not `MAINPID=` or file descriptors: those are this process's own matter."""

GRACE_S = 5.0
"""Seconds for ending in order; below the units' time for stopping."""

_PR_SET_CHILD_SUBREAPER = 36
_LOOK_S = 0.05
_HEAR_S = 0.2  # how late it may see that the program has ended, or that it is told to end itself
_ENDINGS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGABRT)


def run(command: list[str]) -> int:
    """Run a program until it ends or this process is told to; return how it ended, as a shell would say it.

    Raises:
        OSError: It cannot be started.
    """
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    told: list[int] = []  # systemd stops the service, or its watchdog has heard nothing for too long

    def note(number: int, _frame: FrameType | None) -> None:
        told.append(number)  # and no more: an error raised here could leave what is being ended half ended

    with (
        tempfile.TemporaryDirectory(prefix="foyer-herald-") as folder,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard,
    ):
        place = str(Path(folder) / "notify")
        heard.bind(place)
        heard.settimeout(_HEAR_S)
        for number in _ENDINGS:
            signal.signal(number, note)
        child = subprocess.Popen(command, env={**os.environ, "NOTIFY_SOCKET": place})  # noqa: S603 - our own unit says what
        while child.poll() is None and not told:
            with contextlib.suppress(TimeoutError):
                _pass_on(heard.recv(4096))
        if told:
            child.terminate()
        _leave_nothing(child, told)
    return 128 - child.returncode if child.returncode < 0 else child.returncode


def _pass_on(said: bytes) -> None:
    for line in said.decode(errors="replace").splitlines():
        if line in PASSED_ON:
            notify(line)


def _leave_nothing(child: subprocess.Popen[bytes], told: Collection[int]) -> None:
    """Wait for everything that was started, and kill what does not end; at once if it hangs (`SIGABRT`)."""
    until = time.monotonic() + GRACE_S
    while left := _descendants(os.getpid()):
        if signal.SIGABRT in told or time.monotonic() >= until:
            for process in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
        child.poll()
        for process in _children(os.getpid()):
            if process != child.pid:
                with contextlib.suppress(ChildProcessError):
                    os.waitpid(process, os.WNOHANG)
        time.sleep(_LOOK_S)
    try:
        child.wait(GRACE_S)
    except subprocess.TimeoutExpired:  # it was not among those found: /proc may be hidden or not there
        child.kill()
        child.wait()


def _parents() -> dict[int, int]:
    """Return whose child each process is, whichever of its threads started it.

    Source: proc_pid_stat(5).  /proc/PID/task/PID/children, which would be shorter, is not in every kernel.
    """
    found = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # after the name, in which anything may stand
            found[int(place.parent.name)] = int(place.read_bytes().rpartition(b")")[2].split()[1])
    return found


def _children(process: int) -> list[int]:
    return [child for child, parent in _parents().items() if parent == process]


def _descendants(process: int) -> list[int]:
    parents = _parents()
    found = [process]
    for above in found:  # it grows
        found += [child for child, parent in parents.items() if parent == above and child not in found]
    return found[1:]


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
