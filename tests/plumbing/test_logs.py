"""Where a command's log lines go."""

import subprocess
import sys

SAYS = """
import logging
from plumbing import logs
logs.to_journal()
logging.getLogger("hardware.polling").warning("a line failed")
logging.getLogger("plumbing").error("a file is gone")
"""


def test_without_a_service_manager_only_errors_are_heard():
    said = subprocess.run(
        [sys.executable, "-c", SAYS], env={"PATH": ""}, capture_output=True, text=True, timeout=30, check=True
    )
    assert (said.stdout, said.stderr) == ("", "a file is gone\n")
