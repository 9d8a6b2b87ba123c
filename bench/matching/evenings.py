"""The speed-dating evenings: who said what at sign-up, and both real decisions of every couple."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

INTERESTS = (
    "sports", "tvsports", "exercise", "dining", "museums", "art", "hiking", "gaming", "clubbing", "reading",
    "tv", "theater", "movies", "concerts", "music", "shopping", "yoga",
)  # fmt: skip
WISHES = ("attr1_1", "sinc1_1", "intel1_1", "fun1_1", "amb1_1", "shar1_1")
"""What matters to them in the other, of 100 points."""
SELF = ("attr3_1", "sinc3_1", "intel3_1", "fun3_1", "amb3_1")
"""What they say of themselves, in the order of `WISHES`."""
HABITS = ("age", "goal", "date", "go_out", "exphappy")
CODES = ("field_cd", "career_c")


@dataclass(frozen=True, slots=True)
class Evening:
    """One wave; men are the rows, women the columns of every matrix."""

    wave: int
    men: tuple[str, ...]
    women: tuple[str, ...]
    dated: NDArray[np.bool_]
    """Whether they sat together: both decisions are known."""
    his: Numbers
    """His decision, 0 or 1; 0 where they did not date."""
    hers: Numbers
    signed_up: dict[str, dict[str, float]]
    """What each said at sign-up; a missing answer is missing here too."""

    @property
    def matches(self) -> NDArray[np.bool_]:
        """Both said yes."""
        return (self.his * self.hers * self.dated) > 0


def read_evenings(file: Path) -> tuple[Evening, ...]:
    """Return every evening of the file, in order; decisions without a partner's id are left out."""
    with file.open(encoding="latin-1", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["pid"] and row["dec"] and row["dec_o"]]
    waves = sorted({int(float(row["wave"])) for row in rows})
    return tuple(_evening(wave, [row for row in rows if int(float(row["wave"])) == wave]) for wave in waves)


def _evening(wave: int, rows: list[dict[str, str]]) -> Evening:
    people: dict[str, dict[str, str]] = {row["iid"]: row for row in rows}
    men = tuple(sorted((i for i, row in people.items() if row["gender"] == "1"), key=int))
    women = tuple(sorted((i for i, row in people.items() if row["gender"] == "0"), key=int))
    row_of, column_of = {m: k for k, m in enumerate(men)}, {w: k for k, w in enumerate(women)}
    shape = (len(men), len(women))
    dated, his, hers = np.zeros(shape, dtype=bool), np.zeros(shape), np.zeros(shape)
    for row in rows:
        other = str(int(float(row["pid"])))
        if row["gender"] != "1" or other not in column_of:
            continue
        at = row_of[row["iid"]], column_of[other]
        dated[at], his[at], hers[at] = True, float(row["dec"]), float(row["dec_o"])
    signed_up = {
        i: {name: float(row[name]) for name in (*INTERESTS, *WISHES, *SELF, *HABITS, *CODES) if row[name]}
        for i, row in people.items()
    }
    return Evening(wave, men, women, dated, his, hers, signed_up)


def describe(evening: Evening, people: tuple[str, ...]) -> Numbers:
    """Return the sign-up answers of some people, a row each; NaN where nothing was said."""
    said = (*HABITS, *SELF, *WISHES, *INTERESTS)
    return np.array([[evening.signed_up[i].get(name, np.nan) for name in said] for i in people])


def codes(evening: Evening, people: tuple[str, ...]) -> Numbers:
    """Return field and career codes, a row each; NaN where nothing was said."""
    return np.array([[evening.signed_up[i].get(name, np.nan) for name in CODES] for i in people])
