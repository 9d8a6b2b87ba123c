"""What webhooks are to be told stands in the database with what happened, and of whom is decided there."""

from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import update

from community.events import CheckedIn, CheckedOut, CheckOutUndone, Met, MoodChosen, VisitCorrected
from community.ids import MemberId
from community.members import Mood, Visibility
from sync.store import deliveries, directory, log, machines_schema, outbox, webhooks
from sync.store.outbox import Kind, State
from sync.store.webhooks import Webhook
from tests.sync.samples import DOOR, EPOCH, NOON, member, raw, record, us

ADA = MemberId("ada")
EVERYTHING = frozenset(kind.value for kind in Kind)


def hook(database, name="h1", kinds=EVERYTHING):
    made = Webhook(name, f"https://{name}.example/", frozenset(kinds), 1, "camille")
    assert database.write_now(lambda c: webhooks.add(c, made))
    return made


def put(database, member_id="ada", visibility=Visibility(members=True, hosts=True)):  # noqa: B008 - frozen
    person = msgspec.structs.replace(member("Ada", member_id), visibility=visibility)
    database.write_now(lambda c: directory.put_member(c, person))


def happen(database, *events, at=NOON, now=NOON, first=1, **clock):
    arrived = [
        log.Arrived(DOOR, EPOCH, record(first + n, event, at, **clock), raw(first + n, event, at, **clock))
        for n, event in enumerate(events)
    ]
    database.write_now(lambda c: log.append(c, arrived, [], us(now)))


def told(database, name="h1"):
    found = database.read_now(lambda c: deliveries.latest(c, name, 99))
    return [msgspec.json.decode(each.body) for each in found][::-1]


def types(database, name="h1"):
    return [each["type"] for each in told(database, name)]


def test_a_coming_is_told_by_id_as_a_cloud_event(database):
    hook(database, kinds=[Kind.ARRIVED.value])
    put(database)
    happen(database, CheckedIn(ADA))
    (envelope,) = told(database)
    assert envelope.pop("id").startswith("msg_")
    assert envelope == {
        "specversion": "1.0",
        "source": "/kiosks/door",
        "type": "foyer.member.arrived",
        "time": "2026-03-02T11:00:00.000Z",
        "datacontenttype": "application/json",
        "data": {"member": "ada", "uncertain": False},
    }


def test_each_webhook_is_told_only_what_it_asked_for(database):
    hook(database, "h1", [Kind.LEFT.value])
    hook(database, "h2", [Kind.CHANGED.value])
    put(database)
    happen(database, CheckedIn(ADA), CheckedOut(ADA), CheckOutUndone(ADA), Met(ADA, MemberId("bob")))
    assert types(database, "h1") == ["foyer.member.left", "foyer.member.left.undone"]
    assert types(database, "h2") == ["foyer.member.changed"]


def test_the_same_event_again_is_told_once(database):
    hook(database)
    put(database)
    happen(database, CheckedIn(ADA))
    happen(database, CheckedIn(ADA))
    assert types(database).count("foyer.member.arrived") == 1


@pytest.mark.parametrize(
    "visibility", [Visibility(), Visibility(members=True, hosts=False), Visibility(lobby=True)]
)
def test_comings_and_goings_of_hidden_people_are_never_told(sqlite, visibility):
    put(sqlite, visibility=visibility)
    hook(sqlite)
    happen(sqlite, CheckedIn(ADA), CheckedOut(ADA), CheckOutUndone(ADA), CheckedIn(MemberId("nobody")))
    assert types(sqlite) == []


def test_who_hides_from_hosts_changes_unseen_but_an_erasure_is_always_told(sqlite):
    hook(sqlite)
    put(sqlite, visibility=Visibility(hosts=False))
    assert types(sqlite) == []
    sqlite.write_now(lambda c: directory.remove_member(c, ADA))
    assert types(sqlite) == ["foyer.member.erased"]


def test_heads_down_is_never_announced(database):
    hook(database, kinds=[Kind.ARRIVED.value, Kind.LEFT.value])
    put(database)
    happen(database, CheckedIn(ADA), MoodChosen(ADA, Mood.HEADS_DOWN))
    assert types(database) == []  # both came together: a door that was away
    happen(database, CheckedOut(ADA), at=NOON + timedelta(hours=1), now=NOON + timedelta(hours=1), first=3)
    assert types(database) == []


def test_heads_down_is_not_announced_by_a_door_whose_clock_is_wrong(database):
    hook(database, kinds=[Kind.ARRIVED.value, Kind.LEFT.value])
    put(database)
    wrong, later = NOON - timedelta(days=900), NOON + timedelta(hours=1)
    happen(database, CheckedIn(ADA), MoodChosen(ADA, Mood.HEADS_DOWN), at=wrong, synced=False)
    happen(database, CheckedOut(ADA), at=wrong, now=later, first=3, synced=False)
    assert types(database) == []


def test_heads_down_counts_if_the_clock_was_set_right_after_the_arrival(sqlite):
    hook(sqlite, kinds=[Kind.ARRIVED.value])
    put(sqlite)
    wrong, right = NOON - timedelta(days=900), NOON - timedelta(hours=2)
    came = ((1, CheckedIn(ADA), wrong, False), (2, MoodChosen(ADA, Mood.HEADS_DOWN), right, True))
    arrived = [
        log.Arrived(DOOR, EPOCH, record(n, event, at, synced=good), raw(n, event, at, synced=good))
        for n, event, at, good in came
    ]
    sqlite.write_now(lambda c: log.append(c, arrived, [], us(NOON)))
    assert types(sqlite) == []


def test_an_arrival_that_waits_is_taken_back_when_heads_down_is_chosen(database):
    made = hook(database, kinds=[Kind.ARRIVED.value])
    put(database)
    happen(database, CheckedIn(ADA))
    database.write_now(lambda c: webhooks.pause(c, made.id, paused=True))
    happen(database, MoodChosen(ADA, Mood.HEADS_DOWN), first=2)
    assert types(database) == []


def test_yesterdays_mood_is_gone_today(sqlite):
    hook(sqlite, kinds=[Kind.ARRIVED.value])
    put(sqlite)
    happen(sqlite, MoodChosen(ADA, Mood.HEADS_DOWN), at=NOON - timedelta(hours=20), now=NOON)
    happen(sqlite, CheckedIn(ADA), first=2)
    assert types(sqlite) == ["foyer.member.arrived"]


def test_what_comes_days_late_is_no_news(sqlite):
    hook(sqlite, kinds=[Kind.ARRIVED.value])
    put(sqlite)
    happen(sqlite, CheckedIn(ADA), at=NOON - timedelta(days=2), now=NOON)
    assert types(sqlite) == []


def test_a_door_whose_clock_is_wrong_says_so(sqlite):
    hook(sqlite, kinds=[Kind.ARRIVED.value])
    put(sqlite)
    happen(sqlite, CheckedIn(ADA), at=NOON - timedelta(days=900), now=NOON, synced=False)
    (envelope,) = told(sqlite)
    assert envelope["data"] == {"member": "ada", "uncertain": True}
    assert envelope["time"] == "2026-03-02T11:00:00.000Z"


def test_who_hides_is_told_of_no_more_and_who_is_erased_leaves_nothing(database):
    hook(database)
    put(database)
    happen(database, CheckedIn(ADA))
    put(database, visibility=Visibility(hosts=True))
    assert types(database) == ["foyer.member.changed"] * 2
    database.write_now(lambda c: directory.remove_member(c, ADA))
    assert types(database) == ["foyer.member.erased"]


def test_who_hides_is_not_sent_again_by_hand_nor_when_a_paused_webhook_goes_on(database):
    made = hook(database, kinds=[Kind.ARRIVED.value])
    put(database)
    happen(database, CheckedIn(ADA), CheckedIn(ADA))
    given_up, _ = database.read_now(lambda c: deliveries.latest(c, made.id, 9))
    database.write_now(lambda c: deliveries.tried(c, given_up, State.PARKED, "500", us(NOON), None))
    database.write_now(lambda c: webhooks.pause(c, made.id, paused=True))
    put(database, visibility=Visibility(hosts=True))
    assert types(database) == []


def test_a_paused_or_removed_webhook_is_told_nothing(sqlite):
    made = hook(sqlite)
    sqlite.write_now(lambda c: webhooks.pause(c, made.id, paused=True))
    put(sqlite)
    assert types(sqlite) == []
    sqlite.write_now(lambda c: webhooks.pause(c, made.id, paused=False))
    put(sqlite)
    assert types(sqlite) == ["foyer.member.changed"]
    assert sqlite.write_now(lambda c: webhooks.remove(c, made.id))
    assert types(sqlite) == []
    assert not sqlite.write_now(lambda c: webhooks.remove(c, made.id))


def test_what_is_rolled_back_is_not_told(sqlite):
    hook(sqlite)

    def work(connection):
        directory.put_member(connection, member("Ada", "ada"))
        raise KeyError

    with pytest.raises(KeyError):
        sqlite.write_now(work)
    assert types(sqlite) == []


def test_what_waits_for_a_paused_webhook_grows_stale_but_an_erasure_does_not(sqlite):
    made, day = hook(sqlite), timedelta(days=1)
    put(sqlite)
    put(sqlite, "bob")
    happen(sqlite, CheckedIn(ADA))
    sqlite.write_now(lambda c: outbox.erased(c, MemberId("bob"), us(NOON)))
    sqlite.write_now(lambda c: c.execute(update(machines_schema.deliveries).values(made_us=us(NOON))))
    assert sqlite.write_now(lambda c: deliveries.sweep(c, us(NOON + 2 * day))) == 0  # it is still tried
    sqlite.write_now(lambda c: webhooks.pause(c, made.id, paused=True))
    sqlite.write_now(lambda c: deliveries.sweep(c, us(NOON + 2 * day)))
    assert types(sqlite) == ["foyer.member.changed", "foyer.member.erased"]
    sqlite.write_now(lambda c: deliveries.sweep(c, us(NOON + 31 * day)))
    assert types(sqlite) == ["foyer.member.erased"]


def test_that_somebody_was_erased_waits_for_a_paused_webhook(sqlite):
    made = hook(sqlite)
    put(sqlite)
    sqlite.write_now(lambda c: webhooks.pause(c, made.id, paused=True))
    sqlite.write_now(lambda c: directory.remove_member(c, ADA))
    assert types(sqlite) == ["foyer.member.erased"]
    assert sqlite.read_now(lambda c: deliveries.due(c, us(NOON) * 2, ())) == ()
    sqlite.write_now(lambda c: webhooks.pause(c, made.id, paused=False))
    (waits,) = sqlite.read_now(lambda c: deliveries.due(c, us(NOON) * 2, ()))
    assert waits.kind == Kind.ERASED.value


def test_who_is_checked_in_and_out_by_hand_is_told_of_but_not_other_times(database):
    hook(database, kinds=[Kind.ARRIVED.value, Kind.LEFT.value])
    put(database)
    came, hour = us(NOON) - 60_000_000, timedelta(hours=1)
    other, left = came - 60_000_000, us(NOON + hour)
    happen(database, VisitCorrected(ADA, came))
    happen(database, VisitCorrected(ADA, other, 0, came), first=2)
    happen(database, VisitCorrected(ADA, other, left, other), at=NOON + hour, now=NOON + hour, first=3)
    later = NOON + 2 * hour
    happen(database, VisitCorrected(ADA, other, left - 60_000_000, other), at=later, now=later, first=4)
    assert [(each["type"], each["time"]) for each in told(database)] == [
        ("foyer.member.arrived", "2026-03-02T10:59:00.000Z"),
        ("foyer.member.left", "2026-03-02T12:00:00.000Z"),
    ]
