"""What an operator may set, read by `plumbing.settings.load` from TOML and `FOYER_HUB_…`."""

import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import msgspec
from typing_extensions import override

from community.members import Space
from plumbing.errors import WrongValueError
from plumbing.places import (
    CLOSING,
    LAST_PORT,
    BrokerSettings,
    SpaceSettings,
    check_host,
    is_loopback,
    no_port,
)
from plumbing.secrets import load_or_make
from plumbing.words import Sentence
from sync.publishing import Publishing, SpaceApiSettings

PREFIX = "FOYER_HUB_"
"""What the hub's environment variables begin with."""

HUB_NAME = re.compile(r"[a-z0-9_-]{1,32}")
"""A name on the broker that no kiosk has: theirs have dots, and a line of Mosquitto's files holds it."""


PREFIXES = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*")
"""What topics of Home Assistant may begin with: no plus, no hash, no dollar."""


class HubBrokerSettings(BrokerSettings, frozen=True):
    """`[broker]`: the MQTT broker between the kiosks and the hub."""

    embedded: bool = False
    """Run a broker inside the hub, for trying it out on one machine; `port` 0 then takes a free one."""

    @override
    def __post_init__(self) -> None:
        """Refuse what cannot work, and an open door to the network."""
        if self.embedded and not is_loopback(self.host):
            raise WrongValueError(
                "host",
                Sentence(
                    "the embedded broker asks for no password, so it listens on this machine only, "
                    "not on {host}; use 127.0.0.1, or install Mosquitto and set embedded = false",
                    host=self.host,
                ),
            )
        super().__post_init__()

    @property
    @override
    def least_port(self) -> int:
        return 0 if self.embedded else 1


class DashboardSettings(msgspec.Struct, frozen=True):
    """`[dashboard]`: where hosts' browsers find it."""

    host: str = "127.0.0.1"
    port: int = 8080
    """0 takes a free port."""
    https: bool = False
    """Whether browsers come by https, through a web server in front: logins are then bound to it."""
    metrics_token_file: str = ""
    """A secret that lets another machine read `/metrics`; made at the start if there is none.  Empty: only
    this machine may."""

    def __post_init__(self) -> None:
        """Refuse what is no port."""
        if not 0 <= self.port <= LAST_PORT:
            raise WrongValueError("port", no_port(self.port))

    @property
    def metrics_token(self) -> str:
        """What stands in that file; empty if none is named.

        Raises:
            SettingsError: The file cannot be read or made, or others may read it.
        """
        return load_or_make(Path(self.metrics_token_file)).hex() if self.metrics_token_file else ""


class KiosksSettings(msgspec.Struct, frozen=True):
    """`[kiosks]`: how kiosks are let in, and the files of the broker that lets them."""

    broker_folder: str = ""
    """Where the hub writes Mosquitto's files; empty: kiosks are not let in by the hub."""
    authority_folder: str = "/var/lib/foyer/authority"
    """Holds the space's own certificate authority; made at the first start."""
    names: tuple[str, ...] = ()
    """Names and addresses under which kiosks find this machine, besides those it knows itself."""
    host: str = "0.0.0.0"  # noqa: S104 - kiosks come from elsewhere; it is HTTPS and takes codes only
    port: int = 8443
    """Of the HTTPS page where a kiosk shows its code; 0 takes a free one."""
    broker_host: str = ""
    """Where kiosks find the broker; empty: where they found the hub."""
    broker_port: int = 8883
    """On which Mosquitto listens for encrypted lines."""
    pid_file: str = ""
    """Mosquitto's, if the hub may signal it; empty: somebody else watches the file `changed`."""
    strangers: bool = True
    """Whether events of kiosks the hub never let in are taken in at once."""

    def __post_init__(self) -> None:
        """Refuse what is no port, and what is no name."""
        if not 0 <= self.port <= LAST_PORT:
            raise WrongValueError("port", no_port(self.port))
        if not 1 <= self.broker_port <= LAST_PORT:
            raise WrongValueError("broker_port", no_port(self.broker_port))
        for name in self.names:
            check_host("names", name)
        if self.broker_host:
            check_host("broker_host", self.broker_host)


class HomeAssistantSettings(msgspec.Struct, frozen=True):
    """`[home_assistant]`: whether Home Assistant is told how kiosks do, and how many are in."""

    discovery: bool = False
    prefix: str = "homeassistant"
    """Of the topics on which it looks for devices, as it is set there."""
    username: str = ""
    """Under which it may come in at the broker whose files the hub writes; empty where it need not."""
    password_file: str = ""
    """A file with its password in its first line."""

    def __post_init__(self) -> None:
        """Refuse what cannot stand in a topic or a line of Mosquitto's files, and half a login."""
        if PREFIXES.fullmatch(self.prefix) is None:
            raise WrongValueError(
                "prefix",
                Sentence(
                    "{value!r} cannot begin a topic; use letters, digits, '-', '_' and '/'", value=self.prefix
                ),
            )
        if self.username and HUB_NAME.fullmatch(self.username) is None:
            raise WrongValueError(
                "username",
                Sentence(
                    "{value!r} cannot be a name on the broker; use 1 to 32 of a-z, 0-9, '-' and '_'",
                    value=self.username,
                ),
            )
        if bool(self.username) != bool(self.password_file):
            raise WrongValueError("username", Sentence("set both username and password_file, or neither"))

    @property
    def password(self) -> str:
        """Its password; empty if it has none.

        Raises:
            SettingsError: The file cannot be read.
        """
        return BrokerSettings(username=self.username, password_file=self.password_file).line().password


class IntroductionsSettings(msgspec.Struct, frozen=True):
    """`[introductions]`: when the day's plan is completed, how much is shown, tables, learning."""

    plan_at: str = "11:30"
    """Local time at which everybody present is matched on the room they have left."""
    shown_a_day: Annotated[int, msgspec.Meta(ge=0, le=20)] = 3
    """Introductions a person takes part in on one day, at most; 0 for none at all."""
    coffee: str = ""
    """Local time at which a coffee table begins each day; empty for none."""
    lunch: str = ""
    """The same for lunch."""
    learning: bool = False
    """Whether answers may change what counts, once there are 200 of them."""

    def __post_init__(self) -> None:
        """Refuse what is no time of day."""
        for field in ("plan_at", "coffee", "lunch"):
            value = getattr(self, field)
            if not CLOSING.fullmatch(value) and (value or field == "plan_at"):
                raise WrongValueError(
                    field,
                    Sentence('{value!r} is no time of day; use HH:MM, for example "11:30"', value=value),
                )


class AgendaSettings(msgspec.Struct, frozen=True):
    """`[agenda]`: the space's own calendar, of which the lobby shows today."""

    calendar: str = ""
    """An address that begins with `https:` or `webcal:`, or a file's path; empty for none.  Often a secret:
    it is shown nowhere."""
    every_minutes: Annotated[int, msgspec.Meta(ge=5, le=1440)] = 15
    """Minutes between two readings."""
    publish: bool = False
    """Whether anybody may subscribe to what is on, at `/agenda.ics`."""

    def __post_init__(self) -> None:
        """Refuse what cannot be fetched, or not safely."""
        if self.calendar and not self.calendar.startswith("/") and calendar_url(self.calendar) is None:
            raise WrongValueError(
                "calendar",
                Sentence(
                    "this is no address of a calendar; use one that begins with https: or webcal:, "
                    "or the path of a file, like /var/lib/foyer/calendar.ics"
                ),
            )

    @property
    def name(self) -> str:
        """What people may call it: the server's name or the file's, and nothing of a secret."""
        if self.calendar.startswith("/"):
            return Path(self.calendar).name
        return urlsplit(self.calendar).hostname or ""


def calendar_url(address: str) -> str | None:
    """Return where a calendar is asked for; `webcal:` is what calendars call HTTPS.

    Returns:
        `None` if it is no address, or the line to it would not be encrypted.
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    scheme = "https" if parts.scheme == "webcal" else parts.scheme
    if not host or port == 0 or not address.isascii() or not address.isprintable() or " " in address:
        return None
    if scheme != "https" and not (scheme == "http" and is_loopback(host)):
        return None
    return parts._replace(scheme=scheme).geturl()


class TextSettings(msgspec.Struct, frozen=True):
    """`[text]`: how needs and offers are compared."""

    encoder: bool = True
    """Whether meanings are compared, in 150 MB of memory; otherwise letters only."""
    glossary: str = ""
    """A file with the space's own words for one thing; empty for ours only."""

    @property
    def own_glossary(self) -> Path | None:
        """Where the space's own words are."""
        return Path(self.glossary) if self.glossary else None


MOST_DAYS = 400
"""Days of taps that may be kept at most: more than a year is a file on people."""

LEAST_DAYS = 75
"""Days of taps the hub needs itself: eight weeks say on which weekdays somebody comes, and answers are looked
at again for as long."""


class RetentionSettings(msgspec.Struct, frozen=True):
    """`[retention]`: how long what happened is kept as it was."""

    taps_days: int = 90
    """Days for which raw taps, and what could not be understood, are kept; then only what they add up to."""

    def __post_init__(self) -> None:
        """Refuse what the hub's own sums need, and what is for ever."""
        if not LEAST_DAYS <= self.taps_days <= MOST_DAYS:
            raise WrongValueError(
                "taps_days",
                Sentence(
                    "{days} is not possible: use {least} to {most} days",
                    days=self.taps_days,
                    least=LEAST_DAYS,
                    most=MOST_DAYS,
                ),
            )


class WebhooksSettings(msgspec.Struct, frozen=True):
    """`[webhooks]`: where webhooks may lead besides out into the world."""

    inward: tuple[str, ...] = ()
    """Addresses or networks inside the house that may be told too: `192.168.1.20`, `10.0.0.0/24`."""

    def __post_init__(self) -> None:
        """Refuse what is no network."""
        for network in self.inward:
            try:
                ip_network(network)
            except ValueError as error:
                raise WrongValueError(
                    "inward",
                    Sentence(
                        '{value!r} is no address and no network; for example "192.168.1.20" or "10.0.0.0/24"',
                        value=network,
                    ),
                ) from error

    @property
    def allowed(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The same, read."""
        return tuple(ip_network(each) for each in self.inward)


class HubSettings(msgspec.Struct, frozen=True):
    """Everything; `hub.example.toml` says the same in comments."""

    space: SpaceSettings
    database: str = "sqlite:////var/lib/foyer/hub.db"
    badge_key_file: str = "/var/lib/foyer/badge.key"
    """The space's secret for hashing badge numbers; made at the first start, the same on every kiosk."""
    broker: HubBrokerSettings = HubBrokerSettings()
    dashboard: DashboardSettings = DashboardSettings()
    introductions: IntroductionsSettings = IntroductionsSettings()
    agenda: AgendaSettings = AgendaSettings()
    text: TextSettings = TextSettings()
    kiosks: KiosksSettings = KiosksSettings()
    retention: RetentionSettings = RetentionSettings()
    home_assistant: HomeAssistantSettings = HomeAssistantSettings()
    spaceapi: SpaceApiSettings = SpaceApiSettings()
    webhooks: WebhooksSettings = WebhooksSettings()
    badge_masters_file: str = "/var/lib/foyer/badge-masters.keys"
    """The secrets from which badges that cannot be copied get their keys; `foyer badges keys` makes it, and
    no kiosk ever has it."""

    def __post_init__(self) -> None:
        """Refuse a broker that would not let the hub itself in."""
        if self.kiosks.broker_folder and self.broker.embedded:
            raise WrongValueError(
                "kiosks.broker_folder",
                Sentence("the embedded broker reads no files; install Mosquitto and set embedded = false"),
            )
        if self.kiosks.broker_folder and not (self.broker.username and self.broker.password_file):
            raise WrongValueError(
                "kiosks.broker_folder",
                Sentence("the hub must log in itself: set username and password_file in [broker]"),
            )
        if self.kiosks.broker_folder and HUB_NAME.fullmatch(self.broker.username) is None:
            raise WrongValueError(
                "broker.username",
                Sentence(
                    "{value!r} cannot be the hub's name on the broker; use 1 to 32 of a-z, 0-9, '-' and '_'",
                    value=self.broker.username,
                ),
            )

    @property
    def sister_key_file(self) -> Path:
        """The secret that signs letters to sister spaces: beside the badge key, but no kiosk has it."""
        return Path(self.badge_key_file).with_name("sister.key")

    @property
    def publishing(self) -> Publishing:
        """What anybody on the net may read."""
        return Publishing(self.space.id, self.spaceapi, agenda=self.agenda.publish)

    @property
    def facts(self) -> Space:
        """What kiosks are told of the space."""
        ours = self.introductions
        return msgspec.structs.replace(self.space.facts, plan_at=ours.plan_at, shown_a_day=ours.shown_a_day)
