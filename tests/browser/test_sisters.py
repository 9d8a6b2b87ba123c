"""A member visits a sister space with a phone, in French: letter, code and yes; a host sees who visits.

With `FOYER_PICTURES` naming a folder, the pictures of `docs/members.md` and `docs/hosts.md` are drawn there.
"""

import io
import os
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from community.events import CheckedIn
from community.ids import MemberId
from community.members import Space, Visibility
from sync.sisters import cards
from sync.store import directory, sisters, visitors
from tests.browser.conftest import PATIENCE_MS
from tests.browser.test_accessible import findings
from tests.browser.test_own_page import LEA, PHONE, code
from tests.sync.dashboard.house import LOGIN, House

pytestmark = pytest.mark.browser


def picture(page, name: str, *, whole: bool = False) -> None:
    if folder := os.environ.get("FOYER_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=whole)


def befriend(one: House, other: House, name: str) -> None:
    """Let one house know another at the address where it really is."""
    card = cards.Card(name, f"http://127.0.0.1:{other.port}", other.sister_key.public)
    sister = sisters.Sister(card.id, card.name, card.address, card.key, 1, LOGIN)
    one.database.write_now(lambda c: sisters.put(c, sister))


@pytest.fixture
def away(tmp_path, house):
    """The space that is visited; `house` is the member's own."""
    (tmp_path / "away").mkdir()
    space = Space(name="La Forge", address="https://forge.example.org")
    with House(tmp_path / "away", space=space) as away:
        befriend(house, away, "La Forge")
        befriend(away, house, "Le Nook")
        house.member(
            "lea",
            "Léa Martin",
            languages=("fr", "en"),
            needs=("une traduction",),
            offers=("un logo",),
            interests=("l’escalade",),
        )
        yield away


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "without scripts"])
def test_a_member_goes_to_a_sister_space_with_a_letter(house, away, open_page, scripts):
    page = open_page(language="fr", javascript=scripts, refusals=True, **PHONE)
    page.goto(f"/ME/{code(house)}")
    page.get_by_role("link", name="Je vais en visite…").click()
    page.get_by_role("heading", name="En visite dans un autre lieu").wait_for()
    page.get_by_label("Ce que je propose").check()
    page.get_by_role("button", name="Écrire ma lettre").press("Enter")
    link = page.get_by_role("link", name="Aller à La Forge avec ma lettre")
    link.wait_for()
    assert fits(page)
    picture(page, "members-visit")
    if scripts:
        assert findings(page, "the letter") == []
    address = link.get_attribute("href")
    drawn = Image.open(io.BytesIO(page.get_by_role("img", name="La même lettre").screenshot()))
    assert [found.text for found in zxingcpp.read_barcodes(drawn)] == [address]
    link.click()
    if not scripts:
        assert page.url == address
        page.get_by_label("La lettre").fill(address.partition("#")[2])
        page.get_by_role("button", name="Lire la lettre").click()
    page.get_by_role("heading", name="Ma lettre de Le Nook dit").wait_for()
    assert address.partition("#")[2] not in page.url
    expect(page.locator("ul.facts")).to_contain_text("un logo")
    expect(page.locator("ul.facts")).not_to_contain_text("une traduction")
    page.get_by_label("Les autres membres présents peuvent lire mon nom").check()
    assert fits(page)
    picture(page, "members-visit-yes")
    if scripts:
        assert findings(page, "what it says") == []
    page.get_by_role("button", name="Oui, je viens en visite").click()
    page.get_by_role("heading", name="Bienvenue").wait_for()
    assert fits(page)
    page.get_by_role("link", name="Ouvrir ma page d’ici").click()
    page.get_by_role("heading", name="Bonjour Léa Martin").wait_for()
    expect(page.locator("body")).to_contain_text("Je suis en visite depuis Le Nook")
    (visitor,) = away.database.read_now(visitors.homes)
    known = away.database.read_now(lambda c: directory.member_of(c, visitor))
    assert (known.offers, known.needs, known.visibility) == (("un logo",), (), Visibility(members=True))
    page.goto(address)
    if not scripts:
        page.get_by_label("La lettre").fill(address.partition("#")[2])
        page.get_by_role("button", name="Lire la lettre").click()
    expect(page.get_by_role("alert")).to_contain_text("La lettre a déjà servi")


def test_an_administrator_compares_a_number_and_a_host_sees_who_visits(house, away, open_page, set_up):
    page = set_up(open_page(**PHONE))
    house.database.write_now(lambda c: sisters.remove(c, cards.id_of(away.sister_key.public)))
    page.goto("/accounts")
    page.get_by_role("link", name="Sister spaces").click()
    card = cards.write("La Forge", "https://forge.example.org", away.sister_key)
    page.get_by_label("Their card").fill(card)
    page.get_by_role("button", name="Look at the card").press("Enter")
    read = cards.read(card)
    expect(page.locator("#fingerprint")).to_have_text(read.fingerprint)
    assert fits(page)
    picture(page, "hosts-sisters")
    assert findings(page, "the card") == []
    page.get_by_role("button", name="It is the same: add it").click()
    expect(page.locator("#notice")).to_contain_text("may come here with a letter")
    expect(page.locator(f"#sister-{read.id}")).to_contain_text("La Forge")
    assert fits(page)
    zoe = house.member("v-1", "Zoé", languages=("fr",))
    visiting = visitors.Visiting(MemberId(zoe), read.id, "La Forge", "v" * 32, 1, house.clock.at().date())
    house.database.write_now(lambda c: visitors.put(c, visiting))
    house.happen(CheckedIn(zoe))
    page.goto("/")
    expect(page.locator("#m-v-1")).to_contain_text("visiting from La Forge", timeout=PATIENCE_MS)
    assert house.database.read_now(lambda c: directory.member_of(c, LEA)) is not None
