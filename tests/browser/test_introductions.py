"""The page of introductions in a real browser."""

import pytest
from playwright.sync_api import expect

from community.events import TableAnswered
from community.introductions.pairing import Pairing
from community.introductions.slots import Slot
from sync.store import introductions
from tests.sync.dashboard.test_introductions import ADA, BOB, EVE, KIM, plan, put

pytestmark = pytest.mark.browser


@pytest.fixture
def village(house):
    put(house, "Ada", needs=("logo",), offers=("law",))
    put(house, "Bob", needs=("law",), offers=("bread",))
    put(house, "Eve", needs=("bread",), offers=("plants",))
    put(house, "Kim", hosts=False, needs=("plants",), offers=("logo",))
    plan(house, Pairing(ADA, BOB, Slot.PARTNER, BOB), Pairing(EVE, KIM, Slot.PARTNER))


@pytest.mark.parametrize("javascript", [True, False])
def test_a_table_is_opened_with_one_click_on_a_phone(house, open_page, set_up, village, javascript):
    page = set_up(open_page(width=390, height=844, language="fr", javascript=javascript))
    page.get_by_role("link", name="Présentations", exact=True).click()
    expect(page.get_by_text("Bob cherche « law » ; Ada propose « law ».")).to_be_visible()
    page.get_by_role("button", name="Café").click()
    expect(page.locator("#notice")).to_contain_text("La table est ouverte.")
    expect(page.get_by_role("heading", name="Tables du jour")).to_be_visible()
    page.get_by_role("button", name="La retirer").click()
    expect(page.locator("#notice")).to_contain_text("La table est retirée.")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_nothing_is_wider_than_the_page(house, open_page, set_up, village, width, language):
    page = set_up(open_page(width=width, language=language))
    page.goto("/introductions")
    page.get_by_role("button").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_who_says_yes_appears_by_itself_and_what_is_typed_stays(house, open_page, set_up, village):
    page = set_up(open_page())
    page.goto("/introductions")
    page.get_by_role("button", name="Coffee").click()
    (table,) = house.database.read_now(introductions.tables)
    page.get_by_label("Where").fill("the roof")
    guest = next(one for one in table.invited if one != KIM)
    house.happen(TableAnswered(guest, table.id, coming=True))
    page.evaluate("htmx.trigger('#introduced', 'look')")
    expect(page.locator("#introduced")).to_contain_text("Coming: ")
    expect(page.get_by_label("Where")).to_have_value("the roof")
