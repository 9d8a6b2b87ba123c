"""From a tap to one's own page and back: its code opens it once, and the door learns what changed there."""

import asyncio
import http.client
import re
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from foyer.members import import_members
from hardware.virtual.port import VirtualPn532
from kiosk.core.views import Greeting, Lobby
from tests.fakes.brokers import free_port
from tests.fakes.members import AMINA, CARDS, LEA, write
from tests.fakes.programs import Hub
from tests.fakes.witness import kiosk_on_screen


class Phone:
    """A browser as far as this needs one."""

    def __init__(self) -> None:
        self.cookie = ""

    def ask(self, address: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Send a request; return the status, where it leads, and the page."""
        parts = urlsplit(address)
        line = http.client.HTTPConnection(parts.hostname, parts.port, timeout=20)
        headers = {"cookie": self.cookie, "origin": f"http://{parts.netloc}"}
        if form is not None:
            headers["content-type"] = "application/x-www-form-urlencoded"
        try:
            body = None if form is None else urlencode(form)
            line.request("GET" if form is None else "POST", parts.path, body, headers)
            response = line.getresponse()
            self.cookie = response.headers.get("set-cookie", self.cookie).partition(";")[0]
            return response.status, response.headers.get("location", ""), response.read().decode()
        finally:
            line.close()


@pytest.mark.timeout(300)
async def test_the_code_on_the_screen_opens_the_page_and_the_door_learns_what_changed(
    tmp_path: Path, virtual: VirtualPn532
):
    hub = Hub(tmp_path / "hub", free_port(), embedded=True)
    place = f"http://127.0.0.1:{hub.dashboard_port}"
    settings = hub.settings.read_text()
    hub.settings.write_text(settings.replace("[broker]", f'address = "{place}"\n[broker]', 1))
    assert not import_members(hub.settings, write(hub.folder)).problems
    hub.start()
    try:
        async with kiosk_on_screen(
            tmp_path, virtual, broker_port=hub.broker_port, badge_key=hub.badge_key
        ) as witness:
            await witness.until(lambda: any(view.space_name == "Le Nook" for view, _ in witness.seen(Lobby)))
            await witness.knows_the_words_of(LEA, AMINA)
            await witness.tap(virtual, CARDS[LEA])
            greeting, _ = await witness.shows(Greeting)
            assert greeting.own_page.startswith(f"{place.upper()}/ME/")
            assert greeting.own_page_line == "Ta page, pendant deux minutes"

            phone, other = Phone(), Phone()
            status, leads, _ = await asyncio.to_thread(phone.ask, greeting.own_page)
            assert (status, leads) == (303, "/me")
            assert (await asyncio.to_thread(other.ask, greeting.own_page))[0] == 403, "it was used"
            _, _, page = await asyncio.to_thread(phone.ask, f"{place}/me")
            assert "Bonjour Léa" in page

            thought = len(witness.compared)
            form = dict(re.findall(r'name="(form_token|seen)" value="([0-9a-f]+)"', page))
            form |= {"name": "Léa la Grande", "languages": "fr", "need": "une traduction en anglais"}
            form |= {"introductions": "yes", "visible_lobby": "yes", "visible_members": "yes"}
            assert (await asyncio.to_thread(phone.ask, f"{place}/me", form))[0] == 303
            await witness.until(lambda: len(witness.compared) > thought)
            await witness.tap(virtual, CARDS[AMINA])
            await witness.until(lambda: len(witness.seen(Greeting)) > 1)
            next_one, _ = witness.seen(Greeting)[-1]
            assert [card.name for card in next_one.cards] == ["Léa la Grande"]
            assert next_one.small is not None
            assert next_one.small.name == "Léa la Grande"
            assert next_one.own_page not in {"", greeting.own_page}
    finally:
        hub.stop()
