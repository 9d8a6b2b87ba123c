"""A small stand-in for the hub's text understanding, and people to try it on."""

import zlib
from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np
from numpy.typing import NDArray

from community.ids import MemberId
from community.introductions.ground import Ground
from community.introductions.matchmaker import Matchmaker
from community.introductions.past import Past
from community.introductions.vectors import item_key, pack
from community.introductions.weights import Weights
from community.introductions.wording import ItemVectors, TextModel
from community.members import Member, Mood

TODAY = date(2026, 3, 5)
"""A Thursday."""

WORDS = TextModel("words", 256, intercept=-4.0, slope=8.0, least=0.5, least_alike=0.6)
"""Half of the words in common, and a need counts as answered."""


def vector_of(item: str) -> NDArray[np.float32]:
    """Return a bag of words: two items' product is the share of words in common."""
    vector = np.zeros(WORDS.size, np.float32)
    for word in item.casefold().split():
        vector[zlib.crc32(word.encode("utf-8", "surrogatepass")) % WORDS.size] += 1
    length = np.linalg.norm(vector)
    return vector / length if length else vector


def items_of(member: Member) -> tuple[str, ...]:
    """Return everything a member says of themselves."""
    return (*member.needs, *member.offers, *member.interests, *member.ask_about, member.trade)


def vectors_of(members: Iterable[Member]) -> dict[MemberId, ItemVectors]:
    """Return the vectors of everything these members say, as the hub would send them."""
    return {
        member.id: ItemVectors(
            WORDS.name, {item_key(item): pack(vector_of(item)) for item in items_of(member)}
        )
        for member in members
    }


def ground_of(*members: Member, model: TextModel = WORDS, day: date = TODAY) -> Ground:
    """Return the ground of these members."""
    return Ground.of(members, vectors_of(members), model, day)


def matchmaker_of(
    *members: Member,
    past: Past | None = None,
    moods: Mapping[MemberId, Mood | None] | None = None,
    weights: Weights | None = None,
    day: date = TODAY,
) -> Matchmaker:
    """Return a matchmaker who knows these members and nothing else."""
    ground = ground_of(*members, day=day)
    return Matchmaker.of(members, ground, past or Past(), day, moods, weights)
