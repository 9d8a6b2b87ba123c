"""A badge reader for a machine that has none: `python reader.py LINK`, then badges' numbers, one a line.

Runs inside a trial machine with its own release of Foyer.  Each badge is held to the reader until it has
been looked for; "tapped" on standard output says that it is off again.
"""

import sys
from pathlib import Path

from hardware.virtual.cards import Ntag213
from hardware.virtual.port import VirtualPn532

LOOKS = 3
PATIENCE_S = 60.0


def say(word: str) -> None:
    """Tell whoever waits on standard output."""
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


def serve(link: Path) -> None:
    """Be a reader until standard input ends."""
    reader = VirtualPn532(link)
    reader.start()
    try:
        say("ready")
        for line in sys.stdin:
            reader.present(Ntag213(bytes.fromhex(line.strip())))
            seen = reader.wait_for_polls(LOOKS, PATIENCE_S)
            reader.lift()
            say("tapped" if seen else "nobody looked")
    finally:
        reader.stop()


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
