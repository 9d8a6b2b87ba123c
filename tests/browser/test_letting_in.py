"""The pages of kiosks and accounts in a real browser."""

import pytest
from playwright.sync_api import expect

from sync.gate import Gate
from tests.fakes.brokers import GeneratedMosquitto
from tests.sync.dashboard.house import PASSWORD, House
from tests.sync.trusted import settings_of

pytestmark = pytest.mark.browser


@pytest.fixture
def house(tmp_path):
    def gate(house: House) -> Gate:
        settings = settings_of(tmp_path, GeneratedMosquitto(tmp_path), pid_file="", names=("hub.example",))
        return Gate(settings, house.database, house.clock, lambda _topic, _payload: False)

    with House(tmp_path, gate=gate) as house:
        yield house


@pytest.mark.parametrize("javascript", [True, False])
def test_an_administrator_gets_a_code_for_a_kiosk_on_a_phone(house, open_page, set_up, javascript):
    page = set_up(open_page(width=390, height=844, language="fr", javascript=javascript))
    page.get_by_role("link", name="Bornes", exact=True).click()
    page.get_by_label("Son nom").fill("front-door")
    page.get_by_role("button", name="Créer un code").click()
    expect(page.locator("#new-code")).to_contain_text("sudo foyer enrol https://hub.example")
    expect(page.locator("#door-front-door")).to_contain_text("personne ne l’a encore utilisé")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_an_account_is_added_by_a_code_in_another_browser(house, open_page, set_up):
    admin, other = set_up(open_page()), open_page(language="fr")
    admin.get_by_role("link", name="Accounts", exact=True).click()
    admin.get_by_role("button", name="auditor", exact=True).last.click()
    code = admin.locator("#new-code .code").inner_text()
    other.goto("/join")
    other.get_by_label("Votre code").fill(code.lower())
    other.get_by_label("Choisissez un identifiant").fill("sacha")
    other.get_by_label("Choisissez un mot de passe").fill(PASSWORD)
    other.get_by_label("Le mot de passe encore une fois").fill(PASSWORD)
    other.get_by_role("button").click()
    expect(other.get_by_role("heading", name="Ce qui a été fait")).to_be_visible()
    expect(other.get_by_role("cell", name="sacha").first).to_be_visible()
    admin.get_by_role("link", name="Accounts", exact=True).click()
    expect(admin.get_by_role("heading", name="sacha")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("path", ["/kiosks", "/accounts", "/record", "/board"])
def test_nothing_is_wider_than_the_page(house, open_page, set_up, width, path):
    page = set_up(open_page(width=width, language="fr"))
    page.goto(path)
    page.get_by_role("heading").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
