"""The parts of the page "Now", and which of them a browser has not seen yet."""

import asyncio
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from plumbing.ballast import ALARM_PERCENT, used_percent
from plumbing.clock import Clock
from plumbing.database import Database
from sync.dashboard.rendering import Pages
from sync.dashboard.sessions import Visitor
from sync.live import Live
from sync.presence import Presence
from sync.views.now import Now, read_now

NAMES = ("presence", "guests", "badges", "agenda", "today", "kiosks", "people")
"""Ids of the elements on the page; `<name>.html` is the template of each."""

GAP_S = 0.05
"""Seconds between two readings for open pages at least; with a tap's way to here, a quarter of one in all."""

SHOWS: Mapping[str, tuple[str, ...]] = {
    "presence": ("roster", "unknown", "refused", "moments", "passages"),
    "guests": ("guests",),
    "badges": ("unknown", "refused"),
    "agenda": ("agenda",),
    "today": ("moments", "doings"),
    "kiosks": ("kiosks", "gaps", "gone", "quarantined", "put_away", "disk_percent"),
    "people": ("choices",),
}
"""What of `Now` each part is drawn from, besides the day: it is drawn anew only when one of these changed.
Most of a busy hub's time went into drawing what was the same as before."""

SHARED_FOR = timedelta(seconds=1)
"""One reading serves every stream for this long, as long as nothing changed."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The parts as one visitor sees them at one moment."""

    html: Mapping[str, str]
    """By name, in the order of `NAMES`."""
    fingerprints: tuple[str, ...]
    """One for each part; equal exactly when the part is."""

    @property
    def id(self) -> str:
        """The version of all parts: what a browser gives back as `Last-Event-ID`."""
        return ".".join(self.fingerprints)

    def changed_since(self, seen: str) -> dict[str, str]:
        """Return the parts that differ from those of an earlier `id`; all of them if it is none of ours."""
        old = seen.split(".")
        if len(old) != len(NAMES):
            return dict(self.html)
        known = dict(zip(NAMES, old, strict=True))
        new = dict(zip(NAMES, self.fingerprints, strict=True))
        return {name: html for name, html in self.html.items() if known[name] != new[name]}


class Sections:
    """Reads and renders the parts.  Lives as long as the dashboard."""

    def __init__(
        self, *, database: Database, presence: Presence, live: Live, clock: Clock, pages: Pages
    ) -> None:
        self._database = database
        self._presence = presence
        self._live = live
        self._clock = clock
        self._pages = pages
        self._key = secrets.token_bytes(16)
        self._reading = asyncio.Lock()
        self._last: tuple[int, Now] | None = None
        self._read_s = -GAP_S
        """When the latest reading for streams was made, monotonic seconds."""
        self._drawn: dict[str, tuple[tuple[object, ...], dict[tuple[str, str], tuple[str, str]]]] = {}
        """Of each part, from what it was drawn; then by language and form token how, with a fingerprint."""

    async def read(self) -> Now:
        """Read everything afresh."""
        at = self._clock.at()
        visits, happened = self._presence.present(at), self._presence.today(at)
        hours = self._presence.hours
        file = self._database.file
        disk_percent = 0 if file is None else used_percent(file.parent)
        return await self._database.read(lambda c: read_now(c, visits, happened, hours, at, disk_percent))

    async def read_shared(self) -> Now:
        """Read everything as it is now or later, or return what another stream has read since it was asked.

        Readings are `GAP_S` apart: however many pages are open, a burst of taps is read and drawn once.
        """
        wanted = self._live.version
        async with self._reading:
            if self._last is None or self._last[0] < wanted or not self._is_fresh(self._last[1]):
                await asyncio.sleep(max(0.0, self._read_s + GAP_S - self._clock.now_s()))
                version = self._live.version
                self._last = (version, await self.read())
                self._read_s = self._clock.now_s()
            return self._last[1]

    def show(self, now: Now, visitor: Visitor) -> Shown:
        """Render every part for one visitor."""
        token = visitor.form_token
        forms = {"badges": now.unknown, "guests": now.guests}  # no forms, no token
        parts = {
            name: self._part(name, now, visitor.language, token if forms.get(name) else "") for name in NAMES
        }
        return Shown(
            {name: html for name, (html, _) in parts.items()},
            tuple(fingerprint for _, fingerprint in parts.values()),
        )

    def _part(self, name: str, now: Now, language: str, token: str) -> tuple[str, str]:
        """Return a part and its fingerprint: as it was drawn before, if it would be the same."""
        day = now.at.astimezone(self._presence.hours.zone).date()
        drawn_from = (day, *(getattr(now, shown) for shown in SHOWS[name]))
        if name not in self._drawn or self._drawn[name][0] != drawn_from:
            self._drawn[name] = (drawn_from, {})
        drawn = self._drawn[name][1]
        if (language, token) not in drawn:
            html = self._pages.render(
                f"{name}.html", language, now=now, alarm_percent=ALARM_PERCENT, form_token=token
            )
            drawn[language, token] = (html, self._fingerprint(html))
        return drawn[language, token]

    def _is_fresh(self, now: Now) -> bool:
        return timedelta(0) <= self._clock.at() - now.at < SHARED_FOR

    def _fingerprint(self, part: str) -> str:
        # keyed with what only this process knows: it says nothing about what was on the page
        return hashlib.blake2b(part.encode(), key=self._key, digest_size=6).hexdigest()


def partials(parts: Mapping[str, str]) -> str:
    """Return HTML that tells htmx to put each part in its place, keeping focus and what is typed."""
    return "".join(
        f'<hx-partial hx-target="#{name}" hx-swap="innerMorph">\n{part}\n</hx-partial>\n'
        for name, part in parts.items()
    )
