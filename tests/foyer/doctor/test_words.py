"""The catalogue: every sentence of the doctor exists in French, and what is shipped is what was written."""

import io
import string
from pathlib import Path

from babel.messages import mofile, pofile
from babel.messages.extract import extract_from_dir

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "foyer/locale/fr/LC_MESSAGES"


def catalogue():
    with (FOLDER / "doctor.po").open("rb") as stream:
        return pofile.read_po(stream, locale="fr")


def in_the_source() -> set[str]:
    found = extract_from_dir(ROOT / "foyer/doctor", method_map=[("**.py", "python")], keywords={"say": None})
    return {message for _, _, message, _, _ in found}


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
    assert (FOLDER / "doctor.mo").read_bytes() == compiled.getvalue()
