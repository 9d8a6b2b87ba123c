"""The yes to the world on a member's own page, and what another site's page may read."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect
from typing_extensions import override

from community.ids import KioskId, MemberId
from community.members import Member, Visibility
from community.wire.messages import Status
from community.wire.passes import NONCE_BYTES, Means, claim_of, keyed_proof, what_is_proved, written
from sync.publishing import Publishing, SpaceApiSettings
from sync.store import directory, world
from tests.sync.dashboard.house import BADGE_KEY, SPACE_ID, House

pytestmark = pytest.mark.browser

LEA = MemberId("lea")
SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 900}}
TICKS = {
    "fr": ("tout le monde sur internet", "Garder", "Personne sur internet", "Tout le monde sur internet"),
    "en": ("anybody on the net", "Keep", "Nobody on the net", "Anybody on the net"),
    "es": ("todo el mundo en internet", "Guardar", "Nadie en internet", "Todo el mundo en internet"),
}


@pytest.fixture
def house(tmp_path):
    spaceapi = SpaceApiSettings(
        publish=True, url="https://a.example", logo="https://a.example/l.svg", email="a@b.example"
    )
    with House(tmp_path, publishing=Publishing(SPACE_ID, spaceapi)) as house:
        house.meters.line_up = True
        house.kiosk("door", Status(online=True, boot="b", reader="ready"))
        yield house


def own_page(house, open_page, language: str, size: str):
    seen = Visibility(lobby=True, members=True, hosts=True)
    lea = Member(LEA, "Léa Martin", languages=(language,), visibility=seen)
    house.database.write_now(lambda c: directory.put_member(c, lea))
    issued_s = int(house.clock.at().timestamp())
    claim = claim_of(Means.KEYED, issued_s, bytes(NONCE_BYTES), KioskId("door"), LEA)
    page = open_page(language=language, **SIZES[size])
    page.goto(f"/ME/{written(claim, keyed_proof(BADGE_KEY.secret, what_is_proved(SPACE_ID, LEA, claim)))}")
    return page


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", TICKS)
def test_a_member_says_yes_to_the_world_and_takes_it_back(house, open_page, language: str, size: str):
    label, keep, nobody, anybody = TICKS[language]
    page = own_page(house, open_page, language, size)
    shown = page.locator("#shown + ul")
    expect(shown).to_contain_text(nobody)
    tick = page.get_by_label(label)
    expect(tick).not_to_be_checked()
    tick.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name=keep, exact=True).click()
    expect(shown).to_contain_text(anybody)
    expect(tick).to_be_checked()
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size]["width"]
    assert house.database.read_now(world.everybody) == {LEA}
    tick.uncheck()
    page.get_by_role("button", name=keep, exact=True).click()
    expect(shown).to_contain_text(nobody)
    assert house.database.read_now(world.everybody) == frozenset()


class Elsewhere(BaseHTTPRequestHandler):
    """An empty page of another site."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Elsewhere</title>")

    @override
    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def elsewhere(chromium):
    """A real page of another site; the browser complains of what is refused, as it should."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as site:
        serving = threading.Thread(target=site.serve_forever, name="elsewhere")
        serving.start()
        page = chromium.new_page()
        page.goto(f"http://127.0.0.1:{site.server_port}/")
        yield page
        page.close()
        site.shutdown()
        serving.join()


def test_a_page_of_another_site_reads_it_and_nothing_else(house, elsewhere):
    hub = f"http://127.0.0.1:{house.port}"
    told = elsewhere.evaluate("url => fetch(url).then(answer => answer.json())", f"{hub}/spaceapi.json")
    assert (told["space"], told["state"]) == ("Le Nook", {"open": False})
    refused = "url => fetch(url).then(() => 'read', () => 'refused')"
    for path in ("/api/present", "/me", "/login", "/health"):
        assert elsewhere.evaluate(refused, hub + path) == "refused", path
