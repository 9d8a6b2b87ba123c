"""A member's receipt, picture and preview in Chromium: with a thumb, with keys, on paper, without script.

With `FOYER_PICTURES` naming a folder, the pictures of `docs/members.md` are drawn there on the way.
"""

import io
import os
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from community.events import CheckedIn, Introduced, Met, Shown
from community.ids import MemberId
from community.introductions.slots import Slot
from community.members import Member, Visibility
from sync.store import directory, photos, receipts
from tests.browser.test_own_page import LEA, PHONE, code

pytestmark = pytest.mark.browser

WIDE = {"width": 1280, "height": 900}
AMINA = MemberId("amina")


def picture(page, name: str) -> None:
    if folder := os.environ.get("FOYER_PICTURES"):
        page.screenshot(path=Path(folder) / f"members-{name}.png")


@pytest.fixture
def met(house):
    """Léa has met Amina, whom the screen showed her."""
    seen = Visibility(members=True)
    for one in (
        Member(
            LEA,
            "Léa Martin",
            languages=("fr",),
            trade="illustratrice",
            offers=("un logo",),
            needs=("une traduction",),
            visibility=seen,
            introductions=True,
        ),
        Member(AMINA, "Amina", visibility=seen),
    ):
        house.database.write_now(lambda c, m=one: directory.put_member(c, m))
    house.happen(CheckedIn(LEA))
    house.happen(Introduced(LEA, (Shown(AMINA, Slot.PARTNER),)))
    house.happen(Met(LEA, AMINA))


def my_page(house, open_page, size=PHONE, **more):
    page = open_page(language="fr", **size, **more)
    page.goto(f"/ME/{code(house)}")
    page.get_by_role("heading", name="Bonjour Léa Martin").wait_for()
    return page


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "desktop"])
def test_a_receipt_is_read_a_line_is_written_and_it_prints_without_its_forms(house, met, open_page, size):
    page = my_page(house, open_page, size)
    page.get_by_role("link", name="Lire mon bilan").click()
    page.get_by_role("heading", name="Mon bilan").wait_for()
    expect(page.locator("#met ~ ul")).to_contain_text("Amina")
    expect(page.locator("#met ~ ul")).to_contain_text("présentation par l’écran")
    page.get_by_label("Ce que c’était").select_option("given")
    page.get_by_label("Ce qui en est né, en une ligne").fill("un atelier chez Amina")
    page.get_by_label("Ce que cela a valu").fill("300")
    page.get_by_label("Le lieu peut compter").check()
    page.get_by_role("button", name="Noter").press("Enter")
    expect(page.locator("#notice")).to_contain_text("C’est noté")
    expect(page.locator(".came")).to_contain_text("un atelier chez Amina")
    assert fits(page)
    page.evaluate("window.scrollTo(0, 0)")
    if size == PHONE:
        picture(page, "receipt")
    page.emulate_media(media="print")
    expect(page.locator(".came")).to_be_visible()
    expect(page.locator("form:visible")).to_have_count(0)
    expect(page.locator("nav:visible")).to_have_count(0)
    page.emulate_media(media="screen")
    page.get_by_role("link", name="English").click()
    page.get_by_role("heading", name="My receipt").wait_for()
    expect(page.locator("#met ~ ul")).to_contain_text("introduced by the screen")
    page.get_by_role("button", name="Do not count this any more").click()
    expect(page.locator("#notice")).to_contain_text("does not count")
    page.get_by_role("button", name="Take this line away").click()
    expect(page.locator("#notice")).to_contain_text("gone")
    assert house.database.read_now(lambda c: receipts.lines(c, LEA)) == ()


def test_the_preview_follows_the_ticks_and_the_words_and_nothing_is_kept(house, met, open_page):
    before = house.database.read_now(lambda c: directory.member_of(c, LEA))
    page = my_page(house, open_page)
    expect(page.locator("#look-door")).to_contain_text("On me compte, sans nom")
    expect(page.locator("#look-members")).to_contain_text("Léa Martin")
    page.get_by_label("tout le monde, sur les écrans de l’entrée").check()
    expect(page.locator("#look-door strong")).to_have_text("Léa Martin")
    page.get_by_label("Ce que je fais").fill("graphiste")
    expect(page.locator("#look-members")).to_contain_text("graphiste")
    expect(page.locator("#look-hosts")).to_contain_text("graphiste")
    page.locator("#look").evaluate("one => one.scrollIntoView()")
    picture(page, "preview")
    page.get_by_label("les autres membres présents").uncheck()
    expect(page.locator("#look-members")).to_contain_text("Rien de moi")
    assert fits(page)
    assert house.database.read_now(lambda c: directory.member_of(c, LEA)) == before


def test_without_scripts_the_preview_is_a_button(house, met, open_page):
    page = my_page(house, open_page, javascript=False)
    page.get_by_label("tout le monde, sur les écrans de l’entrée").check()
    page.get_by_role("button", name="Montrer avec ce que j’ai écrit").click()
    expect(page.locator("#look-door strong")).to_have_text("Léa Martin")
    expect(page.get_by_label("tout le monde, sur les écrans de l’entrée")).to_be_checked()


def test_a_picture_is_given_shown_to_hosts_and_removed(house, met, open_page, set_up):
    page = my_page(house, open_page)
    file = io.BytesIO()
    Image.linear_gradient("L").resize((900, 1200)).convert("RGB").save(file, "JPEG")
    page.get_by_label("Une photo de ce téléphone").set_input_files(
        {"name": "moi.jpg", "mimeType": "image/jpeg", "buffer": file.getvalue()}
    )
    page.get_by_label("les hôtes, à côté de mon nom").check()
    page.get_by_role("button", name="Garder ma photo").click()
    mine = page.get_by_role("img", name="Ma photo telle qu’elle est gardée")
    mine.wait_for()
    assert mine.evaluate("image => image.naturalWidth") == 256
    page.locator("#photo").evaluate("one => one.scrollIntoView()")
    picture(page, "photo")
    assert fits(page)
    host = set_up(open_page())
    host.locator("#m-lea img").wait_for()
    host.wait_for_function("document.querySelector('#m-lea img').naturalWidth === 256")
    page.get_by_role("button", name="Retirer ma photo").click()
    mine.wait_for(state="detached")
    assert house.database.read_now(lambda c: photos.photo_of(c, LEA)) is None


def test_one_s_own_page_fits_a_phone_with_all_that_is_on_it(house, met, open_page):
    page = my_page(house, open_page)
    picture(page, "page")
    assert fits(page)
