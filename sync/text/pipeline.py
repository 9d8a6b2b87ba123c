"""From members' items to the vectors that travel to kiosks.

An item's vector is its sentence vector followed by its letters' vector times the root of its weight: the
product of two is the cosine of their meanings plus the weighted cosine of their letters.
"""

import itertools
import math
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from community.introductions.vectors import item_key, pack
from community.introductions.wording import TextModel
from community.members import Member
from sync.text import encoder, ngrams
from sync.text.glossary import Glossary
from sync.text.model import (
    ALONE_SIZE,
    AS_WRITTEN_WEIGHT,
    CONCEPT_WEIGHT,
    CORE_WEIGHT,
    LEXICAL_SIZE,
    LEXICAL_WEIGHT,
    model_of,
)
from sync.text.normalise import normalise
from sync.text.words import core

MOST_ITEMS = 150
"""Items of one member that are read; who pastes a thousand is read in part."""


class Pipeline:
    """The text understanding of one hub.  Blocks: call it from one worker at a time."""

    def __init__(self, glossary: Glossary, *, with_encoder: bool = True) -> None:
        """Prepare it; the encoder is loaded when it is first needed.

        Args:
            glossary: Ours, with the operator's.
            with_encoder: `False` compares letters only, as where the encoder is not installed.
        """
        version = encoder.installed() if with_encoder else None
        self._glossary = glossary
        self.has_encoder = version is not None
        """Whether meaning is compared, or letters only."""
        self.model: TextModel = model_of(glossary, version)

    def without_encoder(self) -> "Pipeline":
        """Return the same for a machine on which the encoder does not load."""
        return Pipeline(self._glossary, with_encoder=False)

    def vectors(self, items: Sequence[str]) -> NDArray[np.float32]:
        """Return one vector an item: shape (len(items), `model.size`).

        An item nobody could see anything of is all zeros, alike to nothing.

        Raises:
            TextError: The encoder cannot be loaded; go on with `without_encoder`.
        """
        read = [normalise(item) for item in items]
        size = LEXICAL_SIZE if self.has_encoder else ALONE_SIZE
        letters = ngrams.vectors(read, self._glossary, size=size, concept_weight=CONCEPT_WEIGHT)
        if not self.has_encoder:
            return letters
        meanings = self._meanings(read)
        meanings[[not text for text in read]] = 0.0
        return np.concatenate([meanings, letters * math.sqrt(LEXICAL_WEIGHT)], axis=1)

    def packed(self, items: Iterable[str]) -> dict[str, str]:
        """Return the items' vectors as they travel, by `item_key`.

        Raises:
            TextError: As `vectors`.
        """
        distinct = tuple(dict.fromkeys(items))
        made = self.vectors(distinct)
        return {item_key(item): pack(vector) for item, vector in zip(distinct, made, strict=True)}

    def rest(self) -> None:
        """Give back what is large, if it can be: nothing is to be read for a while.  May block."""

    def _meanings(self, read: Sequence[str]) -> NDArray[np.float32]:
        """Return the sentence vectors, of length 1: of each text the weighted mean of its readings."""
        ways = readings(read, self._glossary)
        distinct = {text: place for place, text in enumerate(dict.fromkeys(itertools.chain(*ways)))}
        encoded = encoder.load().encode(tuple(distinct))
        meanings = np.zeros((len(read), encoder.SIZE), np.float32)
        for way, weight in zip(ways, (1.0, CORE_WEIGHT, AS_WRITTEN_WEIGHT), strict=True):
            meanings += np.float32(weight) * encoded[[distinct[text] for text in way]]
        lengths = np.linalg.norm(meanings, axis=1, keepdims=True)
        meanings /= np.where(lengths > 0, lengths, np.float32(1))
        return meanings


def readings(read: Sequence[str], glossary: Glossary) -> tuple[list[str], list[str], list[str]]:
    """Return how the encoder reads each text: whole, by its telling words, and as it was written.

    The first two in small letters: capitals mislead the encoder, and yet mean something in a sentence.

    Args:
        read: Normalised texts.
        glossary: What acronyms stand for.
    """
    written = [glossary.spelled_out(text) for text in read]
    whole = [text.lower() for text in written]
    return whole, [core(text) for text in whole], written


def items_of(member: Member) -> tuple[str, ...]:
    """Return everything of a member that is compared with others', each once, at most `MOST_ITEMS`."""
    said = (*member.needs, *member.offers, *member.ask_about, *member.interests, member.trade)
    return tuple(dict.fromkeys(item for item in said if item.strip()))[:MOST_ITEMS]
