from pathlib import Path

import pytest

from sync.errors import TextError
from sync.text import glossary
from sync.text.glossary import of_lines, read
from sync.text.words import words_of

SMALL = of_lines(
    [
        "# a remark",
        "référencement naturel, référencement, SEO == search engine optimisation, SEO",
        "taxe sur la valeur ajoutée, TVA = value added tax, VAT",
        "informatique = computing, IT",
        "mer = sea",
        "publicité en ligne, SEA = search advertising, SEA",
        "moteur = engine",
    ]
)


def lines_of(text: str) -> set[int]:
    return set(SMALL.found(words_of(text)))


def test_terms_of_one_line_are_one_thing_in_any_form():
    assert lines_of("Référencement") == lines_of("SEO") == lines_of("seo") == {1}
    assert lines_of("les référencements naturels") == {1}
    assert lines_of("reference") == set()


def test_the_longest_term_counts():
    assert lines_of("search engine optimisation") == {1}
    assert lines_of("engine") == {6}


def test_an_acronym_that_is_also_a_word_is_read_in_capitals_only():
    assert lines_of("is it") == set()
    assert lines_of("IT") == {3}
    assert lines_of("the sea") == {4}
    assert lines_of("SEA") == {5}


def test_acronyms_are_spelled_out_in_the_plainest_words():
    assert SMALL.spelled_out("ma TVA et mon seo") == "ma value added tax et mon search engine optimisation"
    assert SMALL.spelled_out("it is by the sea") == "it is by the sea"


def test_what_is_the_same_is_given_to_the_encoder_in_the_same_words():
    assert SMALL.spelled_out("du référencement naturel, vite") == "du search engine optimisation, vite"
    assert SMALL.spelled_out("informatique") == "informatique"


def test_our_glossary_is_whole(caplog):
    ours = read()
    assert not caplog.records
    assert len(ours.concepts) > 1_000
    for one, other in [("SEO", "référencement"), ("RGPD", "GDPR"), ("compta", "bookkeeping"), ("TVA", "VAT")]:
        assert set(ours.found(words_of(one))) & set(ours.found(words_of(other))), (one, other)


def test_an_operators_lines_come_after_ours_and_change_the_digest(tmp_path: Path):
    own = tmp_path / "glossary.txt"
    own.write_text("\ufeffpalabre = palaver\n", encoding="utf-8")
    both = read(own)
    assert set(both.found(words_of("palabre"))) == set(both.found(words_of("palaver"))) != set()
    assert both.found(words_of("SEO")) == read().found(words_of("SEO"))
    assert both.digest != read().digest


def test_a_line_that_is_none_is_left_out_and_its_number_said(caplog):
    made = of_lines(["mot = word", "no equals sign", "= word", "mot =", "  # only a remark"])
    assert set(made.concepts) == {("mot",), ("word",)}
    assert [record.args[0] for record in caplog.records] == [2, 3, 4]
    assert "equals" not in caplog.text


@pytest.mark.parametrize("content", [None, b"\xff\xfe\xfa"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content):
    own = tmp_path / "own.txt"
    if content is not None:
        own.write_bytes(content)
    with pytest.raises(TextError, match=r"own\.txt"):
        read(own)


def test_what_is_an_acronym():
    assert [t for t in ("SEO", "seo", "UX", "Excel", "E-MAIL", "TROPLONG") if glossary.is_acronym(t)] == [
        "SEO",
        "UX",
    ]
