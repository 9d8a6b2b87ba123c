"""What was measured, as rows, and the one table they make."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Interval:
    """A value and where it probably lies: 95 %."""

    value: float
    low: float | None = None
    """`None` where there is no chance in it."""
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One measured thing."""

    part: str
    """`replay`, `integration`, `agents` or `text`."""
    case: str
    """The setting, such as "2 meetings a day each"."""
    method: str
    measure: str
    found: Interval
    versus: Interval | None = None
    """The paired difference from random (the same people, days and seeds); in percent where `percent`."""
    percent: bool = False
    aim: str = ""
    """What was asked for, where something was."""
    reached: bool | None = None
    """Whether it was reached; `None` without an aim."""


TITLES = {
    "replay": "Replay: real reciprocal decisions, limited time",
    "integration": "Integration: real attendance, scarce introductions",
    "agents": "Agents: a model of our own, for ablations and faults; never evidence of effect",
    "text": "Text: public sets of need and offer, French and English",
}


def figure(number: float) -> str:
    """Return a number as short as it can be read: three digits that say something."""
    if math.isnan(number):
        return "-"
    digits = next((d for least, d in ((100, 0), (10, 1), (1, 2)) if abs(number) >= least), 3)
    text = f"{number:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def interval(found: Interval, *, sign: bool = False, unit: str = "") -> str:
    """Return `value [low, high]`."""
    plus = "+" if sign and found.value > 0 else ""
    text = f"{plus}{figure(found.value)}{unit}"
    if found.low is None or found.high is None:
        return text
    return f"{text} [{figure(found.low)}, {figure(found.high)}]"


def cells(row: Row) -> str:
    """Return what stands in the table for one row."""
    text = interval(row.found)
    if row.versus is not None:
        text += f"; {interval(row.versus, sign=True, unit=' %' if row.percent else '')} v random"
    if row.reached is not None:
        text += " ✓" if row.reached else " ✗"
    return text


def markdown(rows: Sequence[Row]) -> str:
    """Return the table: for each part and case the methods as lines, the measures as columns."""
    lines: list[str] = []
    for part in _in_order(row.part for row in rows):
        lines += [f"### {TITLES.get(part, part)}", ""]
        of_part = [row for row in rows if row.part == part]
        for case in _in_order(row.case for row in of_part):
            lines += _block(case, [row for row in of_part if row.case == case])
    aims = [row for row in rows if row.reached is not None]
    if aims:
        lines += ["### Aims", "", "| aim | found | reached |", "|---|---|---|"]
        lines += [
            f"| {row.aim} | {row.method}: {cells(row).rstrip(' ✓✗')} | {'yes' if row.reached else 'no'} |"
            for row in aims
        ]
        lines.append("")
    return "\n".join(lines)


def _block(case: str, rows: Sequence[Row]) -> list[str]:
    measures = _in_order(row.measure for row in rows)
    held = {(row.method, row.measure): cells(row) for row in rows}
    return [
        f"| {case} | {' | '.join(measures)} |",
        f"|---|{'---|' * len(measures)}",
        *(
            f"| {method} | {' | '.join(held.get((method, measure), '') for measure in measures)} |"
            for method in _in_order(row.method for row in rows)
        ),
        "",
    ]


def _in_order(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))
