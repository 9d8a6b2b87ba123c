"""The French catalogue is complete, compiled, and of the sentences there are."""

import gettext
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from kiosk.bootstrap import LANGUAGES, LOCALE

ROOT = Path(__file__).parents[2]
TRANSLATED = [language for language in LANGUAGES if language != "en"]


def catalogue(language: str) -> Catalog:
    with (LOCALE / language / "LC_MESSAGES" / "kiosk.po").open("rb") as file:
        return read_po(file, locale=language)


@pytest.fixture(params=TRANSLATED)
def po(request: pytest.FixtureRequest) -> Catalog:
    return catalogue(request.param)


def test_the_template_is_a_fresh_extraction_of_the_sources(tmp_path: Path):
    fresh = tmp_path / "kiosk.pot"
    command = "extract -k gettext -k ngettext:1,2 --no-location --sort-output -c Translators: --omit-header"
    subprocess.run(
        [sys.executable, "-m", "babel.messages.frontend", *command.split(), "-o", str(fresh), "kiosk/core"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    assert (LOCALE / "kiosk.pot").read_text() == fresh.read_text()


def test_nothing_is_untranslated_fuzzy_or_left_over(po: Catalog):
    with (LOCALE / "kiosk.pot").open("rb") as file:
        template = read_po(file)
    wanted = {message.id for message in template if message.id}
    found = {message.id for message in po if message.id}
    assert found == wanted
    assert not po.obsolete
    for message in po:
        if message.id:
            texts = message.string if isinstance(message.string, tuple) else (message.string,)
            assert all(texts), message.id
            assert not message.fuzzy, message.id


def test_the_compiled_catalogue_is_the_one_that_was_written(po: Catalog):
    expected = io.BytesIO()
    write_mo(expected, po)
    expected.seek(0)
    with (LOCALE / str(po.locale) / "LC_MESSAGES" / "kiosk.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    fresh = gettext.GNUTranslations(expected)
    left_out = {""}  # the header holds times
    assert {k: v for k, v in compiled._catalog.items() if k not in left_out} == {
        k: v for k, v in fresh._catalog.items() if k not in left_out
    }


def test_a_translation_fills_in_what_its_original_does_and_marks_words_likewise(po: Catalog):
    for message in po:
        if not message.id:
            continue
        originals = message.id if isinstance(message.id, tuple) else (message.id,)
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        for text in texts:
            assert set(re.findall(r"\{(\w+)", text)) == set(re.findall(r"\{(\w+)", originals[-1])), text
            assert text.count("*") == originals[0].count("*"), text
