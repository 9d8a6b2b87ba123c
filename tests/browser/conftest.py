"""A real Chromium, and a hub for it to look at."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.sync.dashboard.house import LOGIN, PASSWORD, House

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def chromium():
    if not CHROMIUM.exists():
        if os.environ.get("CI"):
            pytest.fail(f"{CHROMIUM} is not installed, and the checks need it")
        pytest.skip(f"{CHROMIUM} is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def house(tmp_path):
    with House(tmp_path) as house:
        yield house


@pytest.fixture
def open_page(chromium, house):
    """Open pages in a browser of their own; whatever the browser complains of fails the test."""
    contexts, complaints = [], []

    def open_page(*, language: str = "en", width: int = 1280, height: int = 900, javascript: bool = True):
        context = chromium.new_context(
            locale=language,
            viewport={"width": width, "height": height},
            base_url=f"http://127.0.0.1:{house.port}",
            java_script_enabled=javascript,
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def set_up(house):
    """Become the first host with a page."""

    def set_up(page):
        page.goto("/")
        page.locator("#code").fill(house.codes[-1])
        page.locator("#login").fill(LOGIN)
        page.locator("#password").fill(PASSWORD)
        page.locator("#again").fill(PASSWORD)
        page.locator("button.wide").click()
        page.locator("#present").wait_for()
        return page

    return set_up


@pytest.fixture
def live(house):
    """Wait until a page hears of what happens."""

    def live(page):
        page.locator("body[data-line=live]").wait_for()
        return page

    return live
