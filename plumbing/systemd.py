"""Tell systemd how a service does: one datagram to the socket it names, or nothing elsewhere.

Source: sd_notify(3), sd_watchdog_enabled(3).
"""

import asyncio
import os
import socket

TIMES_WITHIN = 3
"""How often a live program is heard within the time that systemd allows: two may be late."""


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


async def stay_watched() -> None:
    """Say again and again that this event loop turns, until cancelled; end at once where nobody watches.

    A loop that hangs is not heard any more: systemd ends the service and starts it anew.  `WATCHDOG_PID` is
    not looked at: the kiosk is watched through the compositor that started it.
    """
    try:
        allowed_s = int(os.environ.get("WATCHDOG_USEC", "")) / 1_000_000
    except ValueError:
        return
    while allowed_s > 0 and notify("WATCHDOG=1"):  # noqa: ASYNC110 - time itself is waited for
        await asyncio.sleep(allowed_s / TIMES_WITHIN)
