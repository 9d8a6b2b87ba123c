"""Measure the matcher: `python -m bench.matching --data FOLDER`."""

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.matching.agents import run_agents
from bench.matching.integration import run_integration
from bench.matching.replay import run_replay
from bench.matching.report import report
from bench.matching.sources import VARIABLE, MissingData, require
from bench.matching.table import Row, markdown

PARTS = ("replay", "integration", "agents", "text")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for, print one table, and say what had to be left out.

    Returns:
        0 if everything asked for ran; 1 if data was missing for some of it.
    """
    asked = _arguments(arguments)
    data = asked.data or (Path(found) if (found := os.environ.get(VARIABLE)) else None)
    parts = [asked.only] if asked.only else list(PARTS)
    rows: list[Row] = []
    left_out: list[str] = []
    began = time.monotonic()
    for part in parts:
        try:
            rows += _run(part, data, quick=asked.quick)
        except MissingData as said:
            left_out.append(str(said))
    print(markdown(rows))
    print(*left_out, sep="\n", file=sys.stderr)
    if asked.markdown is not None and rows:
        minutes = (time.monotonic() - began) / 60
        text = report(rows, left_out, quick=asked.quick, minutes=minutes)
        asked.markdown.write_text(text, encoding="utf-8")
    return 1 if left_out else 0


def _run(part: str, data: Path | None, *, quick: bool) -> list[Row]:
    def text() -> list[Row]:
        from bench.matching.text import run_text

        return run_text(require(data, "text"), quick)

    runs: dict[str, Callable[[], list[Row]]] = {
        "replay": lambda: run_replay(data, quick=quick, say=_say),
        "integration": lambda: run_integration(data, quick=quick, say=_say),
        "agents": lambda: run_agents(quick=quick, say=_say),
        "text": text,
    }
    return runs[part]()


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.matching", description=__doc__)
    parser.add_argument("--data", type=Path, help=f"the folder of public data; else the variable {VARIABLE}")
    parser.add_argument("--only", choices=PARTS, help="one part instead of all")
    parser.add_argument("--quick", action="store_true", help="few seeds and cases: does it run?")
    parser.add_argument("--markdown", type=Path, help="also write the page docs/matching.md is")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    raise SystemExit(main())
