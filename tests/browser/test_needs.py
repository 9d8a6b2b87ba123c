"""The needs board, and the page of what is let go of, in a real browser."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from sync.store import retention
from sync.store.retention import Job
from tests.sync.dashboard.test_introductions import put

pytestmark = pytest.mark.browser

LONG = "une avocate en droit des sociétés qui connaît les coopératives d’artisans et parle aussi anglais"


@pytest.fixture
def village(house):
    put(house, "Ada", needs=("law", LONG), needs_until=(date(2026, 11, 27), None), offers=("un logo", "jazz"))
    put(house, "Bob", needs=("un logo",), offers=("law", "du pain"))
    put(house, "Kim", hosts=False, needs=("un vélo",))


def ran(house):
    """Let everything have run in the night, but taps three days ago."""
    for job in Job:
        at = house.clock.at() - (timedelta(days=3) if job is Job.TAPS else timedelta(hours=6))
        at_us = int(at.timestamp() * 1_000_000)
        house.database.write_now(
            lambda c, job=job, at=at, at_us=at_us: retention.note(c, job, at.date(), at_us, 1_204)
        )


@pytest.mark.parametrize("javascript", [True, False])
def test_a_host_finds_who_could_help_and_goes_to_their_page(house, open_page, set_up, village, javascript):
    page = set_up(open_page(width=390, height=844, language="fr", javascript=javascript))
    page.get_by_role("link", name="Besoins", exact=True).click()
    need = page.get_by_role("listitem").filter(has_text="jusqu’au vendredi 27")
    expect(need.get_by_text("sur place, pourrait aider")).to_be_visible()
    expect(page.get_by_text("quelqu’un qui préfère ne pas dire son nom ici")).to_be_visible()
    need.get_by_role("link", name="Bob").click()
    expect(page.get_by_role("heading", name="Bob")).to_be_visible()


def test_somebody_who_comes_in_appears_by_themselves(house, open_page, set_up):
    page = set_up(open_page())
    page.goto("/needs")
    expect(page.get_by_text("Nothing stands here yet.")).to_be_visible()
    put(house, "Ada", needs=("law",))
    page.evaluate("htmx.trigger('#needs', 'look')")
    expect(page.get_by_role("link", name="Ada")).to_be_visible()


def test_whoever_looks_after_the_data_finds_what_was_let_go_of(house, open_page, set_up):
    page = set_up(open_page(width=390, height=844, language="fr"))
    ran(house)
    page.get_by_role("link", name="Comptes").click()
    page.get_by_role("link", name="Ce qui est gardé, combien de temps").click()
    expect(page.get_by_role("alert")).to_contain_text("Redémarrez le hub")
    expect(page.get_by_text("1204 effacés ce jour-là").first).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("path", ["/needs", "/retention"])
def test_nothing_is_wider_than_the_page(house, open_page, set_up, village, width, language, path):
    page = set_up(open_page(width=width, language=language))
    ran(house)
    page.goto(path)
    page.locator("main h2").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
