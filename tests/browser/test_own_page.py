"""A member's own page on a phone: opened by the code after a tap, read and changed with a thumb."""

import pytest
from playwright.sync_api import expect

from community.ids import KioskId, MemberId
from community.members import Visibility
from community.wire.passes import NONCE_BYTES, Means, claim_of, keyed_proof, what_is_proved, written
from sync.store import directory
from tests.sync.dashboard.house import BADGE_KEY, SPACE_ID

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
LEA = MemberId("lea")


def code(house, nonce: int = 0) -> str:
    issued_s = int(house.clock.at().timestamp())
    claim = claim_of(Means.KEYED, issued_s, nonce.to_bytes(NONCE_BYTES), KioskId("door"), LEA)
    return written(claim, keyed_proof(BADGE_KEY.secret, what_is_proved(SPACE_ID, LEA, claim)))


@pytest.fixture
def page(house, open_page):
    house.member("lea", "Léa Martin", trade="illustratrice", languages=("fr",), needs=("une traduction",))
    page = open_page(language="fr", refusals=True, **PHONE)
    page.goto(f"/ME/{code(house)}")
    page.get_by_role("heading", name="Bonjour Léa Martin").wait_for()
    return page


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_the_code_is_gone_from_the_address_and_the_page_fits(page):
    assert page.url.endswith("/me")
    assert fits(page)
    expect(page.locator("#shown + ul")).to_contain_text("Personne à l’entrée")


def test_a_profile_is_filled_in_and_kept(house, page):
    page.get_by_label("Ce que je fais").fill("graphiste")
    page.locator("[name=need]").nth(1).fill("un local")
    page.locator("[name=until]").nth(1).fill("2026-12-24")
    page.get_by_label("Ce que je propose").fill("un logo\nune affiche")
    page.get_by_label("les autres membres présents").check()
    page.get_by_label("Me proposer des personnes").check()
    page.get_by_label("De grandes lettres").check()
    page.get_by_label("Combien de temps").select_option("45")
    page.get_by_role("button", name="Garder", exact=True).click()
    expect(page.locator("#notice")).to_contain_text("C’est noté")
    expect(page.get_by_label("Ce que je fais")).to_have_value("graphiste")
    expect(page.locator("#shown + ul")).to_contain_text("quand une rencontre peut nous plaire")
    assert fits(page)
    known = house.database.read_now(lambda c: directory.member_of(c, LEA))
    assert known.needs == ("une traduction", "un local")
    assert known.offers == ("un logo", "une affiche")
    assert (known.comfort.large_text, known.comfort.stays_s) == (True, 45)
    assert known.visibility == Visibility(lobby=False, members=True, hosts=True)


def test_a_field_that_is_wrong_is_shown_with_its_rule(page):
    page.get_by_label("Mes langues").fill("français")
    page.get_by_label("Ce que je fais").fill("graphiste")
    page.get_by_role("button", name="Garder", exact=True).click()
    expect(page.locator("#notice")).to_contain_text("à revoir")
    expect(page.get_by_label("Mes langues")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Ce que je fais")).to_have_value("graphiste")
    assert fits(page)


def test_it_is_used_with_the_keyboard_alone_and_read_in_english(page):
    page.get_by_role("link", name="English").click()
    page.get_by_role("heading", name="Hello Léa Martin").wait_for()
    page.get_by_label("What I do").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("designer")
    page.keyboard.press("Enter")
    expect(page.locator("#notice")).to_contain_text("Noted")
    expect(page.get_by_label("What I do")).to_have_value("designer")


def test_what_is_touched_is_as_large_as_a_thumb(page):
    for each in page.locator(
        "main button:visible, .tick:visible, main input:not([type=checkbox]):visible"
    ).all():
        box = each.bounding_box()
        assert box is not None
        assert box["height"] >= 40


def test_a_code_that_was_used_says_kindly_what_to_do(house, page, open_page):
    other = open_page(language="fr", refusals=True, **PHONE)
    answers = []
    other.on("response", lambda answer: answers.append(answer.status))
    other.goto(f"/ME/{code(house)}")
    expect(other.get_by_role("heading")).to_have_text("Encore un passage de badge")
    assert fits(other)
    assert answers[0] == 403
