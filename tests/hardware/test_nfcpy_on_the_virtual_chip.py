"""nfcpy's own, unmodified driver and pyserial against the virtual chip: is the chip like a real one?"""

import logging

import ndef
import nfc.clf
import nfc.tag
import pytest
import serial
from nfc.clf import pn532, transport

from hardware.virtual.cards import Felica, IsoDepCard, MifareClassic, Ntag213, Phone

UID_7 = bytes.fromhex("04112233445566")


def open_as_nfcpy_does(virtual):
    frontend = nfc.clf.ContactlessFrontend()
    frontend.device = pn532.init(transport.TTY(str(virtual.path)))
    frontend.device._path = str(virtual.path)
    return frontend


@pytest.fixture
def frontend(virtual):
    logging.getLogger("nfc").setLevel(logging.CRITICAL)
    frontend = open_as_nfcpy_does(virtual)
    yield frontend
    frontend.close()


def sense(frontend, *technologies):
    return frontend.sense(*[nfc.clf.RemoteTarget(name) for name in technologies])


def test_the_driver_recognises_the_chip_and_takes_it_to_its_fastest_speed(frontend, virtual):
    assert frontend.device.chipset_name == "PN532v1.6"
    assert virtual.baud == 921600


def test_nfcpys_own_close_leaves_a_chip_that_opens_again(virtual):
    open_as_nfcpy_does(virtual).close()
    assert virtual.baud == 115200
    open_as_nfcpy_does(virtual).close()


def test_an_empty_field_gives_no_target(frontend):
    assert sense(frontend, "106A", "106B", "212F") is None


def test_the_ndef_message_of_an_ntag213_is_read_and_written(frontend, virtual):
    message = b"".join(ndef.message_encoder([ndef.UriRecord("https://example.org/b/1")]))
    virtual.present(Ntag213(UID_7, message))
    tag = nfc.tag.activate(frontend, sense(frontend, "106A"))
    assert tag.product == "NXP NTAG213"
    assert tag.ndef.records[0].iri == "https://example.org/b/1"
    tag.ndef.records = [ndef.TextRecord("bonjour", "fr")]
    again = nfc.tag.activate(frontend, sense(frontend, "106A"))
    assert again.ndef.records[0].text == "bonjour"
    assert again.is_present
    virtual.lift()
    assert not again.is_present


def test_a_mifare_classic_gives_its_number_only(frontend, virtual):
    virtual.present(MifareClassic(bytes.fromhex("DEADBEEF")))
    target = sense(frontend, "106A")
    assert (target.sdd_res, target.sel_res) == (bytes.fromhex("DEADBEEF"), b"\x08")
    assert nfc.tag.activate(frontend, target).ndef is None


def test_an_iso_dep_card_is_activated_and_stays_present(frontend, virtual):
    virtual.present(IsoDepCard(UID_7))
    tag = nfc.tag.activate(frontend, sense(frontend, "106A"))
    assert tag.type == "Type4Tag"
    assert tag.is_present
    assert tag.ndef is None


def test_a_phone_has_another_number_at_every_sense(frontend, virtual):
    virtual.present(Phone())
    numbers = {bytes(sense(frontend, "106A").sdd_res) for _ in range(8)}
    assert len(numbers) > 1
    assert all(number[0] == 0x08 and len(number) == 4 for number in numbers)


def test_a_felica_card_is_found_at_212(frontend, virtual):
    virtual.present(Felica(bytes.fromhex("0123456789ABCDEF")))
    target = sense(frontend, "106A", "212F")
    assert target.brty == "212F"
    assert target.sensf_res[1:9] == bytes.fromhex("0123456789ABCDEF")


def test_the_longest_frames_pass_both_ways(frontend):
    assert frontend.device.chipset.diagnose("line")


def test_bytes_at_another_speed_than_the_chips_are_lost(virtual):
    with serial.Serial(str(virtual.path), 460800, timeout=0.05) as line:
        line.write(bytes(10) + bytes.fromhex("0000FF02FED4022A00"))
        assert line.read(6) == b""
        line.baudrate = 115200
        line.write(bytes(10) + bytes.fromhex("0000FF02FED4022A00"))
        line.timeout = 5
        assert line.read(6) == bytes.fromhex("0000FF00FF00")


def test_a_command_at_another_speed_is_not_run(virtual):
    power_down = bytes.fromhex("0000FF04FCD41620 00F600")
    version = bytes.fromhex("0000FF02FED4022A00")
    with serial.Serial(str(virtual.path), 115200, timeout=5) as line:
        line.write(bytes(10) + version)
        line.read(6 + 13)
        line.baudrate = 460800
        line.write(power_down)
        line.timeout = 0.1
        assert line.read(6) == b""
        line.baudrate, line.timeout = 115200, 5
        line.write(version)
        assert line.read(6) == bytes.fromhex("0000FF00FF00"), "still awake"


def test_a_chip_that_lost_its_power_starts_afresh(virtual):
    open_as_nfcpy_does(virtual).device.chipset.close()
    assert virtual.baud == 921600
    virtual.unplug()
    virtual.plug()
    assert virtual.baud == 115200
    with serial.Serial(str(virtual.path), 115200, timeout=0.1) as line:
        line.write(bytes.fromhex("0000FF02FED4022A00"))
        assert line.read(6) == b"", "asleep until a long preamble wakes it"


def test_a_nack_makes_the_chip_repeat_its_answer(virtual):
    with serial.Serial(str(virtual.path), 115200, timeout=5) as line:
        line.write(bytes(10) + bytes.fromhex("0000FF02FED4022A00"))
        answer = line.read(6 + 13)[6:]
        line.write(bytes.fromhex("0000FFFF0000"))
        assert line.read(13) == answer


def test_a_broken_frame_gets_no_answer(virtual):
    with serial.Serial(str(virtual.path), 115200, timeout=0.05) as line:
        line.write(bytes(10) + bytes.fromhex("0000FF02FED4022B00"))
        assert line.read(6) == b""
