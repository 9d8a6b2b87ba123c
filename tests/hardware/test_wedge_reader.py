"""A reader that types: with uinput the kernel's own device, held; else real events by a pipe."""

import fcntl
import os
import struct
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from hardware.errors import ReaderFault
from hardware.keystrokes import NumberForm
from hardware.polling import CommandReader, Poller
from hardware.reader import ReaderLost, ReaderReady, Technology
from hardware.uid import Uid
from hardware.wedge_reader import OpenWedge, WedgeReader
from tests.fakes.typing_reader import keys_of
from tests.hardware.conftest import PROMPT_S

UINPUT = Path("/dev/uinput")
NUMBER = "04112233445566"
OTHER = "04AABBCCDDEEFF"


class PipeDevice:
    """An event device without the grab: a pipe of the kernel's own events; may be unplugged."""

    def __init__(self):
        self.writer = None
        self.openings = 0

    @contextmanager
    def open(self, stopping):
        reader, self.writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self.openings += 1
        try:
            yield OpenWedge(reader, "/dev/input/fake", NumberForm.ANY)
        finally:
            os.close(reader)
            self.unplug()

    def type(self, data):
        os.write(self.writer, data)

    def unplug(self):
        writer, self.writer = self.writer, None
        if writer is not None:
            os.close(writer)


@pytest.fixture
def device(listener):
    device = PipeDevice()
    poller = Poller("/dev/input/fake", device.open, listener.on_tap, listener.on_state, pause_s=0)
    poller.start()
    listener.wait_for_ready()
    yield device
    poller.stop()


def test_a_number_typed_is_a_tap(device, listener):
    device.type(keys_of(NUMBER))
    (tap,) = listener.wait_for_taps(1)
    assert (tap.uid, tap.technology, tap.proof) == (
        Uid(bytes.fromhex(NUMBER)),
        Technology.OTHER,
        None,
    )


def test_two_badges_typed_at_once_are_two_taps(device, listener):
    device.type(keys_of(NUMBER) + keys_of(OTHER, at_s=2))
    assert [tap.uid.hex for tap in listener.wait_for_taps(2)] == [NUMBER, OTHER]


def test_a_reader_that_repeats_while_the_badge_lies_there_is_one_tap(device, listener):
    device.type(keys_of(NUMBER) + keys_of(NUMBER, at_s=1.2) + keys_of(OTHER, at_s=2))
    assert [tap.uid.hex for tap in listener.wait_for_taps(2)] == [NUMBER, OTHER]


def test_a_number_that_comes_in_pieces_is_read(device, listener):
    data = keys_of(NUMBER)
    for at in range(0, len(data), 24):
        device.type(data[at : at + 24])
    listener.wait_for_taps(1)


def test_what_is_no_number_is_no_tap(device, listener):
    device.type(keys_of("123") + keys_of(NUMBER, at_s=2))
    assert [tap.uid.hex for tap in listener.wait_for_taps(1)] == [NUMBER]


def test_an_unplugged_reader_is_told_and_opened_again(device, listener):
    device.unplug()
    assert listener.wait_for_lost().kind is ReaderFault.UNPLUGGED
    listener.wait_for_ready(2)
    device.type(keys_of(NUMBER))
    listener.wait_for_taps(1)


def test_it_is_no_reader_through_which_cards_take_commands():
    assert not isinstance(OpenWedge(0, "/dev/null", NumberForm.ANY), CommandReader)


@pytest.fixture
def start(listener):
    readers = []

    def start_it(path, **options):
        reader = WedgeReader(path, on_tap=listener.on_tap, on_state=listener.on_state, **options)
        readers.append(reader)
        reader.start()
        return reader

    yield start_it
    for reader in readers:
        reader.stop()


def test_a_device_that_is_not_there_is_waited_for(start, listener, tmp_path):
    start(tmp_path / "event7")
    assert listener.wait_for_lost().kind is ReaderFault.NO_SUCH_PORT


@pytest.mark.parametrize("path", ["/dev/null", "a file"])
def test_what_is_no_event_device_is_not_a_reader(start, listener, tmp_path, path):
    (tmp_path / "a file").write_bytes(keys_of(NUMBER))
    start(tmp_path / path)
    assert listener.wait_for_lost().kind is ReaderFault.NOT_A_READER
    assert listener.taps == []


def test_stop_is_prompt_while_it_waits_for_a_device(start, tmp_path):
    reader = start(tmp_path / "event7")
    began_s = time.monotonic()
    reader.stop()
    assert time.monotonic() - began_s < PROMPT_S


class UinputKeyboard:
    """A keyboard that the kernel believes in.  Source: Documentation/input/uinput.rst."""

    def __init__(self):
        self.device = os.open(UINPUT, os.O_WRONLY | os.O_NONBLOCK)
        fcntl.ioctl(self.device, 0x40045564, 1)  # UI_SET_EVBIT, EV_KEY
        for code in range(1, 128):
            fcntl.ioctl(self.device, 0x40045565, code)  # UI_SET_KEYBIT
        before = set(Path("/dev/input").glob("event*"))
        fcntl.ioctl(self.device, 0x405C5503, struct.pack("HHHH80sI", 3, 1, 1, 1, b"Foyer test", 0))
        fcntl.ioctl(self.device, 0x5501)  # UI_DEV_CREATE
        limit_s = time.monotonic() + 10
        while not (found := set(Path("/dev/input").glob("event*")) - before):
            assert time.monotonic() < limit_s
        self.path = found.pop()

    def type(self, number):
        os.write(self.device, keys_of(number))

    def unplug(self):
        os.close(self.device)


@pytest.mark.skipif(
    not os.access(UINPUT, os.W_OK), reason="no /dev/uinput here: the grab of a real event device is not tried"
)
def test_a_keyboard_of_the_kernels_is_held_for_ourselves_alone(start, listener):
    keyboard = UinputKeyboard()
    start(keyboard.path)
    listener.wait_for_ready()
    other = os.open(keyboard.path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        keyboard.type(NUMBER)
        listener.wait_for_taps(1)
        with pytest.raises(BlockingIOError):
            os.read(other, 24)
        with pytest.raises(OSError, match="busy"):
            fcntl.ioctl(other, 0x40044590, 1)
    finally:
        os.close(other)
    keyboard.unplug()
    assert isinstance(listener.wait_for_lost(), ReaderLost)
    assert [type(state) for state in listener.states[:2]] == [ReaderReady, ReaderLost]
