"""Batches that are signed, and those that are not: set aside whole, never lost, never in the way."""

import msgspec
import pytest

from community.ids import HUB, Epoch, KioskId
from community.wire.codec import content_hash, encode
from community.wire.messages import EventBatch
from community.wire.seal import what_is_signed
from plumbing.signing import ALGORITHM, SigningKey
from sync import trust as module
from sync.store import batches, credentials, cursors, log, quarantine
from sync.store.schema import breaks
from sync.trust import FORGED, NOT_THE_HUB, SHUT_OUT, STRANGER, UNSIGNED, Trust
from tests.sync.samples import DOOR, EPOCH, SPACE, raw

KEY = SigningKey("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
OTHER = SigningKey("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
SIDE = KioskId("side-door")


def signed(*raws: bytes, key=KEY, kiosk=DOOR, before="", oldest=1, forged=None) -> bytes:
    """A batch as an enrolled kiosk sends it; `forged` is changed after it was signed."""
    batch = EventBatch(Epoch(EPOCH), tuple(map(msgspec.Raw, raws)), oldest, before=before, alg=ALGORITHM)
    batch = msgspec.structs.replace(batch, sig=key.sign(what_is_signed(SPACE, kiosk, batch)))
    return encode(msgspec.structs.replace(batch, **(forged or {})))


def plain(*raws: bytes) -> bytes:
    return encode(EventBatch(Epoch(EPOCH), tuple(map(msgspec.Raw, raws))))


class Hub:
    """What ingest does with batches, one transaction each."""

    def __init__(self, database, *, strangers: bool = True) -> None:
        self.database, self.trust = database, Trust(SPACE, strangers=strangers)

    def let_in(self, kiosk=DOOR, key=KEY) -> None:
        self.database.write_now(lambda c: credentials.issue(c, kiosk, "$7$", key.public, 1))

    def take(self, payload: bytes, kiosk=DOOR):
        def work(connection):
            judge = self.trust.judge(connection, [kiosk])
            items = judge.read(kiosk, payload)
            done = log.append(
                connection,
                [item for item in items if isinstance(item, log.Arrived)],
                [item for item in items if isinstance(item, log.Strange)],
                1,
                [item for item in items if isinstance(item, cursors.Asked)],
            )
            judge.note_breaks(1)
            return done

        return self.database.write_now(work)

    def waiting(self):
        return self.database.read_now(lambda c: quarantine.waiting(c, 1000))

    def breaks(self):
        return [row.seq for row in self.database.read_now(lambda c: c.execute(breaks.select()).all())]

    def upto(self) -> int:
        stands = self.database.read_now(lambda c: cursors.cursors_of(c, DOOR))
        return stands[0][1].upto if stands else 0


@pytest.fixture
def hub(database):
    made = Hub(database)
    made.let_in()
    return made


def test_a_signed_batch_is_taken_in(hub):
    assert len(hub.take(signed(raw(1), raw(2))).new) == 2
    assert hub.waiting() == ()
    assert hub.upto() == 2


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (plain(raw(1)), UNSIGNED),
        (signed(raw(1), forged={"sig": ""}), UNSIGNED),
        (signed(raw(1), forged={"alg": ""}), UNSIGNED),
        (signed(raw(1), forged={"alg": "none"}), UNSIGNED),
        (signed(raw(1), key=OTHER), FORGED),
        (signed(raw(1), kiosk=SIDE), FORGED),
        (signed(raw(1), forged={"events": (msgspec.Raw(raw(2)),)}), FORGED),
        (signed(raw(1), raw(2), forged={"events": (msgspec.Raw(raw(1)),)}), FORGED),
        (signed(raw(1), forged={"epoch": Epoch("e2")}), FORGED),
        (signed(raw(1), forged={"oldest": 9}), FORGED),
        (signed(raw(1), forged={"asks": 9}), FORGED),
        (signed(raw(1), forged={"before": "x"}), FORGED),
        (signed(raw(1), forged={"sig": "zz"}), FORGED),
        (signed(raw(1), forged={"sig": "é" * 64}), FORGED),
    ],
)
def test_what_is_not_signed_as_its_kiosk_signs_is_set_aside_whole_and_moves_no_cursor(hub, payload, reason):
    assert hub.take(payload).new == ()
    (held,) = hub.waiting()
    assert (held.reason, held.raw, held.kiosk) == (reason, payload, DOOR)
    assert hub.upto() == 0
    hub.take(payload)
    assert len(hub.waiting()) == 1, "kept once, however often it comes"
    assert len(hub.take(signed(raw(1), raw(2), raw(3))).new) == 3, "and nothing waits for it"
    assert hub.upto() == 3


def test_only_a_host_releases_it_and_then_it_counts(hub):
    payload = plain(raw(1), raw(2))
    hub.take(payload)
    assert hub.database.write_now(lambda c: batches.release(c, 1)).count == 0
    (held,) = hub.waiting()
    assert hub.database.write_now(lambda c: batches.release(c, 1, held.id)).count == 1
    assert hub.upto() == 2
    hub.take(payload)
    assert hub.waiting() == (), "the same again is not doubted: it is in the log"


def test_whoever_was_shut_out_is_believed_no_more(hub):
    hub.database.write_now(lambda c: credentials.end(c, DOOR, 1))
    hub.take(signed(raw(1)))
    assert [held.reason for held in hub.waiting()] == [SHUT_OUT]


def test_kiosks_that_were_never_let_in_are_taken_in_if_the_settings_say_so(database):
    assert len(Hub(database).take(plain(raw(1)), SIDE).new) == 1
    strict = Hub(database, strangers=False)
    strict.take(plain(raw(2)), SIDE)
    assert [held.reason for held in strict.waiting()] == [STRANGER]


@pytest.mark.parametrize("strangers", [True, False])
def test_no_kiosk_speaks_as_the_hub_s_own_log(database, strangers):
    hub = Hub(database, strangers=strangers)
    hub.let_in(HUB)
    for payload in (plain(raw(1)), signed(raw(1), kiosk=HUB)):
        assert hub.take(payload, HUB).new == ()
    assert {each.reason for each in hub.waiting()} == {NOT_THE_HUB}


def test_either_key_is_good_while_a_kiosk_is_let_in_anew(hub):
    hub.let_in(key=OTHER)
    assert len(hub.take(signed(raw(1))).new) == 1
    assert len(hub.take(signed(raw(2), key=OTHER, before=content_hash(raw(1)))).new) == 1
    hub.database.write_now(lambda c: credentials.used(c, DOOR, 2, 1))
    hub.take(signed(raw(3), before=content_hash(raw(2))))
    assert [held.reason for held in hub.waiting()] == [FORGED]


def test_what_only_pretends_to_be_a_kiosk_cannot_fill_the_disk(hub, monkeypatch):
    monkeypatch.setattr(module, "MOST_DOUBTED", 3)
    for number in range(1, 9):
        hub.take(plain(raw(number)))
    assert len(hub.waiting()) == 3
    assert len(hub.take(signed(raw(1))).new) == 1


# The chain.


def test_batches_that_follow_one_another_leave_no_mark_wherever_a_resend_begins(hub):
    events = [raw(number) for number in range(1, 9)]
    hub.take(signed(*events[:4]))
    hub.take(signed(*events[4:], before=content_hash(events[3])))
    for first in range(1, 8):
        hub.take(signed(*events[first:], before=content_hash(events[first - 1])))
    hub.take(signed(*events))
    assert hub.breaks() == []


@pytest.mark.parametrize("before", ["0" * 32, ""])
def test_a_batch_that_follows_another_event_is_noticed_once_and_taken_in(hub, before):
    hub.take(signed(raw(1)))
    for _ in range(2):
        hub.take(signed(raw(2), before=before))
    assert hub.breaks() == [2]
    assert hub.upto() == 2
    assert hub.waiting() == ()


def test_what_the_kiosk_let_go_of_breaks_nothing(hub):
    hub.take(signed(raw(1)))
    hub.take(signed(raw(2), before="", oldest=2))
    assert hub.breaks() == []


def test_a_batch_that_overtook_another_is_not_judged_by_what_is_not_here(hub):
    hub.take(signed(raw(3), before=content_hash(raw(2))))
    hub.take(signed(raw(1), raw(2)))
    assert hub.breaks() == []
    assert hub.upto() == 3
