"""Who was greeted just now and may still be reading: nobody waits, and nobody's greeting is erased.

Pure.  A greeting that is pushed aside by the next arrival goes on as a strip under it, for as long as it
would have stayed; under a rush the last few do.
"""

from dataclasses import dataclass

from community.ids import MemberId
from community.introductions.introduction import Introduction

STRIPS_AT_MOST = 3
"""Strips under a greeting: what three people at the door can find themselves in at a glance."""


@dataclass(frozen=True, slots=True)
class Greeted:
    """One greeting that was shown."""

    member_id: MemberId
    introductions: tuple[Introduction, ...]
    until_s: float
    """Monotonic seconds up to which it would have stayed."""


@dataclass(frozen=True, slots=True)
class Greetings:
    """Those shown since the screen was last at rest, the newest first."""

    shown: tuple[Greeted, ...] = ()

    def greet(self, greeted: Greeted, now_s: float) -> "Greetings":
        """Return them with another one; who is greeted again is there once, and who has gone is forgotten."""
        others = (one for one in self.reading(now_s) if one.member_id != greeted.member_id)
        return Greetings((greeted, *others)[: STRIPS_AT_MOST + 1])

    def reading(self, now_s: float) -> tuple[Greeted, ...]:
        """Return those whose time is not over, the newest first."""
        return tuple(one for one in self.shown if now_s < one.until_s)

    def before(self, member_id: MemberId, now_s: float) -> tuple[Greeted, ...]:
        """Return those who may still be reading besides this member: at most `STRIPS_AT_MOST`."""
        return tuple(one for one in self.reading(now_s) if one.member_id != member_id)[:STRIPS_AT_MOST]
