"""A guest on the page "Now", in a real browser: appears by itself, and goes with one click."""

import pytest
from playwright.sync_api import expect

from tests.sync.dashboard.test_guests import comes

pytestmark = pytest.mark.browser


def test_a_guest_appears_without_reloading_and_goes_with_one_click(house, open_page, set_up, live):
    house.member("m1", "Élise")
    page = live(set_up(open_page()))
    expect(page.locator("#guests")).to_be_hidden()
    page.evaluate("window.sameDocument = true")
    comes(house, "elise", "Bruno", "m1")
    expect(page.locator("#guests")).to_contain_text("Bruno")
    expect(page.locator("#guests")).to_contain_text("Comes to see Élise")
    page.get_by_role("button", name="Met Bruno").click()
    expect(page.locator("#guests")).to_be_hidden()
    assert page.evaluate("window.sameDocument")
