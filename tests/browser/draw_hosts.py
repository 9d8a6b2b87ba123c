"""Draw the pictures of `docs/hosts.md`: the pages of a made-up morning, in real Chromium on a phone's width.

    python -m tests.browser.draw_hosts docs/pictures/pages

Not a test: whoever changes one of these pages draws them anew.
"""

import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from community.badges import BadgeKey, BadgeStatus
from community.events import CheckedIn, CheckedOut, PinRefused, RefusedBadgeTapped, UnknownBadgeTapped
from community.ids import MemberId
from community.introductions.pairing import DayPlan, Pairing, PersonPast
from community.introductions.slots import Slot
from sync.store import directory, introductions, newcomers
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.sync.dashboard.house import LOGIN, MORNING, PASSWORD, House
from tests.sync.dashboard.test_introductions import put

WIDTH, HEIGHT = 430, 900
BADGES = [BadgeKey(1, bytes(32)).hash(bytes([4, 1, 2, number])) for number in range(2)]


def morning(house: House) -> None:
    """Let a morning happen: two newcomers, two regulars, and a door with its troubles."""
    new, regular = ("Ada", "Noé"), ("Inès", "Bruno")
    for name in (*new, *regular):
        put(house, name, languages=("en",))
    ada, noah, ines, bruno = (MemberId(name.lower()) for name in (*new, *regular))
    house.happen(CheckedIn(noah), MORNING - timedelta(days=5))
    house.happen(CheckedIn(house.member("kim", "Kim", languages=("en",))), MORNING - timedelta(days=16))
    pasts = [
        PersonPast(noah, days=1),
        PersonPast(MemberId("kim"), days=1),
        *(PersonPast(each, days=40, ties=6) for each in (ines, bruno)),
    ]
    plan = DayPlan(MORNING.date(), (Pairing(ada, ines, Slot.NEIGHBOUR), Pairing(ada, bruno, Slot.NEIGHBOUR)))

    def work(connection) -> None:
        introductions.put_pasts(connection, pasts)
        introductions.put_plan(connection, plan)
        newcomers.volunteer(connection, ines, yes=True)
        newcomers.set_buddy(connection, noah, bruno, MORNING.date(), LOGIN)
        directory.link(connection, BADGES[1], bruno, 1)

    house.database.write_now(work)
    house.happen(RefusedBadgeTapped(BADGES[1], BadgeStatus.LOST))
    house.clock.move(timedelta(minutes=20))
    house.happen(PinRefused(ines, waits=True))
    house.happen(UnknownBadgeTapped(BADGES[0]))
    house.happen(CheckedOut(bruno))
    house.happen(CheckedIn(bruno))


def pictures(page: Page, folder: Path) -> None:
    """Draw each page."""

    def draw(name: str) -> None:
        page.screenshot(path=folder / f"hosts-{name}.png", full_page=True)

    page.goto("/brief")
    draw("brief")
    page.goto("/newcomers")
    draw("newcomers")
    page.goto("/taps")
    draw("taps")
    page.goto("/visits")
    page.get_by_text("Put the times right").first.click()
    draw("by-hand")
    page.goto("/newcomers/texts?message=first-day&language=en")
    page.get_by_label("Subject").fill("Glad you came, {nom}")
    page.get_by_role("button", name="Keep", exact=True).click()
    page.get_by_role("alert").wait_for()
    draw("texts")


def main(folder: Path) -> None:
    """Draw everything into a folder."""
    with (
        tempfile.TemporaryDirectory() as place,
        House(Path(place)) as house,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        page = browser.new_page(
            viewport={"width": WIDTH, "height": HEIGHT},
            locale="en",
            base_url=f"http://127.0.0.1:{house.port}",
        )
        page.goto("/")
        page.locator("#code").fill(house.codes[-1])
        page.locator("#login").fill(LOGIN)
        for field in ("#password", "#again"):
            page.locator(field).fill(PASSWORD)
        page.locator("button.wide").click()
        page.locator("#present").wait_for()
        morning(house)
        pictures(page, folder)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
