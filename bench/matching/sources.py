"""Where each public set comes from, and what to say when it is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

VARIABLE = "FOYER_MATCHING_DATA"


@dataclass(frozen=True, slots=True)
class Source:
    """One public set."""

    files: tuple[str, ...]
    """Under the folder of data; a name ending in / is a folder."""
    where: str
    """Where anyone can get it."""


SOURCES: dict[str, Source] = {
    "replay": Source(
        ("speed_dating.csv",),
        "Fisman, Iyengar, Kamenica and Simonson, QJE 2006: on Andrew Gelman's page "
        "(stat.columbia.edu/~gelman/arm/examples/speed.dating) or OpenML 40536; save it as speed_dating.csv",
    ),
    "integration": Source(
        (
            "contacts/InVS13.dat",
            "contacts/metadata_InVS13.dat",
            "contacts/tij_WS16.dat",
            "contacts/metadata_WS16.dat",
        ),
        "InVS13: sociopatterns.org, contacts in a workplace; WS16: Génois and others 2019, zenodo.org record "
        "2531537; the contact lists and their metadata go into contacts/",
    ),
    "text": Source(
        (
            "melo_bel_q_fr_c_en/",
            "melo_bel_q_fr_c_fr/",
            "vdab_fr_competence_to_esco.csv",
            "esco_skills_fr_en.csv",
            "tatoeba_fra_eng.tsv",
            "stsb-en-dev.csv",
            "stsb-fr-dev.csv",
        ),
        "MELO and the VDAB crosswalk: github.com/Avature/melo-benchmark; ESCO: esco.ec.europa.eu; "
        "Tatoeba fra-eng: github.com/facebookresearch/LASER (data/tatoeba/v1); "
        "STS-B: github.com/PhilipMay/stsb-multi-mt",
    ),
}
"""By the part that needs it; `agents` needs none."""


class MissingData(Exception):  # noqa: N818 - it is what happened
    """A set is not where it was looked for; the text is what the reader needs."""


def require(data: Path | None, part: str) -> Path:
    """Return the folder of data if it holds what a part needs.

    Raises:
        MissingData: It does not; the text names the missing files and says where anyone can get them.
    """
    source = SOURCES[part]
    if data is None:
        missing: Sequence[str] = source.files
        said = f"no folder of data was given (--data FOLDER, or {VARIABLE})"
    else:
        missing = [name for name in source.files if not (data / name).exists()]
        said = f"not found in {data}: {', '.join(missing)}"
    if missing or data is None:
        raise MissingData(f"{part} is left out: {said}.\n  Anyone can get it: {source.where}.")
    return data
