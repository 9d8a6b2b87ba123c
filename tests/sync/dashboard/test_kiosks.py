"""The page of kiosks: an administrator lets one in, gives it a new password, shuts it out."""

import asyncio
import re

import pytest

from community.ids import KioskId
from community.wire.enrolment import Enrol, Enrolled, read_code
from community.wire.messages import Status
from plumbing.signing import SigningKey
from sync.gate import Gate
from sync.store import credentials
from sync.store.deeds import Deed
from tests.fakes.brokers import GeneratedMosquitto
from tests.sync.dashboard.house import LOGIN, Browser, House
from tests.sync.dashboard.test_deeds import kept
from tests.sync.trusted import settings_of

DOOR = KioskId("front-door")


@pytest.fixture
def house(tmp_path):
    """A hub that lets kiosks in; its broker's files are written, and no broker reads them."""

    def gate(house: House) -> Gate:
        settings = settings_of(tmp_path, GeneratedMosquitto(tmp_path), pid_file="", names=("hub.example",))
        made = house.gate_made = Gate(settings, house.database, house.clock, lambda _topic, _payload: True)
        return made

    with House(tmp_path, gate=gate) as house:
        yield house


def send(browser: Browser, **fields: str):
    return browser.post("/kiosks", {"form_token": browser.form_token("/kiosks"), **fields})


def enrol(house: House, page: str) -> Enrolled:
    """Do what the kiosk does with the code a page shows."""
    told = re.search(r'<b class="code">([^<]+)</b>', page)[1]
    code = read_code(told.lower().replace("-", " "), pinned=True)
    asked = Enrol(code.name, code.secret, SigningKey.make().public)
    done = asyncio.run_coroutine_threadsafe(house.gate_made.enrol(asked), house._loop).result(20)
    assert isinstance(done, Enrolled)
    return done


def test_a_kiosk_is_let_in_by_the_code_the_page_shows_once(house, host):
    answer = send(host, do="code", kiosk=DOOR)
    assert "sudo foyer enrol https://hub.example:0 " in answer.text
    assert "There is a code for it" in answer.text
    assert enrol(house, answer.text).kiosk == DOOR
    page = host.get("/kiosks").text
    assert "it has not come yet" in page
    assert 'class="code"' not in page
    house.on_loop(house.gate_made.heard, DOOR, Status(online=True, credential=1))
    house.kiosk(DOOR, Status(online=True, credential=1))
    assert [(deed, who, what) for deed, who, what in kept(house)][1:] == [
        (Deed.KIOSK_CODE, LOGIN, DOOR),
        (Deed.KIOSK_ENROLLED, LOGIN, DOOR),
    ]


def test_a_kiosk_gets_a_new_password_and_is_shut_out(house, host):
    enrol(house, send(host, do="code", kiosk=DOOR).text)
    assert send(host, do="renew", kiosk=DOOR).headers["location"] == "/kiosks?said=renewed"
    assert [each.number for each in house.database.read_now(credentials.good)] == [1, 2]
    assert send(host, do="revoke", kiosk=DOOR).headers["location"] == "/kiosks?said=revoked"
    assert house.database.read_now(credentials.good) == ()
    assert "Shut out," in host.get("/kiosks").text
    assert send(host, do="revoke", kiosk=DOOR).headers["location"] == "/kiosks?said=gone"
    assert send(host, do="renew", kiosk=DOOR).headers["location"] == "/kiosks?said=gone"


def test_a_name_that_cannot_be_a_kiosk_s_is_refused(house, host):
    for name in ("Front Door", "a/b", "", "x" * 33, "+", "#", "a.1", "hub"):
        assert send(host, do="code", kiosk=name).status == 422


def test_kiosks_that_were_never_let_in_are_told_apart(house, host):
    house.kiosk("side-door", Status(online=True))
    assert "never let it in" in host.get("/kiosks").text


def test_a_hub_that_lets_nobody_in_says_so(tmp_path):
    with House(tmp_path) as house:
        browser = Browser(house)
        browser.set_up()
        assert "broker_folder" in browser.get("/kiosks").text
        assert send(browser, do="code", kiosk=DOOR).headers["location"] == "/kiosks?said=closed"
