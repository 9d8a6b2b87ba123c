"""What machines may ask: whether the hub lives, whether it is ready, and its figures for Prometheus.

Figures name kiosks, never people.  They are for this machine, or for whoever holds the token; behind
a web server of our own machine everybody would seem to come from here, so there only the token counts.

Source of the text format: prometheus.io, "Exposition formats", version 0.0.4.
"""

import hmac
import ipaddress
import logging
import shutil
from collections.abc import Iterable, Iterator

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from plumbing.clock import Clock
from plumbing.database import Database
from plumbing.errors import DatabaseError
from sync.meters import Meters
from sync.store import accounts
from sync.views.metrics import Figures, read_figures

log = logging.getLogger(__name__)

FORMAT = "text/plain; version=0.0.4; charset=utf-8"

FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
"""Headers of web servers in front: who asks is then not who connects."""

US = 1_000_000

Sample = tuple[str, float]
"""Labels, ready to be written, and the value."""


class Metrics:
    """Handlers of `/metrics`, `/healthz` and `/readyz`.  Lives as long as the dashboard."""

    def __init__(
        self, *, database: Database, clock: Clock, meters: Meters, token: str, behind_proxy: bool
    ) -> None:
        """Prepare.

        Args:
            database: Read from.
            clock: The machine's.
            meters: The hub's own counters.
            token: Lets anybody in who sends it as `Authorization: Bearer`; empty for none.
            behind_proxy: Whether a web server stands in front.
        """
        self._database = database
        self._clock = clock
        self._meters = meters
        self._token = token
        self._behind_proxy = behind_proxy

    async def alive(self, _request: Request) -> Response:
        """Say that the program runs; whoever restarts it asks this."""
        return PlainTextResponse("ok\n")

    async def ready(self, _request: Request) -> Response:
        """Say whether events can be taken in: the database and the broker answer."""
        try:
            await self._database.read(accounts.count_hosts)
        except DatabaseError as error:
            log.warning("the hub is not ready: %s", error)
            return PlainTextResponse("database\n", 503)
        return PlainTextResponse("ok\n") if self._meters.line_up else PlainTextResponse("broker\n", 503)

    async def metrics(self, request: Request) -> Response:
        """Say the figures, to whoever may know them."""
        if not self._may(request):
            return PlainTextResponse("", 401, {"www-authenticate": "Bearer"})
        figures = await self._database.read(read_figures)
        file = self._database.file
        disk = None if file is None else shutil.disk_usage(file.parent)
        at_us = int(self._clock.at().timestamp() * US)
        lines = [*_figures(figures, at_us), *_meters(self._meters, synced=self._clock.synchronised())]
        if disk is not None:
            lines += _lines("foyer_disk_size_bytes", "gauge", "Of the database's disk.", [("", disk.total)])
            lines += _lines("foyer_disk_free_bytes", "gauge", "Of the database's disk.", [("", disk.free)])
        return PlainTextResponse("\n".join(lines) + "\n", media_type=FORMAT)

    def _may(self, request: Request) -> bool:
        scheme, _, sent = request.headers.get("authorization", "").partition(" ")
        if self._token and scheme.lower() == "bearer":
            return hmac.compare_digest(sent.strip().encode(), self._token.encode())
        if self._behind_proxy or any(name in request.headers for name in FORWARDED):
            return False
        try:
            return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
        except ValueError:
            return False


def _figures(figures: Figures, at_us: int) -> Iterator[str]:
    def each(value: str) -> list[Sample]:
        return [(_kiosk(one.kiosk), float(getattr(one, value))) for one in figures.kiosks]

    heard = [(_kiosk(one.kiosk), (at_us - one.heard_us) / US) for one in figures.kiosks]
    yield from _lines("foyer_kiosk_online", "gauge", "1 if the kiosk says it is there.", each("online"))
    yield from _lines(
        "foyer_kiosk_reader_lost", "gauge", "1 if its badge reader is away.", each("reader_lost")
    )
    bridged = [one for one in figures.kiosks if one.bridge]
    yield from _lines(
        "foyer_kiosk_bridge_lost",
        "gauge",
        "1 if the microcontroller at its door is away.",
        [(_kiosk(one.kiosk), one.bridge_lost) for one in bridged],
    )
    yield from _lines(
        "foyer_kiosk_sensors_silent",
        "gauge",
        "Sensors of its door that do not speak.",
        [(_kiosk(one.kiosk), one.sensors_silent) for one in bridged],
    )
    yield from _lines("foyer_kiosk_backlog_events", "gauge", "Events it has not sent.", each("waiting"))
    yield from _lines(
        "foyer_kiosk_oldest_unacknowledged_seconds",
        "gauge",
        "Age of the oldest event it has not sent, at its last word; 0 for none.",
        each("oldest_s"),
    )
    yield from _lines(
        "foyer_kiosk_disk_used_percent",
        "gauge",
        "How full its disk is.",
        [(_kiosk(one.kiosk), one.disk_percent) for one in figures.kiosks if one.disk_percent],
    )
    clocks = [(one, one.ahead_us) for one in figures.kiosks if one.ahead_us is not None]
    yield from _lines(
        "foyer_kiosk_clock_offset_seconds",
        "gauge",
        "Its clock less the hub's at its last word, less the way here; above 0 it is ahead.",
        [(_kiosk(one.kiosk), ahead_us / US) for one, ahead_us in clocks],
    )
    yield from _lines(
        "foyer_kiosk_clock_synchronised",
        "gauge",
        "1 if it says that its clock is right.",
        [(_kiosk(one.kiosk), one.synced) for one, _ in clocks],
    )
    yield from _lines(
        "foyer_kiosk_chain_breaks",
        "gauge",
        "Events that do not follow those it signed as the events before.",
        each("breaks"),
    )
    yield from _lines("foyer_kiosk_feed_revision", "gauge", "Revision it has.", each("revision"))
    yield from _lines("foyer_kiosk_heard_age_seconds", "gauge", "Since its last word.", heard)
    yield from _lines(
        "foyer_gap_events",
        "gauge",
        "Events missing before others that are here.",
        [(_kiosk(gap.kiosk), gap.missing) for gap in figures.gaps],
    )
    yield from _lines(
        "foyer_quarantined",
        "gauge",
        "What could not be understood.",
        [('{state="waiting"}', figures.quarantined), ('{state="put_away"}', figures.put_away)],
    )
    yield from _lines(
        "foyer_gone_events",
        "gauge",
        "Events that will never come: the hub was restored from a copy older than what kiosks keep.",
        [(_kiosk(gap.kiosk), gap.missing) for gap in figures.gone],
    )
    if figures.oldest_received_us:
        kept_s = (at_us - figures.oldest_received_us) / US
        yield from _lines(
            "foyer_oldest_event_age_seconds",
            "gauge",
            "Since the oldest tap kept as it was came.",
            [("", kept_s)],
        )
    yield from _lines("foyer_feed_revision", "gauge", "Of the hub's feed.", [("", figures.revision)])
    if figures.last_received_us:
        age_s = (at_us - figures.last_received_us) / US
        yield from _lines("foyer_last_event_age_seconds", "gauge", "Since the last commit.", [("", age_s)])


def _meters(meters: Meters, *, synced: bool) -> Iterator[str]:
    yield from _lines("foyer_line_up", "gauge", "1 if the broker answers.", [("", meters.line_up)])
    yield from _lines("foyer_clock_synchronised", "gauge", "1 if the hub's clock is right.", [("", synced)])
    yield from _lines("foyer_events_total", "counter", "Events taken in.", [("", meters.stored)])
    yield from _lines(
        "foyer_duplicates_total", "counter", "Events that came again, stored once.", [("", meters.repeated)]
    )
    yield from _lines(
        "foyer_ingest_lag_seconds",
        "summary",
        "From tap to commit.",
        [("_sum", meters.lag_sum_s), ("_count", meters.lag_count)],
    )
    yield from _lines(
        "foyer_kiosk_clock_and_lag_seconds",
        "gauge",
        "Hub's clock at the commit less the kiosk's at the tap, newest event; below 0, they disagree.",
        [(_kiosk(kiosk), lag_s) for kiosk, lag_s in meters.lag_last_s.items()],
    )


def _kiosk(name: str) -> str:
    escaped = name.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
    return f'{{kiosk="{escaped}"}}'


def _lines(name: str, kind: str, told: str, samples: Iterable[Sample]) -> list[str]:
    values = [f"{name}{label} {float(value):.15g}" for label, value in samples]
    return [f"# HELP {name} {told}", f"# TYPE {name} {kind}", *values] if values else []
