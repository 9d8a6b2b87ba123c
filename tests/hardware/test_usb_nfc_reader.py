"""The reader that nfcpy drives itself, over nfcpy's UDP driver: a second nfcpy plays the card.

No USB reader was at hand: what is shown here is everything but the USB line.  The UDP driver waits
a whole second for a card that is not there, so the field is never empty while these tests look at it.
"""

import logging
import socket
import threading

import nfc.clf
import pytest

from hardware.errors import ReaderFault
from hardware.reader import Proven, Technology
from hardware.uid import Uid
from hardware.usb_nfc_reader import UsbNfcReader, _card_of
from hardware.virtual.blocks import Blocks

ASK = b"\x90\x60\x00\x00\x00"
RANDOM = bytes.fromhex("08112233")


class UdpCard:
    """A card of nfcpy's own making: it listens as a Type A target that takes commands."""

    def __init__(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", 0))
            self.path = f"udp:127.0.0.1:{probe.getsockname()[1]}"
        self.blocks = Blocks(lambda command: b"\x01\x02\x91\x00")
        self.ending = threading.Event()
        self.thread = threading.Thread(target=self.run, name="udp-card")

    def run(self):
        target = nfc.clf.LocalTarget(
            "106A", sens_res=bytes.fromhex("0101"), sdd_res=RANDOM, sel_res=bytes.fromhex("20")
        )
        frontend = nfc.clf.ContactlessFrontend()
        frontend.open(self.path)
        while not self.ending.is_set():
            self.blocks.forget()
            heard = frontend.listen(target, timeout=0.2)
            command = heard.tt4_cmd if heard else None
            while command and not self.ending.is_set():
                answer = self.blocks.exchange(bytes(command))
                try:
                    command = frontend.exchange(answer, timeout=0.5)
                except nfc.clf.CommunicationError:
                    command = None
        frontend.close()


@pytest.fixture
def card():
    logging.getLogger("nfc").setLevel(logging.CRITICAL)
    card = UdpCard()
    card.thread.start()
    yield card
    card.ending.set()
    card.thread.join()


@pytest.fixture
def start(listener):
    readers = []

    def start_it(path, **options):
        reader = UsbNfcReader(path, on_tap=listener.on_tap, on_state=listener.on_state, **options)
        readers.append(reader)
        reader.start()
        return reader

    yield start_it
    for reader in readers:
        reader.stop()


def test_a_card_is_a_tap_with_its_proof(card, start, listener):
    start(card.path, prove=lambda uid, transmit: Proven(uid, len(transmit(ASK))))
    (tap,) = listener.wait_for_taps(1)
    assert (tap.uid, tap.technology) == (Uid(RANDOM), Technology.ISO_DEP)
    assert tap.proof == Proven(Uid(RANDOM), 4)
    assert listener.wait_for_ready().firmware == "Linux IP-Stack"


@pytest.mark.parametrize("path", ["usb:054c:06c1", "usb:1234:5678"])
def test_a_reader_that_is_not_there_is_waited_for(start, listener, path):
    start(path)
    lost = listener.wait_for_lost()
    assert lost.kind is ReaderFault.NO_SUCH_READER
    assert path in lost.sentence


class Target:
    """What nfcpy gives for a card that the UDP driver does not play."""

    def __init__(self, brty, **answers):
        self.brty = brty
        self.rid_res = self.sdd_res = self.sensf_res = None
        self.sel_res = b"\x00"
        self.__dict__.update(answers)


@pytest.mark.parametrize(
    ("target", "number", "technology"),
    [
        (Target("106A", rid_res=bytes.fromhex("114801020304")), "01020304", Technology.TYPE_1),
        (Target("106A", sdd_res=b"\x08\x01\x02\x03", sel_res=b"\x40"), "08010203", Technology.OTHER),
        (Target("212F", sensf_res=bytes(range(18))), "0102030405060708", Technology.FELICA),
    ],
)
def test_the_number_of_each_kind_of_card_is_found(target, number, technology):
    card = _card_of(target)
    assert (card.uid.hex, card.technology) == (number, technology)


def test_a_number_of_no_known_length_is_no_card():
    assert _card_of(Target("106A", sdd_res=b"\x01\x02\x03")) is None
    assert _card_of(None) is None
