"""The catalogue: every sentence of the command exists in French, and what is shipped is what was written."""

import ast
import builtins
import io
import string
from pathlib import Path

from babel.messages import mofile, pofile
from babel.messages.extract import extract_from_dir

from tests.architecture.project import modules

ROOT = Path(__file__).parents[2]
WAYS_TO_SAY = ("say", "Sentence", "refused")
"""As in the Makefile."""

FOLDER = ROOT / "foyer/locale/fr/LC_MESSAGES"


def catalogue():
    with (FOLDER / "foyer.po").open("rb") as stream:
        return pofile.read_po(stream, locale="fr")


def in_the_source() -> set[str]:
    return {
        message
        for package in ("foyer", "kiosk", "plumbing", "sync")
        for _, _, message, _, _ in extract_from_dir(
            ROOT / package, method_map=[("**.py", "python")], keywords=dict.fromkeys(WAYS_TO_SAY)
        )
    }


def test_nothing_is_untranslated_and_nothing_is_left_over():
    translated = {message.id: message.string for message in catalogue() if message.id}
    assert set(translated) == in_the_source()
    assert all(translated.values())
    assert not any(message.fuzzy for message in catalogue() if message.id)


def test_every_blank_is_filled_in_french_too():
    def blanks(sentence: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}

    for message in catalogue():
        assert blanks(str(message.string)) == blanks(str(message.id)), message.id


def test_the_shipped_catalogue_is_the_written_one():
    compiled = io.BytesIO()
    mofile.write_mo(compiled, catalogue())
    assert (FOLDER / "foyer.mo").read_bytes() == compiled.getvalue()


def raised_sentences() -> dict[str, list[str]]:
    """Return, by place, what errors are raised with as a plain text that no catalogue can know."""
    found: dict[str, list[str]] = {}
    for path, file in modules("foyer", "kiosk", "plumbing", "sync"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                name = ast.unparse(node.exc.func)
                plain = any(isinstance(argument, ast.JoinedStr | ast.Constant) for argument in node.exc.args)
                if plain and name.endswith("Error") and name not in BUILT_IN and path not in ENGLISH_ONLY:
                    found.setdefault(path, []).append(ast.unparse(node.exc))
    return found


BUILT_IN = {name for name in dir(builtins) if name.endswith("Error")} | {"WrongValueError"}
"""Faults of ours, which end in a traceback; a `WrongValueError` names a field first."""

ENGLISH_ONLY = {
    "foyer/bench.py": "for whoever measures",
    "foyer/benchhouse.py": "for whoever measures",
    "foyer/benchingest.py": "for whoever measures",
    "foyer/benchlive.py": "for whoever measures",
    "foyer/benchreader.py": "for whoever measures",
    "foyer/nfcpychild.py": "for whoever measures",
    "sync/store/cards.py": "a host never meets these: the pages offer only what is there",
    "sync/store/directory.py": "a host never meets these two: the pages offer only what is there",
}


def test_whoever_raises_an_error_for_a_reader_says_it_in_a_sentence_that_can_be_translated():
    assert raised_sentences() == {}


def test_every_exception_to_that_is_for_a_module_that_exists():
    assert set(ENGLISH_ONLY) <= {path for path, _ in modules("foyer", "sync")}
