"""Notices in a real browser: a channel by an administrator, and being told by a member on a phone."""

import pytest
from playwright.sync_api import expect

from community.events import CheckedIn
from community.ids import KioskId, MemberId
from community.members import Visibility
from community.wire.passes import NONCE_BYTES, Means, claim_of, keyed_proof, what_is_proved, written
from sync.store import directory, notices
from tests.browser.test_own_page import PHONE, fits
from tests.sync.dashboard.house import BADGE_KEY, SPACE_ID

pytestmark = pytest.mark.browser

LEA = MemberId("lea")


@pytest.fixture
def phone(house, open_page):
    house.member("lea", "Léa Martin", languages=("fr",))
    yuki = house.member("yuki", "Yuki")
    seen = house.database.read_now(lambda c: directory.member_of(c, yuki))
    seen = type(seen)(seen.id, seen.name, visibility=Visibility(members=True))
    house.database.write_now(lambda c: directory.put_member(c, seen))
    house.happen(CheckedIn(LEA))
    house.database.write_now(lambda c: notices.add_channel(c, "Team", "mailtos://x:y@example.org", [], "en"))
    house.database.write_now(lambda c: notices.set_kinds(c, 1, [], "en", mail=True))
    page = open_page(language="fr", refusals=True, **PHONE)
    issued_s = int(house.clock.at().timestamp())
    claim = claim_of(Means.KEYED, issued_s, bytes(NONCE_BYTES), KioskId("door"), LEA)
    page.goto(f"/ME/{written(claim, keyed_proof(BADGE_KEY.secret, what_is_proved(SPACE_ID, LEA, claim)))}")
    page.get_by_role("link", name="Où me prévenir, et pour qui").click()
    page.get_by_role("heading", name="Me prévenir", exact=True).wait_for()
    return page


def test_a_member_says_where_and_whom_on_a_phone(house, phone):
    assert fits(phone)
    phone.get_by_label("Mon adresse e-mail").fill("lea@localhost")
    phone.get_by_role("button", name="Garder").click()
    expect(phone.locator("#address-wrong")).to_contain_text("une adresse où l’on peut écrire")
    expect(phone.get_by_label("Mon adresse e-mail")).to_be_focused()
    expect(phone.get_by_label("Mon adresse e-mail")).to_have_value("lea@localhost")
    phone.get_by_label("Mon adresse e-mail").fill("lea@example.org")
    phone.get_by_label("Qui me cherche").check()
    phone.get_by_role("button", name="Garder").click()
    expect(phone.locator("#notice")).to_contain_text("Un code part vers cette adresse")
    phone.get_by_label("Le code envoyé là").fill(
        house.database.read_now(lambda c: notices.reach_of(c, LEA)).code
    )
    phone.get_by_role("button", name="C’est celui-là").click()
    expect(phone.locator("#notice")).to_contain_text("L’adresse marche")
    expect(phone.get_by_label("Mon adresse e-mail")).to_have_value("l…@example.org")
    phone.get_by_label("La personne", exact=True).select_option("Yuki")
    phone.get_by_role("button", name="Me prévenir").click()
    expect(phone.locator(".wishes")).to_contain_text("Yuki")
    assert fits(phone)
    assert house.database.read_now(lambda c: notices.wishes_of(c, LEA)) == ("yuki",)
    phone.get_by_role("button", name="Retirer : Yuki").click()
    expect(phone.locator("#notice")).to_contain_text("C’est retiré")
    phone.get_by_role("button", name="Envoyer un essai").click()
    expect(phone.locator("#notice")).to_contain_text("Un essai est parti")
    for each in phone.locator(
        "main button:visible, .tick:visible, main input:not([type=checkbox]):visible"
    ).all():
        assert each.bounding_box()["height"] >= 40


@pytest.mark.parametrize(("width", "language"), [(390, "fr"), (1280, "en")])
def test_an_administrator_adds_a_channel_without_javascript_and_by_keyboard(
    house, open_page, set_up, width, language
):
    page = set_up(open_page(language=language, width=width, javascript=False))
    page.goto("/notices")
    page.locator("#name").focus()
    page.keyboard.type("Team")
    page.keyboard.press("Tab")
    page.keyboard.type("ntfys://ntfy.sh/a-secret-topic")
    page.keyboard.press("Enter")
    expect(page.locator("#notice .good")).to_be_visible()
    expect(page.get_by_role("heading", name="Team")).to_be_visible()
    assert "a-secret-topic" not in page.content()
    page.locator("[name=quarantine]").uncheck()
    page.locator("button[value=keep]").click()
    expect(page.locator("[name=quarantine]")).not_to_be_checked()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    (channel,) = house.database.read_now(notices.every_channel)
    assert channel.kinds == {"silent", "disk", "badges"}
