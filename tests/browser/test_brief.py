"""The brief of the day in a real browser."""

import pytest
from playwright.sync_api import expect

from community.introductions.pairing import Pairing
from community.introductions.slots import Slot
from tests.sync.dashboard.test_introductions import ADA, BOB, plan, put

pytestmark = pytest.mark.browser


@pytest.fixture
def village(house):
    put(house, "Ada", needs=("logo",), offers=("law",))
    put(house, "Bob", needs=("law",), offers=("bread",))
    plan(house, Pairing(ADA, BOB, Slot.PARTNER, BOB))


@pytest.mark.parametrize("javascript", [True, False])
def test_a_host_says_hello_with_a_thumb_and_takes_it_back(house, open_page, set_up, village, javascript):
    page = set_up(open_page(width=390, height=844, language="fr", javascript=javascript))
    page.get_by_role("link", name="Brief", exact=True).click()
    expect(page.get_by_text("Dites bonjour, et présentez : Bob.")).to_be_visible()
    page.get_by_role("button", name="J’ai dit bonjour").first.click()
    expect(page.get_by_role("heading", name="Fait aujourd’hui")).to_be_visible()
    expect(page.get_by_text("y a veillé.")).to_be_visible()
    page.get_by_role("button", name="Annuler").click()
    expect(page.get_by_role("heading", name="Fait aujourd’hui")).to_have_count(0)


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_nothing_is_wider_than_the_page(house, open_page, set_up, village, width, language):
    page = set_up(open_page(width=width, language=language))
    page.goto("/brief")
    page.get_by_role("button").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
