"""Which addresses a webhook may lead to: out into the world, never into the house.

Pure.  Whoever may add a webhook must not reach through it what only this machine reaches: its own services,
the router, another machine's administration, the metadata of a cloud.  What the settings allow is allowed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from sync.inward import is_inward

Network = IPv4Network | IPv6Network

LONGEST_URL = 500
"""Characters: what the database holds."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a webhook is."""

    host: str
    port: int
    target: str
    """Path and query, as they are asked for."""
    tls: bool

    @property
    def authority(self) -> str:
        """Host and port as a `Host` header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.tls else 80) else f"{host}:{self.port}"


def place_of(url: str, allowed: Iterable[Network] = ()) -> Place | None:
    """Return where an address leads, or `None` if no webhook may be there.

    Args:
        url: As an administrator typed it.
        allowed: What the settings allow.  Without TLS goes only what does not leave this machine, and
            only if it is in here.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if not host or port == 0 or len(url) > LONGEST_URL or not url.isascii() or not url.isprintable():
        return None
    if " " in url or "@" in parts.netloc or parts.fragment or "%" in host:
        return None
    if parts.scheme not in {"http", "https"}:
        return None
    tls = parts.scheme == "https"
    if not tls and not _is_allowed_loopback(host, allowed):
        return None
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(host, port or (443 if tls else 80), target, tls)


def may_reach(address: str, allowed: Iterable[Network]) -> bool:
    """Say whether a webhook may lead to a numerical address."""
    ip = ip_address(address.partition("%")[0])
    return not is_inward(ip) or is_within(ip, allowed)


def is_within(ip: IPv4Address | IPv6Address, networks: Iterable[Network]) -> bool:
    """Say whether an address is in one of some networks."""
    return any(ip.version == network.version and ip in network for network in networks)


def _is_allowed_loopback(host: str, allowed: Iterable[Network]) -> bool:
    try:
        ip = ip_address(host)
    except ValueError:
        return False
    return ip.is_loopback and is_within(ip, allowed)
