"""The made-up people of the benchmarks: items around common topics, vectors around the topics' middles."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from community.ids import MemberId
from community.introductions.pairing import PersonPast
from community.introductions.vectors import item_key, pack
from community.introductions.wording import ItemVectors, TextModel
from community.members import Intent, Member, Visibility

MODEL = TextModel("made up", size=128, intercept=-7.0, slope=14.0, least=0.35, least_alike=0.45)

NOISE = 0.75
"""How far an item lies from the middle of its topic: items of one topic are then about .6 alike."""


@dataclass(frozen=True, slots=True)
class MadeUp:
    """Somebody, as a kiosk is told of them."""

    member: Member
    words: ItemVectors
    past: PersonPast


def made_up(size: int, day: date, chance: random.Random) -> Iterator[MadeUp]:
    """Yield so many people: a third of the items of each speak of the same few topics.

    Args:
        size: How many.
        day: Today: they joined before.
        chance: The same makes the same people.
    """
    lots = np.random.default_rng(size)
    topics = lots.normal(size=(max(20, size // 10), MODEL.size))
    for number in range(size):
        member = _member(number, size, len(topics), day, chance)
        vectors = {}
        for item in (*member.needs, *member.offers, *member.interests, *member.ask_about):
            vector = topics[int(item.split()[1])] + NOISE * lots.normal(size=MODEL.size)
            vectors[item_key(item)] = pack(vector / np.linalg.norm(vector))
        past = PersonPast(
            member.id,
            weekdays=tuple(chance.randint(0, 8) for _ in range(7)),
            days=chance.randint(0, 40),
            ties=chance.randint(0, 6),
        )
        yield MadeUp(member, ItemVectors(MODEL.name, vectors), past)


def _member(number: int, size: int, topics: int, day: date, chance: random.Random) -> Member:
    def some(kind: str, most: int) -> tuple[str, ...]:
        return tuple(
            f"{kind} {chance.randrange(topics)} of {number}, {item}"
            for item in range(chance.randint(1, most))
        )

    return Member(
        MemberId(f"m-{number:05}"),
        f"Camille {number}",
        languages=chance.choice((("fr",), ("fr", "en"), ("en", "fr"), ("en",))),
        company=f"Company {chance.randrange(size)}",
        needs=some("need", 3),
        offers=some("offer", 3),
        interests=some("interest", 3),
        ask_about=some("question", 2),
        intents=(Intent.BUSINESS, Intent.ADVISE, Intent.COMPANY),
        visibility=Visibility(lobby=True, members=True),
        introductions=True,
        joined=day - timedelta(days=chance.randint(0, 1_000)),
    )
