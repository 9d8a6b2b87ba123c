"""How the catalogues speak: no gender guessed, tu or vous, marks as each language wants them.

The lists of words were made by reading every sentence.  What they find was looked at by a person: it is
written otherwise, or stands here with its reason.
"""

import re
from collections.abc import Iterator, Mapping

import pytest

from tests.catalogues import DOMAINS, Domain, catalogue, is_formal, messages, texts

KIOSK, HUB, FOYER = DOMAINS
PEOPLE = (KIOSK, HUB)
"""What members and hosts read."""

NAMED = r"(?:\{(?:name|one|other)\}|%\((?:name|one|other)\)s|\btu\b|\bvous\b|\busted\b|\btú\b)"
GENDERED: Mapping[str, re.Pattern[str]] = {
    "fr": re.compile(
        r"\b(?:bienvenues|bienvenus?|ravie?s?|contente?s?|heureux|heureuses?|(?:tu|toi|vous) seule?s?"
        r"|désolée?s?|attendue?s|(?:est|êtes|es) invitée?|absente?s?|isolée?s?|débutante?s?|visiteurs?"
        r"|visiteuses?|administrateurs?"
        r"|administratrices?|voisine?s?|conseillère|assise?s?|habituée?s?|prêt à|prête à|nommé|sûr de|sûre de"
        r"|quelqu’un (?:de )?\w+é|nouveau venu|nouvelle venue|utilisatrice|il ou elle|lui ou elle)\b"
        rf"|{NAMED} (?:est|es|êtes|sera|seras|serez|a été|as été|avez été) (?:\w+ )?\w+[éiu]e?s?\b"
        r"|\w[·•]\w|\w\((?:e|ne|le|trice|euse)s?\)",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r"\b(?:bienvenid[oa]s?|encantad[oa]s?|content[oa]s?|a solas|ausentes?|invitad[oa]s?|esperad[oa]s?"
        r"|principiantes?|visitantes?|administradora?s?|vecin[oa]s?|consejer[oa]s?|aislad[oa]s?|sentad[oa]s?"
        r"|list[oa] para|segur[oa] de|recién llegad[oa]s?|tú sol[oa]|él o ella|nombrad[oa]s?|amig[oa]s?)\b"
        rf"|{NAMED} (?:está|estás|es|eres|ha sido|has sido|será) (?:\w+ )?\w+(?:[aieu]d|t|ll|v)[oa]s?\b"
        r"|\w[·•@]\w|\w[/(]a\b",
        re.IGNORECASE,
    ),
}
"""Words that agree with whoever they are said of, where they are said of people."""

OF_THINGS = re.compile(
    r"(?:[Bb]adge|tarjeta) \S* (?:de|est|está)|paquete?t? \{name\}|(?:le da la|dando la) bienvenida"
    r"|personnes? ser(?:a|ont) heureuse|usuario@|utilisateur@|depuis|desde|prêt à être confié"
    r"|lista para dársela"
)
"""What shows that such a word speaks of something else: a badge, a package, an address, a time."""

FAMILIAR: Mapping[str, re.Pattern[str]] = {
    "fr": re.compile(
        r"\b(?:tu|te|toi|ton|ta|tes|tien|tiens|tienne|tiennes)\b|\bt’|-(?:tu|toi)\b"
        r"|\bbadge (?:encore|à nouveau|ensuite|deux fois)|\b(?:demandes-en|essaie-le|regarde-le|laisse-le)\b"
        r"|(?:^|[.:,?!] )(?:donne|garde|laisse|passe|demande|essaie|préviens|pose|va|fais|regarde|attends"
        r"|viens|choisis|tape|écris|reviens|montre|tiens|ouvre|prends|dis|vois|scanne|appuie"
        r"|touche le|libère)\b(?! que)",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r"\b(?:tú|te|ti|tu|tus|contigo|tuy[oa]s?)\b|\w(?:(?<!fu)erte|(?<!p)arte|irte|ándote)\b"
        r"|\b(?:pasa|pulsa|siéntete|salúdale|pruébala|míralo|pon)\b"
        r"|(?:^|[.:,;?!] )(?:mira|elige|escribe|espera|ven|di|pide|teclea|toca|saluda|busca|abre)\b(?! usted)"
        r"|\b(?:has|vas|vienes|quedas|sigues|abres|buscas|ofreces|sabes|tienes|compartes|conoces|haces|trabajas|ves"
        r"|hablas|hablaste|empezaste|aprendiste|contaste|harías|aconsejarías|empezarías|puedes|quieres|quieras|eres"
        r"|estás)\b",
        re.IGNORECASE,
    ),
}
"""What is said to a friend only."""

POLITE: Mapping[str, re.Pattern[str]] = {
    "fr": re.compile(
        r"\b(?:vous|votre|vos|vôtres?)\b|\b(?!chez\b|assez\b|nez\b|rez\b)\w+ez\b", re.IGNORECASE
    ),
    "es": re.compile(r"\bustedes?\b|\b(?:pase|pulse|vea|siéntase|salude)\b", re.IGNORECASE),
}
"""What is said to somebody one does not know."""

TO_MANY = {
    "Tap in at the door",
    "Tap your badge at the door and see whom to meet",
    "Tap in",
    "Tap in: you may be expected",
    "Tap your badge and see whom to meet",
    "and see whom to meet",
    "You two met: noted. Enjoy the conversation!",
    "You and {name} both speak *{language}*.",
    "You and {name} share a *language* that few here speak.",
    "You and {name} talked on *{day}*: time to hear what came of it.",
    "You and {name} would have *things to tell each other*, we thought.",
    "{table}: {names} and you would have things to tell each other.",
}
"""Said to whoever walks past, or to two people at once: "vous" is their plural too."""

TO_GUESTS = {
    "And who are you?",
    "If nobody does, please ask at the reception.",
    "Please go to the reception",
    "Please take a seat: someone will come for you.",
    "Whom do you come to see?",
    "Your first name, for the hosts and for today only; or just OK.",
}
"""Said to guests, whom nobody calls a friend yet."""


def said(domain: Domain, language: str) -> Iterator[str]:
    """Every sentence of a catalogue, as it is written."""
    for message in messages(catalogue(domain, language)):
        yield from texts(message)


def chain(domain: Domain, language: str) -> Mapping[str, tuple[str, ...]]:
    """What a reader is told in a language, by its English; a formal one falls back to its own plain one."""
    plain, _, form = language.partition("@")
    return {
        (message.id[0] if message.pluralizable else message.id): texts(message)
        for name in ((plain, language) if form else (plain,))
        for message in messages(catalogue(domain, name))
    }


@pytest.mark.parametrize("language", GENDERED)
@pytest.mark.parametrize("domain", DOMAINS, ids=lambda domain: domain.name)
def test_nobodys_gender_is_guessed(domain: Domain, language: str):
    for name in domain.languages():
        if name.partition("@")[0] == language:
            found = [s for s in said(domain, name) if GENDERED[language].search(s)]
            assert [sentence for sentence in found if not OF_THINGS.search(sentence)] == []


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("fr", "Tu es attendue à 10 h"),
        ("fr", "Bienvenu·e"),
        ("fr", "{name} est arrivé"),
        ("fr", "Vous êtes connecté"),
        ("es", "Bienvenido, {name}"),
        ("es", "{name} está ocupada"),
        ("es", "Eres nuevo/a"),
    ],
)
def test_a_guess_would_be_found(language: str, sentence: str):
    assert GENDERED[language].search(sentence)


@pytest.mark.parametrize("language", FAMILIAR)
def test_who_is_addressed_formally_is_never_addressed_as_a_friend(language: str):
    assert f"{language}@formal" in KIOSK.languages()
    found = chain(KIOSK, f"{language}@formal")
    wrong = [text for told in found.values() for text in told if FAMILIAR[language].search(text)]
    assert wrong == []


@pytest.mark.parametrize("language", POLITE)
def test_friends_are_addressed_as_friends_everywhere(language: str):
    wrong = [
        text
        for english, told in chain(KIOSK, language).items()
        for text in told
        if POLITE[language].search(text) and english not in TO_MANY | TO_GUESTS
    ]
    assert wrong == []


@pytest.mark.parametrize("language", FAMILIAR)
def test_every_sentence_that_addresses_a_friend_has_a_formal_one(language: str):
    formal = {
        message.id[0] if message.pluralizable else message.id
        for message in messages(catalogue(KIOSK, f"{language}@formal"))
    }
    friendly = {
        english
        for english, told in chain(KIOSK, language).items()
        if any(FAMILIAR[language].search(text) for text in told)
    }
    assert friendly <= formal


@pytest.mark.parametrize("domain", [HUB, FOYER], ids=lambda domain: domain.name)
@pytest.mark.parametrize("language", FAMILIAR)
def test_hosts_and_operators_are_addressed_formally(domain: Domain, language: str):
    assert [s for s in said(domain, language) if re.search(ADDRESSED[language], s)] == []


ADDRESSED = {
    "fr": r"\b(?:tu|toi|ton|ta|tes)\b|\bt’|s’il te plaît",
    "es": r"\b(?:tú|te|ti|tus?|contigo)\b",
}


def test_only_the_kiosk_has_formal_words():
    assert [domain.name for domain in DOMAINS if any(map(is_formal, domain.languages()))] == ["kiosk"]


@pytest.mark.parametrize("domain", PEOPLE, ids=lambda domain: domain.name)
def test_spanish_opens_what_it_closes(domain: Domain):
    for language in ("es", "es@formal"):
        if language in domain.languages():
            for sentence in said(domain, language):
                assert sentence.count("¿") == sentence.count("?"), sentence
                assert sentence.count("¡") == sentence.count("!"), sentence
                assert sentence.count("«") == sentence.count("»"), sentence
                assert not re.search(r"« | »|[“”\"]| [;:!?.,](?!\w)|'(?!de')(?<!'de')", sentence), sentence


@pytest.mark.parametrize("domain", PEOPLE, ids=lambda domain: domain.name)
def test_french_keeps_its_marks_together_with_their_words(domain: Domain):
    for language in ("fr", "fr@formal"):
        if language in domain.languages():
            for sentence in said(domain, language):
                # "fr;en" is no sentence: it shows what is typed
                assert not re.search(r"(?<![\u202f\u00a0])[;!?»](?!\w)|«(?![\u202f\u00a0])", sentence), (
                    sentence
                )
                assert not re.search(r"[“”\"']", sentence), sentence


@pytest.mark.parametrize("language", ["fr", "es"])
def test_a_number_stays_with_its_unit(language: str):
    loose = re.compile(r"(?:\}|%\(\w+\)s|\d) (?:s|h|ms|cm|mm|MB|Mo|V|%{1,2})(?!\w)")
    for domain in DOMAINS:
        assert [s for s in said(domain, language) if loose.search(s)] == []
