"""Which language the dashboard speaks, and how it says dates in each."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from plumbing.words import languages, words_of
from sync.dashboard import dates, rendering

SPOKEN = ("en", "es", "fr")
PARIS = ZoneInfo("Europe/Paris")


def test_the_browser_s_language_is_taken_if_we_speak_it():
    assert rendering.preferred_language("fr-CA,fr;q=0.9,en;q=0.8", SPOKEN) == "fr"
    assert rendering.preferred_language("de, en-GB;q=0.7", SPOKEN) == "en"
    assert rendering.preferred_language("es-MX", SPOKEN) == "es"
    assert rendering.preferred_language("de", SPOKEN) == "en"
    assert rendering.preferred_language("", SPOKEN) == "en"


def test_the_dashboard_offers_every_language_it_has_words_for_each_in_its_own_name():
    pages = rendering.Pages(PARIS)
    assert tuple(pages.languages) == languages("hub", rendering.LOCALE)
    assert pages.languages.items() >= {"en": "English", "es": "Español", "fr": "Français"}.items()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            ["Saturday 21 November", "21 Nov 2026", "21 November 2026", "9:05", "Sat 21 Nov, 9:05", "French"],
        ),
        (
            "fr",
            [
                "samedi 21 novembre",
                "21 nov. 2026",
                "21 novembre 2026",
                "9 h 05",
                "sam. 21 nov., 9 h 05",
                "français",
            ],
        ),
        (
            "es",
            [
                "sábado 21 de noviembre",
                "21 nov 2026",
                "21 de noviembre de 2026",
                "9:05",
                "sáb 21 nov, 9:05",
                "francés",
            ],
        ),
    ],
)
def test_days_and_times_are_said_as_each_language_says_them(language: str, said: list[str]):
    words = words_of("hub", rendering.LOCALE, language)
    day = date(2026, 11, 21)
    time = dates.clock_time(words, PARIS, datetime(2026, 11, 21, 8, 5, tzinfo=UTC))
    found = [
        dates.long_date(words, language, day),
        dates.short_date(words, language, day),
        dates.full_date(words, language, day),
        time,
        dates.with_day(words, language, (day, date(2026, 11, 24)), time),
        dates.language_name("fr", language),
    ]
    assert [sentence.replace("\xa0", " ") for sentence in found] == said


def test_today_is_not_named_and_yesterday_is_said_so():
    words, day = words_of("hub", rendering.LOCALE, "es"), date(2026, 11, 21)
    assert dates.with_day(words, "es", (day, day), "9:05") == "9:05"
    assert dates.with_day(words, "es", (day, date(2026, 11, 22)), "9:05") == "ayer, 9:05"


def test_a_language_that_babel_does_not_know_has_english_months_and_its_code_for_a_name(tmp_path: Path):
    words = words_of("hub", tmp_path, "xx")
    assert dates.long_date(words, "xx", date(2026, 11, 21)) == "Saturday 21 November"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["1 September 2026", "Tuesday 1 September", "until Tuesday 1"]),
        ("fr", ["1er septembre 2026", "mardi 1er septembre", "jusqu’au mardi 1er"]),
        ("es", ["1 de septiembre de 2026", "martes 1 de septiembre", "hasta el martes 1"]),
    ],
)
def test_the_first_of_a_month_is_said_as_the_language_says_it(language, said):
    words, day = words_of("hub", rendering.LOCALE, language), date(2026, 9, 1)
    assert [
        dates.full_date(words, language, day),
        dates.long_date(words, language, day),
        dates.last_day(words, language, day, date(2026, 8, 29)),
    ] == said
    assert dates.language_name("xx", "fr") == "xx"
    assert dates.language_name("fr", "xx") == "French"
    assert dates.language_name("?", "fr") == "?"
