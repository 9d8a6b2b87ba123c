"""Secure badges on the virtual reader: nfcpy, pyserial, ISO-DEP blocks and the chip's own commands."""

import pytest

from hardware.proving import prover
from hardware.provisioning import program
from hardware.reader import Proven, Technology, Unproven
from hardware.uid import Uid
from hardware.virtual.cards import IsoDepCard, Ntag213, Phone, SecureBadge
from hardware.virtual.ntag424 import Ntag424
from tests.hardware.test_provisioning import UID, Ring, draw, keys_of


def programmed(*, hide: bool = False) -> SecureBadge:
    chip = Ntag424(UID)
    program(chip.command, keys_of(1), [], draw, hide=hide)
    return SecureBadge(chip)


@pytest.mark.parametrize("mutual", [False, True])
def test_a_secure_badge_is_read_and_proves_itself(virtual, open_reader, listener, mutual):
    open_reader(virtual.path, prove=prover(lambda: Ring(keys_of(1), mutual=mutual), draw))
    badge = programmed()
    for counter in (2, 3):
        virtual.present(badge)
        tap = listener.wait_for_taps(counter - 1)[-1]
        assert tap.proof == Proven(Uid(UID), 1, None if mutual else counter)
        assert tap.technology is Technology.ISO_DEP
        virtual.lift()
        assert virtual.wait_for_polls(4, 10)


def test_a_badge_that_hides_its_number_is_the_same_badge_each_time(virtual, open_reader, listener):
    open_reader(virtual.path, prove=prover(lambda: Ring(keys_of(1), some_hide=True), draw))
    virtual.present(programmed(hide=True))
    (tap,) = listener.wait_for_taps(1)
    assert tap.uid.is_random
    assert tap.proof == Proven(Uid(UID), 1, 2)


@pytest.mark.parametrize(
    ("card", "proof"),
    [
        (SecureBadge(Ntag424(UID)), Unproven.WRONG_KEY),
        (IsoDepCard(UID), None),
        (Ntag213(UID), None),
        (Phone(), None),
    ],
)
def test_copies_of_its_number_prove_nothing(virtual, open_reader, listener, card, proof):
    open_reader(virtual.path, prove=prover(lambda: Ring(keys_of(1)), draw))
    virtual.present(card)
    (tap,) = listener.wait_for_taps(1)
    assert tap.proof is proof
