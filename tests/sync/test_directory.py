"""Members, badges, the feed and kiosks on real SQLite and real PostgreSQL."""

import contextlib

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from community.badges import Badge, BadgeStatus, short_code
from community.ids import KioskId, MemberId
from community.introductions.wording import ItemVectors
from community.members import Member, Space
from community.wire.codec import digest_of, encode
from community.wire.messages import LARGEST_BATCH_BYTES, LARGEST_PAGE, FeedItem, Status
from plumbing.database import Database
from sync.errors import BadgeTakenError, SyncError, UnknownBadgeError, UnknownMemberError
from sync.feed import Now, pages
from sync.store import directory, feed, kiosks, secure_badges, world
from sync.store.directory import Directory
from tests.sync.conftest import empty
from tests.sync.samples import DOOR, KEY, member

BADGE = KEY.hash(b"\x04\xaa\xbb\xcc")
ADA, BOB = MemberId("m1"), MemberId("m2")


def feed_of(database: Database, since: int = 0):
    return [
        (i.kind, i.key, i.revision, i.body is None)
        for i in database.read_now(lambda c: feed.items_since(c, since))
    ]


def test_a_member_is_kept_as_written_and_each_change_is_a_revision(database: Database):
    ada = member("Ada Ð’Arc 🙂", needs=("une relecture",))
    assert database.write_now(lambda c: directory.put_member(c, ada)) == 1
    assert database.read_now(lambda c: directory.member_of(c, ADA)) == ada
    assert database.write_now(lambda c: directory.put_member(c, member("Ada B."))) == 2
    assert feed_of(database) == [("member", "m1", 2, False)]
    (item,) = database.read_now(feed.everything)
    assert item.body is not None
    assert msgspec.json.decode(item.body, type=Member).name == "Ada B."


def test_who_is_erased_leaves_no_words_behind(database: Database):
    database.write_now(lambda c: directory.put_member(c, member()))
    words = feed.Change(feed.Kind.WORDS, ADA, ItemVectors("m", {"k": "x"}))
    database.write_now(lambda c: feed.write(c, [words]))
    database.write_now(lambda c: directory.remove_member(c, ADA))
    assert [item.kind for item in database.read_now(feed.everything)] == ["erased"]
    assert ("words", "m1", 3, True) in feed_of(database)


def test_a_page_that_was_open_brings_nobody_back_who_was_erased(database: Database):
    def work(connection) -> tuple[object, ...]:
        directory.put_member(connection, member())
        directory.remove_member(connection, member().id)
        directory.change_member(connection, member())
        world.say(connection, member().id, yes=True)
        return directory.all_members(connection), world.said_yes(connection, member().id)

    assert database.write_now(work) == ((), False)


def test_writing_what_is_already_so_is_no_revision(database: Database):
    database.write_now(lambda c: directory.put_member(c, member()))
    assert database.write_now(lambda c: directory.put_member(c, member())) == 1
    space = Space("Loft")
    assert database.write_now(lambda c: feed.put_space(c, space)) == 2
    assert database.write_now(lambda c: feed.put_space(c, space)) == 2


def test_a_badge_is_linked_revoked_allowed_again_and_unlinked(database: Database):
    database.write_now(lambda c: directory.put_member(c, member()))
    assert database.write_now(lambda c: directory.link(c, BADGE, ADA, 1)) == 2
    assert database.write_now(lambda c: directory.set_status(c, BADGE, BadgeStatus.LOST)) == 3
    assert database.read_now(secure_badges.all_badges) == (Badge(BADGE, ADA, BadgeStatus.LOST),)
    assert database.write_now(lambda c: directory.link(c, BADGE, ADA, 1)) == 4
    assert database.read_now(secure_badges.all_badges) == (Badge(BADGE, ADA),)
    assert database.write_now(lambda c: directory.unlink(c, BADGE)) == 5
    assert database.write_now(lambda c: directory.unlink(c, BADGE)) == 5
    assert feed_of(database, 2) == [("badge", BADGE, 5, True)]


def test_a_badge_of_somebody_else_is_refused_naming_only_its_code(database: Database):
    everybody = [member("Ada Lovelace", "m1"), member("Bob Ross", "m2")]
    database.write_now(lambda c: directory.put_all(c, everybody, [(BADGE, ADA)], 1))
    with pytest.raises(BadgeTakenError) as caught:
        database.write_now(lambda c: directory.link(c, BADGE, BOB, 1))
    assert short_code(BADGE) in str(caught.value)
    assert not any(word in str(caught.value) for word in ("Ada", "Bob", "m1", "m2", BADGE))
    assert database.read_now(secure_badges.all_badges) == (Badge(BADGE, ADA),)


def test_nobody_and_nothing_are_refused(database: Database):
    with pytest.raises(UnknownMemberError):
        database.write_now(lambda c: directory.link(c, BADGE, ADA, 1))
    with pytest.raises(UnknownBadgeError, match=short_code(BADGE)):
        database.write_now(lambda c: directory.set_status(c, BADGE, BadgeStatus.LOST))
    assert database.read_now(feed.revision) == 0


def test_erasing_a_member_erases_their_badges_and_says_so(database: Database):
    database.write_now(lambda c: directory.put_all(c, [member()], [(BADGE, ADA)], 1))
    before = database.read_now(feed.revision)
    assert database.write_now(lambda c: directory.remove_member(c, ADA)) == before + 1
    assert database.write_now(lambda c: directory.remove_member(c, ADA)) == before + 1
    assert feed_of(database, before) == [
        ("badge", BADGE, before + 1, True),
        ("erased", "m1", before + 1, False),
        ("member", "m1", before + 1, True),
    ]
    assert [item.kind for item in database.read_now(feed.everything)] == ["erased"]
    assert database.read_now(lambda c: (directory.all_members(c), secure_badges.all_badges(c))) == ((), ())


def test_many_changes_are_all_there_or_none_is(database: Database):
    with pytest.raises(UnknownMemberError):
        database.write_now(lambda c: directory.put_all(c, [member()], [(BADGE, BOB)], 1))
    assert database.read_now(directory.all_members) == ()
    assert database.read_now(feed.revision) == 0


async def test_the_running_directory_tells_of_each_change_and_of_no_failure(sqlite: Database):
    told: list[int] = []
    running = Directory(sqlite)
    running.on_change(told.append)
    await running.put(member())
    await running.link(BADGE, ADA)
    await running.set_status(BADGE, BadgeStatus.REVOKED)
    with pytest.raises(SyncError):
        await running.link(BADGE, BOB)
    await running.unlink(BADGE)
    await running.put_all([member("Bob", "m2")], [(BADGE, BOB)])
    await running.remove(BOB)
    assert told == [1, 2, 3, 4, 6, 7]


def test_the_digest_is_that_of_everything_there_is(database: Database):
    database.write_now(lambda c: directory.put_all(c, [member(), member("Bob", "m2")], [(BADGE, ADA)], 1))
    before = database.read_now(feed.digest)
    assert before == digest_of(database.read_now(feed.everything))
    database.write_now(lambda c: directory.unlink(c, BADGE))
    assert database.read_now(feed.digest) != before


def read_feed(database: Database) -> Now:
    return database.read_now(lambda c: Now.of(feed.revision(c), feed.items_since(c, 0)))


CHANGES = st.lists(
    st.tuples(st.sampled_from(["put", "remove", "link", "unlink"]), st.integers(1, 4)), max_size=12
)


class FollowingKiosk:
    """Applies pages as a kiosk must, and checks the digest of each answer."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.have = 0
        self.held: dict[tuple[str, str], FeedItem] = {}

    def follow(self) -> None:
        now = read_feed(self.database)
        answer = pages(now, self.have)
        for page in answer:
            if page.since == 0 and page.part == 1:
                self.held.clear()
            for item in page.items:
                if item.body is None:
                    self.held.pop((item.kind, item.key), None)
                else:
                    self.held[item.kind, item.key] = item
        assert not answer or answer[-1].digest == digest_of(self.held.values())
        self.have = now.revision

    def bodies(self) -> dict[tuple[str, str], object]:
        return {key: item.body for key, item in self.held.items()}


def change(database: Database, what: str, who: int, name: str) -> None:
    who_id, badge = MemberId(f"m{who}"), KEY.hash(bytes([who] * 4))
    with contextlib.suppress(UnknownMemberError):
        match what:
            case "put":
                database.write_now(lambda c: directory.put_member(c, member(name, who_id)))
            case "remove":
                database.write_now(lambda c: directory.remove_member(c, who_id))
            case "link":
                database.write_now(lambda c: directory.link(c, badge, who_id, 1))
            case _:
                database.write_now(lambda c: directory.unlink(c, badge))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=CHANGES, stops=st.sets(st.integers(0, 12), max_size=3))
def test_a_kiosk_that_follows_has_what_a_kiosk_that_starts_over_has(sqlite: Database, changes, stops):
    empty(sqlite)
    following, fresh = FollowingKiosk(sqlite), FollowingKiosk(sqlite)
    sqlite.write_now(lambda c: feed.put_space(c, Space()))
    for index, (what, who) in enumerate(changes):
        if index in stops:
            following.follow()
        change(sqlite, what, who, f"N{index}")
    following.follow()
    fresh.follow()
    assert following.bodies() == fresh.bodies()


def test_pages_are_small_and_only_the_last_says_the_digest(sqlite: Database):
    everybody = [member("N", f"m{n}") for n in range(LARGEST_PAGE * 2 + 1)]
    sqlite.write_now(lambda c: directory.put_all(c, everybody, [], 1))
    answer = pages(read_feed(sqlite), 0)
    assert [(page.part, page.parts, len(page.items)) for page in answer] == [
        (1, 3, LARGEST_PAGE),
        (2, 3, LARGEST_PAGE),
        (3, 3, 1),
    ]
    assert [bool(page.digest) for page in answer] == [False, False, True]


def test_pages_stay_below_what_a_broker_surely_takes(sqlite: Database):
    body = ItemVectors("m", {"k": "x" * (LARGEST_BATCH_BYTES // 3)})
    huge = ItemVectors("m", {"k": "x" * (2 * LARGEST_BATCH_BYTES)})
    changes = [feed.Change(feed.Kind.WORDS, f"m{n}", body) for n in range(5)]
    sqlite.write_now(lambda c: feed.write(c, [*changes, feed.Change(feed.Kind.WORDS, "m9", huge)]))
    answer = pages(read_feed(sqlite), 0)
    assert [len(page.items) for page in answer] == [2, 2, 1, 1]
    assert all(len(encode(page)) <= LARGEST_BATCH_BYTES + 1_000 for page in answer[:-1])


def test_a_revision_the_hub_never_gave_is_answered_with_everything(sqlite: Database):
    sqlite.write_now(lambda c: directory.put_member(c, member()))
    now = read_feed(sqlite)
    assert pages(now, now.revision) == ()
    assert [page.since for page in pages(now, now.revision + 5)] == [0]
    assert [len(page.items) for page in pages(Now.of(0, ()), 0)] == [0]


def test_the_last_word_of_a_kiosk_is_kept(database: Database):
    database.write_now(lambda c: kiosks.put(c, DOOR, Status(online=True, boot="b1", waiting=3), 1))
    database.write_now(lambda c: kiosks.put(c, KioskId("back"), Status(online=False), 2))
    heard = database.read_now(kiosks.every)
    assert [(one.kiosk, one.status.online, one.heard_us) for one in heard] == [
        ("back", False, 2),
        (DOOR, True, 1),
    ]


def test_a_late_offline_of_an_earlier_boot_is_not_believed(database: Database):
    database.write_now(lambda c: kiosks.put(c, DOOR, Status(online=True, boot="b2"), 1))
    assert not database.write_now(lambda c: kiosks.put(c, DOOR, Status(online=False, boot="b1"), 2))
    assert database.read_now(lambda c: kiosks.one(c, DOOR)).status.online
    assert database.write_now(lambda c: kiosks.put(c, DOOR, Status(online=False, boot="b2"), 3))
    assert not database.read_now(lambda c: kiosks.one(c, DOOR)).status.online


def test_an_offline_that_is_known_keeps_the_time_it_was_heard(database: Database):
    assert database.write_now(lambda c: kiosks.put(c, DOOR, Status(online=False, boot="b1"), 1))
    assert not database.write_now(lambda c: kiosks.put(c, DOOR, Status(online=False, boot="b1"), 9))
    assert database.read_now(lambda c: kiosks.one(c, DOOR)).heard_us == 1
