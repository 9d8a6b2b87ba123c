"""Every outcome has its light and its tone, and each is told apart."""

from typing import get_args

import pytest

from community.badges import BadgeHash, BadgeStatus
from community.events import Answer
from community.ids import MemberId, TableId
from community.members import Mood
from community.outcomes import (
    Arrived,
    CannotLink,
    LeaveUndone,
    Left,
    MetEachOther,
    MetUndone,
    MoodSet,
    NotProven,
    Outcome,
    OwnCard,
    Refused,
    Said,
    SaidUseful,
    SeatGivenUp,
    SeatTaken,
    Unknown,
    Unsaid,
)
from community.proofs import ProofFault
from firmware_bridge.door import Glow, Tone
from kiosk.core.pieces import Attention
from kiosk.core.signs import (
    ACCEPTED,
    LEFT,
    LOOK,
    MET,
    NOT_NOTED,
    NOTED,
    QUIETLY,
    REFUSED,
    STRANGE,
    Sign,
    again,
    resting,
    sign_of,
)
from tests.community.samples import NINE

ONE, OTHER, TABLE = MemberId("m-1"), MemberId("m-2"), TableId("t-1")
SAID = Said(ONE, OTHER, Answer.MET)

SIGNS = [
    (Arrived(ONE, NINE), ACCEPTED),
    (OwnCard(ONE, NINE), LOOK),
    (Left(ONE, NINE, NINE), LEFT),
    (LeaveUndone(ONE, NINE), ACCEPTED),
    (MetEachOther(ONE, OTHER), MET),
    (MetUndone(ONE, OTHER), NOTED),
    (MoodSet(ONE, Mood.OPEN), QUIETLY),
    (SeatTaken(ONE, TABLE), NOTED),
    (SeatGivenUp(ONE, TABLE), NOTED),
    (SAID, QUIETLY),
    (SaidUseful(ONE, OTHER, useful=True), QUIETLY),
    (Unsaid(SAID), QUIETLY),
    (Unknown(BadgeHash("k1:00")), STRANGE),
    (Refused(BadgeHash("k1:00"), BadgeStatus.LOST), REFUSED),
    (NotProven(BadgeHash("k1:00"), ProofFault.REPLAYED), REFUSED),
    (CannotLink(), STRANGE),
]


@pytest.mark.parametrize(("outcome", "sign"), SIGNS, ids=lambda value: type(value).__name__)
def test_every_outcome_has_its_sign(outcome, sign):
    assert sign_of(outcome) == sign


def test_no_outcome_is_missing_above():
    assert {type(outcome) for outcome, _ in SIGNS} == set(get_args(Outcome))


def test_a_bounce_lights_up_and_does_not_beep_again():
    for sign in (ACCEPTED, LOOK, REFUSED, QUIETLY):
        assert again(sign) == Sign(sign.glow)


def test_light_and_tone_of_a_sign_say_the_same():
    assert (ACCEPTED.tone, LOOK.tone, REFUSED.tone) == (Tone.ACCEPTED, Tone.LOOK, Tone.REFUSED)
    assert (NOT_NOTED.glow, NOT_NOTED.tone) == (Glow.TROUBLE, Tone.REFUSED)
    assert {ACCEPTED.glow, LOOK.glow, REFUSED.glow} == {Glow.ACCEPTED, Glow.LOOK, Glow.REFUSED}


@pytest.mark.parametrize("attention", Attention)
def test_trouble_goes_before_a_welcome(attention):
    assert resting(attention, trouble=True) is Glow.TROUBLE
    calm = resting(attention, trouble=False)
    assert calm is (Glow.WELCOME if attention is Attention.AWAKE else Glow.REST)
