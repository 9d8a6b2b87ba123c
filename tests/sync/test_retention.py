"""What is let go of after its days, and what stays: on real SQLite and real PostgreSQL."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from community.clock import Hours
from community.events import (
    Answer,
    Answered,
    CardOpened,
    CheckedIn,
    Event,
    FoundUseful,
    Introduced,
    Met,
    Shown,
    VisitCorrected,
)
from community.ids import Epoch, KioskId, MemberId
from community.introductions.slots import Slot
from community.wire.codec import content_hash, encode
from community.wire.messages import Cursor
from plumbing.clock import Clock
from plumbing.database import Database
from plumbing.errors import WrongValueError
from sync import retention
from sync.introductions.history import story
from sync.introductions.learned import Learned, keep_learned
from sync.introductions.past import pasts
from sync.receipt.fold import How
from sync.receipt.receipt import read_receipt
from sync.receipt.spans import QUARTER, span_of
from sync.retention import Retention
from sync.settings import RetentionSettings
from sync.store import (
    accounts,
    boots,
    briefs,
    codes,
    crowds,
    cursors,
    deeds,
    directory,
    earlier,
    feed,
    log,
    notices,
    own_pages,
    quarantine,
    sisters,
    visitors,
)
from sync.store import retention as runs
from sync.store.briefs import Mark, Marked
from sync.store.codes import Purpose
from sync.store.deeds import Deed
from sync.store.directory import Directory
from sync.store.log import Arrived, Strange
from sync.store.retention import Job
from sync.store.schema import events
from sync.store.visitors import Visiting
from tests.sync.samples import NOON, member, record, us

HOURS = Hours(ZoneInfo("Europe/Paris"), time(20))
DAY = timedelta(days=1)
PEOPLE = [MemberId(f"m{number}") for number in range(7)]
BACK, FRONT, E1 = KioskId("back"), KioskId("front"), Epoch("e1")
TODAY = HOURS.day_of(NOON)
STRANGE = Strange(FRONT, E1, 9_001, "a newer event", b"{what}")


def write(database: Database, door: KioskId, *happened: tuple[float, Event], **clock) -> list[Arrived]:
    """Write events of so many days ago, received at once."""
    first = database.read_now(lambda c: dict(cursors.cursors_of(c, door))).get(door, Cursor(E1, 0)).upto + 1
    arrived = []
    for seq, (days, event) in enumerate(happened, first):
        one = record(seq, event, NOON - days * DAY, **clock)
        arrived.append(Arrived(door, E1, one, encode(one)))
    for item in arrived:
        database.write_now(lambda c, i=item: log.append(c, (i,), (), i.record.at.wall_us))
    return arrived


def everybody(database: Database) -> None:
    def work(connection) -> None:
        for name in PEOPLE:
            directory.put_member(connection, member(name, name))

    database.write_now(work)


def past(database: Database):
    return database.read_now(lambda c: pasts(story(c), HOURS, TODAY, earlier.everybody(c)))


def let_go(database: Database, *, upto=TODAY - 90 * DAY, most: int = 50_000) -> int:
    count = 0
    while (gone := database.read_now(lambda c: retention.going(c, HOURS, upto, most))) is not None:
        database.write_now(lambda c, g=gone: retention.let_go(c, g))
        count += gone.count
    return count


def a_season(database: Database) -> list[Arrived]:
    everybody(database)
    ada, bob, eve = PEOPLE[:3]
    shown = Introduced(ada, (Shown(bob, Slot.PARTNER), Shown(eve, Slot.ADVICE)))
    written = write(
        database,
        FRONT,
        *((120 - i / 1000, CheckedIn(name)) for i, name in enumerate(PEOPLE[:5])),
        (119.5, shown),
        (119.4, Met(ada, bob)),
        (119.3, CardOpened(ada)),
        (100, CheckedIn(ada)),
        (100, shown),
        (95, Answered(ada, eve, Answer.RATHER_NOT)),
        (30, CheckedIn(bob)),
        (20, Met(bob, eve)),
    )
    written += write(
        database, BACK, *((118 - i / 1000, CheckedIn(name)) for i, name in enumerate(PEOPLE[:4]))
    )
    return written + write(database, BACK, (10, CheckedIn(eve)))


def test_what_is_left_says_the_same_of_everybody_as_the_whole_log(database: Database):
    a_season(database)
    before = past(database)
    assert let_go(database, upto=TODAY - 110 * DAY) == 12
    assert past(database) == before
    assert let_go(database) == 3
    assert past(database) == before
    assert let_go(database) == 0


def test_a_day_at_a_time_gives_the_same_as_all_at_once(database: Database):
    a_season(database)
    before = past(database)
    assert let_go(database, most=1) == 15
    assert past(database) == before


def receipt_of(database: Database, name: MemberId):
    """Return days present, and whom they met when and how, of all spans together."""
    quarters = (span_of(TODAY - days * DAY, QUARTER) for days in range(0, 366, 80))
    found = {
        quarter.written: database.read_now(lambda c, q=quarter: read_receipt(c, name, HOURS, q))
        for quarter in quarters
    }
    return {written: (one.days, one.people) for written, one in found.items()}


def test_a_receipt_says_the_same_when_its_taps_are_gone(database: Database):
    a_season(database)
    write(database, BACK, (99, Met(PEOPLE[0], PEOPLE[2])), (98, FoundUseful(PEOPLE[0], PEOPLE[2], True)))
    before = {name: receipt_of(database, name) for name in PEOPLE}
    people = [person for days, met in before[PEOPLE[0]].values() for person in met]
    assert sorted((person.name, person.first.how) for person in people) == [
        ("m1", How.SCREEN),
        ("m2", How.SCREEN),
    ]
    assert let_go(database, most=1) == 17
    assert {name: receipt_of(database, name) for name in PEOPLE} == before


def test_nothing_is_left_of_what_was_let_go_of_but_its_id_and_its_hash(database: Database):
    written = a_season(database)
    let_go(database)
    rows = database.read_now(lambda c: c.execute(select(events).where(events.c.kind == "")).all())
    assert {(r.at_us, bytes(r.raw), r.received_us, r.synced) for r in rows} == {(0, b"", 0, False)}
    hashes = {(item.kiosk, item.record.seq): content_hash(item.raw) for item in written}
    assert all(hashes[row.kiosk, row.seq] == row.content for row in rows)
    assert len(rows) == 15


def test_an_event_sent_again_does_not_come_back_to_life(database: Database):
    written = a_season(database)
    let_go(database)
    stand = database.read_now(cursors.cursors_of)
    again = database.write_now(lambda c: log.append(c, written, (), us(NOON)))
    assert (again.new, again.quarantined, again.repeated) == ((), (), len(written))
    assert database.read_now(cursors.cursors_of) == stand
    assert let_go(database) == 0


def test_other_content_under_a_number_that_was_let_go_of_is_still_a_copied_card(database: Database):
    a_season(database)
    let_go(database)
    other = record(1, CheckedIn(PEOPLE[6]), NOON)
    done = database.write_now(
        lambda c: log.append(c, [Arrived(FRONT, E1, other, encode(other))], (), us(NOON))
    )
    assert [strange.reason for strange in done.quarantined] == [cursors.COPIED]


def test_a_kiosk_restored_from_an_old_copy_is_still_told_what_stood_under_an_old_number(database: Database):
    written = a_season(database)
    let_go(database)
    told = database.read_now(lambda c: cursors.with_content(c, FRONT, Cursor(E1, 13), 2))
    assert told.content == content_hash(written[1].raw)


def test_only_hours_of_five_people_and_more_are_counted(database: Database):
    a_season(database)
    let_go(database)
    assert list(database.read_now(crowds.counted).values()) == [5]


def test_who_was_checked_in_by_hand_is_counted_at_the_hour_they_came(database: Database):
    everybody(database)
    typed = NOON - 120 * DAY
    came = typed - timedelta(hours=3)
    write(database, FRONT, *((120, VisitCorrected(name, us(came))) for name in PEOPLE[:5]))
    let_go(database)
    hour = (HOURS.day_of(came), came.astimezone(HOURS.zone).hour)
    assert database.read_now(crowds.counted) == {hour: 5}


def test_whoever_is_erased_goes_from_what_is_left_too(database: Database):
    a_season(database)
    let_go(database)
    ada = PEOPLE[0]
    database.write_now(lambda c: directory.remove_member(c, ada))
    left = database.read_now(earlier.everybody)
    assert ada not in {one.member for one in left}
    assert ada not in {two.other for one in left for two in one.pairs}


def test_whoever_is_erased_while_it_is_worked_out_is_not_brought_back(database: Database):
    a_season(database)
    gone = database.read_now(lambda c: retention.going(c, HOURS, TODAY - 90 * DAY))
    assert gone is not None
    database.write_now(lambda c: directory.remove_member(c, PEOPLE[0]))
    database.write_now(lambda c: retention.let_go(c, gone))
    assert PEOPLE[0] not in {one.member for one in database.read_now(earlier.everybody)}


def test_a_boot_whose_good_clock_was_let_go_of_still_dates_what_comes_after(database: Database):
    everybody(database)
    write(database, FRONT, (91, CheckedIn(PEOPLE[0])), boot="long", up_s=100.0)
    later = record(
        2, CheckedIn(PEOPLE[1]), NOON - 4_000 * DAY, boot="long", up_s=100.0 + 5 * 86_400, synced=False
    )
    item = Arrived(FRONT, E1, later, encode(later))
    database.write_now(lambda c: log.append(c, (item,), (), us(NOON)))
    before = database.read_now(story)[1:]
    assert let_go(database) == 1
    assert [clock.boot for clock in database.read_now(boots.kept)] == ["long"]
    assert database.read_now(story) == before


class Wall(Clock):
    """A clock that says noon."""

    def at(self) -> datetime:
        return NOON.astimezone(UTC)

    def synchronised(self) -> bool:
        return False


async def test_nothing_goes_before_the_night_has_folded_yesterday(database: Database):
    a_season(database)
    write(database, BACK, (0, CheckedIn(PEOPLE[0])))
    keeper = Retention(database, Wall(), HOURS, 90)
    assert await keeper.look() == 0
    database.write_now(lambda c: keep_learned(c, Learned(TODAY)))
    assert await keeper.look() == 15
    assert await keeper.look() == 0


async def test_a_clock_that_may_have_jumped_ahead_empties_nothing(database: Database):
    a_season(database)
    database.write_now(lambda c: keep_learned(c, Learned(TODAY)))
    assert await Retention(database, Wall(), HOURS, 90).look() == 0, "the newest event is ten days old"


async def test_what_could_not_be_understood_loses_its_content_and_stays_known(database: Database):
    odd = Strange(FRONT, E1, 1, "a newer event", b"{what}")
    database.write_now(lambda c: log.append(c, (), (odd,), us(NOON - 100 * DAY)))
    write(database, BACK, (0, CheckedIn(PEOPLE[0])))
    database.write_now(lambda c: keep_learned(c, Learned(TODAY)))
    await Retention(database, Wall(), HOURS, 90).look()
    held = database.read_now(lambda c: quarantine.waiting(c, 10))
    assert [(bytes(row.raw), row.reason) for row in held] == [(b"", "a newer event")]
    assert database.write_now(lambda c: log.append(c, (), (odd,), us(NOON))).quarantined == ()
    assert database.read_now(quarantine.held_back) == ()


@pytest.mark.parametrize("days", [74, 401, 0])
def test_days_the_hub_cannot_do_with_are_refused(days: int):
    with pytest.raises(WrongValueError, match="use 75 to 400 days"):
        RetentionSettings(days)


def ran(database: Database):
    return {job: (one.removed, one.lately) for job, one in database.read_now(runs.runs).items()}


async def test_every_job_notes_when_it_ran_and_what_went(database: Database):
    a_season(database)
    write(database, BACK, (0, CheckedIn(PEOPLE[0])))
    database.write_now(lambda c: log.append(c, (), (STRANGE,), us(NOON - 100 * DAY)))
    long_ago = us(NOON - 400 * DAY)
    database.write_now(lambda c: deeds.note(c, long_ago, Deed.LOGGED_IN, "camille"))
    database.write_now(lambda c: codes.make(c, Purpose.ACCOUNT, "host", "camille", long_ago))
    database.write_now(lambda c: own_pages.use(c, "claim", long_ago))
    database.write_now(lambda c: own_pages.open_session(c, "token", PEOPLE[0], NOON - DAY))
    database.write_now(lambda c: accounts.open_session(c, "token", 1, NOON - 8 * DAY))
    mark = Marked("new:m0", TODAY - 101 * DAY, Mark.VISITED, TODAY - 101 * DAY, "camille", long_ago)
    database.write_now(lambda c: briefs.put(c, mark))
    database.write_now(lambda c: notices.wish(c, PEOPLE[0], PEOPLE[1], long_ago))
    database.write_now(lambda c: sisters.use(c, "claim", long_ago // 1_000_000))
    keeper = Retention(database, Wall(), HOURS, 90)
    await keeper.look()
    swept = {
        Job.LETTERS: 1,
        Job.VISITORS: 0,
        Job.MARKS: 1,
        Job.DEEDS: 1,
        Job.LOGINS: 1,
        Job.OWN_PAGES: 2,
        Job.CODES: 1,
        Job.GUESTS: 0,
        Job.DELIVERIES: 0,
    }
    swept[Job.NOTICES] = 1
    assert ran(database) == {job: (count, count) for job, count in swept.items()}, "taps wait for the night"
    database.write_now(lambda c: keep_learned(c, Learned(TODAY)))
    await keeper.look()
    assert ran(database) == {job: (n, n) for job, n in {**swept, Job.TAPS: 15, Job.STRANGE: 1}.items()}
    assert {one.at_us for one in database.read_now(runs.runs).values()} == {us(NOON)}
    again = Retention(database, Wall(), HOURS, 90)
    await again.look()
    assert ran(database)[Job.TAPS] == (15, 15), "what went earlier that day is not forgotten"


async def test_a_visit_ends_after_its_last_day_and_kiosks_are_told(database: Database):
    write(database, BACK, (0, CheckedIn(PEOPLE[0])))
    for name, until in ((PEOPLE[1], TODAY - DAY), (PEOPLE[2], TODAY)):
        database.write_now(lambda c, n=name: directory.put_member(c, member(n, n)))
        visiting = Visiting(name, "s" * 24, "Le Nook", name * 16, 1, until)
        database.write_now(lambda c, v=visiting: visitors.put(c, v))
    told, here = [], Directory(database)
    here.on_change(told.append)
    await Retention(database, Wall(), HOURS, 90, here).look()
    assert [each.id for each in database.read_now(directory.all_members)] == [PEOPLE[2]]
    assert set(database.read_now(visitors.homes)) == {PEOPLE[2]}
    assert database.read_now(lambda c: directory.is_erased(c, PEOPLE[1]))
    assert told == [database.read_now(feed.revision)]
    assert ran(database)[Job.VISITORS] == (1, 1)


async def test_a_clock_that_may_be_wrong_sweeps_nothing(database: Database):
    a_season(database)
    database.write_now(lambda c: deeds.note(c, us(NOON - 400 * DAY), Deed.LOGGED_IN, "camille"))
    await Retention(database, Wall(), HOURS, 90).look()
    assert set(ran(database)) == {Job.GUESTS}
    assert len(database.read_now(lambda c: deeds.latest(c, 5))) == 1


def test_what_ran_is_added_up_over_thirty_days_and_then_forgotten(database: Database):
    def note(day: int, removed: int) -> None:
        when = TODAY + day * DAY
        database.write_now(lambda c: runs.note(c, Job.TAPS, when, us(NOON + day * DAY), removed))

    note(2, 99)
    note(-31, 7)
    note(-30, 5)
    note(-1, 3)
    note(0, 2)
    note(0, 0)
    assert ran(database) == {Job.TAPS: (2, 10)}, "neither too long ago nor still to come"
    assert database.read_now(runs.runs)[Job.TAPS].since_us == us(NOON - 30 * DAY)
