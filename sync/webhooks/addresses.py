"""Which addresses a webhook may lead to: out into the world, never into the house.

Pure.  Whoever may add a webhook must not reach through it what only this machine reaches: its own services,
the router, another machine's administration, the metadata of a cloud.  What the settings allow is allowed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

Network = IPv4Network | IPv6Network

LONGEST_URL = 500
"""Characters: what the database holds."""

TRANSLATED = IPv6Network("64:ff9b::/96")
"""IPv4 behind a translator.  Source: RFC 6052."""

LOCAL_TRANSLATED = IPv6Network("64:ff9b:1::/48")
"""The same within one network.  Source: RFC 8215."""


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


def is_inward(ip: IPv4Address | IPv6Address) -> bool:
    """Say whether an address is not out in the world: this machine, this network, or nobody's."""
    if isinstance(ip, IPv4Address):
        return not ip.is_global or ip.is_multicast or ip.is_reserved
    inner = ip.ipv4_mapped or ip.sixtofour or (IPv4Address(ip.packed[12:]) if ip in TRANSLATED else None)
    if inner is not None:
        return is_inward(inner)
    strange = ip.is_multicast or ip.is_reserved or ip.is_site_local or ip.teredo is not None
    return not ip.is_global or strange or ip in LOCAL_TRANSLATED


def _is_allowed_loopback(host: str, allowed: Iterable[Network]) -> bool:
    try:
        ip = ip_address(host)
    except ValueError:
        return False
    return ip.is_loopback and is_within(ip, allowed)
