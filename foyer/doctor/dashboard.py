"""Whether the hub on this machine answers, and who may reach its dashboard."""

import http.client
import json

from foyer.doctor.findings import Finding, Level, Say, broken, notice, works
from plumbing.places import is_loopback
from sync.settings import DashboardSettings

LATEST_S = 5.0
"""Seconds the hub may take to say how it is."""

OK = 200


def check(settings: DashboardSettings, say: Say) -> list[Finding]:
    """Ask the hub's own page how it is."""
    if not settings.port:
        return [notice(say("The dashboard takes a port that is known only while the hub runs."))]
    place = f"{_reached_at(settings.host)}:{settings.port}"
    found = [_ask(place, settings, say)]
    if found[0].level is Level.WORKS:
        found += of_readiness(_lacking(settings), say)
    if not is_loopback(settings.host):
        found.append(
            notice(
                say("The dashboard is open to the network without encryption: passwords can be read on it."),
                say("Use it in a network you trust, or put a web server with HTTPS before it."),
            )
        )
    return found


def of_readiness(lacking: str, say: Say) -> list[Finding]:
    """Say what the hub lacks to take events in, from its own word for it; usually nothing."""
    if lacking != "broker":
        return []
    return [
        broken(
            say("The hub runs, but the broker does not answer it: nothing comes from the kiosks."),
            say("Run: sudo systemctl restart mosquitto, and read: sudo journalctl -u foyer-hub -n 30"),
        )
    ]


def _ask(place: str, settings: DashboardSettings, say: Say) -> Finding:
    line = http.client.HTTPConnection(_reached_at(settings.host), settings.port, timeout=LATEST_S)
    try:
        line.request("GET", "/health")
        response = line.getresponse()
        status, body = response.status, response.read(10_000)
    except (OSError, http.client.HTTPException):
        return broken(
            say("The hub does not answer at {place}.").format(place=place),
            say("Run: sudo systemctl restart foyer-hub, and read: sudo journalctl -u foyer-hub -n 30"),
        )
    finally:
        line.close()
    version = _version(body)
    if status == OK and version:
        return works(
            say("The hub is well: Foyer {version}, dashboard at http://{place}").format(
                version=version, place=place
            )
        )
    if version:
        return broken(
            say("The hub runs, but cannot use its database."),
            say("Read why: sudo journalctl -u foyer-hub -n 30"),
        )
    return broken(
        say("What answers at {place} is not Foyer's dashboard.").format(place=place),
        say("Choose another port under [dashboard], or stop the other program."),
    )


def _lacking(settings: DashboardSettings) -> str:
    line = http.client.HTTPConnection(_reached_at(settings.host), settings.port, timeout=LATEST_S)
    try:
        line.request("GET", "/readyz")
        response = line.getresponse()
        return "" if response.status == OK else response.read(100).decode("utf-8", "replace").strip()
    except (OSError, http.client.HTTPException):
        return ""
    finally:
        line.close()


def _version(body: bytes) -> str:
    """Return the version in the hub's answer; empty if it is no such answer."""
    try:
        told = json.loads(body)
    except ValueError:
        return ""
    return str(told["version"]) if isinstance(told, dict) and "version" in told and "ok" in told else ""


def _reached_at(host: str) -> str:
    """Return the address for a listener on every address."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not listened on
