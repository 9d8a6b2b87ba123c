"""Where this machine is found in its network."""

import fcntl
import socket
import struct

SIOCGIFADDR = 0x8915
"""Asks the kernel for an interface's address.  Source: netdevice(7), linux/sockios.h."""


def own_addresses() -> tuple[str, ...]:
    """Return the IPv4 address of every interface that has one, without this machine's own loopback."""
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        for _number, name in socket.if_nameindex():
            try:
                answer = fcntl.ioctl(line, SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
            except OSError:  # it has none, or is gone by now
                continue
            address = socket.inet_ntoa(answer[20:24])
            if not address.startswith("127."):
                found.append(address)
    return tuple(found)
