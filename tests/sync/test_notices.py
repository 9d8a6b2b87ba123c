"""What the database keeps of notices, on both databases alike."""

from datetime import timedelta

import pytest

from community.ids import MemberId
from plumbing.database import Database
from sync.store import notice_outbox as outbox
from sync.store import notices
from sync.store.notices import Channel, Reach
from sync.store.tries import Outcome

LEA, YUKI = MemberId("lea"), MemberId("yuki")
DAY_US = timedelta(days=1) // timedelta(microseconds=1)


def test_an_outbox_keeps_each_notice_once_until_it_is_told_and_for_a_week(database: Database):
    def work(c) -> None:
        assert outbox.put(c, "a", "disk", 10, channel_id=1, subject="door")
        assert not outbox.put(c, "a", "disk", 11, channel_id=1)
        assert outbox.put(c, "b", "guest", 20, member_id=LEA)
        assert [each.key for each in outbox.due(c, 15, 9)] == ["a"]
        assert [each.key for each in outbox.due(c, 20, 1)] == ["a"]
        first, second = outbox.due(c, 20, 9)
        assert (first.subject, first.member_id, second.member_id) == ("door", None, LEA)
        outbox.again(c, first.id, Outcome.REFUSED, 50)
        outbox.done(c, second.id, Outcome.SENT, 30)
        assert outbox.due(c, 49, 9) == ()
        (first,) = outbox.due(c, 50, 9)
        assert first.tries == 1
        assert outbox.last_to_channels(c)[1] == outbox.Last(10, Outcome.REFUSED, waits=True)
        assert outbox.last_to_member(c, LEA) == outbox.Last(30, Outcome.SENT, waits=False)
        assert outbox.last_to_member(c, YUKI) is None
        assert outbox.given_up(c) == 0
        outbox.done(c, first.id, Outcome.SLOW, 60)
        assert outbox.given_up(c) == 1
        assert outbox.tests_since(c, LEA, "guest", 20) == 1
        assert outbox.tests_since(c, LEA, "guest", 21) == 0
        assert outbox.forget(c, 61 + 7 * DAY_US) == 2

    database.write_now(work)


def test_another_address_ends_what_waits_and_the_same_one_does_not(database: Database):
    def work(c) -> None:
        assert notices.reach_of(c, LEA) == Reach()
        notices.set_reach(c, LEA, Reach("lea@example.org"))
        outbox.put(c, "a", "guest", 1, member_id=LEA)
        notices.set_reach(c, LEA, Reach("lea@example.org", guests=False, found=True))
        assert len(outbox.due(c, 1, 9)) == 1
        notices.set_reach(c, LEA, Reach("other@example.org"))
        assert outbox.due(c, 1, 9) == ()
        assert notices.every_reach(c) == {LEA: Reach("other@example.org")}

    database.write_now(work)


def test_wishes_and_troubles_and_channels_are_kept_once(database: Database):
    def work(c) -> None:
        assert notices.wish(c, LEA, YUKI, 1)
        assert notices.wish(c, LEA, YUKI, 2)
        assert notices.every_wish(c) == ((LEA, YUKI),)
        assert notices.forget(c, 1 + 90 * DAY_US) == 0
        assert notices.forget(c, 2 + 90 * DAY_US) == 1
        for _ in range(2):
            notices.begin_trouble(c, "disk:door", 1)
        assert notices.known_troubles(c) == {"disk:door"}
        notices.end_trouble(c, "disk:door")
        assert notices.known_troubles(c) == frozenset()
        one = notices.add_channel(c, "Team", "mailto://x", ["disk", "badges"], "fr")
        other = notices.add_channel(c, "Other", "mailto://y", [], "en")
        assert notices.set_kinds(c, one, ["disk"], "en", mail=True)
        assert notices.set_kinds(c, other, [], "en", mail=True)
        assert notices.every_channel(c) == (
            Channel(one, "Team", "mailto://x", frozenset({"disk"}), "en", mail=False),
            Channel(other, "Other", "mailto://y", frozenset(), "en", mail=True),
        )
        assert not notices.set_kinds(c, 99, [], "en", mail=False)
        assert notices.remove_channel(c, one)
        assert not notices.remove_channel(c, one)

    database.write_now(work)


@pytest.mark.parametrize(
    "secret", [Channel(1, "n", "mailto://secret", frozenset(), "en"), Reach("secret@x.org")]
)
def test_what_holds_an_address_does_not_say_it(secret: object):
    assert "secret" not in repr(secret)
    assert "secret" not in str(secret)
