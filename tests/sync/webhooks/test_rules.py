"""Where webhooks may lead, when they are tried again, how they are signed: rules without any line."""

import base64
from ipaddress import ip_address, ip_network

import pytest

from community.badges import BadgeKey
from sync.inward import is_inward
from sync.webhooks import signing
from sync.webhooks.addresses import LONGEST_URL, may_reach, place_of
from sync.webhooks.patience import LONGEST_S, WAITS_S, next_due_us

LOOPBACK = (ip_network("127.0.0.0/8"),)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
        "0.0.0.0",  # noqa: S104 - nothing is bound
        *("224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1"),
        *("::1", "::", "fe80::1", "fc00::1", "fec0::1", "ff02::1", "fd00:ec2::254", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b:1::7f00:1"),
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "::127.0.0.1",
    ],
)
def test_what_is_inside_is_inside_however_it_is_written(address):
    assert is_inward(ip_address(address))
    assert not may_reach(address, ())


@pytest.mark.parametrize(
    "address",
    ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"],
)
def test_what_is_outside_may_be_reached(address):
    assert may_reach(address, ())


def test_the_settings_may_allow_what_is_inside():
    assert may_reach("192.168.1.20", (ip_network("fd00::/8"), ip_network("192.168.1.0/24")))
    assert not may_reach("192.168.2.20", (ip_network("192.168.1.0/24"),))
    assert may_reach("fe80::1%eth0", (ip_network("fe80::/10"),))


@pytest.mark.parametrize(
    "url",
    [
        *(
            "http://example.org/",
            "ftp://example.org/",
            "https://",
            "https:///x",
            "https://user:pw@example.org/",
        ),
        *("https://example.org:0/", "https://example.org:99999/", "https://[::1/", "https://exämple.org/"),
        *(
            "https://example.org/a b",
            "https://example.org/#x",
            "https://example.org/\n",
            "javascript:alert(1)",
        ),
        *(
            "https://[fe80::1%25eth0]/",
            f"https://example.org/{'x' * LONGEST_URL}",
            "http://127.0.0.1/",
            "",
            "x",
        ),
    ],
)
def test_no_webhook_is_at_such_an_address(url):
    assert place_of(url) is None


def test_without_tls_goes_only_what_stays_on_this_machine_and_is_allowed():
    assert place_of("http://127.0.0.1:8000/x", LOOPBACK) is not None
    assert place_of("http://localhost:8000/x", LOOPBACK) is None
    assert place_of("http://192.168.1.2/x", (ip_network("192.168.1.0/24"),)) is None
    assert place_of("http://[::1]/x", LOOPBACK) is None


def test_an_address_is_taken_apart():
    place = place_of("https://Example.org/a?b=c")
    assert place is not None
    assert (place.host, place.port, place.target, place.tls) == ("example.org", 443, "/a?b=c", True)
    assert place.authority == "example.org"
    other = place_of("https://[2606:2800:220:1::1]:8443")
    assert other is not None
    assert (other.target, other.authority) == ("/", "[2606:2800:220:1::1]:8443")


def test_it_is_tried_eleven_times_in_three_days_and_then_parked():
    now_us, tries = 0, 0
    while True:
        tries += 1
        due_us = next_due_us(tries, 0, now_us)
        if due_us is None:
            break
        assert due_us > now_us
        now_us = due_us
    assert tries == len(WAITS_S) + 1 == 11
    assert 2.5 * 86_400 < now_us / 1_000_000 <= LONGEST_S


def test_however_few_tries_there_were_it_ends_after_three_days():
    assert next_due_us(2, 0, LONGEST_S * 1_000_000) is None
    assert next_due_us(1, 0, (LONGEST_S - 5) * 1_000_000) == LONGEST_S * 1_000_000


def test_it_is_signed_as_the_example_of_the_standard():
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = signing.headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, b'{"test": 2432232314}', [key, key[::-1]]
    )
    first, second = headers["webhook-signature"].split()
    assert first == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert second.startswith("v1,")
    assert second != first


def test_keys_are_drawn_from_the_spaces_secret_and_each_webhook_has_its_own():
    secret = BadgeKey(1, b"a secret of the space, 32 bytes.")
    keys = {signing.key_of(secret, hook, version) for hook in ("a", "b") for version in (1, 2)}
    keys.add(signing.key_of(BadgeKey(1, bytes(32)), "a", 1))
    assert len(keys) == 5
    assert {len(key) for key in keys} == {32}
    assert signing.told(bytes(24)) == "whsec_" + "A" * 32
