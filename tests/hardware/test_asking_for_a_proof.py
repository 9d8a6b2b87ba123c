"""A reader asks a secure badge to prove itself: on the virtual chip, over nfcpy and pyserial as they are."""

import threading

import pytest

from hardware.errors import CardLifted, ReaderGone
from hardware.reader import Proven, Technology, Unproven
from hardware.uid import Uid
from hardware.virtual.blocks import Blocks
from hardware.virtual.cards import IsoDepCard, Ntag213, Phone
from hardware.virtual.faults import Fault, Scheduled

UID_7 = bytes.fromhex("04112233445566")
ASK, LONG_ASK = b"\x90\x60\x00\x00\x00", b"\x90\xaf\x00\x00" + bytes(200)
THRU = 0x42
LIFTED_POLLS = 4


class Badge(IsoDepCard):
    """A card that answers with its own number, and counts what it was asked."""

    def __init__(self, uid=UID_7, pleas=0):
        super().__init__(uid, blocks=Blocks(self.answer, pleas=pleas))
        self.asked = []

    def answer(self, command):
        self.asked.append(command)
        return bytes(self.uid) * 20 + b"\x90\x00"


class Prover:
    """Asks three commands, as a real proof does."""

    def __init__(self, commands=(ASK, LONG_ASK, ASK)):
        self.commands = commands
        self.failed = []

    def __call__(self, uid, transmit):
        try:
            answers = [transmit(command) for command in self.commands]
        except (CardLifted, ReaderGone) as error:
            self.failed.append(type(error))
            raise
        right = all(answer == bytes(uid.value) * 20 + b"\x90\x00" for answer in answers)
        return Proven(uid, key=1, counter=7) if right else Unproven.FORGED


@pytest.fixture
def cuts():
    """Counts how often a card was lifted too soon."""

    class Cuts:
        def __init__(self):
            self.count = 0
            self.changed = threading.Condition()

        def __call__(self):
            with self.changed:
                self.count += 1
                self.changed.notify_all()

        def wait(self, count=1):
            with self.changed:
                assert self.changed.wait_for(lambda: self.count >= count, 10)

    return Cuts()


@pytest.mark.parametrize("baud", [115200, 921600])
@pytest.mark.parametrize("pleas", [0, 2])
def test_a_secure_badge_is_one_tap_with_its_proof(virtual, open_reader, listener, cuts, baud, pleas):
    open_reader(virtual.path, baud=baud, prove=Prover(), on_cut=cuts)
    badge = Badge(pleas=pleas)
    virtual.present(badge)
    (tap,) = listener.wait_for_taps(1)
    assert (tap.proof, tap.technology) == (Proven(Uid(UID_7), 1, 7), Technology.ISO_DEP)
    virtual.wait_for_polls(20, 0.5)
    virtual.lift()
    assert virtual.wait_for_polls(LIFTED_POLLS, 10)
    assert len(listener.taps) == 1
    assert badge.asked == [ASK, LONG_ASK, ASK], "a card that stays is asked once"
    assert cuts.count == 0


def test_a_badge_tapped_twice_is_asked_twice(virtual, open_reader, listener):
    open_reader(virtual.path, prove=Prover())
    badge = Badge()
    for count in (1, 2):
        virtual.present(badge)
        listener.wait_for_taps(count)
        virtual.lift()
        assert virtual.wait_for_polls(LIFTED_POLLS, 10)
    assert len(badge.asked) == 6


def test_what_takes_no_commands_is_not_asked(virtual, open_reader, listener):
    prover = Prover()
    open_reader(virtual.path, prove=prover)
    virtual.present(Ntag213(UID_7))
    (tap,) = listener.wait_for_taps(1)
    assert tap.proof is None


def test_a_phone_is_asked_and_has_no_proof(virtual, open_reader, listener):
    def prove(uid, transmit):
        assert transmit(ASK) == b"\x6a\x82"

    open_reader(virtual.path, prove=prove)
    virtual.present(Phone())
    (tap,) = listener.wait_for_taps(1)
    assert tap.uid.is_random
    assert tap.proof is None


def test_what_the_proof_says_reaches_the_tap(virtual, open_reader, listener):
    open_reader(virtual.path, prove=lambda uid, transmit: Unproven.WRONG_KEY)
    virtual.present(Badge())
    (tap,) = listener.wait_for_taps(1)
    assert tap.proof is Unproven.WRONG_KEY


@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_badge_lifted_too_soon_is_no_tap_and_is_told_once(virtual, open_reader, listener, cuts, at):
    open_reader(virtual.path, prove=Prover(), on_cut=cuts)
    badge = Badge()

    def exchange(frame):
        answer = IsoDepCard.exchange(badge, frame)
        if len(badge.asked) < at:
            return answer
        virtual.lift()  # the field is gone before the answer is
        return None

    badge.exchange = exchange
    virtual.present(badge)
    cuts.wait()
    assert virtual.wait_for_polls(LIFTED_POLLS, 10)
    assert listener.taps == []
    assert cuts.count == 1
    del badge.exchange
    badge.asked.clear()
    virtual.present(badge)
    (tap,) = listener.wait_for_taps(1)
    assert isinstance(tap.proof, Proven)
    assert badge.asked == [ASK, LONG_ASK, ASK], "asked from the beginning"


def test_a_card_that_answers_to_nothing_but_its_number_is_a_tap_without_a_proof(
    virtual, open_reader, listener, cuts
):
    class Deaf(Phone):
        def exchange(self, frame):
            return None

    prover = Prover()
    open_reader(virtual.path, prove=prover, on_cut=cuts)
    virtual.present(Deaf())
    (tap,) = listener.wait_for_taps(1)
    assert tap.proof is None
    assert cuts.count == 2, "it may have been held badly"
    assert virtual.wait_for_polls(6, 10)
    assert len(listener.taps) == 1


@pytest.mark.parametrize("fault", [Fault.GARBAGE, Fault.SHORT_FRAME, Fault.BAD_CHECKSUM, Fault.ERROR_FRAME])
@pytest.mark.parametrize("skip", [0, 1, 3])
def test_a_bad_line_in_the_middle_of_a_proof_only_delays_it(
    virtual, open_reader, listener, cuts, fault, skip
):
    prover = Prover()
    open_reader(virtual.path, prove=prover, on_cut=cuts)
    listener.wait_for_ready()
    virtual.schedule(Scheduled(fault, command=THRU, skip=skip))
    virtual.present(Badge())
    (tap,) = listener.wait_for_taps(1)
    assert isinstance(tap.proof, Proven)
    assert len(listener.states) == 1
    assert cuts.count == 0


def test_an_unplug_in_the_middle_of_a_proof_is_told_and_the_badge_read_afterwards(
    virtual, open_reader, listener
):
    prover = Prover()
    open_reader(virtual.path, prove=prover)
    listener.wait_for_ready()
    virtual.schedule(Scheduled(Fault.UNPLUG, command=THRU, skip=2))
    virtual.present(Badge())
    listener.wait_for_lost()
    assert listener.taps == []
    virtual.plug()
    (tap,) = listener.wait_for_taps(1)
    assert isinstance(tap.proof, Proven)
    assert prover.failed == [ReaderGone]


def test_a_proof_that_asks_after_the_card_is_gone_is_told_so(virtual, open_reader, listener, cuts):
    def prove(uid, transmit):
        for _ in range(2):
            with pytest.raises(CardLifted):
                transmit(ASK)
        raise CardLifted

    open_reader(virtual.path, prove=prove, on_cut=cuts)
    badge = Badge()
    answers = iter([badge.exchange(b"\xe0\x80")])
    badge.exchange = lambda frame: next(answers, None)
    virtual.present(badge)
    cuts.wait()
