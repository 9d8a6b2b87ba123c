"""What the operator lets anybody on the net read of the space, and in whose words.

Nothing is published unless the settings say so.  The hub's own words about it are in `sync.views.world`.
"""

import re
from urllib.parse import urlsplit

import msgspec

from community.ids import SpaceId
from plumbing.errors import WrongValueError
from plumbing.words import Sentence

COUNTRY = re.compile(r"[A-Z]{2}")

CONTACTS = ("email", "phone", "mastodon", "matrix", "xmpp", "irc", "mailing_list")
"""Ways to reach the people of the space; `mailing_list` is `ml` to SpaceAPI."""

LATITUDE, LONGITUDE = 90.0, 180.0
"""Degrees either way."""


class SpaceApiSettings(msgspec.Struct, frozen=True):
    """`[spaceapi]`: whether anybody may ask if the space is open and who is in, and what is said beside."""

    publish: bool = False
    url: str = ""
    """The space's own website."""
    logo: str = ""
    """The address of a picture."""
    postal_address: str = ""
    """Street, town and country, in one line; empty to leave it out."""
    coordinates: tuple[float, ...] = ()
    """Latitude and longitude in degrees, north and east positive; empty to leave them out."""
    country_code: str = ""
    """ISO 3166, two capitals; empty to leave it out."""
    hint: str = ""
    """How to find the door; empty to leave it out."""
    email: str = ""
    phone: str = ""
    """With the country's code and its plus."""
    mastodon: str = ""
    """`@name@server`."""
    matrix: str = ""
    """`#room:server`."""
    xmpp: str = ""
    irc: str = ""
    """`irc://server/#channel`."""
    mailing_list: str = ""

    def __post_init__(self) -> None:
        """Refuse what no reader would understand, and half of what every reader wants."""
        for field in ("url", "logo"):
            value = getattr(self, field)
            if value and not _is_web_address(value):
                raise WrongValueError(
                    field,
                    Sentence(
                        "{value!r} is no address of the web: it begins with https:// or http://", value=value
                    ),
                )
            if self.publish and not value:
                raise WrongValueError(
                    field, Sentence("it is empty: SpaceAPI wants it; write an address, or publish = false")
                )
        if self.publish and not self.contacts:
            raise WrongValueError(
                "email",
                Sentence(
                    "SpaceAPI wants one way to reach you: fill this in, or one of {others}",
                    others=", ".join(CONTACTS[1:]),
                ),
            )
        if self.coordinates and not _is_on_earth(self.coordinates):
            raise WrongValueError(
                "coordinates",
                Sentence("write latitude and longitude in degrees, for example [48.1173, -1.6778]"),
            )
        if self.country_code and not COUNTRY.fullmatch(self.country_code):
            raise WrongValueError(
                "country_code",
                Sentence(
                    '{value!r} is no country; use two capitals, for example "FR"', value=self.country_code
                ),
            )

    @property
    def contacts(self) -> dict[str, str]:
        """Ways to reach the space that were filled in, by the setting's name."""
        return {name: value for name in CONTACTS if (value := getattr(self, name))}


class Publishing(msgspec.Struct, frozen=True):
    """What is published, as the dashboard is told."""

    space: SpaceId
    spaceapi: SpaceApiSettings = SpaceApiSettings()
    agenda: bool = False
    """Whether the agenda is."""


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(host) and text.isprintable() and " " not in text


def _is_on_earth(degrees: tuple[float, ...]) -> bool:
    match degrees:
        case (north, east):
            return abs(north) <= LATITUDE and abs(east) <= LONGITUDE
        case _:
            return False
