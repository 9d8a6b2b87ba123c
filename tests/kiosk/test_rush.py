"""Sixty taps a minute: nobody waits for the screen, everybody is greeted, and the last few stay readable."""

from itertools import pairwise
from pathlib import Path
from statistics import median
from time import monotonic

import msgspec

from community.ids import MemberId
from community.members import Comfort
from kiosk.core.greeted import STRIPS_AT_MOST
from kiosk.core.keys import TOUCH_KEY
from kiosk.core.views import Greeting, Lobby, OwnCard
from tests.fakes.community import LEA, NAMED
from tests.fakes.doors import items, running

PEOPLE = 60
AT_ONCE_MS = 500.0
"""Nobody notices less; a busy machine of tests needs far less than that."""


def crowd() -> list:
    """People with badges of their own, who may be introduced."""
    return [
        msgspec.structs.replace(
            LEA, id=MemberId(f"{n:02}-rush"), name=f"Personne {n}", needs=(), visibility=NAMED
        )
        for n in range(PEOPLE)
    ]


async def test_sixty_arrivals_in_a_minute_are_each_greeted_at_once_with_the_last_three_below(tmp_path: Path):
    people = crowd()
    async with running(tmp_path / "kiosk.db", items(*people)) as door:
        waits_ms = []
        for n, member in enumerate(people):
            began_s = monotonic()
            await door.tap_of(member, after_s=1.0)
            waits_ms.append((monotonic() - began_s) * 1000)
            view = door.screen.last
            assert isinstance(view, Greeting)
            assert view.headline.endswith(member.name)
            strips = [view.small, *view.earlier] if view.small is not None else []
            names = [strip.name for strip in strips if strip is not None]
            assert names == [p.name for p in people[max(0, n - STRIPS_AT_MOST) : n]][::-1]
        assert median(waits_ms) < AT_ONCE_MS
        kinds = door.screen.kinds()
        assert kinds.count("Greeting") == PEOPLE
        assert all(a == b == "Greeting" for a, b in pairwise(kinds[kinds.index("Greeting") :]))


async def test_a_greeting_stays_as_long_as_its_reader_wishes_and_any_key_gives_that_again(tmp_path: Path):
    slow = msgspec.structs.replace(LEA, comfort=Comfort(large_text=True, stays_s=90))
    async with running(tmp_path / "kiosk.db", items(slow)) as door:
        await door.tap_of(slow)
        view = door.screen.last
        assert isinstance(view, Greeting)
        assert (view.shown_for_s, view.large) == (90.0, True)
        for key in ("x", TOUCH_KEY):
            before = door.taps.scene._end
            assert before is not None
            door.taps.press(key)
            await door.tap_of(slow, after_s=0.5)  # a bounce: dealt with after the key, shows nothing new
            after = door.taps.scene._end
            assert after is not None
            assert after.when() > before.when()
            assert before.cancelled()
        await door.tap_of(slow)
        card = door.screen.last
        assert isinstance(card, OwnCard)
        assert (card.shown_for_s, card.large) == (90.0, True)


async def test_a_key_at_rest_changes_nothing(tmp_path: Path):
    async with running(tmp_path / "kiosk.db", items(LEA)) as door:
        door.taps.press("x")
        await door.tap_of(LEA)
        assert isinstance(door.screen.views.all[0], Lobby)
