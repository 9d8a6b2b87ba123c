"""From members' items to the vectors that travel to kiosks.

An item's vector is its sentence vector followed by its letters' vector times the root of its weight: the
product of two is the cosine of their meanings plus the weighted cosine of their letters.
"""

import math
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from community.introductions.vectors import item_key, pack
from community.introductions.wording import TextModel
from community.members import Member
from sync.text import encoder, ngrams
from sync.text.glossary import Glossary
from sync.text.model import CONCEPT_WEIGHT, CORE_WEIGHT, LEXICAL_SIZE, LEXICAL_WEIGHT, model_of
from sync.text.normalise import normalise
from sync.text.words import core as telling

SENTENCE_ENDS = (".", "!", "?")

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
        letters = ngrams.vectors(read, self._glossary, size=LEXICAL_SIZE, concept_weight=CONCEPT_WEIGHT)
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

    def _meanings(self, read: Sequence[str]) -> NDArray[np.float32]:
        """Return the sentence vectors, of length 1.

        Texts are read in small letters, because capitals mislead the encoder, and what is no sentence is read
        once more by its telling words.
        """
        whole, core = readings(read, self._glossary)
        again = [row for row, text in enumerate(core) if text != whole[row]]
        encoded = encoder.load().encode([*whole, *(core[row] for row in again)])
        meanings = encoded[: len(whole)]
        cores = meanings.copy()
        cores[again] = encoded[len(whole) :]
        meanings += CORE_WEIGHT * cores
        meanings /= np.linalg.norm(meanings, axis=1, keepdims=True)
        return meanings


def readings(read: Sequence[str], glossary: Glossary) -> tuple[list[str], list[str]]:
    """Return how each text is read by the encoder: whole, and by its telling words.

    Args:
        read: Normalised texts.
        glossary: What acronyms stand for.

    Returns:
        Both in the order of `read`; what is a sentence is read whole twice.
    """
    whole = [glossary.spelled_out(text).lower() for text in read]
    return whole, [text if text.endswith(SENTENCE_ENDS) else telling(text) for text in whole]


def items_of(member: Member) -> tuple[str, ...]:
    """Return everything of a member that is compared with others', each once, at most `MOST_ITEMS`."""
    said = (*member.needs, *member.offers, *member.ask_about, *member.interests, member.trade)
    return tuple(dict.fromkeys(item for item in said if item.strip()))[:MOST_ITEMS]
