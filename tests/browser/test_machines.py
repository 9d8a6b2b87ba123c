"""Tokens and webhooks, in a real browser."""

import pytest
from playwright.sync_api import expect

from sync.store import deliveries, directory, webhooks
from sync.store.outbox import State
from tests.sync.samples import member

pytestmark = pytest.mark.browser


def add_webhook(page):
    page.goto("/webhooks")
    page.locator("#url").fill("https://hooks.example.org/" + "long-and-secret-" * 12)
    page.locator("input[name='member.changed']").check()
    page.get_by_role("button", name="Ajouter un webhook").click()
    expect(page.locator("#new-key code")).to_contain_text("whsec_")


def give_up(house):
    """Let a message be given up."""
    house.database.write_now(lambda c: directory.put_member(c, member("Ada")))
    (made,) = house.database.read_now(webhooks.every)
    (one,) = house.database.read_now(lambda c: deliveries.latest(c, made.id, 9))
    house.database.write_now(lambda c: deliveries.tried(c, one, State.PARKED, "refused", one.made_us, None))


@pytest.mark.parametrize("width", [390, 1280])
def test_an_administrator_makes_a_token_with_the_keyboard_and_revokes_it(house, open_page, set_up, width):
    page = set_up(open_page(width=width, language="fr", javascript=width == 1280))
    page.goto("/accounts")
    page.get_by_role("link", name="Autres programmes").press("Enter")
    page.get_by_label("Pour quel programme").fill("Facturation")
    page.get_by_label("lire les membres et leurs badges").press("Space")
    page.get_by_role("button", name="Créer un jeton").press("Enter")
    token = page.locator("#new-token code").inner_text()
    assert token.startswith("foyer_")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    asked = page.request.get("/api/v1/members", headers={"authorization": f"Bearer {token}"})
    assert asked.status == 200
    page.get_by_text("Révoquer…").click()
    page.get_by_role("button", name="Révoquer ce jeton").click()
    expect(page.get_by_text("Le jeton n’ouvre plus rien.")).to_be_visible()
    assert page.request.get("/api/v1/members", headers={"authorization": f"Bearer {token}"}).status == 401


@pytest.mark.parametrize("width", [390, 1280])
def test_an_administrator_sees_what_a_webhook_missed_and_sends_it_again(house, open_page, set_up, width):
    page = set_up(open_page(width=width, language="fr", javascript=width == 1280))
    add_webhook(page)
    give_up(house)
    page.goto("/webhooks")
    expect(page.get_by_text("1 message a été abandonné")).to_be_visible()
    page.get_by_text("Ce qui a été dit en dernier").click()
    expect(page.get_by_text("l’adresse mène à l’intérieur de la maison")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Renvoyer ce qui a été abandonné").click()
    expect(page.get_by_text("C’est renvoyé.")).to_be_visible()
