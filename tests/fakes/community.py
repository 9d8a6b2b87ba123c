"""A few made-up members, as a kiosk's directory knows them."""

from datetime import date

from community.badges import Badge, BadgeHash, BadgeKey
from community.ids import MemberId
from community.members import Member, Space, Visibility
from kiosk.core.directory import Directory

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


def directory_of(*members: Member, space: Space | None = None) -> Directory:
    """A directory of some members, by default of everybody, each with a badge."""
    who = members or EVERYBODY
    return Directory(
        {member.id: member for member in who},
        {badge_of(member): Badge(badge_of(member), member.id) for member in who},
        space or Space("Le Nook"),
    )
