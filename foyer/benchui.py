"""The kiosk's screens alone, as `foyer bench screen` runs them: no reader, no database, no network.

    python -m foyer.benchui DESCRIPTOR

Draws on standard output, and does what single bytes on a socket say: "a" acknowledges, "g" greets,
"l" shows the lobby of the next minute.  Says "r" there once it is ready.
"""

import asyncio
import gc
import socket
import sys
from itertools import count

from foyer.benchviews import greeting, lobby
from kiosk.ui.app import KioskApp
from plumbing.memory import be_frugal


def main() -> None:
    """Run until the socket closes."""
    be_frugal()
    line = socket.socket(fileno=int(sys.argv[1]))
    numbers = count(1)

    def heard() -> None:
        match line.recv(1):
            case b"a":
                app.call_next(app.acknowledge, f"Entrée notée {next(numbers)}")
            case b"g":
                app.call_next(app.show, greeting(f"Entrée notée {next(numbers)}"))
            case b"l":
                minute = next(numbers)
                app.call_next(app.show, lobby(f"{minute // 60 % 24:02}:{minute % 60:02}"))
            case _:
                app.exit()

    def ready() -> None:
        # As the kiosk does once it has started.
        gc.collect()
        gc.freeze()
        asyncio.get_running_loop().add_reader(line.fileno(), heard)
        line.send(b"r")

    app = KioskApp(on_key=lambda _key: None, on_ready=ready)
    app.run()


if __name__ == "__main__":
    main()
