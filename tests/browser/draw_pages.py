"""Draw the hub's pages as hosts see them on a phone, from the demo's own village: pictures for docs/hosts.md.

    python -m tests.browser.draw_pages docs/pictures/pages

The village is the same each time; hours and dates are those of the day on which it is drawn.  What
the village has not lived through is in `draw_hosts`.
"""

import argparse
import asyncio
import tempfile
from pathlib import Path

from PIL import Image
from playwright.async_api import Page, async_playwright

from foyer.house import House
from kiosk.observers import Observers

CHROMIUM = "/usr/bin/chromium"
PHONE = {"width": 390, "height": 844}
LONGEST = 1_700
"""Pixels of a picture at most: the rest of a long page says no more."""

PAGES = {
    "now": "/",
    "needs": "/needs",
    "introductions": "/introductions",
    "roll-call": "/roll-call",
    "members": "/members",
    "import": "/import",
    "accounts": "/accounts",
    "record": "/record",
    "retention": "/retention",
    "tokens": "/tokens",
    "webhooks": "/webhooks",
    "notices": "/notices",
}
CROWD = 17


async def draw(folder: Path) -> None:
    """Put the house up, become its first host, and look at every page."""
    with tempfile.TemporaryDirectory(prefix="foyer-pages-") as name:
        house = House(Path(name), 4, dashboard_port=0, crowd=CROWD)
        async with house, async_playwright() as playwright:
            kiosk = await house.kiosk(Observers())
            stop = asyncio.Event()
            async with asyncio.TaskGroup() as group:
                group.create_task(kiosk.run_on_screen(stop, without_terminal=(120, 33)))
                browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
                context = await browser.new_context(
                    locale="en", viewport=PHONE, base_url=house.dashboard, color_scheme="light"
                )
                page = await context.new_page()
                await _log_in(page, house)
                await page.locator("#present", has_text=str(CROWD)).wait_for()
                for title, address in PAGES.items():
                    await page.goto(address)
                    await _keep(page, folder / f"hosts-{title}.png")
                await browser.close()
                stop.set()


async def _log_in(page: Page, house: House) -> None:
    running = house.running
    assert running is not None
    await page.goto("/")
    await page.locator("#code").fill(running.code)
    await page.locator("#login").fill("camille")
    await page.locator("#password").fill("three words work well")
    await page.locator("#again").fill("three words work well")
    await page.locator("button.wide").click()
    await page.locator("#present").wait_for()


async def _keep(page: Page, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=str(file), full_page=True)
    with Image.open(file) as drawn:
        small = drawn.crop((0, 0, drawn.width, min(drawn.height, LONGEST))).convert("RGB").quantize(64)
    small.save(file, optimize=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    asyncio.run(draw(parser.parse_args().folder))
