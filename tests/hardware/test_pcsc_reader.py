"""The reader through PC/SC: the real pcscd, its virtual reader, and pyscard as it is."""

import sys
import time

import pytest

from hardware.errors import ReaderFault
from hardware.pcsc_reader import PcscReader
from hardware.reader import Proven, ReaderLost, ReaderReady, Technology
from hardware.uid import Uid
from tests.fakes import smart_cards
from tests.fakes.smart_cards import ISO_DEP, SmartCard, SmartCardService
from tests.hardware.conftest import PROMPT_S

pytestmark = pytest.mark.skipif(bool(smart_cards.missing()), reason=smart_cards.missing())

UID_7 = bytes.fromhex("04112233445566")
OTHER = bytes.fromhex("04AABBCCDDEEFF")
ASK = b"\x90\x60\x00\x00\x00"


@pytest.fixture(scope="module")
def machine():
    """The one service of this machine; what it leaves behind outlives single tests."""
    service = SmartCardService()
    yield service
    service.close()


@pytest.fixture
def service(machine):
    if machine.process is None:
        machine.start()
    return machine


@pytest.fixture
def start(listener):
    readers = []

    def start_it(part="", **options):
        reader = PcscReader(part, on_tap=listener.on_tap, on_state=listener.on_state, **options)
        readers.append(reader)
        reader.start()
        return reader

    yield start_it
    for reader in readers:
        reader.stop()


def test_a_card_is_one_tap_as_long_as_it_stays(service, start, listener):
    start()
    assert listener.wait_for_ready() == ReaderReady("Virtual PICC 00 00", "pcsc:", 0)
    with SmartCard(service, UID_7):
        (tap,) = listener.wait_for_taps(1)
        assert (tap.uid, tap.technology, tap.proof) == (Uid(UID_7), Technology.TYPE_2, None)
        before_s = time.monotonic()
        assert before_s - 5 < tap.read_s <= before_s
    with SmartCard(service, OTHER):
        listener.wait_for_taps(2)
    assert [tap.uid for tap in listener.taps] == [Uid(UID_7), Uid(OTHER)]
    assert len(listener.states) == 1


def test_the_same_card_again_is_another_tap(service, start, listener):
    start()
    for count in (1, 2, 3):
        with SmartCard(service, UID_7):
            listener.wait_for_taps(count)


def test_a_card_that_was_there_before_the_reader_is_a_tap(service, start, listener):
    with SmartCard(service, UID_7):
        start()
        listener.wait_for_taps(1)


def test_a_reader_is_found_by_a_part_of_its_name(service, start, listener):
    start("picc 00")
    assert listener.wait_for_ready().firmware == "Virtual PICC 00 00"


def test_a_reader_that_is_not_there_is_named(service, start, listener):
    start("omnikey")
    lost = listener.wait_for_lost()
    assert lost.kind is ReaderFault.NO_SUCH_READER
    assert "pcsc:omnikey" in lost.sentence


def test_a_secure_badge_proves_itself(service, start, listener):
    def prove(uid, transmit):
        return Proven(uid, 1) if transmit(ASK) == b"\x01\x02\x91\x00" else None

    start(prove=prove)
    with SmartCard(service, UID_7, ISO_DEP, lambda _: b"\x01\x02\x91\x00") as card:
        (tap,) = listener.wait_for_taps(1)
        assert (tap.proof, tap.technology) == (Proven(Uid(UID_7), 1), Technology.ISO_DEP)
        assert card.asked == [ASK]


def test_a_badge_lifted_while_it_is_asked_is_no_tap(service, start, listener):
    cuts = []
    proving = []

    def prove(uid, transmit):
        proving.append(uid)
        transmit(ASK)
        if cuts:
            return Proven(uid, 1)
        badge.lift()
        badge.thread.join()
        transmit(ASK)
        raise AssertionError("the badge was gone")

    def on_cut():
        cuts.append(list(listener.taps))
        listener.on_state(ReaderLost(ReaderFault.MUTE, "cut"))

    start(prove=prove, on_cut=on_cut)
    with SmartCard(service, UID_7, ISO_DEP) as badge:
        listener.wait_for_lost()
    assert cuts == [[]]
    with SmartCard(service, UID_7, ISO_DEP):
        (tap,) = listener.wait_for_taps(1)
        assert isinstance(tap.proof, Proven)


def test_a_number_of_no_known_length_is_no_card(service, start, listener):
    start()
    listener.wait_for_ready()
    with SmartCard(service, b"\x01\x02\x03"):
        pass
    with SmartCard(service, UID_7):
        (tap,) = listener.wait_for_taps(1)
        assert tap.uid == Uid(UID_7)


def test_a_service_that_is_killed_and_comes_back_is_told_and_used_again(service, start, listener):
    start()
    listener.wait_for_ready()
    service.kill()
    assert listener.wait_for_lost().kind is ReaderFault.NO_SERVICE
    service.start()
    listener.wait_for_ready(2)
    with SmartCard(service, UID_7):
        listener.wait_for_taps(1)
    assert [type(state) for state in listener.states] == [ReaderReady, ReaderLost, ReaderReady]


def test_a_service_that_dies_with_a_card_on_the_reader_reads_it_afterwards(service, start, listener):
    start()
    with SmartCard(service, UID_7):
        listener.wait_for_taps(1)
        service.kill()
        listener.wait_for_lost()
    service.start()
    with SmartCard(service, UID_7):
        listener.wait_for_taps(2)


def test_a_reader_that_is_unplugged_while_the_service_is_away_is_found_when_it_is_back(
    service, start, listener
):
    start()
    listener.wait_for_ready()
    service.kill()
    service.start(with_reader=False)
    listener.wait_until(
        lambda: any(
            isinstance(state, ReaderLost) and state.kind is ReaderFault.NO_SUCH_READER
            for state in listener.states
        )
    )
    service.kill()
    service.start()
    listener.wait_for_ready(2)


def test_without_the_service_the_reader_waits_for_it(machine, start, listener):
    machine.kill()
    start()
    assert listener.wait_for_lost().kind is ReaderFault.NO_SERVICE
    machine.start()
    listener.wait_for_ready()


def test_without_the_extra_it_says_what_to_install(monkeypatch, start, listener):
    monkeypatch.setitem(sys.modules, "smartcard", None)
    start()
    lost = listener.wait_for_lost()
    assert lost.kind is ReaderFault.NOT_INSTALLED
    assert "foyer-kiosk[pcsc]" in lost.sentence


def test_stop_is_prompt(service, start, listener):
    reader = start()
    listener.wait_for_ready()
    began_s = time.monotonic()
    reader.stop()
    assert time.monotonic() - began_s < PROMPT_S
