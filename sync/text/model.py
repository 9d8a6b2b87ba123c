"""What the vectors mean: the numbers that were chosen on the development data, and how.

They were chosen by `python -m bench.matching.calibrate --data DIR`, never on one lucky split; what was tried
is in docs/decisions/0007-text.md.
"""

from dataclasses import dataclass

from community.introductions.wording import TextModel
from sync.text.encoder import SIZE
from sync.text.glossary import Glossary

VERSION = 1
"""Counts up when the same text gives another vector: everybody is then encoded anew."""

CORE_WEIGHT = 0.3
"""How much the encoder's reading of the telling words alone counts beside that of the whole text."""

AS_WRITTEN_WEIGHT = 0.5
"""The same for its reading with the capitals that stand in the text."""

LEXICAL_WEIGHT = 0.15
"""How much likeness of letters counts beside likeness of meaning."""

CONCEPT_WEIGHT = 8.0
"""How much one line of the glossary counts beside one run of letters."""

LEXICAL_SIZE = 256
"""Places for runs of letters beside a meaning; 512 are hardly better, and a quarter more to send."""

ALONE_SIZE = 1024
"""Places for runs of letters where they stand alone."""


@dataclass(frozen=True, slots=True)
class Curve:
    """From likeness to the probability that one item answers the other."""

    intercept: float
    slope: float
    least: float
    """Probability from which an answer is given as a reason."""
    least_alike: float
    """Likeness from which two interests are common ground."""


WITH_ENCODER = Curve(intercept=-7.70, slope=13.86, least=0.3, least_alike=0.59)
"""Least is a likeness of .494.  As rare among chance pairs as the bare encoder's cosine of .40 would be .453,
one answer in five; in the demo's made-up village half of the pairs just above .49 are true, a fifth below."""

LETTERS_ONLY = Curve(intercept=-4.78, slope=10.29, least=0.6, least_alike=0.4)
"""Two sentences share letters and words of no weight more often than the short labels the curve was fitted
on: it is believed later."""


def model_of(glossary: Glossary, encoder_version: str | None) -> TextModel:
    """Return how to read the vectors made with this glossary and this encoder, or without one."""
    made_by = f"use-{encoder_version}+letters" if encoder_version else "letters"
    curve = WITH_ENCODER if encoder_version else LETTERS_ONLY
    return TextModel(
        name=f"{made_by}-{VERSION}-{glossary.digest}",
        size=SIZE + LEXICAL_SIZE if encoder_version else ALONE_SIZE,
        intercept=curve.intercept,
        slope=curve.slope,
        least=curve.least,
        least_alike=curve.least_alike,
    )
