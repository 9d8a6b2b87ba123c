import threading

import pytest
import serial

from hardware.virtual.cards import MifareClassic
from hardware.virtual.chip import IN_LIST_PASSIVE_TARGET, Answer, Work
from hardware.virtual.faults import Fault, Scheduled
from hardware.virtual.port import BRISK, Timing, VirtualPn532

CARD_A, CARD_B = MifareClassic(b"AAAA"), MifareClassic(b"BBBB")


def test_the_device_file_is_there_exactly_while_it_is_plugged_in(virtual):
    assert virtual.is_plugged
    assert virtual.path.exists()
    virtual.unplug()
    assert not virtual.is_plugged
    assert not virtual.path.is_symlink()
    virtual.unplug()
    virtual.plug()
    virtual.plug()
    assert virtual.path.exists()


def test_the_device_file_may_have_any_name(tmp_path):
    chip = VirtualPn532(tmp_path / "kiosk_badge-reader.0", BRISK)
    chip.start()
    assert (tmp_path / "kiosk_badge-reader.0").exists()
    chip.stop()
    chip.stop()
    assert list(tmp_path.iterdir()) == []


def test_a_temporary_folder_goes_with_the_reader():
    chip = VirtualPn532()
    chip.start()
    assert chip.path.parent.exists()
    chip.stop()
    assert not chip.path.parent.exists()


def test_a_reader_pulled_by_a_fault_can_be_plugged_in_at_once(virtual):
    for _ in range(50):
        virtual.schedule(Scheduled(Fault.UNPLUG))
        with serial.Serial(str(virtual.path), 115200, timeout=5) as line:
            line.write(bytes(10) + bytes.fromhex("0000FF02FED4022A00"))
            with pytest.raises(serial.SerialException):
                line.read(100)
        assert not virtual.is_plugged
        virtual.plug()
        assert virtual.path.exists()


def test_waiting_for_polls_that_never_come_ends(virtual):
    assert not virtual.wait_for_polls(1, 0.01)


def test_tap_lifts_the_card_it_presented_and_no_other(virtual):
    virtual.tap(CARD_A, 0.001)
    assert virtual._card is None
    holder = threading.Thread(target=virtual.tap, args=(CARD_A, 30))
    holder.start()
    while virtual._card is not CARD_A:
        pass
    virtual.present(CARD_B)
    holder.join(10)
    assert not holder.is_alive()
    assert virtual._card is CARD_B


def test_cards_and_cables_may_be_changed_from_many_threads(virtual):
    def fiddle():
        for _ in range(20):
            virtual.present(CARD_A)
            virtual.unplug()
            virtual.lift()
            virtual.plug()

    threads = [threading.Thread(target=fiddle) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert virtual.is_plugged
    assert sum(thread.name == "virtual-pn532" for thread in threading.enumerate()) == 1


@pytest.mark.parametrize(("work", "seconds"), [(Work.COMMAND, 1), (Work.HIT, 2), (Work.MISS, 3)])
def test_each_kind_of_work_has_its_time(work, seconds):
    assert Timing(1, 2, 3).of(Answer(b"", work)) == seconds


def test_a_card_that_is_waited_for_in_vain_takes_as_long_as_the_host_has_set():
    assert Timing(1, 2, 3).of(Answer(b"", Work.MISS, 0.05)) == 0.05
    assert Timing(1, 2, 3, wire=False).of(Answer(b"", Work.MISS, 0.05)) == 3


def test_what_went_over_the_wire_is_counted(virtual, open_reader, listener):
    open_reader(virtual.path)
    assert virtual.wait_for_polls(3, 10)
    looks = [told for told in virtual.traffic() if told.command == IN_LIST_PASSIVE_TARGET]
    assert {(told.to_chip, told.from_chip) for told in looks} == {(11, 16)}
    assert looks[0].answered_s <= looks[-1].answered_s
