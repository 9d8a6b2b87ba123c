"""Badges that cannot be copied, as hub and kiosk know them, and the chips themselves.

`chip_of` programs a virtual chip with the keys that `secure_items` puts into a feed, so that what is tested
is the reader's own question and the chip's own answer.
"""

import msgspec

from community.badges import Badge
from community.members import Member
from community.proofs import Level
from community.secrets import BadgeCounter, BadgeSecret, MetaKey
from community.wire.messages import FeedItem
from foyer.masters import Master
from hardware.proving import MUTUAL_KEY, SUN_KEY
from hardware.provisioning import program
from hardware.virtual.ntag424 import Ntag424
from tests.fakes.community import KEY, badge_of, uid_of

MASTER = Master(1, b"master of a test")


def secret_of(member: Member, master: Master = MASTER, *, hides: bool = False) -> BadgeSecret:
    """What the member's badge is checked with."""
    keys = master.keys_of(uid_of(member)).keys
    return BadgeSecret(badge_of(member), master.version, keys[SUN_KEY], keys[MUTUAL_KEY], hides)


def secure_items(
    member: Member, level: Level = Level.SUN, *, counter: int | None = None, hides: bool = False
) -> tuple[FeedItem, ...]:
    """What the feed says of the member's badge, to be put in the place of what it said before."""
    badge = badge_of(member)
    said: list[tuple[str, str, msgspec.Struct]] = [
        ("badge", badge, Badge(badge, member.id, level=level, key=MASTER.version)),
        ("badge_secret", badge, secret_of(member, hides=hides)),
        ("badge_meta", str(MASTER.version), MetaKey(MASTER.version, MASTER.meta)),
    ]
    if counter is not None:
        said.append(("badge_counter", badge, BadgeCounter(badge, counter)))
    return tuple(FeedItem(kind, key, 2, msgspec.Raw(msgspec.json.encode(body))) for kind, key, body in said)


def with_secure(feed: tuple[FeedItem, ...], *secure: FeedItem) -> tuple[FeedItem, ...]:
    """A feed in which some items took the place of others."""
    places = {(item.kind, item.key) for item in secure}
    return (*(item for item in feed if (item.kind, item.key) not in places), *secure)


def chip_of(member: Member, master: Master = MASTER, *, hide: bool = False) -> Ntag424:
    """A chip programmed as the member's badge."""
    chip = Ntag424(uid_of(member))
    program(chip.command, master.keys_of(chip.uid), [], lambda size: bytes(range(size)), hide=hide)
    chip.field_off()
    return chip


__all__ = ["KEY", "MASTER", "chip_of", "secret_of", "secure_items", "with_secure"]
