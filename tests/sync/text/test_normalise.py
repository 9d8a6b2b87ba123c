import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.text.normalise import LONGEST_READ, normalise


@pytest.mark.parametrize(
    ("written", "subject"),
    [
        ("Je cherche un comptable", "comptable"),
        ("I'm looking for an accountant", "accountant"),
        ("looking for help with my website", "website"),
        ("J’ai besoin d’un coup de main pour ma compta !", "compta"),
        ("Besoin de trouver quelqu'un pour relire mes contrats", "relire mes contrats"),
        ("someone who can help me with taxes", "taxes"),
        ("Je propose des cours de yoga", "cours de yoga"),
        ("I offer bookkeeping", "bookkeeping"),
        ("Recherche un·e développeur·euse (h/f)", "développeur"),
        ("avocat(e) en droit social", "avocat en droit social"),
        ("«  Développement\n durable »", "Développement durable"),
        ("- photographe, vidéaste ;", "photographe, vidéaste"),
        ("(“graphiste”)", "graphiste"),
        ("de\u0301veloppeur", "développeur"),
    ],
)
def test_what_is_left_is_the_subject(written, subject):
    assert normalise(written) == subject


@pytest.mark.parametrize(
    "written",
    [
        "Recherche et développement",
        "Aide à domicile",
        "Conseil en stratégie",
        "needs analysis",
        "help desk",
        "Je veux te le faire payer.",
        "Il me faut le dire à quelqu'un.",
        "« Pierre qui roule n'amasse pas mousse » est un proverbe.",
        "Développement (web)",
        "L'offre et la demande, expliquées",
    ],
)
def test_words_of_intent_that_are_the_subject_stay(written):
    assert normalise(written) == written


@pytest.mark.parametrize("written", ["Je cherche", "need", "Il me faut trouver quelqu'un pour m'aider."])
def test_an_item_that_is_all_intent_stays_whole(written):
    assert normalise(written) == written


@pytest.mark.parametrize("written", ["", "   ", "\u200b\u200f\x00", "\ud800"])
def test_an_item_nobody_can_see_is_empty(written):
    assert normalise(written) == ""


def test_emoji_and_right_to_left_text_are_kept():
    assert normalise("🚀") == "🚀"
    assert normalise("أبحث عن \u202bمحاسب\u202c") == "أبحث عن محاسب"


@pytest.mark.parametrize("piece", ["x", "je cherche ", "d'", "un ", "(h/", " ", "·e", "aide pour ", "\u0301"])
def test_what_was_pasted_by_mistake_is_read_in_part(piece):
    assert len(normalise(piece * (5_000 // len(piece)))) <= LONGEST_READ


@given(st.text(max_size=400))
def test_any_text_becomes_one_line_and_stays_it(text):
    line = normalise(text)
    assert len(line) <= LONGEST_READ
    assert "\n" not in line
    assert line == line.strip()
