"""A passkey in a real Chromium with a device of its own, from adding it to a login without a password."""

import pytest
from playwright.sync_api import expect

from tests.sync.dashboard.house import LOGIN, PASSWORD

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}


@pytest.fixture
def at_localhost(open_page, house):
    """A page whose browser has a device for passkeys, and asks for the hub by name."""

    def opened(**more):
        page = open_page(**more)
        line = page.context.new_cdp_session(page)
        line.send("WebAuthn.enable")
        device = line.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]

        def verifies(*, its_owner: bool) -> None:
            line.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": its_owner})

        return page, f"http://localhost:{house.port}", verifies

    return opened


@pytest.mark.parametrize(("language", "width"), [("fr", 390), ("en", 1280)])
def test_a_host_adds_a_passkey_and_logs_in_with_it_by_keyboard(at_localhost, house, language, width):
    page, hub, verifies = at_localhost(language=language, width=width)
    page.goto(f"{hub}/")
    page.locator("#code").fill(house.codes[-1])
    page.locator("#login").fill(LOGIN)
    page.locator("#password").fill(PASSWORD)
    page.locator("#again").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator("#present").wait_for()

    page.goto(f"{hub}/accounts")
    page.locator("#label").fill("Téléphone")
    page.locator("#passkey-password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".good")).to_be_visible()
    expect(page.locator("section[aria-labelledby=passkeys-title] h3")).to_contain_text("Téléphone")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    page.context.clear_cookies()
    page.goto(f"{hub}/login")
    expect(page.locator("#with-passkey [data-failed]")).to_be_hidden()
    verifies(its_owner=False)
    page.locator("#with-passkey button").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#with-passkey [data-failed]")).to_be_visible()
    verifies(its_owner=True)
    page.keyboard.press("Enter")
    page.locator("#present").wait_for()


def test_without_scripts_the_password_is_the_way_in(open_page, house, set_up):
    page = set_up(open_page(javascript=False))
    page.goto(f"http://localhost:{house.port}/login")
    expect(page.locator("#with-passkey")).to_be_hidden()
    expect(page.locator("#password")).to_be_visible()
