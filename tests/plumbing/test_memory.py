"""Memory that is taken for a moment is the system's again, in a program of its own."""

import json
import subprocess
import sys

PROGRAM = """
import json, threading
from pathlib import Path
from plumbing.memory import be_frugal, give_back

be_frugal()
PAGE = 4096


def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


def work():
    for size in (1 << 20, 1 << 22, 1 << 24):
        large = [bytearray(size) for _ in range(4)]
        small = [bytearray(2_000) for _ in range(20_000)]
        most.append(resident())
        del large, small


most = [resident()]
thread = threading.Thread(target=work)
thread.start()
thread.join()
give_back()
print(json.dumps([most[0], max(most), resident()]))
"""


def test_what_a_thread_needed_for_a_moment_is_given_back():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    before, most, after = json.loads(done.stdout)
    assert after - before < (most - before) / 4
