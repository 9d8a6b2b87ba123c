"""Encrypted lines with a wrong clock: certificates whose dates are years off stand for it."""

import asyncio
import datetime as dt
import getpass
import ipaddress
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from plumbing.errors import LineError
from plumbing.mqtt import Broker, Line, tls_of
from plumbing.tls import fingerprint_of, look_at_dates, trusting_only
from sync.authority import Authority
from tests.fakes.brokers import Mosquitto, running_mosquitto
from tests.plumbing.test_mqtt import WILL, Ears

YEAR = dt.timedelta(days=365)
NOW = dt.datetime.now(dt.UTC)
WRONG_CLOCKS = {
    "2 years behind": (NOW + 2 * YEAR, NOW + 9 * YEAR),
    "4 years ahead": (NOW - 9 * YEAR, NOW - 4 * YEAR),
}
"""To a clock that is wrong a good certificate looks like one that is good at another time."""


def certificate(folder: Path, dates, name: str = "127.0.0.1") -> str:
    """Write a certificate of an authority of its own, `server.pem` and `server.key`; return the authority."""
    ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "wrong clock")])

    def build(public_key, title, *, ca: bool):
        return (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, title)]))
            .issuer_name(subject)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(dates[0])
            .not_valid_after(dates[1])
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        )

    authority = build(ca_key.public_key(), "wrong clock", ca=True).sign(ca_key, hashes.SHA256())
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(name))])
    server = build(key.public_key(), "server", ca=False).add_extension(alternative, critical=False)
    pem = serialization.Encoding.PEM
    (folder / "server.pem").write_bytes(server.sign(ca_key, hashes.SHA256()).public_bytes(pem))
    (folder / "server.key").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return authority.public_bytes(pem).decode()


@pytest.fixture(params=WRONG_CLOCKS)
def wrong_clock(request, tmp_path):
    """A broker whose certificate's dates are off, and the authority behind it."""
    authority = certificate(tmp_path, WRONG_CLOCKS[request.param])

    class Encrypted(Mosquitto):
        extra = (
            f"certfile {tmp_path}/server.pem\nkeyfile {tmp_path}/server.key\n"
            f"user {getpass.getuser()}\nallow_anonymous true\n"
        )

    with running_mosquitto(tmp_path, Encrypted) as running:
        yield running, authority


def line(broker: Broker, ears: Ears, clock_is_right) -> Line:
    return Line(
        broker,
        "ears",
        filters=["room/#"],
        will=WILL,
        callbacks=ears.callbacks(),
        clock_is_right=clock_is_right,
    )


async def test_while_the_clock_is_wrong_dates_do_not_count_and_once_it_is_right_they_do(wrong_clock):
    running, authority = wrong_clock
    right = False
    ears = Ears()
    one = line(Broker("127.0.0.1", running.port, authority=authority), ears, lambda: right)
    one.start()
    try:
        await ears.ups.count(1)
        one.publish("room/a", b"hello")
        assert await ears.messages.count(1) == [("room/a", b"hello")]
        right = True
        await asyncio.to_thread(running.stop)
        await ears.losses.count(1)
        await asyncio.to_thread(running.start)
        await ears.losses.count(3)
        assert not one.up
        assert len(ears.ups.all) == 1
    finally:
        await one.stop()


async def test_an_authority_named_by_a_file_is_held_to_its_dates(wrong_clock, tmp_path):
    running, authority = wrong_clock
    (tmp_path / "ca.pem").write_text(authority)
    ears = Ears()
    one = line(Broker("127.0.0.1", running.port, ca_file=tmp_path / "ca.pem"), ears, lambda: False)
    one.start()
    try:
        await ears.losses.count(1)
        assert not ears.ups.all
    finally:
        await one.stop()


async def test_with_a_wrong_clock_another_authority_and_another_name_are_refused_all_the_same(
    wrong_clock, tmp_path
):
    running, authority = wrong_clock
    (tmp_path / "other").mkdir()
    other = certificate(tmp_path / "other", WRONG_CLOCKS["2 years behind"])
    for broker in (
        Broker("127.0.0.1", running.port, authority=other),
        Broker("127.0.0.2", running.port, authority=authority),
        Broker("localhost", running.port, authority=authority),
    ):
        ears = Ears()
        one = line(broker, ears, lambda: False)
        one.start()
        try:
            await ears.losses.count(1)
            assert not ears.ups.all
        finally:
            await one.stop()


def test_dates_are_looked_at_unless_it_is_said_otherwise(tmp_path):
    context = trusting_only(Authority(tmp_path / "authority", "nook").certificate)
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    before = context.verify_flags
    look_at_dates(context, dates_count=False)
    assert context.verify_flags != before
    look_at_dates(context, dates_count=True)
    assert context.verify_flags == before


def test_what_is_no_certificate_is_no_authority(tmp_path):
    for text in ("", "no certificate", "-----BEGIN CERTIFICATE-----\n\n-----END CERTIFICATE-----"):
        assert fingerprint_of(text) is None or text
        with pytest.raises(LineError, match="authority"):
            tls_of(Broker(authority=text or "x"))
    two = Authority(tmp_path / "authority", "nook").certificate * 2
    assert fingerprint_of(two) is None, "only exactly one has a fingerprint"
