import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sync.text.glossary import of_lines
from sync.text.ngrams import vectors

WORDS = of_lines(["boucher, boucherie = butcher", "gestion = management"])


def likeness(one: str, other: str) -> float:
    made = vectors([one, other], WORDS, size=512, concept_weight=5.0)
    return float(made[0] @ made[1])


def test_words_that_look_alike_are_alike_in_any_language():
    assert likeness("photographie", "photography") > 0.7
    assert likeness("Comptabilité", "comptabilite") > 0.999
    assert abs(likeness("photographie", "plomberie")) < 0.3


def test_words_of_one_line_of_the_glossary_are_alike():
    assert likeness("boucherie", "butcher") > 0.4 > likeness("boulangerie", "baker")


def test_words_that_say_little_count_for_little():
    assert likeness("techniques de soudure", "soudure") > 0.8
    assert likeness("techniques de soudure", "techniques de vente") < 0.3
    assert likeness("gestion", "management") < likeness("boucher", "butcher")


def test_nothing_is_alike_to_a_text_without_words():
    made = vectors(["", "🚀", "the", "de la"], WORDS, size=64, concept_weight=5.0)
    assert np.linalg.norm(made, axis=1).round(5).tolist() == [0, 0, 1, 0]


@given(st.lists(st.text(max_size=60), max_size=4))
def test_every_vector_has_length_one_or_is_empty(texts):
    lengths = np.linalg.norm(vectors(texts, WORDS, size=32, concept_weight=5.0), axis=1)
    assert all(abs(length - 1) < 1e-5 or length == 0 for length in lengths)
