"""Who is told that somebody is in.

Pure.  Both must have said so: each asked for the other, or the other agreed beforehand to be found.  Whoever
asks in vain learns nothing, and whoever is asked for learns nothing, until both are in and both said so.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from community.ids import MemberId
from community.introductions.pairing import Pair, pair
from community.members import Member, Mood


@dataclass(frozen=True, slots=True)
class Around:
    """Who is in, and what holds between people."""

    members: Mapping[MemberId, Member]
    """The directory."""
    moods: Mapping[MemberId, Mood | None]
    """Of everybody who is in."""
    barred: Collection[Pair] = frozenset()
    """Pairs of whom one said that they would rather not."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What members asked for."""

    wishes: Collection[tuple[MemberId, MemberId]] = ()
    """Who asked, and for whom."""
    reached: Collection[MemberId] = ()
    """Who left an address."""
    found: Collection[MemberId] = ()
    """Who agreed beforehand to be found by whoever asks for them."""


def may_be_named(to: MemberId, about: MemberId, around: Around) -> bool:
    """Say whether one member may be told that another is in, as things stand now.

    Args:
        to: Who would be told.
        about: Who would be named.
        around: Who is in.
    """
    one, other = around.members.get(to), around.members.get(about)
    if one is None or other is None or to == about:
        return False
    if not {to, about} <= around.moods.keys():
        return False
    return (
        one.visibility.members
        and other.visibility.members
        and Mood.HEADS_DOWN not in {around.moods[to], around.moods[about]}
        and not one.avoids(other)
        and pair(to, about) not in around.barred
    )


def agreed(asked: Asked) -> tuple[tuple[MemberId, MemberId], ...]:
    """Return the wishes to which both said yes and whose owner can be told, in the order of their ids."""
    wishes = set(asked.wishes)
    return tuple(
        (to, about)
        for to, about in sorted(wishes)
        if to in asked.reached and ((about, to) in wishes or about in asked.found)
    )


def both_in(asked: Asked, around: Around) -> tuple[tuple[MemberId, MemberId], ...]:
    """Return who is told now, and of whom, in the order of their ids.

    Args:
        asked: What members asked for.
        around: Who is in.
    """
    return tuple((to, about) for to, about in agreed(asked) if may_be_named(to, about, around))


def can_be_chosen(chooser: MemberId, members: Mapping[MemberId, Member]) -> tuple[Member, ...]:
    """Return whom a member may ask for, in the order of their ids: who lets other members read their name.

    Nobody is left out because one of the two avoids the other: the list would tell.  Such a wish is kept
    and never comes true.
    """
    return tuple(
        member for _, member in sorted(members.items()) if member.id != chooser and member.visibility.members
    )
