"""Who was face to face with whom, day by day: an office and a conference, by wearable sensors."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]

CONTACT_S = 20
"""What one line of a contact list stands for."""

DAY_S = 86_400
HALF_DAY_S = DAY_S // 2


@dataclass(frozen=True, slots=True)
class Place:
    """One set: people, what is known of them, and their contacts."""

    name: str
    people: tuple[str, ...]
    group: tuple[str, ...]
    """Department or language; empty where it is not known."""
    grouped_by: str
    """"company" for departments, "language" for languages: what the matcher takes it for."""
    contact_s: Counts
    """Shape (days, n, n), symmetric: seconds face to face."""

    @property
    def present(self) -> Flags:
        """Shape (days, n): who was seen at all."""
        return np.asarray(self.contact_s.sum(axis=2) > 0)


def read_office(folder: Path) -> Place:
    """Return the office: 92 people in five departments over ten days; a department stands for a company."""
    departments = dict(_words(line)[:2] for line in _lines(folder / "metadata_InVS13.dat"))
    return _place("office", folder / "InVS13.dat", departments, "company", DAY_S)


def read_conference(folder: Path) -> Place:
    """Return the conference: 138 people with their mother tongues; two days, halves of which are sessions."""
    languages = {}
    for line in _lines(folder / "metadata_WS16.dat"):
        words = _words(line)
        languages[words[0]] = "" if words[4] == "NA" else words[4]
    return _place("conference", folder / "tij_WS16.dat", languages, "language", HALF_DAY_S)


def _place(name: str, file: Path, groups: dict[str, str], grouped_by: str, period_s: int) -> Place:
    people = tuple(sorted(groups, key=int))
    at = {one: place for place, one in enumerate(people)}
    by_day: dict[int, dict[tuple[int, int], int]] = defaultdict(lambda: defaultdict(int))
    for line in _lines(file):
        second, one, other = _words(line)
        if one in at and other in at and one != other:
            by_day[int(second) // period_s][at[one], at[other]] += 1
    contact_s = np.zeros((len(by_day), len(people), len(people)), dtype=np.int64)
    for number, day in enumerate(sorted(by_day)):
        for (i, j), count in by_day[day].items():
            contact_s[number, i, j] += count * CONTACT_S
            contact_s[number, j, i] += count * CONTACT_S
    return Place(name, people, tuple(groups[one] for one in people), grouped_by, contact_s)


def _lines(file: Path) -> list[str]:
    return [line for line in file.read_text(encoding="ascii").splitlines() if line.strip()]


def _words(line: str) -> list[str]:
    return line.split()
