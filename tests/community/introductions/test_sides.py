"""Sides: which items of two people are held against each other."""

from datetime import timedelta

from community.introductions.sides import Kind, answering, brought
from community.members import Intent
from tests.community.introductions.people import TODAY
from tests.community.samples import willing

WRITER = willing(
    "m-writer",
    needs=("a logo", "a printer"),
    needs_until=(TODAY - timedelta(days=1),),
    offers=("texts",),
    interests=("jazz",),
    ask_about=("publishing",),
    trade="writer",
)


def said(*intents: Intent):
    return willing("m-x", offers=("texts",), interests=("jazz",), ask_about=("publishing",), trade="writer",
                   intents=intents)  # fmt: skip


def test_needs_that_ended_are_not_brought():
    assert brought(WRITER, Kind.OFFER, TODAY) == brought(WRITER, Kind.KNOWLEDGE, TODAY) == ("a printer",)
    assert brought(WRITER, Kind.OFFER, TODAY - timedelta(days=1)) == ("a logo", "a printer")


def test_interests_meet_interests_and_needs_meet_offers():
    assert brought(WRITER, Kind.INTEREST, TODAY) == answering(WRITER, Kind.INTEREST) == ("jazz",)
    assert answering(WRITER, Kind.OFFER) == ("texts",)


def test_people_are_asked_only_what_they_like_to_be_asked():
    assert answering(said(), Kind.KNOWLEDGE) == ("publishing",)
    assert answering(said(Intent.BUSINESS), Kind.KNOWLEDGE) == ()
    assert answering(said(Intent.BE_ASKED), Kind.KNOWLEDGE) == ("publishing",)
    assert answering(said(Intent.ADVISE), Kind.KNOWLEDGE) == ("writer", "texts", "jazz")
