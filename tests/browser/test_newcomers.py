"""The newcomers' path, failed taps, and putting right by hand, in a real browser."""

import pytest
from playwright.sync_api import expect

from community.badges import BadgeKey
from community.events import CheckedIn, PinRefused, UnknownBadgeTapped
from community.introductions.pairing import PersonPast
from sync.store import introductions, newcomers
from tests.sync.dashboard.test_introductions import ADA, BOB, put

pytestmark = pytest.mark.browser

PAGES = ("/newcomers", "/newcomers/texts", "/taps", "/visits")


@pytest.fixture
def morning(house):
    """Ada is in for the first time, Bob offered to welcome newcomers, and the door had its troubles."""
    put(house, "Ada", languages=("fr",))
    put(house, "Bob")
    house.database.write_now(lambda c: introductions.put_pasts(c, [PersonPast(BOB, days=40, ties=5)]))
    house.database.write_now(lambda c: newcomers.volunteer(c, BOB, yes=True))
    house.happen(UnknownBadgeTapped(BadgeKey(1, bytes(32)).hash(bytes([4, 1, 2, 3]))))
    house.happen(PinRefused(ADA, waits=True))
    house.happen(CheckedIn(house.member("zoe", "Zoé")))


@pytest.mark.parametrize("javascript", [True, False])
def test_a_host_welcomes_a_newcomer_with_a_thumb(house, open_page, set_up, morning, javascript):
    page = set_up(open_page(width=390, height=844, language="fr", javascript=javascript, refusals=True))
    page.get_by_role("link", name="Nouvelles têtes", exact=True).click()
    ada = page.locator("#n-ada")
    ada.get_by_role("button", name="Je lui ai demandé").click()
    expect(page.locator("#n-ada").get_by_text("Bob s’en occupe")).to_be_visible()
    page.get_by_role("button", name="C’est écrit Ada").click()
    expect(page.get_by_text("Noté : c’est écrit")).to_be_visible()
    page.get_by_role("link", name="Changer ce qu’on écrit").click()
    page.get_by_label("Objet").fill("Salut {nom}")
    page.get_by_role("button", name="Garder", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("{nom}")
    page.get_by_label("Objet").fill("Salut {name}")
    page.get_by_role("button", name="Garder", exact=True).click()
    expect(page.get_by_text("Salut Camille")).to_be_visible()


def test_a_host_works_through_the_door_with_the_keyboard_alone(house, open_page, set_up, morning):
    page = set_up(open_page(language="en"))
    page.goto("/taps")
    page.get_by_label("Whose badge is it?").focus()
    page.keyboard.type("Ada")
    page.keyboard.press("Enter")
    expect(page.get_by_text("now opens for Ada: the door knows it in a moment")).to_be_visible()
    page.get_by_role("button", name="Take off the list Ada").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Every tap came to something")).to_be_visible()
    page.goto("/visits")
    line = page.locator("#m-ada")
    line.get_by_text("Put the times right").focus()
    page.keyboard.press("Enter")
    line.get_by_label("Came at").fill("09:05")
    line.get_by_role("button", name="Keep these times").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#m-ada").get_by_text("since 9:05")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_page(house, open_page, set_up, morning, width):
    page = set_up(open_page(width=width, language="fr"))
    for path in PAGES:
        page.goto(path)
        page.locator("main").wait_for()
        for each in page.locator("summary").all():
            if each.is_visible() and each.evaluate("it => it.closest('main') !== null"):
                each.click()
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
