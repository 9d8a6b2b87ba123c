"""The reader on a line that fails: each fault, each moment of an unplug, and a process that was killed."""

import errno
import logging
import os
import pty
import signal
import subprocess
import sys
import termios
import threading
import time
import tty
from itertools import pairwise

import pytest
import serial

from hardware.errors import ReaderFault
from hardware.nfc_reader import NfcReader
from hardware.open_pn532 import _fault_of
from hardware.reader import ReaderLost, ReaderReady
from hardware.virtual.cards import MifareClassic, Ntag213, Phone
from hardware.virtual.chip import IN_LIST_PASSIVE_TARGET
from hardware.virtual.faults import Fault, Scheduled
from hardware.virtual.port import BRISK, VirtualPn532
from tests.hardware.conftest import PROMPT_S

pytestmark = pytest.mark.faults

CARD = Ntag213(bytes.fromhex("04112233445566"))
OTHER_CARD = MifareClassic(b"1234")
PASSING = sorted(set(Fault) - {Fault.SLOW, Fault.UNPLUG}, key=lambda fault: fault.value)
LASTING = {
    Fault.SHORT_FRAME: ReaderFault.GARBLED,
    Fault.ONE_BYTE: ReaderFault.GARBLED,
    Fault.GARBAGE: ReaderFault.GARBLED,
    Fault.BAD_CHECKSUM: ReaderFault.GARBLED,
    Fault.ERROR_FRAME: ReaderFault.GARBLED,
    Fault.MUTE: ReaderFault.MUTE,
    Fault.SLOW: ReaderFault.SLOW,
}


@pytest.mark.parametrize("fault", PASSING)
@pytest.mark.parametrize("times", [1, 2])
def test_a_passing_fault_is_not_even_noticed(virtual, open_reader, listener, fault, times):
    open_reader(virtual.path)
    listener.wait_for_ready()
    # A machine that stands still as long as the chip may take makes a lasting fault of it: not three times.
    for taps in (0, 2, 4):
        states = len(listener.states)
        virtual.present(CARD)
        listener.wait_for_taps(taps + 1)
        virtual.schedule(Scheduled(fault, times=times))
        virtual.wait_for_polls(4, 10)
        assert len(listener.taps) == taps + 1, "the card stayed"
        virtual.present(OTHER_CARD)
        listener.wait_for_taps(taps + 2)
        if len(listener.states) == states:
            return
    pytest.fail(f"it was noticed: {listener.states}")


@pytest.mark.parametrize("fault", LASTING)
def test_a_lasting_fault_is_told_once_and_recovery_too(virtual, open_reader, listener, fault):
    open_reader(virtual.path)
    listener.wait_for_ready()
    virtual.schedule(Scheduled(fault, command=IN_LIST_PASSIVE_TARGET, times=None))
    listener.wait_for_lost()
    # Opened again and again meanwhile, and nobody is bothered with it.
    virtual.wait_for_polls(3, 10)
    virtual.clear_faults()
    listener.wait_for_ready(2)
    virtual.present(CARD)
    listener.wait_for_taps(1)
    first, *between, last = listener.states
    assert (type(first), type(last)) == (ReaderReady, ReaderReady)
    told = [state.kind for state in between]
    assert LASTING[fault] in told
    # On a busy machine an answer may come late and look like another fault: a new reason is news.
    assert all(one is not next_one for one, next_one in pairwise(told)), told


@pytest.mark.parametrize("fault", [*PASSING, Fault.UNPLUG])
def test_a_fault_while_opening_delays_it_only(open_reader, listener, fault):
    for skip in range(0, 14, 3):
        virtual = VirtualPn532(timing=BRISK)
        virtual.schedule(Scheduled(fault, skip=skip))
        virtual.start()
        reader = open_reader(virtual.path)
        if fault is Fault.UNPLUG:
            listener.wait_for_lost()
            virtual.plug()
        virtual.present(CARD)
        listener.wait_for_taps(1)
        reader.stop()
        virtual.stop()
        listener.taps.clear()
        listener.states.clear()


def test_a_chip_that_never_answers_is_mute(virtual, open_reader, listener):
    virtual.schedule(Scheduled(Fault.MUTE, times=None))
    open_reader(virtual.path)
    lost = listener.wait_for_lost()
    assert lost.kind is ReaderFault.MUTE
    assert str(virtual.path) in lost.sentence
    virtual.clear_faults()
    listener.wait_for_ready()
    assert len(listener.states) == 2


def test_a_slow_chip_that_recovers_in_time_is_kept(virtual, open_reader, listener):
    open_reader(virtual.path)
    listener.wait_for_ready()
    virtual.schedule(Scheduled(Fault.SLOW, command=IN_LIST_PASSIVE_TARGET, times=2))
    assert virtual.wait_for_polls(5, 10)
    assert len(listener.states) == 1


def unplug_when_idle(virtual, listener):
    virtual.wait_for_polls(2, 10)
    virtual.unplug()


def unplug_in_a_command(virtual, listener):
    virtual.schedule(Scheduled(Fault.UNPLUG, command=IN_LIST_PASSIVE_TARGET))


def unplug_in_a_register_access(virtual, listener):
    virtual.schedule(Scheduled(Fault.UNPLUG, command=0x32))


def unplug_with_a_card_present(virtual, listener):
    virtual.present(CARD)
    listener.wait_for_taps(1)
    virtual.unplug()


def unplug_with_a_phone_present(virtual, listener):
    virtual.present(Phone())
    listener.wait_for_taps(1)
    virtual.schedule(Scheduled(Fault.UNPLUG, command=0x42))


@pytest.mark.parametrize(
    "unplug",
    [
        unplug_when_idle,
        unplug_in_a_command,
        unplug_in_a_register_access,
        unplug_with_a_card_present,
        unplug_with_a_phone_present,
    ],
)
@pytest.mark.parametrize("baud", [115200, 921600])
def test_an_unplugged_reader_is_back_soon_after_its_return(virtual, open_reader, listener, unplug, baud):
    open_reader(virtual.path, baud=baud)
    listener.wait_for_ready()
    unplug(virtual, listener)
    assert listener.wait_for_lost().kind is ReaderFault.UNPLUGGED
    virtual.unplug()
    virtual.lift()
    known = len(listener.taps)
    virtual.plug()
    listener.wait_for_ready(2)
    virtual.present(CARD)
    listener.wait_for_taps(known + 1)
    assert [type(state) for state in listener.states] == [ReaderReady, ReaderLost, ReaderReady]


def test_a_reader_plugged_in_later_is_found(open_reader, listener):
    virtual = VirtualPn532(timing=BRISK)
    open_reader(virtual.path)
    assert listener.wait_for_lost().kind is ReaderFault.NO_SUCH_PORT
    virtual.start()
    listener.wait_for_ready()
    virtual.stop()


KILLED = """
import signal, sys
from hardware.nfc_reader import NfcReader
NfcReader(sys.argv[1], baud=int(sys.argv[2]), on_tap=print, on_state=lambda s: print(s, flush=True)).start()
signal.pause()
"""
FALLEN = KILLED.replace("signal.pause()", "raise SystemExit(3)")


@pytest.mark.parametrize("baud", [230400, 460800, 921600])
def test_a_chip_left_fast_by_a_killed_process_is_found_again(virtual, open_reader, listener, baud):
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(virtual.path), str(baud)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert "ReaderReady" in process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    assert virtual.baud == baud
    open_reader(virtual.path)
    assert listener.wait_for_ready().baud == 115200
    assert virtual.baud == 115200
    assert all(isinstance(state, ReaderReady) for state in listener.states)


def test_a_program_that_dies_without_stopping_its_reader_ends(virtual):
    arguments = [sys.executable, "-c", FALLEN, str(virtual.path), "115200"]
    assert subprocess.run(arguments, stdout=subprocess.DEVNULL, timeout=30, check=False).returncode == 3


def test_a_port_in_use_is_busy(virtual, open_reader, listener):
    with serial.Serial(str(virtual.path), exclusive=True):
        open_reader(virtual.path)
        assert listener.wait_for_lost().kind is ReaderFault.BUSY
    listener.wait_for_ready()


def test_the_reader_holds_its_port_for_itself(virtual, open_reader, listener):
    open_reader(virtual.path)
    listener.wait_for_ready()
    with pytest.raises(serial.SerialException):
        serial.Serial(str(virtual.path), exclusive=True)


@pytest.mark.parametrize("path", ["/dev/null", "a folder", "a file"])
def test_what_is_no_serial_line_is_not_a_reader(open_reader, listener, path, tmp_path):
    (tmp_path / "a folder").mkdir()
    (tmp_path / "a file").write_text("no serial line")
    open_reader(str(tmp_path / path))
    assert listener.wait_for_lost().kind is ReaderFault.NOT_A_READER


def test_a_port_without_permission_says_so(monkeypatch, open_reader, listener):
    def refuse(*_):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    open_reader("/dev/ttyS0")
    assert listener.wait_for_lost().kind is ReaderFault.NOT_ALLOWED


def test_a_console_that_talks_is_not_a_reader(open_reader, listener):
    master, slave = pty.openpty()
    tty.setraw(slave)
    stopping = threading.Event()

    def greet():
        while not stopping.wait(0.02):
            os.write(master, b"login: ")

    console = threading.Thread(target=greet)
    console.start()
    reader = open_reader(os.ttyname(slave))
    try:
        assert listener.wait_for_lost().kind is ReaderFault.NOT_A_READER
    finally:
        reader.stop()
        stopping.set()
        console.join()
        os.close(slave)
        os.close(master)


def test_stop_is_prompt_while_nothing_answers(virtual, open_reader, listener):
    virtual.schedule(Scheduled(Fault.MUTE, times=None))
    reader = open_reader(virtual.path)
    listener.wait_for_lost()
    started_s = time.monotonic()
    reader.stop()
    assert time.monotonic() - started_s < PROMPT_S


class LogCounter(logging.Handler):
    """Waits for records of the polling loop."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.levels = []
        self.changed = threading.Condition()

    def emit(self, record):
        with self.changed:
            self.levels.append(record.levelname)
            self.changed.notify_all()

    def wait_for(self, level, count):
        with self.changed:
            assert self.changed.wait_for(lambda: self.levels.count(level) >= count, 10), self.levels


@pytest.fixture
def log_counter():
    logger, handler = logging.getLogger("hardware.polling"), LogCounter()
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    yield handler
    logger.removeHandler(handler)
    logger.setLevel(logging.NOTSET)


def test_a_dead_port_is_not_spun_on(open_reader, log_counter):
    started_s, used_s = time.monotonic(), time.process_time()
    open_reader("/nonexistent/badge_reader")
    log_counter.wait_for("DEBUG", 4)
    assert time.monotonic() - started_s >= 0.1 + 0.2 + 0.3 + 0.3
    assert time.process_time() - used_s < 0.2


def test_the_first_failure_is_a_warning_its_repeats_are_not(open_reader, listener, log_counter, virtual):
    open_reader(virtual.path)
    listener.wait_for_ready()
    virtual.unplug()
    log_counter.wait_for("DEBUG", 3)
    virtual.plug()
    listener.wait_for_ready(2)
    assert log_counter.levels.count("WARNING") == 1
    assert log_counter.levels.count("INFO") == 2


def test_a_failed_open_leaves_no_descriptor_behind(virtual, listener):
    with serial.Serial(str(virtual.path), exclusive=True):
        reader = NfcReader(virtual.path, on_tap=print, on_state=listener.on_state)
        reader.start()
        listener.wait_for_lost()
        reader.stop()


def test_an_unknown_error_of_the_line_is_garbled_and_a_hang_up_is_unplugged():
    assert _fault_of(ValueError()) is ReaderFault.GARBLED
    assert _fault_of(termios.error(5, "Input/output error")) is ReaderFault.UNPLUGGED
    assert _fault_of(TimeoutError(errno.ETIMEDOUT, "")) is ReaderFault.MUTE
