"""Every sentence of the dashboard, in French too."""

import io
import re

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from sync.dashboard import rendering

WHERE = rendering.LOCALE / "fr/LC_MESSAGES"


@pytest.fixture(scope="module")
def french():
    with (WHERE / "hub.po").open("rb") as stream:
        return read_po(stream, locale="fr", domain="hub")


@pytest.fixture(scope="module")
def sentences():
    """What the code and the templates say, as the catalogue's ids."""
    options = {"**/templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}
    methods = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
    found = Catalog()
    for _, _, message, _, context in extract_from_dir(rendering.HERE, methods, options):
        found.add(message, context=context)
    return {message.id for message in found if message.id}


def test_the_catalogue_holds_exactly_what_is_said(french, sentences):
    assert {message.id for message in french if message.id} == sentences


def test_nothing_is_left_untranslated_or_uncertain(french):
    for message in french:
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(strings), message.id
        assert not message.fuzzy or not message.id, message.id


def test_the_compiled_catalogue_is_that_of_the_text(french):
    compiled = io.BytesIO()
    write_mo(compiled, french)
    assert compiled.getvalue() == (WHERE / "hub.mo").read_bytes()


def test_a_translation_uses_the_same_placeholders(french):
    for message in french:
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        for said, translated in zip(ids, strings, strict=True):
            if said:
                assert re.findall(r"%?[({]\w+[)}]", said) == re.findall(r"%?[({]\w+[)}]", translated)


def test_the_browser_s_language_is_taken_if_we_speak_it():
    assert rendering.preferred_language("fr-CA,fr;q=0.9,en;q=0.8") == "fr"
    assert rendering.preferred_language("de, en-GB;q=0.7") == "en"
    assert rendering.preferred_language("de") == "en"
    assert rendering.preferred_language("") == "en"
