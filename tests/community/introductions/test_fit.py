"""Fit: how well two short items speak of the same thing."""

import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.introductions.fit import Fit, words_of

ITEMS = (
    "traduction allemand",
    "translation German to French",
    "un site web",
    "site internet en Python",
    "poterie et céramique",
    "des céramiques",
    "course à pied",
    "UX",
    "",
    "de la",
)
SOME = st.lists(st.sampled_from(ITEMS), max_size=12)


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ("Céramique", {"cérami"}),
        ("céramiques", {"cérami"}),
        ("cherche un graphiste", {"graphi"}),
        ("looking for a translator", {"transl"}),
        ("UX", {"ux"}),
        ("ux", set()),
        ("Ab", set()),
        ("A", set()),
        ("SEO", {"seo"}),
        ("Django, React & 3D", {"django", "react"}),
        ("web_design 2026", {"web", "design", "2026"}),
        ("l'aide d'un ami", {"ami"}),
        ("", set()),
    ],
)
def test_the_telling_words_of_an_item(item: str, words: set[str]):
    assert words_of(item) == words


def test_the_same_words_fit_fully():
    assert Fit(ITEMS).between("poterie et céramique", "Céramiques, poteries") == 1


def test_items_without_a_word_in_common_do_not_fit():
    assert Fit(ITEMS).between("un site web", "course à pied") == 0


def test_items_of_common_words_only_fit_nothing_not_even_themselves():
    fit = Fit(ITEMS)
    assert fit.between("de la", "de la") == 0
    assert fit.between("", "un site web") == 0
    assert fit.between("un site web", "") == 0


def test_a_short_need_fully_covered_by_a_long_offer_fits_fully():
    assert Fit(ITEMS).between("allemand", "traduction allemand et italien") == 1


def test_a_rare_word_in_common_counts_more_than_a_usual_one():
    fit = Fit(["site web", "site photo", "site vidéo", "site poterie", "web poterie"])
    assert fit.between("poterie", "poterie site") == 1
    assert fit.between("poterie photo", "poterie marketing") > fit.between("site photo", "site marketing")


def test_a_word_nobody_present_uses_is_as_rare_as_can_be():
    assert Fit([]).between("menuiserie", "menuiserie bois") == 1
    assert Fit(["site", "site"]).between("site menuiserie", "site bois") < 0.5


def test_coverage_says_how_much_of_a_need_is_spoken_of():
    fit = Fit([])
    assert fit.coverage("photos céramique printemps", by="céramiques") == pytest.approx(1 / 3)
    assert fit.coverage("céramiques", by="photos céramique printemps") == 1
    assert fit.coverage("site web", by="course") == 0
    assert fit.coverage("", by="course") == fit.coverage("de la", by="de la") == 0


def test_items_touch_if_any_two_of_them_share_a_telling_word():
    fit = Fit(ITEMS)
    assert fit.touches(("course", "une poterie"), ("site web", "poteries"))
    assert not fit.touches(("course", "une poterie"), ("site web", "de la"))
    assert not fit.touches((), ("site web",))


@given(SOME, st.sampled_from(ITEMS), st.sampled_from(ITEMS))
def test_whatever_fits_touches(seen: list[str], one: str, other: str):
    fit = Fit(seen)
    assert fit.touches((one,), (other,)) == (fit.between(one, other) > 0) == (fit.coverage(one, by=other) > 0)


@given(SOME, st.sampled_from(ITEMS), st.sampled_from(ITEMS))
def test_fit_lies_in_0_to_1_and_is_the_same_from_both_sides(seen: list[str], one: str, other: str):
    fit = Fit(seen)
    assert 0 <= fit.between(one, other) <= 1
    assert fit.between(one, other) == fit.between(other, one)


@given(st.lists(st.text(max_size=30), max_size=6), st.text(max_size=30), st.text(max_size=30))
def test_any_text_has_a_fit(seen: list[str], one: str, other: str):
    assert 0 <= Fit(seen).between(one, other) <= 1


@given(SOME, st.randoms(use_true_random=False), st.sampled_from(ITEMS), st.sampled_from(ITEMS))
def test_the_order_of_the_items_at_hand_does_not_matter(seen: list[str], chance, one: str, other: str):
    shuffled = chance.sample(seen, len(seen))
    assert Fit(seen).between(one, other) == Fit(shuffled).between(one, other)


def test_two_programs_find_the_same_fit_to_the_last_bit():
    # Sets are walked in another order in every process; a sum of floats may depend on it.
    script = (
        "from community.introductions.fit import Fit\n"
        "items = [' '.join(f'word{chr(97 + (i * k) % 26)}x' for k in range(1, 12)) for i in range(30)]\n"
        "fit = Fit(items)\n"
        "print([fit.between(one, other).hex() for one in items for other in items])\n"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(answers) == 1
