"""The page of the community in a real browser: the map, the table, without JavaScript, by keyboard."""

from itertools import pairwise

import msgspec
import pytest
from playwright.sync_api import expect
from sqlalchemy import insert

from community.events import CheckedIn, Met
from community.ids import MemberId
from community.wire.codec import encode
from sync.store import log
from sync.store.schema import members
from tests.browser.test_accessible import HEAVIEST_BYTES, bytes_of
from tests.sync.dashboard.test_introductions import put
from tests.sync.samples import member, record

pytestmark = pytest.mark.browser

PAGE = "/community"
MANY = 2_000
PATIENCE_MS = 150_000
"""For a picture of so many on a machine that stalls."""


@pytest.fixture
def village(house):
    for name in ("Ada", "Bob", "Éva", "Zoé"):
        put(house, name, company="Acme" if name < "C" else "")
    put(house, "Kim", hosts=False)
    for one, other in pairwise(("ada", "bob", "éva", "zoé")):
        house.happen(Met(MemberId(one), MemberId(other)))
    house.happen(Met(MemberId("ada"), MemberId("kim")))


def drawn(page, dots: int):
    """Wait until the map stands still."""
    page.locator(f"#map[data-drawn='{dots}']").wait_for(timeout=PATIENCE_MS)
    return page


def test_a_host_asks_the_map_with_a_thumb_and_by_keyboard(open_page, set_up, village):
    page = set_up(open_page(width=390, height=844, language="fr"))
    page.get_by_role("link", name="Communauté", exact=True).click()
    drawn(page, 5)
    told = page.locator("#told")
    dot = page.get_by_role("button", name="Bob · personnes rencontrées", exact=False)
    dot.scroll_into_view_if_needed()
    place = dot.locator("circle").bounding_box()
    page.mouse.click(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
    expect(told).to_have_text("Bob · personnes rencontrées\u00a0: 2 · Ada, Éva")
    dot.focus()
    page.keyboard.press("ArrowRight")
    expect(told).to_contain_text("Éva")
    page.keyboard.press("Home")
    expect(told).to_contain_text("Ada")
    expect(told).to_contain_text("Bob · sans nom ici")
    page.keyboard.press("End")
    expect(told).to_contain_text("Quelqu’un dont le nom ne se lit pas ici")
    expect(page.locator(".dot.unnamed")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("svg.chosen")).to_have_count(0)
    page.get_by_role("button", name="Plus près").click()
    expect(page.locator("#map svg")).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False])
def test_the_table_and_the_filters_work_without_a_script(open_page, set_up, village, javascript):
    page = set_up(open_page(javascript=javascript))
    page.goto(PAGE)
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Ada"))
    expect(row).to_contain_text("Bob · 1 who is not named here")
    page.get_by_label("Company").select_option("Acme")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_role("link", name="Éva")).to_be_visible()
    expect(page.get_by_role("link", name="Zoé")).to_have_count(0)
    page.get_by_role("textbox", name="Name").fill("bo")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_role("link", name="Ada")).to_have_count(0)
    page.get_by_role("link", name="Bob").click()
    expect(page.get_by_role("heading", name="Bob")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_nothing_is_wider_than_the_page(open_page, set_up, village, width, language):
    page = set_up(open_page(width=width, language=language))
    page.goto(PAGE)
    drawn(page, 5)
    for summary in page.locator("main summary").all():
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_two_thousand_people_stay_usable_and_the_page_light(house, open_page, set_up):
    """Ten thousand lines; no limit on time is asserted, only that everything can be used."""
    names = [MemberId(f"m{number:04}") for number in range(MANY)]
    met = [Met(one, other) for one, other in pairwise(names)]
    met += [Met(names[n], names[(n * 7 + step * 13) % MANY]) for n in range(MANY) for step in range(1, 5)]
    at = house.clock.at()
    happened = [*(CheckedIn(name) for name in names), *met]
    records = [record(seq, event, at) for seq, event in enumerate(happened, 1)]
    arrived = [log.Arrived("door", "e2", one, encode(one)) for one in records]

    def work(connection):
        people = [member(f"Person {name}", name) for name in names]
        rows = [{"id": one.id, "body": msgspec.json.encode(one).decode()} for one in people]
        connection.execute(insert(members), rows)
        log.append(connection, arrived, (), int(at.timestamp() * 1_000_000))

    house.database.write_now(work)
    page = set_up(open_page(width=390, height=844))
    page.goto(PAGE)
    drawn(page, MANY)
    assert bytes_of(page, without="/community/map") < HEAVIEST_BYTES
    box = page.locator("#map svg")
    box.scroll_into_view_if_needed()
    page.locator("#map .dot").nth(5).focus()
    page.keyboard.press("PageDown")
    expect(page.locator("#told")).to_contain_text("Person m0015")
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_text("Page 2 of")).to_be_visible()
