"""Every page of the hub under the rules of axe-core: a new page is tested without being named here."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from starlette.routing import Route

from community.badges import BadgeHash
from community.events import CheckedIn, Met, MoodChosen, UnknownBadgeTapped
from community.ids import MemberId
from community.members import Mood
from tests.browser.test_own_page import code

pytestmark = pytest.mark.browser

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
FOR_MACHINES = ("/api/", "/community/map", "/health", "/readyz", "/metrics", "/live", "/openapi")
"""Beginnings of addresses that answer no browser."""
SEEN = {"exclude": [["#map text"]]}
"""Names on the map stand in a halo over their dots, of which the rule of contrast knows nothing."""
NARROW = (390, 320)
"""Widths of phones, in pixels: an ordinary one, and the narrowest that WCAG asks for (1.4.10)."""
TOO_WIDE = """() => document.documentElement.scrollWidth <= window.innerWidth ? [] :
    [...document.querySelectorAll("main *, header *, nav *")]
        .filter(each => each.getBoundingClientRect().right > window.innerWidth + 0.5)
        .map(each => each.outerHTML.slice(0, 90))"""
"""What sticks out of a page that is wider than its window."""
HEAVIEST_BYTES = 100_000
FILES = (".json", ".ics", ".csv")


def pages_of(house) -> list[str]:
    """Every address with a page, as the application itself has them."""
    routes = [route for route in house.app.routes if isinstance(route, Route) and "GET" in route.methods]
    addresses = {route.path.replace("{member}", "lea") for route in routes}
    return sorted(
        each
        for each in addresses
        if "{" not in each
        and not each.startswith(FOR_MACHINES)
        and not each.endswith((".json", ".ics", ".csv"))
    )


def lived_in(house) -> None:
    """Let a morning happen, so that no page is empty."""
    for member, name in (("lea", "Léa Martin"), ("amina", "Amina Diallo"), ("paul", "Paul Roux")):
        house.member(
            member, name, trade="graphiste", needs=("un comptable",), offers=("un logo",), introductions=True
        )
        house.happen(CheckedIn(MemberId(member)), house.clock.at() - timedelta(minutes=20))
    house.happen(Met(MemberId("lea"), MemberId("amina")))
    house.happen(MoodChosen(MemberId("paul"), Mood.HEADS_DOWN))
    house.happen(UnknownBadgeTapped(BadgeHash("k1:" + "a" * 32)))


def bytes_of(page, without: str = "/static/none") -> int:
    """What the page and all it needs weigh on the wire, also what the browser has already."""
    return page.evaluate(
        """without => ["navigation", "resource"].flatMap(kind => performance.getEntriesByType(kind))
            .filter(entry => !entry.name.includes(without))
            .reduce((sum, entry) => sum + entry.encodedBodySize, 0)""",
        without,
    )


def findings(page, where: str) -> list[str]:
    """What axe-core finds wrong, a line each."""
    found = Axe().run(page, context=SEEN, options=RULES).response["violations"]
    return [
        f"{where}: {each['id']} ({each['impact']}): {node['html'][:90]} {node['failureSummary'][:260]}"
        for each in found
        for node in each["nodes"]
    ]


@pytest.mark.parametrize(("language", "width"), [("fr", 390), ("en", 1280)])
def test_no_page_has_a_finding_or_is_too_wide_or_too_heavy(house, open_page, set_up, language, width):
    lived_in(house)
    page, wrong = open_page(language=language, width=width, refusals=True), []
    page.goto("/")
    wrong += findings(page, "/welcome")
    set_up(page)
    addresses = pages_of(house)
    assert len(addresses) > 15
    for address in addresses:
        page.goto(address)
        wrong += findings(page, address)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
        assert 5_000 < bytes_of(page) < HEAVIEST_BYTES, address
    page.context.clear_cookies()
    for address in ("/login", "/join", f"/ME/{code(house)}"):
        page.goto(address)
        wrong += findings(page, address)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_every_page_keeps_to_the_width_of_a_phone(house, open_page, set_up, language):
    """Also of a narrow one, with everything unfolded, in the language with the longest words."""
    lived_in(house)
    page, wide = set_up(open_page(language=language, width=NARROW[0], refusals=True)), []
    page.goto(f"/ME/{code(house)}")
    for address in pages_of(house):
        page.goto(f"{address}?language={language}")
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        for width in NARROW:
            page.set_viewport_size({"width": width, "height": 844})
            wide += [f"{address} at {width}: {each}" for each in page.evaluate(TOO_WIDE)]
    assert not wide, "\n".join(wide)


def test_what_is_wrong_is_found(house, open_page, set_up):
    page = set_up(open_page())
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"/static/foyer.svg\">')"
    )
    assert any("image-alt (critical)" in each for each in findings(page, "/"))
