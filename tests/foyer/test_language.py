"""The command speaks the reader's language, wherever the sentence comes from."""

import io

import pytest

from foyer.language import language, speaker, tell
from plumbing.errors import DatabaseError, DatabaseTrouble
from plumbing.words import Sentence, said, sentence_of, why


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "C", "LC_MESSAGES": "fr_BE"}, "fr"),
        ({"LANG": "fr_CA", "LC_ALL": ""}, "fr"),
        ({"LANG": "es_MX.UTF-8"}, "es"),
        ({"LANG": "de_DE"}, "en"),
        ({"LANG": "de_DE", "LANGUAGE": "de:fr:en"}, "fr"),
        ({"LANG": "fr_FR.UTF-8", "LANGUAGE": "en_GB:fr"}, "en"),
        ({"LANG": "C.UTF-8", "LANGUAGE": "fr"}, "en"),
        ({"LANGUAGE": "fr"}, "en"),
    ],
)
def test_the_language_is_what_the_locale_variables_say(environment, expected):
    assert language(environment) == expected


def test_a_sentence_is_its_english_until_somebody_reads_it():
    missing = FileNotFoundError(2, "No such file or directory")
    sentence = Sentence("{file}: the settings file cannot be read: {why}", file="x.toml", why=why(missing))
    assert sentence == "x.toml: the settings file cannot be read: No such file or directory"
    assert said(sentence, speaker("en")) == sentence
    french = said(sentence, speaker("fr"))
    assert french.startswith("x.toml")
    assert french.endswith("ce fichier ou ce dossier n’existe pas")


def test_an_error_keeps_its_sentence_and_so_does_one_that_carries_it():
    inner = ValueError(Sentence("use yes or no"))
    outer = DatabaseError(DatabaseTrouble.LOCKED, Sentence("{file}: {what}", file="m.csv", what=inner))
    assert str(outer) == "m.csv: use yes or no"
    assert "écrivez yes ou no" in said(outer, speaker("fr"))
    assert sentence_of(KeyError("x")) == "'x'"


def test_braces_in_what_fills_a_blank_do_no_harm():
    assert said(Sentence("{file}: {what}", file="{a}", what="{b}"), speaker("fr")).count("{") == 2


def test_a_terminal_without_the_letters_gets_question_marks(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LC_ALL", "fr_FR")
    stream = io.TextIOWrapper(io.BytesIO(), encoding="latin-1")
    tell(Sentence("Permission denied"), stream=stream)
    tell("◂", stream=stream)
    stream.seek(0)
    assert stream.read() == "accès refusé\n?\n"
