"""The reader on a healthy line: taps, and a life that begins and ends."""

import logging
import resource
import threading
import time

import pytest

from hardware.nfc_reader import NfcReader
from hardware.reader import ReaderReady, Technology
from hardware.uid import Uid
from hardware.virtual.cards import Felica, IsoDepCard, MifareClassic, Ntag213, Phone, Topaz
from hardware.virtual.port import VirtualPn532
from tests.hardware.conftest import PROMPT_S

UID_7 = bytes.fromhex("04112233445566")
LIFTED_POLLS = 4
"""Polls after which a lifted card is surely forgotten, counting one that was under way."""


@pytest.mark.parametrize("baud", [115200, 230400, 460800, 921600])
def test_the_reader_becomes_ready_at_the_speed_asked_for(virtual, open_reader, listener, baud):
    reader = open_reader(virtual.path, baud=baud)
    assert listener.wait_for_ready() == ReaderReady("PN532 v1.6", str(virtual.path), baud)
    assert virtual.baud == baud
    reader.stop()
    assert virtual.baud == 115200, "left as after power-on"


@pytest.mark.parametrize(
    ("card", "uid", "technology"),
    [
        (Ntag213(UID_7), UID_7, Technology.TYPE_2),
        (MifareClassic(b"\x01\x02\x03\x04"), b"\x01\x02\x03\x04", Technology.CLASSIC),
        (MifareClassic(UID_7), UID_7, Technology.CLASSIC),
        (IsoDepCard(UID_7), UID_7, Technology.ISO_DEP),
        (IsoDepCard(bytes(range(10))), bytes(range(10)), Technology.ISO_DEP),
        (Felica(bytes(range(8))), bytes(range(8)), Technology.FELICA),
    ],
    ids=["ntag213", "classic-4", "classic-7", "iso-dep", "triple-size", "felica"],
)
def test_each_card_is_one_tap_with_its_number(virtual, open_reader, listener, card, uid, technology):
    open_reader(virtual.path, felica=True)
    before_s = time.monotonic()
    virtual.present(card)
    (tap,) = listener.wait_for_taps(1)
    assert (tap.uid, tap.technology) == (Uid(uid), technology)
    assert before_s < tap.read_s <= time.monotonic()


def test_a_felica_card_is_not_looked_for_unless_wanted(virtual, open_reader, listener):
    open_reader(virtual.path)
    virtual.present(Felica(bytes(8)))
    assert virtual.wait_for_polls(5, 10)
    assert listener.taps == []


@pytest.mark.parametrize("card", [Ntag213(UID_7), MifareClassic(b"1234"), IsoDepCard(UID_7)])
def test_a_card_that_stays_is_one_tap(virtual, open_reader, listener, card):
    open_reader(virtual.path)
    virtual.present(card)
    listener.wait_for_taps(1)
    # An ISO-DEP card is not looked for while it answers, so time passes by commands, not by polls.
    virtual.wait_for_polls(20, 0.5)
    virtual.lift()
    assert virtual.wait_for_polls(LIFTED_POLLS, 10)
    assert len(listener.taps) == 1


def test_a_phone_that_stays_is_one_tap_with_a_random_number(virtual, open_reader, listener):
    open_reader(virtual.path)
    virtual.present(Phone())
    (tap,) = listener.wait_for_taps(1)
    assert tap.uid.is_random
    assert not virtual.wait_for_polls(3, 0.5), "it is asked whether it is there, not looked for again"
    virtual.lift()
    assert virtual.wait_for_polls(LIFTED_POLLS, 10)
    assert len(listener.taps) == 1


def test_a_phone_that_answers_no_presence_check_is_one_tap_too(virtual, open_reader, listener):
    class StubbornPhone(Phone):
        def exchange(self, frame):
            return None

    open_reader(virtual.path)
    virtual.present(StubbornPhone())
    listener.wait_for_taps(1)
    assert virtual.wait_for_polls(10, 10)
    assert len(listener.taps) == 1


def test_two_quick_taps_of_the_same_card_are_two_taps(virtual, open_reader, listener):
    open_reader(virtual.path)
    card = Ntag213(UID_7)
    virtual.present(card)
    listener.wait_for_taps(1)
    virtual.lift()
    assert virtual.wait_for_polls(LIFTED_POLLS, 10)
    virtual.present(card)
    listener.wait_for_taps(2)


def test_a_card_that_jumps_out_for_a_moment_is_one_tap(virtual, open_reader, listener):
    open_reader(virtual.path)
    card = Ntag213(UID_7)
    virtual.present(card)
    listener.wait_for_taps(1)
    for _ in range(5):
        virtual.lift()
        virtual.present(card)
        assert virtual.wait_for_polls(2, 10)
    assert len(listener.taps) == 1


def test_another_card_in_its_place_is_a_tap_at_once(virtual, open_reader, listener):
    open_reader(virtual.path)
    virtual.present(Ntag213(UID_7))
    listener.wait_for_taps(1)
    virtual.present(MifareClassic(b"1234"))
    assert [tap.uid for tap in listener.wait_for_taps(2)] == [Uid(UID_7), Uid(b"1234")]


def test_two_hundred_taps_in_a_row_are_two_hundred_taps(virtual, open_reader, listener):
    open_reader(virtual.path, pause_s=0.001)
    listener.wait_for_ready()
    expected = []
    for number in range(200):
        # Every third card is the one before it, lifted and held again.
        uid = bytes([4, 0, 0, 0, 0, 0, number - (number % 3 == 2)])
        expected.append(Uid(uid))
        virtual.present(Ntag213(uid))
        listener.wait_for_taps(number + 1)
        virtual.lift()
        assert virtual.wait_for_polls(LIFTED_POLLS, 10)
    assert [tap.uid for tap in listener.taps] == expected
    assert len(listener.states) == 1


def test_callbacks_come_from_the_readers_own_thread(virtual, open_reader, listener):
    open_reader(virtual.path)
    virtual.present(Ntag213(UID_7))
    listener.wait_for_taps(1)
    assert listener.threads == {f"badge-reader {virtual.path}"}


def test_a_callback_that_fails_does_not_end_the_reader(virtual, listener, caplog):
    failing = [True]

    def on_tap(tap):
        if failing:
            failing.clear()
            raise RuntimeError("the kiosk stumbled")
        listener.on_tap(tap)

    reader = NfcReader(virtual.path, on_tap=on_tap, on_state=listener.on_state, pause_s=0.005)
    reader.start()
    virtual.present(Ntag213(UID_7))
    try:
        listener.wait_for_taps(1)
    finally:
        reader.stop()
    assert "the kiosk stumbled" in caplog.text


def test_no_number_of_a_badge_reaches_the_log(virtual, open_reader, listener, caplog):
    caplog.set_level(1)
    logging.getLogger("nfc").setLevel(logging.NOTSET)
    open_reader(virtual.path)
    virtual.present(Ntag213(UID_7))
    listener.wait_for_taps(1)
    virtual.present(Phone(lambda: b"\x71\x72\x73"))
    listener.wait_for_taps(2)
    virtual.unplug()
    listener.wait_for_lost()
    assert caplog.records
    for secret in ("112233", "717273", "qrs"):
        assert secret not in caplog.text.lower()


def test_stop_is_prompt_and_may_come_twice(virtual, open_reader, listener):
    reader = open_reader(virtual.path)
    listener.wait_for_ready()
    started_s = time.monotonic()
    reader.stop()
    reader.stop()
    assert time.monotonic() - started_s < PROMPT_S
    assert f"badge-reader {virtual.path}" not in {thread.name for thread in threading.enumerate()}


def test_a_reader_may_be_stopped_before_it_was_started(virtual):
    NfcReader(virtual.path, on_tap=print, on_state=print).stop()


def test_a_reader_lives_once(virtual, open_reader):
    reader = open_reader(virtual.path)
    with pytest.raises(RuntimeError):
        reader.start()


def test_a_speed_the_chip_does_not_know_is_refused():
    with pytest.raises(ValueError, match="got 9600"):
        NfcReader("/dev/null", baud=9600, on_tap=print, on_state=print)


def test_a_stopped_reader_can_be_followed_by_another(virtual, open_reader, listener):
    for count in (1, 2, 3):
        reader = open_reader(virtual.path, baud=921600)
        listener.wait_for_ready(count)
        reader.stop()


def test_a_symbolic_link_with_underscores_is_a_port_like_any_other(virtual, open_reader, listener, tmp_path):
    link = tmp_path / "kiosk_nfc_0"
    link.symlink_to(virtual.path)
    open_reader(str(link))
    assert listener.wait_for_ready().port == str(link)


def test_an_idle_reader_leaves_the_processor_alone(listener):
    virtual = VirtualPn532()
    virtual.start()
    reader = NfcReader(virtual.path, on_tap=listener.on_tap, on_state=listener.on_state)
    reader.start()
    listener.wait_for_ready()
    before, before_s = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
    assert virtual.wait_for_polls(20, 30)
    after, after_s = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
    used_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    reader.stop()
    virtual.stop()
    assert used_s / (after_s - before_s) < 0.15, "of one core, chip and reader together"


def test_a_topaz_gives_its_number_soon(virtual, open_reader, listener):
    open_reader(virtual.path)
    virtual.present(Topaz(b"\x01\x02\x03\x04"))
    (tap,) = listener.wait_for_taps(1)
    assert (tap.uid.hex, tap.technology) == ("01020304", Technology.TYPE_1)
    assert virtual.wait_for_polls(20, 10)
    assert len(listener.taps) == 1, "it stayed"
    virtual.lift()
    assert virtual.wait_for_polls(2 * LIFTED_POLLS, 10)
    virtual.present(Topaz(b"\x01\x02\x03\x04"))
    listener.wait_for_taps(2)


def test_a_peer_to_peer_phone_is_something_else(virtual, open_reader, listener):
    class PeerToPeer(MifareClassic):
        sel_res = b"\x40"

    open_reader(virtual.path)
    virtual.present(PeerToPeer(b"\x08\x01\x02\x03"))
    (tap,) = listener.wait_for_taps(1)
    assert tap.technology is Technology.OTHER


def test_a_number_of_no_known_length_is_no_card(virtual, open_reader, listener):
    open_reader(virtual.path)
    virtual.present(MifareClassic(b"\x01\x02\x03"))
    assert virtual.wait_for_polls(5, 10)
    assert listener.taps == []
