"""Guests at the hub: believed if sealed, shown for a day, forgotten with the member they came for."""

from datetime import timedelta

import msgspec
import pytest

from community.events import GuestCame
from community.guests import GuestWords, seal_of
from community.ids import Epoch, MemberId
from community.wire.codec import encode
from community.wire.messages import EventBatch
from plumbing.signing import SigningKey
from sync.store import batches, credentials, directory, guests, log
from sync.store.schema import events, quarantine
from sync.trust import UNSIGNED, Trust
from tests.sync.samples import DOOR, EPOCH, NOON, SPACE, member, raw, us

WORDS = GuestWords(1, "Ada", "Bruno", "3f6c0e6e7f1c4f0b")
CAME = GuestCame(MemberId("m1"), seal_of(WORDS))


def batch(*words: GuestWords, event: GuestCame = CAME, **more: object) -> bytes:
    return encode(EventBatch(Epoch(EPOCH), (msgspec.Raw(raw(1, event)),), guests=words, **more))


def take(database, payload: bytes, received_us: int = us(NOON)):
    items = batches.read_batch(DOOR, payload)
    arrived = [item for item in items if isinstance(item, log.Arrived)]
    return database.write_now(lambda c: log.append(c, arrived, [], received_us))


def waiting(database, since_us: int = 0):
    return database.read_now(lambda c: guests.waiting(c, since_us))


def test_a_guest_is_here_with_what_they_typed(database):
    take(database, batch(WORDS))
    (guest,) = waiting(database)
    assert (guest.kiosk, guest.epoch, guest.seq, guest.member) == (DOOR, EPOCH, 1, "m1")
    assert (guest.asked, guest.name, guest.came_us) == ("Ada", "Bruno", us(NOON))
    assert b"Bruno" not in database.read_now(lambda c: c.execute(events.select()).one()).raw


def test_words_that_do_not_fit_the_seal_are_not_believed(database):
    take(database, batch(msgspec.structs.replace(WORDS, name="Somebody else")))
    assert waiting(database) == ()
    assert database.read_now(lambda c: c.execute(events.select()).one()).kind == "guest_came"


def test_words_for_another_event_or_none_are_nothing(database):
    take(database, batch(msgspec.structs.replace(WORDS, seq=2)))
    take(database, batch())
    assert waiting(database) == ()


def test_a_batch_that_comes_again_brings_no_guest_back(database):
    take(database, batch(WORDS))
    assert database.write_now(lambda c: guests.meet(c, DOOR, EPOCH, 1))
    assert not database.write_now(lambda c: guests.meet(c, DOOR, EPOCH, 1))
    take(database, batch(WORDS))
    assert waiting(database) == ()
    database.write_now(lambda c: guests.forget(c, us(NOON) + 1))
    take(database, batch(WORDS))
    assert waiting(database) == ()


def test_a_bad_clock_gives_way_to_the_hubs(database):
    payload = encode(EventBatch(Epoch(EPOCH), (msgspec.Raw(raw(1, CAME, synced=False)),), guests=(WORDS,)))
    take(database, payload, received_us=77)
    assert waiting(database)[0].came_us == 77


def test_the_day_ends_and_so_do_its_guests(database):
    take(database, batch(WORDS))
    assert database.write_now(lambda c: guests.forget(c, us(NOON))) == 0
    assert waiting(database, us(NOON + timedelta(hours=1))) == ()
    assert database.write_now(lambda c: guests.forget(c, us(NOON) + 1)) == 1


def test_an_erased_member_takes_along_who_came_for_them(database):
    database.write_now(lambda c: directory.put_member(c, member()))
    take(database, batch(WORDS))
    database.write_now(lambda c: directory.remove_member(c, MemberId("m1")))
    assert waiting(database) == ()


@pytest.mark.parametrize("strangers", [True, False])
def test_a_batch_that_is_set_aside_keeps_no_guest(database, strangers):
    key = SigningKey.make()
    database.write_now(lambda c: credentials.issue(c, DOOR, "$7$", key.public, 1))

    def work(connection):
        judge = Trust(SPACE, strangers=strangers).judge(connection, [DOOR])
        items = judge.read(DOOR, batch(WORDS))
        return log.append(connection, [], [item for item in items if isinstance(item, log.Strange)], 1)

    done = database.write_now(work)
    assert [item.reason for item in done.quarantined] == [UNSIGNED]
    assert b"Bruno" not in database.read_now(lambda c: c.execute(quarantine.select()).one()).raw
