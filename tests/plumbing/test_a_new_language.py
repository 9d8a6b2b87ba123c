"""A language is a folder: kiosk, pages and commands speak one that came after them, with no code changed."""

import io
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

import foyer.language
from community.desk_rules import Rules
from community.members import Space
from kiosk.core.lobby import lobby_of
from kiosk.core.present import Presenter
from kiosk.core.waiting import Waiting
from kiosk.hours import hours_of
from plumbing import words
from plumbing.words import Sentence
from tests.architecture.project import modules
from tests.fakes.community import LEA, directory_of
from tests.fakes.languages import MADE_UP, make_up_everything
from tests.sync.dashboard.house import Browser, House

AT = datetime(2026, 11, 20, 8, 42, tzinfo=UTC)


@pytest.fixture(scope="module")
def locale(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_up_everything(tmp_path_factory.mktemp("locale"))


def test_the_languages_there_are_are_those_that_have_a_folder(locale: Path, tmp_path: Path):
    assert words.languages("kiosk", locale) == ("en", MADE_UP)
    assert words.languages("kiosk", tmp_path) == ("en",)
    assert words.languages("other", locale) == ("en",)
    assert set(words.load("kiosk", locale)) == {"en", MADE_UP}


def test_the_kiosk_speaks_it(locale: Path):
    space = Space("Le Nook", languages=(MADE_UP, "en"), formal=True)
    speaker = Presenter(directory_of(LEA, space=space), words.load("kiosk", locale), hours_of(space), Rules())
    greeting = speaker.greeting(LEA.id, AT, (), waiting=Waiting(1))
    assert greeting.language == "en"  # Léa speaks French and English, and French is not there
    lobby = lobby_of(speaker, [], AT, synced=True, met_this_week=0, trouble=None)
    assert (lobby.present_line, lobby.present_line_secondary) == ("‹Welcome›", "Welcome")
    assert lobby.date == "‹‹Friday› ‹20 ‹November›››"


def test_the_hub_s_pages_speak_it_and_offer_it(locale: Path, tmp_path: Path):
    with House(tmp_path, locale=locale) as house:
        browser = Browser(house, language=f"{MADE_UP},fr;q=0.5")
        page = browser.get("/welcome").text
        assert f'<html lang="{MADE_UP}"' in page
        assert "‹Welcome to your Foyer›" in page
        assert f'href="?language={MADE_UP}"' in page
        assert "français" not in page.casefold()
        assert browser.set_up().status == 303
        here = browser.get("/").text
        assert "‹Nobody has tapped in yet." in here
        browser.post("/language", {"form_token": browser.form_token("/"), "language": "en"})
        assert "‹" not in browser.get("/").text
        browser.post("/language", {"form_token": browser.form_token("/"), "language": MADE_UP})
        assert "‹Nobody has tapped in yet." in browser.get("/").text


def test_a_host_whose_language_is_taken_away_reads_the_browser_s(locale: Path, tmp_path: Path):
    with House(tmp_path, locale=locale) as house:
        browser = Browser(house, language=MADE_UP)
        browser.set_up()
        cookies = browser.cookies
    with House(tmp_path) as house:
        again = Browser(house, language="es")
        again.cookies = cookies
        assert '<html lang="es"' in again.get("/").text


def test_the_command_speaks_it(locale: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(foyer.language, "LOCALE", locale)
    monkeypatch.setenv("LC_ALL", f"{MADE_UP}_XX.UTF-8")
    monkeypatch.delenv("LANGUAGE", raising=False)
    stream = io.StringIO()
    foyer.language.tell(Sentence("Permission denied"), stream=stream)
    assert stream.getvalue() == "‹Permission denied›\n"
    assert foyer.language.speaker("fr")("Permission denied") == "‹Permission denied›"  # the terminal's


@pytest.mark.parametrize("package", ["kiosk", "sync", "foyer", "plumbing"])
def test_no_code_names_a_language_but_english(package: str):
    lists = [
        path
        for path, file in modules(package)
        if re.search(r'\bLANGUAGES\b|== "fr"', file.read_text(encoding="utf-8"))
    ]
    assert lists == []
