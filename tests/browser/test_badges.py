"""The pages of a member's badges and of all badges, on a phone."""

import pytest
from playwright.sync_api import expect

from community.badges import BadgeKey, short_code
from community.events import UnknownBadgeTapped
from sync.store import cards

pytestmark = pytest.mark.browser

KEY = BadgeKey(1, b"a secret of the space, 32 bytes.")
BADGE, OTHER, WAITING = (KEY.hash(bytes([4, 1, 2, 3, 4, 5, n])) for n in (1, 2, 3))
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def people(house):
    lea = house.member("lea", "Léa Martin", trade="illustratrice")
    house.member("amina", "Amina")
    for badge in (BADGE, OTHER):
        house.link(badge, lea)
    house.happen(UnknownBadgeTapped(WAITING))


@pytest.fixture
def page(house, people, open_page, set_up):
    page = set_up(open_page(language="fr", **PHONE))
    page.goto("/members")
    page.get_by_role("link", name="Léa Martin").click()
    page.get_by_role("heading", name="Léa Martin").wait_for()
    return page


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def of_badge(page, badge):
    return page.locator(f"#b-{badge.replace(':', '-')}")


def test_a_badge_is_labelled_and_handed_over_with_a_thumb(house, page):
    mine = of_badge(page, BADGE)
    mine.get_by_text("Étiquette…").click()
    mine.get_by_label("Comment vous l’appelez").fill("porte-clés bleu")
    assert fits(page)
    mine.get_by_role("button", name="Garder").click()
    expect(of_badge(page, BADGE)).to_contain_text("porte-clés bleu")
    mine = of_badge(page, BADGE)
    mine.get_by_text("Remettre…").click()
    mine.get_by_label("À qui").select_option("Amina")
    assert fits(page)
    mine.get_by_role("button", name="Remettre", exact=True).click()
    expect(page.locator("#notice")).to_contain_text("Le badge est remis")
    expect(page.locator(".went")).to_contain_text(f"{short_code(BADGE)} a été remis à Amina")


def test_a_pin_is_chosen_on_the_phone_and_a_weak_one_refused(house, page):
    page.get_by_label("Nouveau code").fill("1234")
    page.get_by_label("Le même, encore une fois").fill("1234")
    page.get_by_role("button", name="Choisir ce code").click()
    expect(page.locator("#notice")).to_contain_text("qui se suivent")
    page.get_by_label("Nouveau code").fill("7394")
    page.get_by_label("Le même, encore une fois").fill("7394")
    page.get_by_role("button", name="Choisir ce code").click()
    expect(page.locator("#notice")).to_contain_text("a un nouveau code")
    assert house.database.read_now(lambda c: cards.has_pin(c, "lea"))
    assert fits(page)


def test_another_badge_is_linked_in_two_clicks(page):
    page.get_by_role("button", name="Associer", exact=True).click()
    expect(of_badge(page, WAITING)).to_contain_text("en service")


def test_buttons_are_as_large_as_a_thumb(page):
    for each in page.locator("main button:visible, main summary:visible").all():
        box = each.bounding_box()
        assert box is not None
        assert box["height"] >= 39


def test_the_space_s_level_is_chosen_and_labels_come_as_a_file(page):
    page.goto("/badges")
    page.get_by_label("Son numéro et un code").check()
    page.get_by_role("button", name="Le demander à chaque badge").click()
    expect(page.locator("form.care")).to_contain_text("seraient refusés à l’entrée")
    assert fits(page)
    page.get_by_role("button", name="Le demander quand même").click()
    expect(page.get_by_label("Son numéro et un code")).to_be_checked()
    expect(page.locator("#notice")).to_contain_text("a changé")
    assert fits(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Étiquettes en PDF").click()
    assert download.value.suggested_filename == "foyer-labels.pdf"
    assert download.value.path().read_bytes().startswith(b"%PDF")
