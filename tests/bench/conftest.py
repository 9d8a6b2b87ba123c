"""Tiny made-up data in the shape of the public sets, which are not part of this repository."""

import csv
from pathlib import Path

import numpy as np
import pytest

from bench.matching.evenings import CODES, HABITS, INTERESTS, SELF, WISHES


def write_evenings(file: Path, waves: int, size: int) -> None:
    """Write evenings in which everybody says yes to the others by lot."""
    rng = np.random.default_rng(1)
    said = (*HABITS, *SELF, *WISHES, *INTERESTS, *CODES)
    with file.open("w", newline="") as out:
        lines = csv.writer(out)
        lines.writerow(["iid", "gender", "wave", "pid", "dec", "dec_o", *said])
        for wave in range(1, waves + 1):
            first = 100 * wave
            answers = {first + k: rng.integers(1, 10, len(said)).tolist() for k in range(2 * size)}
            answers[first][0] = ""
            for man in range(first, first + size):
                for woman in range(first + size, first + 2 * size):
                    his, hers = rng.integers(0, 2, 2).tolist()
                    lines.writerow([man, 1, wave, f"{woman}.0", his, hers, *answers[man]])
                    lines.writerow([woman, 0, wave, f"{man}.0", hers, his, *answers[woman]])
            lines.writerow([first, 1, wave, "", 1, 1, *answers[first]])


def write_contacts(folder: Path) -> None:
    """Write an office of six people over two days, and a conference of four over two half days."""
    folder.mkdir()
    departments = "".join(f"{one}\t{'ABC'[one % 3]}\n" for one in range(1, 7))
    (folder / "metadata_InVS13.dat").write_text(departments)
    office = [(28_820 + 20 * k, 1, 2) for k in range(15)] + [(30_000, 3, 4), (90_000, 1, 5), (90_020, 5, 6)]
    (folder / "InVS13.dat").write_text("".join(f"{at} {one} {other}\n" for at, one, other in office))
    tongues = "".join(
        f"{one}\t1\tF\tC1\t{tongue}\tNA\tNA\t2\tNo\n" for one, tongue in enumerate(["L1", "L2", "NA", "L1"])
    )
    (folder / "metadata_WS16.dat").write_text(tongues)
    conference = [(1_480_486_100, 0, 1), (1_480_486_120, 2, 3), (1_480_540_000, 0, 3)]
    (folder / "tij_WS16.dat").write_text("".join(f"{at}\t{one}\t{other}\n" for at, one, other in conference))


@pytest.fixture(scope="session")
def made_up(tmp_path_factory) -> Path:
    """A folder of made-up data."""
    folder = tmp_path_factory.mktemp("matching")
    write_evenings(folder / "speed_dating.csv", waves=3, size=4)
    write_contacts(folder / "contacts")
    return folder
