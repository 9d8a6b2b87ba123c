"""A made-up community: who its people are, and what they really think of one another.

A model of our own, for regressions, ablations and faults.  Nothing in it was measured on anybody.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.matching.community import Household, day_of
from bench.matching.planning import member
from community.ids import MemberId
from community.introductions.vectors import item_key, pack
from community.introductions.wording import ItemVectors, TextModel
from community.members import Intent, Member, Visibility

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
Places = NDArray[np.intp]

TOPICS = 60
SIZE = 64
"""Numbers in one item's vector."""

NEEDS, OFFERS, INTERESTS = 2, 2, 3

COMING = 0.85
"""The probability that somebody comes on one of their days."""

ALONE = 0.4
"""The share who work for themselves."""

FRENCH_FIRST = 0.7
"""The share of those who speak both who prefer French."""

BLUR = 0.5
"""How far an item's vector lies from its topic's: the text understanding is good, not perfect."""

MODEL = TextModel(name="village", size=SIZE, intercept=-6.0, slope=12.0, least=0.5, least_alike=0.45)


@dataclass(frozen=True, slots=True)
class Faults:
    """What may go wrong; everything at its default is an ordinary community."""

    host: bool = True
    """Whether there is a host who greets people."""
    heads_down: float = 0.05
    """The share who are heads-down on a day."""
    one_language: float = 0.15
    """The share who speak English only; as many speak French only, up to that."""
    churn: float = 0.25
    """The share who leave within the time, and the share who join within it."""


@dataclass(frozen=True, slots=True)
class Village:
    """Everybody; the host is the last, and no member of the matchmaker's."""

    household: Household
    faults: Faults
    company: Places
    languages: Flags
    """French, English."""
    needs: Places
    offers: Places
    likes: Flags
    """Shape (n, topics)."""
    openness: Numbers
    """How readily each says yes, as a logit."""
    charm: Numbers
    """How readily each is said yes to."""
    weekly: Flags
    """Shape (n, 5): the weekdays each usually comes on."""
    since: Places
    until: Places

    @property
    def size(self) -> int:
        """How many people, the host left out."""
        return len(self.company)

    def answers(self) -> Flags:
        """Say whose need each other's offer answers: shape (people, needs, people)."""
        return np.asarray((self.needs[:, :, None, None] == self.offers[None, None, :, :]).any(axis=3))

    def yes(self) -> Numbers:
        """Return the true probability that each would say yes to each other, were they introduced."""
        helped = self.answers().any(axis=1).astype(np.float64)
        common = np.minimum((self.likes.astype(float) @ self.likes.T.astype(float)), 2)
        fluent = (self.languages[:, None, :] & self.languages[None, :, :]).any(axis=2)
        logit = (
            -1.4 + 1.8 * helped + 1.0 * helped.T + 0.5 * common
            + self.openness[:, None] + self.charm[None, :] - 4.0 * ~fluent
        )  # fmt: skip
        return np.asarray(1 / (1 + np.exp(-logit)))

    def present(self, number: int, rng: np.random.Generator) -> Places:
        """Return who comes on a day, in the order in which they come."""
        here = self.weekly[:, number % 5] & (self.since <= number) & (number < self.until)
        return rng.permutation(np.flatnonzero(here & (rng.random(self.size) < COMING)))


def settle(size: int, days: int, faults: Faults, seed: int) -> Village:
    """Make a village."""
    rng = np.random.default_rng((seed, 7))
    popular = rng.dirichlet(np.full(TOPICS, 0.7))
    needs = rng.choice(TOPICS, (size, NEEDS), p=popular)
    offers = rng.choice(TOPICS, (size, OFFERS), p=popular)
    liked = rng.choice(TOPICS, (size, INTERESTS), p=popular)
    likes = np.zeros((size, TOPICS), dtype=bool)
    np.put_along_axis(likes, liked, values=True, axis=1)
    company = rng.integers(0, size // 4, size)
    company = np.where(rng.random(size) < ALONE, size + np.arange(size), company)
    languages = np.ones((size, 2), dtype=bool)
    tongue = rng.random(size)
    languages[tongue < faults.one_language, 0] = False
    languages[(tongue >= faults.one_language) & (tongue < min(0.3, 2 * faults.one_language)), 1] = False
    weekly = rng.random((size, 5)) < rng.choice([0.3, 0.6, 0.9], size)[:, None]
    weekly[np.arange(size), rng.integers(0, 5, size)] = True
    moving = rng.random((2, size)) < faults.churn
    since = np.where(moving[0], rng.integers(1, days, size), 0)
    until = np.where(moving[1], rng.integers(1, days, size), days)
    until = np.where(until <= since, days, until)
    members, vectors = _profiles(rng, needs, offers, liked, company, languages, since)
    return Village(
        Household(members, vectors, MODEL), faults, company, languages, needs, offers, likes,
        rng.normal(0, 0.6, size), rng.normal(0, 0.4, size), weekly, since, until,
    )  # fmt: skip


def _profiles(
    rng: np.random.Generator,
    needs: Places,
    offers: Places,
    liked: Places,
    company: Places,
    languages: Flags,
    since: Places,
) -> tuple[list[Member], dict[MemberId, ItemVectors]]:
    topics = _unit(rng.normal(size=(TOPICS, SIZE)))
    members: list[Member] = []
    vectors: dict[MemberId, ItemVectors] = {}
    for one in range(len(needs)):
        items: dict[str, str] = {}
        texts = []
        for kind, some in (("need", needs[one]), ("offer", offers[one]), ("interest", liked[one])):
            said = [f"{kind} {one} about {topic}" for topic in some]
            blurred = _unit(topics[some] + BLUR * _unit(rng.normal(size=(len(some), SIZE))))
            items |= {item_key(text): pack(v) for text, v in zip(said, blurred, strict=True)}
            texts.append(tuple(dict.fromkeys(said)))
        codes = tuple(code for code, speaks in zip(("fr", "en"), languages[one], strict=True) if speaks)
        members.append(
            Member(
                member(one),
                name=f"Person {one}",
                languages=codes if rng.random() < FRENCH_FIRST else codes[::-1],
                company=f"Company {company[one]}",
                needs=texts[0],
                offers=texts[1],
                interests=texts[2],
                visibility=Visibility(members=True),
                introductions=True,
                joined=day_of(int(since[one])),
                intents=(Intent.BUSINESS, Intent.ADVISE),
            )
        )
        vectors[member(one)] = ItemVectors(MODEL.name, items)
    return members, vectors


def _unit(rows: Numbers) -> Numbers:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))
