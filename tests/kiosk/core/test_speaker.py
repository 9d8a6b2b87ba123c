"""Who is spoken to in which language, and how they are addressed."""

from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec
import pytest

from community.clock import Hours
from community.desk_rules import Rules
from community.ids import MemberId
from community.members import Member, Space
from kiosk.core.lobby import lobby_of
from kiosk.core.present import Presenter
from kiosk.core.sentences import Words
from kiosk.core.waiting import Waiting
from tests.fakes.community import AMINA, LEA, badge_of, directory_of

AT = datetime(2026, 11, 20, 8, 42, tzinfo=UTC)


def speaking(member: Member, *languages: str) -> Member:
    return msgspec.structs.replace(member, languages=languages)


@pytest.fixture
def presenter(catalogues: Mapping[str, Words], hours: Hours):
    def made(*members: Member, formal: bool = False, languages: tuple[str, str] = ("fr", "en")) -> Presenter:
        space = Space("Le Nook", languages=languages, formal=formal)
        return Presenter(directory_of(*members, space=space), catalogues, hours, Rules())

    return made


def greeted(presenter: Presenter, member: Member) -> str:
    return presenter.greeting(member.id, AT, (), waiting=Waiting(1)).empty_line


def test_everybody_is_greeted_in_their_own_language(presenter):
    people = presenter(speaking(LEA, "es"), speaking(AMINA, "en", "fr"))
    first, second = (people.greeting(who.id, AT, (), waiting=Waiting(2)) for who in (LEA, AMINA))
    assert (first.headline, first.language) == ("Hola, Léa", "es")
    assert (second.headline, second.language) == ("Hello Amina", "en")


@pytest.mark.parametrize(
    ("theirs", "spoken"),
    [(("pl",), "fr"), (("pl", "es"), "es"), (("pl", "uk", "en"), "en"), (("xx",), "fr")],
)
def test_who_speaks_no_language_of_ours_first_is_greeted_in_their_next_or_in_the_space_s(
    presenter, theirs: tuple[str, ...], spoken: str
):
    people = presenter(speaking(LEA, *theirs))
    assert people.language(LEA.id) == spoken
    assert people.greeting(LEA.id, AT, (), waiting=Waiting(1)).language == spoken


def test_a_space_whose_languages_we_do_not_speak_is_spoken_to_in_english(presenter):
    people = presenter(speaking(LEA, "pl"), languages=("pl", "uk"))
    assert people.language(LEA.id) == people.language(MemberId("gone")) == "en"
    assert people.unknown(badge_of(LEA)).headline == "This badge is new here"


def test_the_lobby_speaks_the_space_s_two_languages(presenter):
    lobby = lobby_of(presenter(languages=("es", "fr")), [], AT, synced=True, met_this_week=0, trouble=None)
    assert (lobby.date, lobby.date_secondary) == ("viernes 20 de noviembre", "vendredi 20 novembre")


@pytest.mark.parametrize(
    ("language", "friendly", "polite"),
    [
        (
            "fr",
            "Tu ouvres la journée : fais comme chez toi.",
            "Vous ouvrez la journée : faites comme chez vous.",
        ),
        ("es", "Abres el día: siéntete en tu casa.", "Abre usted el día: está en su casa."),
        ("en", *["You open the day: make yourself at home."] * 2),
    ],
)
def test_members_are_addressed_as_the_space_chooses(presenter, language: str, friendly: str, polite: str):
    member = speaking(LEA, language)
    assert greeted(presenter(member), member).replace("\u202f", " ") == friendly
    assert greeted(presenter(member, formal=True), member).replace("\u202f", " ") == polite


@pytest.mark.parametrize("formal", [False, True])
def test_who_is_not_known_is_addressed_formally_in_every_space(presenter, formal):
    people = presenter(LEA, formal=formal)
    assert people.refused().headline.replace("\u202f", " ") == "Passez à l’accueil, s’il vous plaît"
    assert people.unknown(badge_of(LEA)).lines[0].startswith("Donnez ce code")
    assert people.formal_words("fr").gettext("Your name") == "Votre nom"


def test_what_has_no_formal_words_is_said_as_ever(catalogues: Mapping[str, Words]):
    formal = catalogues["fr@formal"]
    assert formal.gettext("Monday") == "lundi"
    assert formal.ngettext("{count} person here", "{count} people here", 0) == "{count} personne ici"
    assert formal.ngettext("{count} person here", "{count} people here", 2) == "{count} personnes ici"
    assert formal.gettext("Never said anywhere") == "Never said anywhere"
