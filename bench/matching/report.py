"""The page `docs/matching.md`: `page.md` with the table in its place."""

import os
import platform
import textwrap
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bench.matching.table import Row, markdown

PAGE = Path(__file__).with_name("page.md")
WIDTH = 120
QUICK = "**A quick run: few seeds, few cases. Do not quote these figures.**"


def report(rows: Sequence[Row], missing: Sequence[str], *, quick: bool, minutes: float) -> str:
    """Return the page.

    Args:
        rows: What was measured.
        missing: What was left out, in words.
        quick: Whether it was a quick run, whose figures nobody should quote.
        minutes: How long it took.
    """
    machine = (
        f"`make bench-matching`, {minutes:.0f} minutes on {os.cpu_count()} cores of a {platform.machine()} "
        f"machine ({platform.system()}), Python {platform.python_version()}, numpy {np.__version__}. The "
        "figures do not depend on the machine's speed."
    )
    left_out = [QUICK] * quick + [f"- {said}" for said in missing]
    page = PAGE.read_text(encoding="utf-8")
    page = page.replace("<!-- left out -->\n\n", "".join(f"{said}\n\n" for said in left_out))
    page = page.replace("<!-- machine -->", textwrap.fill(machine, WIDTH))
    return page.replace("<!-- table -->", markdown(rows).strip())
