"""Saying who looks after the place, on a phone."""

import pytest
from playwright.sync_api import expect

from community.ids import MemberId
from sync.store import directory

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}


def test_an_administrator_says_who_looks_after_the_place_with_a_thumb(house, open_page, set_up):
    house.member("lea", "Léa Martin", trade="illustratrice")
    page = set_up(open_page(language="fr", **PHONE))
    page.goto("/members/lea")
    section = page.locator("#host")
    expect(section).to_contain_text("membre comme tout le monde")
    section.get_by_text("Tient l’accueil", exact=True).click()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    section.get_by_role("button", name="Oui, tient l’accueil").click()
    expect(page.locator("#notice")).to_contain_text("Léa Martin tient l’accueil")
    expect(page.locator("#host")).to_contain_text("pas encore de code")
    assert house.database.read_now(lambda c: directory.member_of(c, MemberId("lea"))).host
    section = page.locator("#host")
    section.get_by_text("Ne tient plus l’accueil", exact=True).click()
    section.get_by_role("button", name="Oui, plus maintenant").click()
    expect(page.locator("#notice")).to_contain_text("ne tient plus l’accueil")
