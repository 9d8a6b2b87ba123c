"""What each outcome writes to the log."""

from typing import get_args

import pytest

from community.badges import BadgeStatus
from community.events import (
    Answer,
    Answered,
    AnswerUndone,
    CardOpened,
    CheckedIn,
    CheckedOut,
    CheckOutUndone,
    Event,
    FoundUseful,
    MeetingUndone,
    Met,
    MoodChosen,
    RefusedBadgeTapped,
    TableAnswered,
    UnknownBadgeTapped,
    UnprovenBadgeTapped,
)
from community.ids import TableId
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
    events_of,
)
from community.proofs import ProofFault
from tests.community.samples import ADA, BEN, NINE, badge

COFFEE = TableId("t-1")

WRITES: list[tuple[Outcome, tuple[Event, ...]]] = [
    (Arrived(ADA, NINE), (CheckedIn(ADA),)),
    (OwnCard(ADA, NINE), (CardOpened(ADA),)),
    (Left(ADA, NINE, NINE), (CheckedOut(ADA),)),
    (LeaveUndone(ADA, NINE), (CheckOutUndone(ADA),)),
    (MetEachOther(ADA, BEN), (Met(ADA, BEN),)),
    (MetUndone(ADA, BEN), (MeetingUndone(ADA, BEN),)),
    (MoodSet(ADA, Mood.HELLO), (MoodChosen(ADA, Mood.HELLO),)),
    (SeatTaken(ADA, COFFEE), (TableAnswered(ADA, COFFEE, coming=True),)),
    (SeatGivenUp(ADA, COFFEE), (TableAnswered(ADA, COFFEE, coming=False),)),
    (Said(ADA, BEN, Answer.MET), (Answered(ADA, BEN, Answer.MET),)),
    (SaidUseful(ADA, BEN, useful=True), (FoundUseful(ADA, BEN, useful=True),)),
    (Unsaid(Said(ADA, BEN, Answer.RATHER_NOT)), (AnswerUndone(ADA, BEN),)),
    (Unsaid(SaidUseful(ADA, BEN, useful=True)), ()),
    (Unknown(badge(9)), (UnknownBadgeTapped(badge(9)),)),
    (Refused(badge(8), BadgeStatus.LOST), (RefusedBadgeTapped(badge(8), BadgeStatus.LOST),)),
    (NotProven(badge(8), ProofFault.REPLAYED), (UnprovenBadgeTapped(badge(8), ProofFault.REPLAYED),)),
    (CannotLink(), ()),
]


@pytest.mark.parametrize(("outcome", "events"), WRITES)
def test_an_outcome_writes_what_happened_and_nothing_else(outcome: Outcome, events: tuple[Event, ...]):
    assert events_of(outcome) == events


def test_every_outcome_stands_in_that_table():
    assert {type(outcome) for outcome, _ in WRITES} == set(get_args(Outcome))


def test_an_answer_taken_back_was_its_giver_s():
    assert Unsaid(Said(ADA, BEN, Answer.MET)).member_id == ADA
