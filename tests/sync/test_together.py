"""What the hub knows of the community before and after taps are let go of: on SQLite and PostgreSQL."""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from sqlalchemy import update

from community.clock import Hours
from community.events import Answer, Answered, CheckedIn, Event, MeetingUndone, Met
from community.ids import Epoch, KioskId, MemberId
from community.wire.codec import encode
from plumbing.database import Database
from sync import retention
from sync.introductions.learned import Learned, keep_learned
from sync.introductions.together import MOST_MONTHS, months_to_keep, read_community
from sync.retention import Retention
from sync.store import briefs, directory, log, together
from sync.store.briefs import Mark, Marked
from sync.store.log import Arrived
from sync.store.schema import months
from tests.sync.samples import NOON, member, record
from tests.sync.test_retention import Wall

HOURS = Hours(ZoneInfo("Europe/Paris"), time(20))
TODAY = HOURS.day_of(NOON)
DAY = timedelta(days=1)
WHO = [MemberId(f"m{number}") for number in range(6)]
ADA, BOB, EVE = WHO[:3]


def happen(database: Database, *happened: tuple[float, Event]) -> None:
    """Write events of so many days ago."""
    arrived = []
    for seq, (days, event) in enumerate(happened, 1):
        one = record(seq, event, NOON - days * DAY)
        arrived.append(Arrived(KioskId("front"), Epoch("e1"), one, encode(one)))
    for item in arrived:
        database.write_now(lambda c, i=item: log.append(c, (i,), (), i.record.at.wall_us))


def everybody(database: Database) -> None:
    def work(connection) -> None:
        for who in WHO:
            directory.put_member(connection, member(who, who))

    database.write_now(work)


def ring(days: float) -> list[tuple[float, Event]]:
    """Return a day on which five people met in a ring."""
    came = [(days, CheckedIn(who)) for who in WHO[:5]]
    return came + [(days - 0.01, Met(WHO[n], WHO[(n + 1) % 5])) for n in range(5)]


def read(database: Database, day: date = TODAY):
    return database.read_now(lambda c: read_community(c, HOURS, day, 90))


def keep(database: Database, day: date) -> None:
    counted = database.read_now(lambda c: months_to_keep(c, HOURS, day, 90))
    database.write_now(lambda c: together.put_months(c, counted))


def let_go(database: Database, upto: date) -> None:
    gone = database.read_now(lambda c: retention.going(c, HOURS, upto))
    assert gone is not None
    database.write_now(lambda c: retention.let_go(c, gone))


def test_an_empty_hub_has_one_month_with_nothing_to_say(database: Database):
    community = read(database)
    assert [(one.meetings, one.last) for one in community.months] == [(None, TODAY - DAY)]
    assert community.older == {}


def test_months_count_up_to_today_from_the_first_day_anybody_came(database: Database):
    everybody(database)
    happen(database, *ring(62), *ring(1))
    community = read(database)
    assert [(one.first.month, one.meetings) for one in community.months] == [
        (12, 5),
        (1, None),
        (2, None),
        (3, 5),
    ]
    assert community.lately.meetings == 10
    assert community.months[-1].last == TODAY - DAY
    assert [one.first.day for one in community.months] == [1] * len(community.months)


def test_what_happens_today_is_in_the_map_at_once_and_in_the_sums_tomorrow(database: Database):
    everybody(database)
    happen(database, *ring(0))
    today = read(database)
    assert len(today.life.meetings) == 5
    assert (today.lately.meetings, today.months[-1].meetings) == (None, None)
    assert read(database, TODAY + DAY).lately.meetings == 5


def test_what_the_months_said_stays_when_their_taps_are_gone(database: Database):
    everybody(database)
    happen(database, *ring(120), *ring(1))
    then = TODAY - 115 * DAY
    keep(database, then)
    (kept,) = database.read_now(together.months_kept).values()
    assert kept.meetings == 5
    let_go(database, TODAY - 90 * DAY)
    community = read(database)
    assert community.months[0] == kept
    assert community.lately.meetings == 5


def test_a_night_keeps_each_month_as_far_as_it_has_come_and_once(database: Database):
    everybody(database)
    happen(database, *ring(1))
    keep(database, TODAY)
    first = database.read_now(together.months_kept)
    assert max(one.last for one in first.values()) == TODAY - DAY
    assert database.read_now(lambda c: months_to_keep(c, HOURS, TODAY, 90)) == ()
    keep(database, TODAY + DAY)
    later = database.read_now(together.months_kept)
    assert max(one.last for one in later.values()) == TODAY
    assert sum(one.meetings or 0 for one in later.values()) == 5


def test_months_of_other_rules_are_not_shown_and_a_year_is_enough(database: Database):
    one = read(database).lately
    firsts = [date(2020 + n // 12, n % 12 + 1, 1) for n in range(30)]
    kept = [msgspec.structs.replace(one, first=first, last=first) for first in firsts]
    database.write_now(lambda c: together.put_months(c, kept))
    assert len(read(database).months) == MOST_MONTHS
    database.write_now(lambda c: c.execute(update(months).values(rule=0)))
    assert database.read_now(together.months_kept) == {}


def test_ties_by_badge_stay_when_their_taps_are_gone_and_nothing_that_was_private(database: Database):
    everybody(database)
    happen(
        database,
        (120, CheckedIn(ADA)),
        (119, Met(BOB, ADA)),
        (118, Met(ADA, BOB)),
        (117, Answered(ADA, EVE, Answer.MET)),
        (116, Met(BOB, EVE)),
        (115, MeetingUndone(BOB, EVE)),
        (1, Met(ADA, WHO[4])),
    )
    let_go(database, TODAY - 90 * DAY)
    community = read(database)
    assert community.older == {(ADA, BOB): TODAY - 118 * DAY}
    assert [meeting.pair for meeting in community.life.meetings] == [(ADA, WHO[4])]
    assert community.life.before == {ADA}
    assert community.life.since == TODAY - 90 * DAY
    database.write_now(lambda c: together.add_ties(c, {(ADA, BOB): TODAY - 300 * DAY}))
    assert read(database).older == {(ADA, BOB): TODAY - 118 * DAY}


@pytest.mark.parametrize("erased", [ADA, BOB])
def test_whoever_is_erased_leaves_no_tie(database: Database, erased):
    everybody(database)
    ties = {(ADA, BOB): TODAY, (BOB, EVE): TODAY, (ADA, EVE): TODAY}
    database.write_now(lambda c: together.add_ties(c, ties))
    database.write_now(lambda c: directory.remove_member(c, erased))
    left = database.read_now(together.ties_kept)
    assert set(left) == {two for two in ties if erased not in two}
    database.write_now(lambda c: together.add_ties(c, ties))
    assert set(database.read_now(together.ties_kept)) == set(left), "who was erased meanwhile comes not back"


def test_what_hosts_noted_to_have_introduced_is_read_from_their_brief(database: Database):
    lines = {"pair:m1:m0": Mark.INTRODUCED, "pair:m1:m2": Mark.NOT_NOW, "new:m1": Mark.INTRODUCED}
    for line, what in lines.items():
        marked = Marked(line, TODAY, what, TODAY, "camille", 1)
        database.write_now(lambda c, one=marked: briefs.put(c, one))
    assert database.read_now(briefs.introduced) == {(ADA, BOB): (TODAY,)}


async def test_the_hub_keeps_months_by_itself_before_it_lets_go_of_taps(database: Database):
    everybody(database)
    happen(database, *ring(95), *ring(0))
    database.write_now(lambda c: keep_learned(c, Learned(TODAY)))
    keeper = Retention(database, Wall(), HOURS, 90)
    assert await keeper.look() == 10
    assert database.read_now(together.months_kept) != {}
    assert len(database.read_now(together.ties_kept)) == 5
