"""How two people's items can meet, and which items stand on either side.  Pure."""

from datetime import date
from enum import Enum
from typing import assert_never

from community.members import Intent, Member


class Kind(Enum):
    """What two items are to each other."""

    OFFER = "offer"
    """A need, and an offer that answers it."""
    KNOWLEDGE = "knowledge"
    """A need, and something known about it by somebody willing to be asked."""
    INTEREST = "interest"
    """Two interests."""


def brought(member: Member, kind: Kind, day: date) -> tuple[str, ...]:
    """Return the items with which a member stands on the first side: what they need, or like."""
    return member.interests if kind is Kind.INTEREST else member.open_needs(day)


def answering(member: Member, kind: Kind) -> tuple[str, ...]:
    """Return the items with which a member stands on the other side: what they offer, know, or like.

    Who is glad to be asked is asked about what they wrote for that; who is glad to advise, about their
    trade and everything they do.
    """
    match kind:
        case Kind.OFFER:
            return member.offers
        case Kind.KNOWLEDGE:
            asked = member.ask_about if member.open_to(Intent.BE_ASKED) else ()
            experience = (member.trade, *member.offers, *member.interests)
            return (*asked, *(experience if member.open_to(Intent.ADVISE) else ()))
        case Kind.INTEREST:
            return member.interests
        case _:
            assert_never(kind)
