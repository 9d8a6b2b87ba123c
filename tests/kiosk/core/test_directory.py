"""What a badge turns out to be, and a feed that holds things this version does not know."""

from datetime import UTC, date, datetime

import msgspec
import pytest

from community.badges import Badge, BadgeHash, BadgeStatus
from community.ids import TableId
from community.introductions.pairing import DayPlan, Pairing, PersonPast
from community.introductions.slots import Slot
from community.introductions.tables import Occasion, Table
from community.introductions.weights import Weights
from community.introductions.wording import ItemVectors, TextModel
from community.members import Space
from community.reads import ClosedBadge, KnownBadge, RandomNumber, StrangeBadge
from community.wire.messages import FeedItem
from kiosk.core.directory import Directory, from_feed
from tests.fakes.community import AMINA, KEY, LEA, badge_of, directory_of, uid_of


def item(kind: str, key: str, body: object) -> FeedItem:
    return FeedItem(kind, key, 1, None if body is None else msgspec.Raw(msgspec.json.encode(body)))


def test_a_linked_badge_is_its_member_s(directory: Directory):
    assert directory.read(uid_of(LEA), random=False, key=KEY) == KnownBadge(badge_of(LEA), LEA.id)


def test_a_badge_nobody_linked_is_strange(directory: Directory):
    uid = b"\x04nobody"
    assert directory.read(uid, random=False, key=KEY) == StrangeBadge(KEY.hash(uid))


def test_a_badge_of_a_member_who_is_gone_is_strange():
    directory = Directory({}, directory_of(LEA).badges)
    assert directory.read(uid_of(LEA), random=False, key=KEY) == StrangeBadge(badge_of(LEA))


@pytest.mark.parametrize("status", [BadgeStatus.LOST, BadgeStatus.REVOKED])
def test_a_lost_or_revoked_badge_is_closed(status: BadgeStatus):
    badge = Badge(badge_of(LEA), LEA.id, status)
    directory = Directory({LEA.id: LEA}, {badge.hash: badge})
    assert directory.read(uid_of(LEA), random=False, key=KEY) == ClosedBadge(badge_of(LEA), status)


def test_a_random_number_is_never_looked_up(directory: Directory):
    assert directory.read(uid_of(LEA), random=True, key=KEY) == RandomNumber()


def test_a_feed_becomes_members_badges_and_the_space():
    badge = Badge(badge_of(LEA), LEA.id)
    items = [
        item("member", LEA.id, LEA),
        item("badge", badge.hash, badge),
        item("space", "space", Space("Le Nook")),
    ]
    assert from_feed(items) == Directory({LEA.id: LEA}, {badge.hash: badge}, Space("Le Nook"))


def test_what_this_version_does_not_know_is_left_out_and_the_rest_works():
    items = [
        item("recipe", "soup", {"salt": 1}),
        item("member", "x", {"id": 7}),
        item("badge", "y", []),
        item("member", AMINA.id, None),
        item("member", LEA.id, LEA),
    ]
    assert from_feed(items) == Directory({LEA.id: LEA})


def test_an_empty_feed_knows_nobody():
    found = from_feed([])
    assert (found.members, found.badges) == ({}, {})
    assert found.read(b"1234", random=False, key=KEY) == StrangeBadge(BadgeHash(KEY.hash(b"1234")))


def test_what_introductions_rest_on_is_read_too():
    day = date(2026, 11, 20)
    table = Table(TableId("t1"), Occasion.COFFEE, datetime(2026, 11, 20, 9, 30, tzinfo=UTC))
    plan = DayPlan(day, (Pairing(AMINA.id, LEA.id, Slot.PARTNER),))
    items = [
        item("words", LEA.id, ItemVectors("model", {"key": "vector"})),
        item("text", "text", TextModel("model", 8)),
        item("past", LEA.id, PersonPast(LEA.id, days=3)),
        item("plan", day.isoformat(), plan),
        item("table", "t1", table),
        item("weights", "weights", Weights("learned")),
    ]
    found = from_feed(items)
    assert found.words == {LEA.id: ItemVectors("model", {"key": "vector"})}
    assert found.text == TextModel("model", 8)
    assert found.past == {LEA.id: PersonPast(LEA.id, days=3)}
    assert (found.plans, found.tables) == ({day: plan}, {table.id: table})
    assert found.weights.name == "learned"


def test_what_did_not_change_stays_the_same_object():
    before = from_feed([item("member", LEA.id, LEA), item("member", AMINA.id, AMINA)])
    other = msgspec.structs.replace(AMINA, trade="another trade")
    after = from_feed([item("member", LEA.id, LEA), item("member", AMINA.id, other)], before)
    assert after.members[LEA.id] is before.members[LEA.id]
    assert after.members[AMINA.id] == other


def test_vectors_that_came_again_as_they_were_are_the_same():
    one, other = ItemVectors("model", {"key": "vector"}), ItemVectors("model", {"key": "other"})
    first = from_feed([item("words", LEA.id, one), item("words", AMINA.id, other)])
    again = from_feed([item("words", LEA.id, one), item("words", AMINA.id, other)], first)
    changed = from_feed([item("words", LEA.id, other), item("words", AMINA.id, other)], again)
    assert first.words == again.words != changed.words
    assert len(first.words) == 2
    assert dict(changed.words) == {LEA.id: other, AMINA.id: other}
    assert from_feed([item("words", LEA.id, [])]).words == {}
