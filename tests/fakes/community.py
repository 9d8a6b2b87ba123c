"""A few made-up members, as a kiosk's directory knows them."""

import zlib
from datetime import date, datetime

import numpy as np

from community.badges import Badge, BadgeHash, BadgeKey
from community.clock import Hours
from community.ids import MemberId
from community.introductions.vectors import item_key, pack
from community.introductions.wording import ItemVectors, TextModel
from community.members import Member, Space, Visibility
from kiosk.core.directory import Directory
from kiosk.core.lore import lore_of
from kiosk.core.room import Room

TEXT = TextModel("bag-of-words", 64, intercept=-4.0, slope=8.0, least=0.5, least_alike=0.6)
"""Reads vectors of `words_of`: half of the words in common is a reason."""

KEY = BadgeKey(1, b"k" * 32)

NAMED = Visibility(lobby=True, members=True)
COUNTED = Visibility(lobby=False, members=True)
HIDDEN = Visibility(lobby=False, members=False, hosts=False)

LEA = Member(
    MemberId("lea"),
    "Léa",
    languages=("fr", "en"),
    trade="illustratrice",
    needs=("une traduction de contrats",),
    offers=("illustration jeunesse",),
    interests=("céramique",),
    visibility=NAMED,
    introductions=True,
)
AMINA = Member(
    MemberId("amina"),
    "Amina",
    languages=("fr", "en"),
    trade="traductrice",
    offers=("traduction de contrats",),
    interests=("jazz",),
    place="Atelier, table 4",
    visibility=NAMED,
    introductions=True,
)
YUKI = Member(
    MemberId("yuki"),
    "Yuki",
    languages=("en",),
    trade="",
    needs=("illustration for a children's book",),
    interests=("céramique",),
    visibility=NAMED,
    introductions=True,
    joined=date(2026, 11, 16),
)
COUNTED_ONE = Member(
    MemberId("counted"),
    "Clara Compte",
    needs=("un secret de Clara",),
    offers=("traduction de contrats",),
    visibility=COUNTED,
    introductions=True,
)
HIDDEN_ONE = Member(
    MemberId("hidden"),
    "Hugo Caché",
    needs=("un secret de Hugo",),
    offers=("traduction de contrats",),
    interests=("céramique",),
    visibility=HIDDEN,
    introductions=True,
)
EVERYBODY = (LEA, AMINA, YUKI, COUNTED_ONE, HIDDEN_ONE)


def uid_of(member: Member) -> bytes:
    """The number of a member's badge."""
    return b"\x04" + member.id.encode()[:6].ljust(6, b"\x00")


def badge_of(member: Member) -> BadgeHash:
    """What stands for a member's badge."""
    return KEY.hash(uid_of(member))


def words_of(member: Member) -> ItemVectors:
    """What a very simple text understanding makes of a member's items: one place a word."""
    vectors = {}
    for item in (*member.needs, *member.offers, *member.interests, *member.ask_about, member.trade):
        vector = np.zeros(TEXT.size, np.float32)
        for word in item.split():
            vector[zlib.crc32(word.encode()) % TEXT.size] += 1
        vectors[item_key(item)] = pack(vector / max(1.0, float(np.linalg.norm(vector))))
    return ItemVectors(TEXT.name, vectors)


def directory_of(*members: Member, space: Space | None = None) -> Directory:
    """A directory of some members, by default of everybody, each with a badge."""
    who = members or EVERYBODY
    return Directory(
        {member.id: member for member in who},
        {badge_of(member): Badge(badge_of(member), member.id) for member in who},
        space or Space("Le Nook"),
        {member.id: words_of(member) for member in who},
        TEXT,
    )


def taught(room: Room, hours: Hours, at: datetime) -> Room:
    """Let a room think introductions over at once, as the kiosk does beside its loop."""
    day = hours.day_of(at)
    room.lore = lore_of(room.directory, day, "le-nook", room.memory.before(day), room.lore)
    return room
