"""Passkeys: made with the password, shown instead of it, and good for nobody else."""

import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from typing_extensions import override

from sync.dashboard.roles import Role
from sync.dashboard.throttle import FREE_TRIES_ADDRESS
from sync.dashboard.webauthn import LASTS_S, place_of
from sync.store import passkeys
from sync.store.deeds import Deed
from tests.fakes.authenticator import PRESENT, Device
from tests.sync.dashboard.house import LOGIN, PASSWORD, Browser
from tests.sync.dashboard.test_accounts import member_of
from tests.sync.dashboard.test_deeds import kept


class AtLocalhost(Browser):
    """A browser on the hub's own machine that asks for it by name."""

    def __init__(self, house, **more) -> None:
        super().__init__(house, **more)
        self.headers["host"] = f"localhost:{house.port}"

    @property
    @override
    def origin(self) -> str:
        return f"http://localhost:{self._house.port}"


@pytest.fixture
def host(house):
    browser = AtLocalhost(house)
    assert browser.set_up().status == 303
    return browser


@pytest.fixture
def device(host):
    return Device(host.origin)


def asked_for_new(browser, password: str = PASSWORD) -> dict:
    form = {"form_token": browser.form_token("/accounts"), "password": password}
    return json.loads(browser.post("/passkeys/new", form).text)


def add(browser, device: Device, label: str = "my phone") -> str:
    """Add a passkey; return what the page is told to say."""
    answer = device.make(asked_for_new(browser)["publicKey"])
    return keep(browser, answer, label)


def keep(browser, answer: str, label: str = "") -> str:
    form = {"form_token": browser.form_token("/accounts"), "do": "add", "label": label, "answer": answer}
    return said(browser.post("/passkeys", form))


def said(answer) -> str:
    assert answer.status == 303
    return answer.headers["location"].partition("said=")[2]


def question(browser) -> dict:
    form = {"form_token": browser.form_token("/login")}
    return json.loads(browser.post("/login/passkey/ask", form).text)


def show(browser, answer: str):
    return browser.post("/login/passkey", {"form_token": browser.form_token("/login"), "answer": answer})


def log_in(house, device: Device):
    browser = AtLocalhost(house)
    return browser, show(browser, device.show(question(browser)["publicKey"]))


def test_a_passkey_is_added_with_the_password_and_opens_the_dashboard_without_it(house, host, device):
    assert add(host, device) == "passkey-added"
    page = host.get("/accounts").text
    assert "my phone" in page
    assert "not used yet" in page
    browser, answer = log_in(house, device)
    assert (answer.status, answer.headers["location"]) == (303, "/")
    assert browser.get("/").status == 200
    assert "last used" in host.get("/accounts").text
    assert (Deed.PASSKEY_ADDED, LOGIN, "") in kept(house)
    assert [deed for deed, login, _ in kept(house) if login == LOGIN].count(Deed.LOGGED_IN) == 1


def test_a_wrong_password_adds_none_and_guessing_it_is_slowed(host):
    for _ in range(3):
        assert asked_for_new(host, "not it") == {"to": "/accounts?said=wrong"}
    assert asked_for_new(host) == {"to": "/accounts?said=wait"}


@pytest.mark.parametrize("counts", [True, False])
def test_a_passkey_opens_it_again_and_again(house, host, device, counts):
    device.counts = counts
    add(host, device)
    assert [log_in(house, device)[1].headers["location"] for _ in range(3)] == ["/", "/", "/"]


def test_a_copy_of_a_device_that_counts_is_refused_and_the_record_says_it(house, host, device):
    add(host, device)
    copied = replace(device)
    assert log_in(house, device)[1].status == 303
    _, answer = log_in(house, copied)
    assert answer.status == 403
    assert "That passkey does not open this dashboard" in answer.text
    assert (Deed.PASSKEY_REFUSED, LOGIN, "") in kept(house)


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "http://localhost:1"},
        {"origin": "https://evil.example"},
        {"domain": "evil.example"},
        {"flags": PRESENT},
        {"flags": 0},
    ],
    ids=str,
)
def test_what_was_made_or_shown_elsewhere_or_without_its_owner_proves_nothing(house, host, device, wrong):
    assert add(host, replace(device, id=b"another", **wrong)) == "passkey-refused"
    add(host, device)
    assert log_in(house, replace(device, **wrong))[1].status == 403


def test_another_key_under_the_same_name_proves_nothing(house, host, device):
    add(host, device)
    assert log_in(house, Device(device.origin, id=device.id))[1].status == 403
    assert log_in(house, Device(device.origin))[1].status == 403


def test_an_answer_counts_once_from_the_browser_that_was_asked_and_not_late(house, host, device):
    add(host, device)
    browser, other = AtLocalhost(house), AtLocalhost(house)
    answer = device.show(question(browser)["publicKey"])
    assert show(other, answer).status == 403
    assert show(browser, answer).status == 303
    again = AtLocalhost(house)
    again.cookies.update({name: value for name, value in browser.cookies.items() if "form" in name})
    assert show(again, answer).status == 403
    late = AtLocalhost(house)
    answer = device.show(question(late)["publicKey"])
    house.clock.move(timedelta(seconds=LASTS_S + 1))
    assert show(late, answer).status == 403


@pytest.mark.parametrize("garbage", ["", "null", "[]", "{}", '{"id": 7}', '{"id": "eA"}', "\x00", "é" * 1000])
def test_whatever_is_sent_as_an_answer_is_only_refused(house, host, device, garbage):
    asked_for_new(host)
    assert keep(host, garbage) == "passkey-refused"
    browser = AtLocalhost(house)
    question(browser)
    assert show(browser, garbage).status == 403
    add(host, device)
    named = json.dumps({**json.loads(device.show({"challenge": "eA"})), "response": {}})
    question(browser)
    assert show(browser, named).status == 403


def test_one_device_is_kept_once(host, device):
    assert add(host, device) == "passkey-added"
    asked = asked_for_new(host)["publicKey"]
    assert [each["type"] for each in asked["excludeCredentials"]] == ["public-key"]
    assert keep(host, device.make(asked)) == "passkey-refused"


def test_an_account_has_so_many_and_no_more(house, host, device):
    for number in range(passkeys.MOST):
        assert add(host, Device(device.origin, id=bytes([number]))) == "passkey-added"
    assert add(host, device) == "passkey-refused"


def test_only_its_owner_removes_it_and_then_it_opens_nothing(house, host, device):
    add(host, device)
    other = member_of(house, host, Role.VIEWER, "sacha")
    passkey = re.search(r'name="passkey" value="([^"]+)"', host.get("/accounts").text)[1]

    def remove(browser) -> str:
        form = {"form_token": browser.form_token("/accounts"), "do": "remove", "passkey": passkey}
        return said(browser.post("/passkeys", form))

    assert remove(other) == "gone"
    assert log_in(house, device)[1].status == 303
    assert remove(host) == "passkey-removed"
    assert log_in(house, device)[1].status == 403


def test_an_account_that_is_removed_takes_its_passkeys_along(house, host, device):
    member_of(house, host, Role.HOST, "sacha")
    own = AtLocalhost(house)
    own.log_in("sacha")
    add(own, device)
    host.post("/accounts", {"form_token": host.form_token("/accounts"), "do": "remove", "login": "sacha"})
    assert log_in(house, device)[1].status == 403


def test_at_an_address_in_numbers_the_page_says_why_there_are_none(house, host):
    browser = Browser(house)
    assert 'id="with-passkey"' not in browser.get("/login").text
    browser.log_in()
    page = browser.get("/accounts").text
    assert "Browsers allow passkeys only at an address with a name" in page
    assert 'id="new-passkey"' not in page
    assert asked_for_new(browser) == {"to": "/accounts?said=passkey-here"}
    assert question(Browser(house)) == {"to": "/login"}


def test_guessing_is_slowed_by_address_and_who_was_right_is_not_counted(house, host, device):
    add(host, device)
    for _ in range(FREE_TRIES_ADDRESS + 5):
        assert log_in(house, device)[1].status == 303
    for _ in range(FREE_TRIES_ADDRESS):
        assert log_in(house, Device(device.origin))[1].status == 403
    assert log_in(house, device)[1].status == 429


@pytest.mark.parametrize(
    ("host", "https", "domain"),
    [
        ("localhost:8080", False, "localhost"),
        ("foyer.localhost", False, "foyer.localhost"),
        ("nook.example", True, "nook.example"),
        ("nook.example:8443", True, "nook.example"),
        ("nook.example", False, None),
        ("hub", True, None),
        ("192.168.1.5", True, None),
        ("[::1]:80", True, None),
        ("", True, None),
        ("[", True, None),
    ],
)
def test_passkeys_need_a_name_and_https_or_the_machine_itself(host, https, domain):
    place = place_of(host, https=https)
    assert (place and place.domain) == domain
