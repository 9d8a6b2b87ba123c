"""Which numbers lead into this house.

Pure.  Whoever may name an address must not reach through this machine what only this machine reaches.
"""

from ipaddress import IPv4Address, IPv6Address, IPv6Network

TRANSLATED = IPv6Network("64:ff9b::/96")
"""IPv4 behind a translator.  Source: RFC 6052."""

LOCAL_TRANSLATED = IPv6Network("64:ff9b:1::/48")
"""The same within one network.  Source: RFC 8215."""


def is_inward(ip: IPv4Address | IPv6Address) -> bool:
    """Say whether an address is not out in the world: this machine, this network, or nobody's."""
    if isinstance(ip, IPv4Address):
        return not ip.is_global or ip.is_multicast or ip.is_reserved
    inner = ip.ipv4_mapped or ip.sixtofour or (IPv4Address(ip.packed[12:]) if ip in TRANSLATED else None)
    if inner is not None:
        return is_inward(inner)
    strange = ip.is_multicast or ip.is_reserved or ip.is_site_local or ip.teredo is not None
    return not ip.is_global or strange or ip in LOCAL_TRANSLATED
