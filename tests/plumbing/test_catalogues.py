"""Every catalogue of every language there is: complete, compiled, and true to the sentences of the code."""

import gettext
import io
import re
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.plurals import get_plural

from tests.catalogues import (
    DOMAINS,
    Domain,
    catalogue,
    collected,
    compiled,
    is_formal,
    main,
    messages,
    texts,
    with_its_marks,
)

WRITTEN = [
    pytest.param(domain, language, id=f"{domain.name}-{language}")
    for domain in DOMAINS
    for language in domain.languages()
]
every_catalogue = pytest.mark.parametrize(("domain", "language"), WRITTEN)

BLANK = re.compile(r"\{\w+[^}]*\}|%\(\w+\)s")
"""`{name}`, `{minute:02d}`, `%(name)s`."""


@pytest.fixture(scope="module")
def of_the_code() -> dict[str, Catalog]:
    return {domain.name: collected(domain) for domain in DOMAINS}


def ids(po: Catalog) -> set[object]:
    return {message.id for message in messages(po)}


def test_every_domain_speaks_french_and_spanish():
    for domain in DOMAINS:
        assert {"es", "fr"} <= set(domain.languages())


@every_catalogue
def test_a_catalogue_holds_exactly_what_the_code_says(domain: Domain, language: str, of_the_code):
    found, said = ids(catalogue(domain, language)), ids(of_the_code[domain.name])
    if is_formal(language):
        assert found <= said
        assert found
    else:
        assert found == said


@every_catalogue
def test_nothing_is_untranslated_fuzzy_or_left_over(domain: Domain, language: str):
    po = catalogue(domain, language)
    assert not po.obsolete
    for message in messages(po):
        assert all(texts(message)), message.id
        assert not message.fuzzy, message.id


@every_catalogue
def test_the_compiled_catalogue_is_the_one_that_was_written(domain: Domain, language: str):
    def sentences(mo: bytes) -> dict[object, str]:
        found = dict(gettext.GNUTranslations(io.BytesIO(mo))._catalog)
        del found[""]  # the header names the tool's version
        return found

    written = compiled(catalogue(domain, language))
    assert sentences(domain.file(language, "mo").read_bytes()) == sentences(written)


@every_catalogue
def test_a_translation_fills_in_what_its_original_does_and_marks_words_likewise(
    domain: Domain, language: str
):
    po = catalogue(domain, language)
    assert [(message.id, errors) for message, errors in po.check()] == []
    for message in messages(po):
        originals = message.id if isinstance(message.id, tuple) else (message.id,)
        for text in texts(message):
            # the plural has every blank; a singular may say "one" without its number
            wanted = sorted(BLANK.findall(originals[-1]))
            assert sorted(BLANK.findall(text)) in (wanted, sorted(BLANK.findall(originals[0]))), text
            assert text.count("*") == originals[0].count("*"), text
            assert (text[:1].isspace(), text[-1:].isspace()) == (
                originals[0][:1].isspace(),
                originals[0][-1:].isspace(),
            ), text


@every_catalogue
def test_the_header_says_how_the_language_counts(domain: Domain, language: str):
    po = catalogue(domain, language)
    plural = get_plural(Locale.parse(language.partition("@")[0]))
    assert f"Plural-Forms: {plural.plural_forms}" in domain.file(language).read_text(encoding="utf-8")
    for message in messages(po):
        assert len(texts(message)) == (plural.num_plurals if message.pluralizable else 1), message.id


def test_a_formal_catalogue_says_nothing_that_the_plain_one_says():
    for domain in DOMAINS:
        for language in filter(is_formal, domain.languages()):
            plain = catalogue(domain, language.partition("@")[0])
            same = [
                message.id
                for message in messages(catalogue(domain, language))
                if message.string == plain.get(message.id).string
            ]
            assert same == []


def test_a_new_sentence_comes_into_every_language_and_is_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    code, locale = tmp_path / "code", tmp_path / "locale"
    code.mkdir()
    for language in ("fr", "fr@formal", "eo"):
        (locale / language / "LC_MESSAGES").mkdir(parents=True)
    domain = Domain("tiny", locale, (str(code),), ("gettext", "ngettext"))
    source = code / "said.py"
    source.write_text("gettext('Hello')\ngettext('Your name')\n")
    domain.file("fr").write_text(
        'msgid "Hello"\nmsgstr "Bonjour"\n\nmsgid "Your name"\nmsgstr "Ton nom"\n\n'
        'msgid "Gone"\nmsgstr "Parti"\n'
    )
    domain.file("fr@formal").write_text('msgid "Your name"\nmsgstr "Votre nom"\n')
    domain.file("eo").write_text("")
    monkeypatch.setattr("tests.catalogues.DOMAINS", (domain,))
    assert main() == 1
    assert capsys.readouterr().out.splitlines() == [
        "tiny eo: 2 to translate",
        "  Hello",
        "  Your name",
        "tiny fr: 0 to translate",
        "tiny fr@formal: 0 to translate",
    ]
    assert ids(catalogue(domain, "fr")) == {"Hello", "Your name"}
    assert ids(catalogue(domain, "fr@formal")) == {"Your name"}
    assert domain.file("fr", "mo").is_file()
    for sentence, said in (("Hello", "Saluton"), ("Your name", "Via nomo")):
        written = domain.file("eo").read_text()
        domain.file("eo").write_text(
            written.replace(f'msgid "{sentence}"\nmsgstr ""', f'msgid "{sentence}"\nmsgstr "{said}"')
        )
    assert main() == 0


def test_no_break_spaces_are_set_by_the_tool():
    kiosk, hub, _ = DOMAINS
    assert with_its_marks(kiosk, "fr@formal", "« Oui » ? Dans {seconds} s") == (
        "«\u202fOui\u202f»\u202f? Dans {seconds}\u00a0s"
    )
    assert with_its_marks(hub, "fr", "Problème : %(percent)s %%, 5 mois") == (
        "Problème\u00a0: %(percent)s\u00a0%%, 5 mois"
    )
    assert with_its_marks(hub, "es", "¿{room} MB? 5 meses") == "¿{room}\u00a0MB? 5 meses"
