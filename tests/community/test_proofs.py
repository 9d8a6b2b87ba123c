"""What a badge must show, and why it did not."""

from itertools import product

import pytest

from community.badges import BadgeHash
from community.proofs import Level, ProofFault, Shown, fault_of, strongest
from community.secrets import BadgeSecret, MetaKey

MESSAGE, ASKED_EACH_OTHER = Shown(1, 7), Shown(1)


def test_the_harder_to_copy_is_asked_for_whoever_asks():
    order = list(Level)
    for one, other in product(order, order):
        assert strongest(one, other) is order[max(order.index(one), order.index(other))]


@pytest.mark.parametrize(
    ("asked", "shown", "fault"),
    [
        *((level, shown, None) for level in (Level.UID, Level.PIN) for shown in (None, *ProofFault, MESSAGE)),
        *((level, None, ProofFault.MISSING) for level in (Level.SUN, Level.MUTUAL)),
        *((level, fault, fault) for level in (Level.SUN, Level.MUTUAL) for fault in ProofFault),
        *((level, Shown(2, 9), ProofFault.WRONG_KEY) for level in (Level.SUN, Level.MUTUAL)),
        (Level.SUN, MESSAGE, None),
        (Level.SUN, ASKED_EACH_OTHER, None),
        (Level.MUTUAL, ASKED_EACH_OTHER, None),
        (Level.MUTUAL, MESSAGE, ProofFault.MISSING),
    ],
)
def test_what_is_shown_is_held_against_what_is_asked(
    asked: Level, shown: Shown | ProofFault | None, fault: ProofFault | None
):
    assert fault_of(asked, 1, shown) is fault


def test_no_key_stands_in_a_repr():
    secret = BadgeSecret(BadgeHash("k1:0"), 1, b"sun key of badge", b"key asked by it!")
    assert "sun key" not in repr(secret)
    assert "asked" not in repr(secret)
    assert "meta" not in repr(MetaKey(1, b"the meta key ..!"))
