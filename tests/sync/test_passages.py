"""About how many more people than badges: an estimate of the doors that have a beam, and never of few."""

import pytest

from community.events import BeamCounted, CheckedIn, CheckedOut
from community.ids import KioskId, MemberId
from sync.presence import Happened
from sync.views.passages import Passages, passages
from tests.community.samples import NINE

FRONT, GARDEN = KioskId("front"), KioskId("garden")


def came(who: str, kiosk: KioskId = FRONT) -> Happened:
    return Happened(NINE, kiosk, CheckedIn(MemberId(who)))


def counted(count: int, kiosk: KioskId = FRONT) -> Happened:
    return Happened(NINE, kiosk, BeamCounted(count, 900))


def test_without_a_beam_there_is_nothing_to_say():
    assert passages([]) is None
    assert passages([came("m-1")]) is None


def test_only_taps_at_doors_with_a_beam_stand_beside_it():
    day = [came("m-1"), came("m-2", GARDEN), counted(10), counted(2), came("m-1")]
    day.append(Happened(NINE, FRONT, CheckedOut(MemberId("m-1"))))
    assert passages(day) == Passages(12, 1)
    assert passages([*day, counted(1, GARDEN)]) == Passages(13, 2)


@pytest.mark.parametrize(
    ("count", "badges", "more"), [(30, 10, 0), (36, 10, 0), (39, 10, 3), (90, 10, 20), (3, 10, 0)]
)
def test_fewer_than_three_are_nobody_in_particular(count, badges, more):
    assert Passages(count, badges).more == more
