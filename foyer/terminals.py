"""Whether there is a screen to draw on."""

import sys


def has_terminal() -> bool:
    """Say whether there is one; Textual reads from standard input, writes to both."""
    return sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()
