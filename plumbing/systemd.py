"""Tell systemd how a service does: one datagram to the socket it names, or nothing elsewhere.

Source: sd_notify(3).
"""

import os
import socket


def notify(state: str) -> bool:
    """Say `READY=1` or `STOPPING=1`; return whether anybody was told."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        try:
            line.sendto(state.encode(), "\0" + address[1:] if address.startswith("@") else address)
        except OSError:
            return False
    return True
