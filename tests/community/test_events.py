"""Events: what may stand in a log, and what may not."""

from types import NoneType
from typing import get_args, get_type_hints

import msgspec

from community.badges import BadgeHash, BadgeStatus
from community.events import (
    Answer,
    AnyBadge,
    BadgeLinkAsked,
    BeamCounted,
    CardOpened,
    Event,
    Introduced,
    PinRefused,
    RefusedBadgeTapped,
    RollCallOpened,
    SettingName,
    Shown,
    UnknownBadgeTapped,
    UnprovenBadgeTapped,
    Weighed,
    for_other_doors,
    members_of,
)
from community.guests import Seal
from community.ids import Count, MemberId, Number, TableId
from community.introductions.pairing import Origin, Pairing, Share
from community.introductions.slots import Slot
from community.members import Mood
from community.proofs import ProofFault
from tests.contract.messages import ONE, OTHER, RECORDS, THIRD

PEOPLE = (ONE, OTHER, THIRD, MemberId("m-04e1"))
KINDS = {event.__struct_config__.tag: event for event in get_args(Event)}


def test_a_kind_once_written_to_a_log_is_never_renamed():
    assert set(KINDS) >= {
        "beam_counted",
        "card_opened",
        "check_out_undone",
        "checked_in",
        "checked_out",
        "guest_came",
        "introduced",
        "meeting_undone",
        "met",
        "mood_chosen",
        "refused_badge",
        "unknown_badge",
    }


def test_every_event_says_its_kind_and_no_two_say_the_same():
    assert len(KINDS) == len(get_args(Event))
    assert {event.__struct_config__.tag_field for event in KINDS.values()} == {"kind"}


def test_an_event_holds_ids_hashes_and_closed_sets_never_free_text():
    allowed = {
        *(MemberId, BadgeHash, AnyBadge, TableId, NoneType, bool, Share, SettingName, Seal),
        *(BadgeStatus, Mood, Slot, Answer, Origin, ProofFault, Number, Count),
        *(MemberId | None, Pairing, tuple[Shown, ...], tuple[Weighed, ...]),
    }
    for kind in (*KINDS.values(), Shown, Weighed, Pairing):
        assert set(get_type_hints(kind, include_extras=True).values()) <= allowed, kind


def test_no_event_can_be_changed_after_it_was_made():
    assert all(event.__struct_config__.frozen for event in KINDS.values())


def test_other_doors_are_told_of_members_and_of_nothing_that_is_for_learning():
    for name, record in RECORDS.items():
        event = record.event
        told = for_other_doors(event)
        match event:
            case (
                CardOpened()
                | UnknownBadgeTapped()
                | RefusedBadgeTapped()
                | UnprovenBadgeTapped()
                | BeamCounted()
                | BadgeLinkAsked()
                | RollCallOpened()
                | PinRefused()
            ):
                assert told is None, name
            case Introduced(member=member, shown=shown):
                assert told == Introduced(member, shown)
            case _:
                assert told is event, name
        assert told is None or for_other_doors(told) == told, "told on, it would be another event"


def test_whoever_an_event_names_is_found():
    for name, record in RECORDS.items():
        written = msgspec.json.encode(record.event).decode()
        named = {member for member in PEOPLE if f'"{member}"' in written}
        assert set(members_of(record.event)) == named, name
