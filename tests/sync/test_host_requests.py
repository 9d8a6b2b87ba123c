"""What a host asks for at a door is done at the hub once, by its rules, and told; on both databases."""

import msgspec
import pytest

from community.badges import Badge, BadgeStatus
from community.events import BadgeLinkAsked, RollCallOpened
from community.ids import MemberId
from plumbing.database import Database
from sync.store import deeds, directory, feed, log, secure_badges
from sync.store.deeds import Deed
from sync.store.log import Arrived
from tests.sync.samples import DOOR, EPOCH, KEY, member, raw, record

BADGE = KEY.hash(b"\x04newone")
HOST, ADA, BOB = MemberId("h1"), MemberId("m1"), MemberId("m2")
ASKED = BadgeLinkAsked(BADGE, ADA, HOST)


def come(database: Database, *events, first: int = 1) -> None:
    arrived = [Arrived(DOOR, EPOCH, record(n, event), raw(n, event)) for n, event in enumerate(events, first)]
    database.write_now(lambda c: log.append(c, arrived, [], 1))


def badges(database: Database) -> list[tuple[MemberId, BadgeStatus]]:
    return [(b.member_id, b.status) for b in database.read_now(secure_badges.all_badges) if b.hash == BADGE]


def done(database: Database) -> list[tuple[Deed, str, str]]:
    return [(d.deed, d.host, d.subject) for d in database.read_now(lambda c: deeds.latest(c, 99))]


@pytest.fixture
def hub(database: Database) -> Database:
    host = msgspec.structs.replace(member("Camille", HOST), host=True)
    for each in (host, member("Ada", ADA), member("Bob", BOB)):
        database.write_now(lambda c, each=each: directory.put_member(c, each))
    return database


def test_a_new_badge_is_linked_and_every_kiosk_is_told(hub: Database):
    before = hub.read_now(feed.revision)
    come(hub, ASKED)
    assert badges(hub) == [(ADA, BadgeStatus.ACTIVE)]
    assert done(hub) == [(Deed.DOOR_LINKED, "(door) h1", BADGE)]
    told = [item for item in hub.read_now(feed.everything) if item.key == BADGE]
    assert [msgspec.json.decode(item.body, type=Badge).member_id for item in told] == [ADA]
    assert hub.read_now(feed.revision) > before


def test_sent_again_it_is_nothing_whatever_a_host_did_since(hub: Database):
    come(hub, ASKED)
    hub.write_now(lambda c: directory.unlink(c, BADGE))
    come(hub, ASKED)
    assert badges(hub) == []
    assert len(done(hub)) == 1


def test_another_s_badge_stays_theirs(hub: Database):
    hub.write_now(lambda c: directory.link(c, BADGE, BOB, 1))
    come(hub, ASKED)
    assert badges(hub) == [(BOB, BadgeStatus.ACTIVE)]
    assert done(hub) == [(Deed.DOOR_LINK_REFUSED, "(door) h1", BADGE)]


@pytest.mark.parametrize("status", [BadgeStatus.LOST, BadgeStatus.REVOKED])
def test_a_badge_that_a_host_closed_stays_closed(hub: Database, status: BadgeStatus):
    hub.write_now(lambda c: directory.link(c, BADGE, ADA, 1))
    hub.write_now(lambda c: directory.set_status(c, BADGE, status))
    come(hub, ASKED)
    assert badges(hub) == [(ADA, status)]
    assert done(hub)[0][0] is Deed.DOOR_LINK_REFUSED


def test_their_own_badge_that_works_is_no_news(hub: Database):
    hub.write_now(lambda c: directory.link(c, BADGE, ADA, 1))
    come(hub, ASKED)
    assert done(hub) == []


@pytest.mark.parametrize(
    "asked",
    [
        BadgeLinkAsked(BADGE, ADA, BOB),
        BadgeLinkAsked(BADGE, ADA, MemberId("nobody")),
        BadgeLinkAsked(BADGE, MemberId("nobody"), HOST),
    ],
    ids=["no host", "nobody asks", "for nobody"],
)
def test_who_is_no_host_and_who_is_not_there_get_nothing(hub: Database, asked: BadgeLinkAsked):
    come(hub, asked)
    assert badges(hub) == []
    assert [deed for deed, _, _ in done(hub)] == [Deed.DOOR_LINK_REFUSED]


def test_two_doors_that_ask_for_the_same_badge_link_it_once(hub: Database):
    come(hub, ASKED, BadgeLinkAsked(BADGE, BOB, HOST))
    assert badges(hub) == [(ADA, BadgeStatus.ACTIVE)]
    assert [deed for deed, _, _ in done(hub)] == [Deed.DOOR_LINK_REFUSED, Deed.DOOR_LINKED]


def test_who_opened_the_roll_call_is_kept(hub: Database):
    come(hub, RollCallOpened(HOST))
    assert done(hub) == [(Deed.ROLL_CALL, "(door) h1", DOOR)]
