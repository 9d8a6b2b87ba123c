"""Plans, pasts, tables and answers on real SQLite and real PostgreSQL; whoever leaves is in none of them."""

from datetime import UTC, date, datetime

import msgspec
from sqlalchemy import select

from community.ids import MemberId, TableId
from community.introductions.learning import Outcome, Tally
from community.introductions.pairing import DayPlan, Pairing, PairPast, PersonPast
from community.introductions.slots import Slot
from community.introductions.tables import Occasion, Table
from community.introductions.weights import Weights
from community.members import Visibility
from plumbing.database import Database
from sync.store import directory, feed, introductions, outcomes
from sync.store.outcomes import Answer
from sync.store.schema import feed as feed_table
from tests.sync.samples import member

ADA, BOB, EVE = (MemberId(name) for name in ("ada", "bob", "eve"))
DAY = date(2026, 3, 2)
PLAN = DayPlan(DAY, (Pairing(ADA, BOB, Slot.PARTNER), Pairing(ADA, EVE, Slot.NEIGHBOUR, score=0.5)))
COFFEE = Table(
    TableId("t1"),
    Occasion.COFFEE,
    datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
    "the kitchen",
    (ADA, BOB, EVE),
    (BOB,),
)
PASTS = (
    PersonPast(ADA, days=3, ties=1, pairs=(PairPast(BOB, met=DAY), PairPast(EVE, barred=True))),
    PersonPast(BOB, days=2, ties=1),
)


def village(database: Database) -> None:
    for person in (ADA, BOB, EVE):
        database.write_now(lambda c, one=person: directory.put_member(c, member(one.title(), one)))


def filled(database: Database) -> None:
    village(database)
    database.write_now(lambda c: introductions.put_plan(c, PLAN))
    database.write_now(lambda c: introductions.put_pasts(c, PASTS))
    database.write_now(lambda c: introductions.put_tables(c, [COFFEE]))
    answers = [Answer(ADA, BOB, DAY, Outcome((0.1,) * 7, yes=True, chance=0.5), "steady")]
    answers += [Answer(BOB, EVE, DAY, Outcome((0.2,) * 7, yes=False), "")]
    database.write_now(lambda c: outcomes.keep(c, DAY, answers))


def test_what_is_kept_is_what_is_read(database: Database):
    filled(database)
    assert database.read_now(lambda c: introductions.plan_of(c, DAY)) == PLAN
    assert database.read_now(introductions.pasts) == {past.member: past for past in PASTS}
    assert database.read_now(introductions.tables) == (COFFEE,)
    assert database.read_now(introductions.weights) == Weights()
    assert database.read_now(outcomes.count) == 2
    assert database.read_now(outcomes.tallies) == {"steady": Tally(1, 1), "": Tally(0, 1)}
    assert database.read_now(outcomes.everything) == (
        Outcome((0.1,) * 7, yes=True, chance=0.5),
        Outcome((0.2,) * 7, yes=False),
    )


def test_keeping_the_same_again_is_no_revision(database: Database):
    filled(database)
    before = database.read_now(feed.revision)
    filled(database)
    assert database.read_now(feed.revision) == before
    assert database.read_now(outcomes.count) == 2


def test_a_new_day_lets_go_of_the_old_ones_plan(database: Database):
    filled(database)
    database.write_now(lambda c: introductions.put_plan(c, DayPlan(date(2026, 3, 3))))
    assert database.read_now(lambda c: introductions.plan_of(c, DAY)) == DayPlan(DAY)
    assert [i.kind for i in database.read_now(feed.everything) if i.kind == "plan"] == []


def test_who_may_not_be_introduced_any_more_stands_in_no_plan(database: Database):
    village(database)
    hidden = msgspec.structs.replace(member("Eve", EVE), visibility=Visibility())
    database.write_now(lambda c: directory.put_member(c, hidden))
    database.write_now(lambda c: introductions.put_plan(c, PLAN))
    assert database.read_now(lambda c: introductions.plan_of(c, DAY)).pairings == PLAN.pairings[:1]


def test_nobody_of_whom_nothing_is_known_has_a_past(database: Database):
    village(database)
    database.write_now(
        lambda c: introductions.put_pasts(c, [PersonPast(ADA), PersonPast(MemberId("ghost"), days=1)])
    )
    assert database.read_now(introductions.pasts) == {}


def test_erasing_a_member_leaves_no_trace_of_them_in_the_feed(database: Database):
    filled(database)
    database.write_now(lambda c: directory.remove_member(c, BOB))
    # But for the word that they were erased, which must outlive every backup.
    everything = [i for i in database.read_now(feed.everything) if i.kind != feed.Kind.ERASED.value]
    assert not any(b'"bob"' in bytes(item.body) for item in everything if item.body is not None)
    assert not any(item.key == BOB for item in everything)
    assert database.read_now(lambda c: introductions.plan_of(c, DAY)).pairings == PLAN.pairings[1:]
    assert database.read_now(introductions.tables)[0].invited == (ADA, EVE)
    assert database.read_now(outcomes.count) == 0


def test_erasing_is_one_revision_kiosks_hear_of(database: Database):
    filled(database)
    before = database.read_now(feed.revision)
    assert database.write_now(lambda c: directory.remove_member(c, BOB)) == before + 1
    said = database.read_now(lambda c: feed.items_since(c, before))
    assert {(item.kind, item.key) for item in said} == {
        ("member", BOB),
        ("past", BOB),
        ("past", ADA),
        ("plan", DAY.isoformat()),
        ("table", "t1"),
        ("erased", BOB),
    }


def test_the_dead_leave_no_body_behind(database: Database):
    filled(database)
    database.write_now(lambda c: directory.remove_member(c, BOB))
    here = (feed_table.c.key == BOB) & (feed_table.c.kind != feed.Kind.ERASED.value)
    query = select(feed_table.c.body).where(here)
    assert set(database.read_now(lambda c: c.execute(query).scalars().all())) == {None}


def test_weights_are_said_and_taken_back(database: Database):
    learned = Weights(name="steady", explore=0.05)
    database.write_now(lambda c: introductions.put_weights(c, learned))
    assert database.read_now(introductions.weights) == learned
    database.write_now(lambda c: introductions.put_weights(c, None))
    assert database.read_now(introductions.weights) == Weights()
