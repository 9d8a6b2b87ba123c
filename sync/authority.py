"""The space's own certificate authority, and the hub's certificate from it.

Only kiosks that were let in trust this authority, and they trust no other; it signs nothing but the hub's own
certificate, for the broker and for the page where kiosks are let in.  Both last longer than the hardware,
because a Pi's clock is often wrong and a kiosk is shut out by its password, never by a date.
"""

import hashlib
import ipaddress
import socket
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from plumbing.errors import SettingsError
from plumbing.secrets import put
from plumbing.words import Sentence, why

BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
"""From when on certificates are good: before any clock's first guess that matters."""

AUTHORITY_YEARS, SERVER_YEARS = 40, 30
"""After `BEGINNING`: longer than any device at a door."""

YEAR = timedelta(days=365)

CERTIFICATE, KEY = "authority.pem", "authority.key"


@dataclass(frozen=True, slots=True)
class Server:
    """What the hub shows to whoever comes by an encrypted line."""

    certificate: str
    """PEM, the authority's behind it."""
    key: str
    """PEM; a secret."""

    def __repr__(self) -> str:  # type: ignore[explicit-override]  # `typing` has no override before 3.12
        """Say nothing of the key."""
        return "Server()"


class Authority:
    """The authority of one space.  Its folder is readable by the hub only."""

    def __init__(self, folder: Path, space: str) -> None:
        """Read the authority in a folder; make it if there is none.

        Raises:
            SettingsError: It cannot be read or made.
        """
        try:
            self._read_or_make(folder, space)
        except OSError as error:
            raise SettingsError(
                Sentence(
                    "{folder}: the certificate authority cannot be read or made: {why}",
                    folder=folder,
                    why=why(error),
                )
            ) from error
        except ValueError as error:
            raise SettingsError(
                Sentence(
                    "{folder}: this is no certificate authority of ours ({error}); put the backup's files "
                    "there, or remove it and enrol every kiosk again",
                    folder=folder,
                    error=error,
                )
            ) from error

    @property
    def certificate(self) -> str:
        """PEM; no secret."""
        return self._certificate.public_bytes(Encoding.PEM).decode()

    @property
    def fingerprint(self) -> bytes:
        """SHA-256 of the certificate in DER."""
        return hashlib.sha256(self._certificate.public_bytes(Encoding.DER)).digest()

    def server(self, names: Iterable[str], before: str = "") -> Server | None:
        """Return a certificate for the hub.

        Args:
            names: Names and addresses under which kiosks find it.
            before: The certificate there is, in PEM.

        Returns:
            `None` if the one there is does: it is of this authority, and for these names among others.
        """
        wanted = [_general(name) for name in sorted(set(names))]
        if before and self._covers(before, wanted):
            return None
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = (
            _builder("Foyer hub", self._certificate.subject, key.public_key(), SERVER_YEARS)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName(wanted), critical=False)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key()), critical=False
            )
            .sign(self._key, hashes.SHA256())
        )
        return Server(certificate.public_bytes(Encoding.PEM).decode() + self.certificate, _pem_of(key))

    def _covers(self, before: str, wanted: list[x509.GeneralName]) -> bool:
        try:
            certificate = x509.load_pem_x509_certificate(before.encode())
            certificate.verify_directly_issued_by(self._certificate)
            extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        except Exception:  # whatever it is, it is none of ours: another one is made  # noqa: BLE001
            return False
        return set(wanted) <= set(extension.value)

    def _read_or_make(self, folder: Path, space: str) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not (folder / CERTIFICATE).exists():
            self._make(folder, space)
        self._certificate = x509.load_pem_x509_certificate((folder / CERTIFICATE).read_bytes())
        key = load_pem_private_key((folder / KEY).read_bytes(), None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise ValueError("its key is of another kind")  # noqa: TRY004 - told as what the file is
        if key.public_key() != self._certificate.public_key():
            raise ValueError("its key belongs to another certificate")
        self._key = key

    def _make(self, folder: Path, space: str) -> None:
        """Write the key first: a certificate that is there always has its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Foyer {space}")])
        certificate = (
            _builder(f"Foyer {space}", name, key.public_key(), AUTHORITY_YEARS)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(_MAY_SIGN, critical=True)
            .sign(key, hashes.SHA256())
        )
        put(folder / KEY, _pem_of(key))
        put(folder / CERTIFICATE, certificate.public_bytes(Encoding.PEM).decode(), 0o644)


def own_names() -> tuple[str, ...]:
    """Return the names and addresses under which this machine is usually found."""
    name = socket.gethostname()
    found = {name, f"{name}.local", "localhost", "127.0.0.1", "::1"}
    with suppress(OSError):  # a machine may not know its own name; the settings can name it
        found.update(str(info[4][0]) for info in socket.getaddrinfo(name, None, family=socket.AF_INET))
    # Nothing is sent: the kernel only says from which address it would be.  Without a network the names do.
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))
        found.add(probe.getsockname()[0])
    return tuple(sorted(found))


_MAY_SIGN = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)


def _builder(
    name: str, issuer: x509.Name, key: ec.EllipticCurvePublicKey, years: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(BEGINNING)
        .not_valid_after(BEGINNING + years * YEAR)
    )


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name.encode("idna").decode())


def _pem_of(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
