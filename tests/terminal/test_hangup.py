"""A terminal whose window is closed: what drew in it ends, instead of drawing for nobody."""

import os
import pty
import struct
import subprocess
import sys
import termios
from fcntl import ioctl
from pathlib import Path

import pytest

from tests.fakes.terminal import usual

HERE = Path(__file__).parent
BLOCK = "█".encode()
ENDS_S = 60.0


@pytest.mark.timeout(480)
@pytest.mark.parametrize(
    "command",
    [(str(HERE / "one_view.py"), "greeting", "fr", os.devnull), ("-m", "foyer", "demo", "--port", "0")],
    ids=["one view", "the demo"],
)
def test_what_draws_ends_with_its_terminal(command: tuple[str, ...]):
    ours, theirs = pty.openpty()
    ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 33, 120, 0, 0))
    program = subprocess.Popen(
        [sys.executable, *command],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=usual(),
        start_new_session=True,
    )
    os.close(theirs)
    try:
        drawn = b""
        while BLOCK not in drawn:
            drawn = drawn[-8:] + os.read(ours, 65_536)
        os.close(ours)
        program.wait(ENDS_S)
    finally:
        program.kill()
        program.wait()
