"""The settings kiosk and hub have in common: the space they serve and the broker between them."""

import ipaddress
import re
import string
from datetime import time
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import msgspec

from community.clock import Hours
from community.ids import SpaceId
from community.members import Space
from community.wire.topics import NAME
from plumbing.errors import SettingsError, WrongValueError
from plumbing.mqtt import Broker
from plumbing.words import Sentence, why

CLOSING = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
LANGUAGE = re.compile(r"[a-z]{2}")
LAST_PORT = 65535

LONGEST_ADDRESS = 80
"""Characters: what a QR code of version 8 holds beside a code."""

ORIGIN = frozenset(string.ascii_letters + string.digits + ":/.-[]")
"""What may stand in `address`: a name in other letters is written in its `xn--` form."""


class SpaceSettings(msgspec.Struct, frozen=True):
    """`[space]`: the place the hub serves."""

    id: SpaceId
    """Stands in topics, so it is the same on every kiosk of the space; see `topics.NAME`."""
    name: str = "Foyer"
    timezone: str = "Europe/Paris"
    closing: str = "20:00"
    languages: tuple[str, str] = ("fr", "en")
    formal: bool = False
    """Whether people are addressed formally where a language has two ways ("vous")."""
    volume: Annotated[int, msgspec.Meta(ge=0, le=100)] = 60
    """How loud kiosks are, in percent; 0 is silent."""
    quiet_from: str = ""
    """Local time from which kiosks are silent, until `quiet_until`; both empty for never."""
    quiet_until: str = ""
    address: str = ""
    """Where members' phones find their own pages; empty for nowhere."""

    def __post_init__(self) -> None:
        """Refuse values that would only fail later, at the door."""
        if not NAME.fullmatch(self.id):
            raise WrongValueError("id", no_topic(self.id))
        if not self.name.strip():
            raise WrongValueError("name", Sentence("it is empty; write what people call the place"))
        if not CLOSING.fullmatch(self.closing):
            raise WrongValueError(
                "closing",
                Sentence('{value!r} is no time of day; use HH:MM, for example "20:00"', value=self.closing),
            )
        if not _zone_exists(self.timezone):
            raise WrongValueError(
                "timezone",
                Sentence(
                    '{value!r} is not a known time zone; use an IANA name, for example "Europe/Paris"',
                    value=self.timezone,
                ),
            )
        if not all(LANGUAGE.fullmatch(language) for language in self.languages):
            raise WrongValueError("languages", Sentence('use two two-letter codes, for example ["fr", "en"]'))
        self._check_quiet()
        if self.address and not _is_origin(self.address):
            raise WrongValueError(
                "address",
                Sentence(
                    "{value!r} is no address of the dashboard: write how a phone begins it, without a path, "
                    'for example "https://foyer.example.org"',
                    value=self.address,
                ),
            )

    @property
    def hours(self) -> Hours:
        """When the space's day ends."""
        return Hours(ZoneInfo(self.timezone), time.fromisoformat(self.closing))

    @property
    def facts(self) -> Space:
        """What kiosks are told of the space."""
        return Space(
            self.name,
            self.timezone,
            self.closing,
            self.languages,
            formal=self.formal,
            volume=self.volume,
            quiet_from=self.quiet_from,
            quiet_until=self.quiet_until,
            address=self.address.rstrip("/"),
        )

    def _check_quiet(self) -> None:
        for field, value in (("quiet_from", self.quiet_from), ("quiet_until", self.quiet_until)):
            if value and not CLOSING.fullmatch(value):
                raise WrongValueError(
                    field,
                    Sentence('{value!r} is no time of day; use HH:MM, for example "20:00"', value=value),
                )
        if bool(self.quiet_from) != bool(self.quiet_until):
            missing = "quiet_until" if self.quiet_from else "quiet_from"
            raise WrongValueError(
                missing, Sentence("quiet hours have a beginning and an end; write both times, or neither")
            )


class BrokerSettings(msgspec.Struct, frozen=True):
    """`[broker]`: the MQTT broker between the kiosks and the hub."""

    host: str = "127.0.0.1"
    port: int = 1883
    username: str = ""
    password_file: str = ""
    """A file holding the password in its first line; empty for none."""
    ca_file: str = ""
    """The certificate authority to trust; with it the line is TLS."""

    def __post_init__(self) -> None:
        """Refuse what cannot work."""
        if not self.host:
            raise WrongValueError("host", Sentence("it is empty; write the broker's name or address"))
        check_host("host", self.host)
        if not self.least_port <= self.port <= LAST_PORT:
            raise WrongValueError("port", no_port(self.port))
        if self.password_file and not self.username:
            raise WrongValueError("username", Sentence("there is a password_file but no name to go with it"))

    @property
    def least_port(self) -> int:
        """The smallest port that makes sense here."""
        return 1

    def line(self, port: int | None = None) -> Broker:
        """Return where and how the line connects.

        Args:
            port: The port the embedded broker really has; `None` takes the one set.

        Raises:
            SettingsError: The password file cannot be read.
        """
        return Broker(
            self.host,
            self.port if port is None else port,
            self.username,
            _first_line(self.password_file) if self.password_file else "",
            Path(self.ca_file) if self.ca_file else None,
        )


def no_topic(name: str) -> Sentence:
    """Say that a name does not fit `topics.NAME`, and what would."""
    return Sentence(
        "{value!r} cannot stand in a topic; use 1 to 32 of a-z, 0-9 and '-', a letter or digit first",
        value=name,
    )


def check_host(field: str, host: str) -> None:
    """Refuse what no machine can be called.

    Raises:
        WrongValueError: It is in that field.
    """
    try:
        host.encode("idna")
    except UnicodeError as error:
        raise WrongValueError(
            field, Sentence("{value!r} is no name a machine can have", value=host)
        ) from error


def no_port(port: int) -> Sentence:
    """Say that a number is no port."""
    return Sentence("{value} is no port; use a number from 1 to {last}", value=port, last=LAST_PORT)


def is_loopback(host: str) -> bool:
    """Say whether `host` is an address of this machine that no other machine can reach."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_origin(address: str) -> bool:
    """Say whether this is the beginning of a web address: a scheme and a machine, and nothing behind it."""
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    begins = parts.scheme in {"http", "https"} and bool(host) and "@" not in parts.netloc
    return begins and parts.path in {"", "/"} and set(address) <= ORIGIN and len(address) <= LONGEST_ADDRESS


def _zone_exists(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _first_line(file: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
    except OSError as error:
        raise SettingsError(
            Sentence("{file}: the broker's password cannot be read: {why}", file=file, why=why(error))
        ) from error
    except UnicodeDecodeError as error:
        raise SettingsError(
            Sentence("{file}: the broker's password is not text in UTF-8", file=file)
        ) from error
