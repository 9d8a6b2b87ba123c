"""What screens at the door show of one member, drawn by the kiosk's own code for their page at the hub."""

import functools
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import kiosk
from community.clock import Hours
from community.desk_rules import Rules
from community.ids import MemberId
from community.introductions.introduction import Introduction
from community.introductions.reasons import BothLike, OpenToChat, Reason, TheyNeed, TheyOffer
from community.introductions.slots import Slot
from community.members import Member, Space, Visibility
from kiosk.core.directory import Directory
from kiosk.core.guests import Guest
from kiosk.core.lobby import lobby_of
from kiosk.core.pieces import Span
from kiosk.core.present import Presenter
from kiosk.core.sentences import Words
from kiosk.core.speaker import Speaker
from kiosk.core.waiting import Waiting
from plumbing import words
from sync.dashboard.own_preview import CardLook, DoorLook

LOCALE = Path(kiosk.__file__).parent / "locale"

SOMEBODY = MemberId("somebody")
"""Who reads the greeting: made up, and suits whatever the member wrote first."""


def draw_door(member: Member, space: Space, hours: Hours, at: datetime, language: str) -> DoorLook:
    """Return what the lobby and another member's greeting show of a member who is in.

    Args:
        member: As they would be.
        space: The place.
        hours: Its zone and closing time.
        at: Now, aware.
        language: Of who reads; the greeting is in it if kiosks speak it.
    """
    reader = Member(
        SOMEBODY,
        "",
        (language,),
        visibility=Visibility(members=True),
        introductions=True,
        needs=member.offers,
    )
    directory = Directory({member.id: member, SOMEBODY: reader}, {}, space, {})
    catalogues = _catalogues()
    lobby = lobby_of(
        Speaker(directory, catalogues, hours),
        [Guest(member, at)],
        at,
        synced=True,
        met_this_week=0,
        trouble=None,
    )
    slot, reason = _reason(member, hours.day_of(at))
    greeting = Presenter(directory, catalogues, hours, Rules()).greeting(
        SOMEBODY, at, [Introduction(member.id, slot, reason, 1.0)], waiting=Waiting(2)
    )
    card = greeting.cards[0] if greeting.cards else None
    return DoorLook(
        lobby.present_line,
        lobby.names[0].name if lobby.names else "",
        lobby.looking_for,
        lobby.offering,
        None
        if card is None
        else CardLook(card.name, card.trade, card.slot_label, _text(card.reason), card.place or ""),
    )


@functools.cache
def _catalogues() -> Mapping[str, Words]:
    return words.load("kiosk", LOCALE)


def _reason(member: Member, day: date) -> tuple[Slot, Reason]:
    """Return why somebody would be shown this member: somebody whom they suit best."""
    if member.offers:
        return Slot.PARTNER, TheyOffer(member.offers[0], member.offers[0])
    if needs := member.open_needs(day):
        return Slot.PARTNER, TheyNeed(needs[0], needs[0])
    if member.interests:
        return Slot.NEIGHBOUR, BothLike(member.interests[0], member.interests[0])
    return Slot.NEIGHBOUR, OpenToChat()


def _text(spans: tuple[Span, ...]) -> str:
    return "".join(span.text for span in spans)
