"""The kiosk as `foyer bench tap` runs it: everything but a terminal, and it says when it painted.

    python -m foyer.benchkiosk SETTINGS.toml

One line of JSON once the reader is ready and introductions are thought over, one for each painted greeting.
"""

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from hardware.reader import ReaderReady, ReaderState
from kiosk.bootstrap import USUAL_SIZE, Kiosk
from kiosk.core.inbox import Trace
from kiosk.core.views import Greeting, View
from kiosk.observers import Observers
from kiosk.settings import PREFIX, KioskSettings
from plumbing import logs
from plumbing.settings import load


async def main() -> None:
    """Run until standard input closes."""
    settings = load(KioskSettings, file=Path(sys.argv[1]), environment={}, prefix=PREFIX)
    logs.to_file(settings.log_file)
    last: list[Trace] = []

    def painted(view: View, words: Sequence[str]) -> None:
        if isinstance(view, Greeting) and last and view.headline in " ".join(words):
            trace = last.pop()
            _say(
                {
                    "read_s": trace.read_s,
                    "committed_ms": trace.committed_ms,
                    "painted_s": time.monotonic(),
                    "introduced": trace.introduced,
                }
            )

    awaited = {"reader", "introductions"}

    def is_ready(what: str) -> None:
        if what in awaited:
            awaited.remove(what)
            if not awaited:
                _say({"ready": True})

    def reader(state: ReaderState) -> None:
        if isinstance(state, ReaderReady):
            is_ready("reader")

    def thought() -> None:
        is_ready("introductions")

    def traced(trace: Trace) -> None:
        last[:] = [trace]

    stop = asyncio.Event()
    asyncio.get_running_loop().add_reader(sys.stdin, stop.set)
    kiosk = Kiosk(settings, Observers(trace=traced, painted=painted, reader=reader, thought=thought))
    await kiosk.run_on_screen(stop, without_terminal=USUAL_SIZE)


def _say(line: dict[str, object]) -> None:
    print(json.dumps(line), file=sys.__stdout__, flush=True)


if __name__ == "__main__":
    asyncio.run(main())
