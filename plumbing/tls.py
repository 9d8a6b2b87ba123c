"""Encrypted lines that trust one certificate authority, and no other.

A Pi without a battery begins with a wrong time, before its first line to anybody: certificates then seem
expired or not yet valid (measured with OpenSSL, years off in both directions).  With an authority of the
space's own, pinned when the kiosk was let in, the dates protect nothing that revocation by the hub does
not, so they are not looked at while the clock is known to be wrong.
"""

import hashlib
import ssl
from pathlib import Path

from typing_extensions import override

from plumbing.errors import LineError
from plumbing.words import Sentence

NO_CHECK_TIME = 0x200000
"""Certificates are good whatever the date.  Source: X509_V_FLAG_NO_CHECK_TIME, OpenSSL's x509_vfy.h."""


class _Line(ssl.SSLSocket):
    """A line that closes when it cannot be made: paho leaves it open and lets go of it."""

    @override
    def do_handshake(self, block: bool = False) -> None:
        try:
            super().do_handshake(block)
        except OSError:
            self.close()
            raise


def trusting_file(ca_file: Path) -> ssl.SSLContext:
    """Return what trusts the authorities in a file, dates and names as usual.

    Raises:
        LineError: The file cannot be read.
    """
    try:
        context = ssl.create_default_context(cafile=str(ca_file))
    except (OSError, ssl.SSLError) as error:
        raise LineError(
            Sentence(
                "{file}: the broker's certificate authority cannot be read: {error}",
                file=ca_file,
                error=error,
            )
        ) from error
    context.sslsocket_class = _Line
    return context


def trusting_only(authority: str) -> ssl.SSLContext:
    """Return what trusts one authority, the space's own, and nobody else.

    Args:
        authority: Its certificate in PEM.

    Raises:
        LineError: It is no certificate.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.sslsocket_class = _Line
    try:
        context.load_verify_locations(cadata=authority)
    except (ValueError, ssl.SSLError) as error:
        raise LineError(
            Sentence("the hub's certificate authority cannot be read: {error}", error=error)
        ) from error
    return context


def trusting_nobody() -> ssl.SSLContext:
    """Return what proves nothing about the other side: to fetch what is checked in another way."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def look_at_dates(context: ssl.SSLContext, *, dates_count: bool) -> None:
    """Have a context made by `trusting_only` look at certificates' dates, or not; from the next line on."""
    flags = int(context.verify_flags)
    context.verify_flags = ssl.VerifyFlags(flags & ~NO_CHECK_TIME if dates_count else flags | NO_CHECK_TIME)


def fingerprint_of(certificate: str) -> bytes | None:
    """Return the SHA-256 of a certificate in PEM, of its DER; `None` if it is not exactly one."""
    if certificate.count("-----BEGIN CERTIFICATE-----") != 1:
        return None
    try:
        return hashlib.sha256(ssl.PEM_cert_to_DER_cert(certificate.strip())).digest()
    except ValueError:
        return None
