"""Every defect of nfcpy and of its readers that was found before a line of this was written, and its test.

| defect | test |
|---|---|
| unplugged, `sense()` and `close()` raise `termios.error`, which is no OSError | `test_nfc_reader_on_a_bad_line.py`: unplugged when idle, in a command, in a register access, with a card, with a phone, while opening; here: while closing; `test_asking_for_a_proof.py`: in the middle of a proof |
| a truncated frame (1 to 3 bytes) is an IndexError | bad line: every passing and every lasting fault, `ONE_BYTE` and `SHORT_FRAME` among them |
| garbage or a bad checksum is EIO at once, a silent chip EIO after 100 ms, a lost ACK nothing | the same: `GARBAGE`, `BAD_CHECKSUM`, `MUTE`, `LOST_ACK`, `ERROR_FRAME` |
| a killed process leaves the chip at a high speed | bad line: `test_a_chip_left_fast_by_a_killed_process_is_found_again` |
| `close()` puts the chip into a sleep from which some boards never wake | here |
| the driver tries 921600 baud by `os.system("stty …")` whatever the port can do | here |
| device names with an underscore, and /dev/serial/by-id, are not understood | here |
| the defaults of `connect()` take up to half a second to see a card | here |
| each `sense()` resets the field, and a phone draws another number | `test_nfc_reader.py`: a phone that stays is one tap |
| an ACR122U opens once; most USB readers are not known | `test_pcsc_reader.py`: such readers go through PC/SC |
| a MIFARE Classic gives its number and nothing else | `test_nfc_reader.py`: each card is one tap with its number |
| `connect()` says False for an error and None for an end | not used: `polling.py` has a loop of its own |
| `UriRecord.uri` spoils the `=` and `&` of a message | not used: what a chip says is taken as the bytes it is |
| polls get slower over a day (issue 62) | bad line: the lasting fault `SLOW`, and a slow chip that recovers |
| the package `ndef` hides `ndeflib` | `tests/architecture/test_names.py` |
| opened twice at once | bad line: a port in use is busy; the reader holds its port for itself |
| an exception in a callback | `test_nfc_reader.py`: a callback that fails does not end the reader |
| a card's number in nfcpy's debug lines | `test_nfc_reader.py`: no number of a badge reaches the log |
"""  # noqa: E501 - a table is read by its lines

import os
import statistics
import threading
import time

import pytest

from hardware.reader import ReaderReady
from hardware.virtual.cards import Ntag213
from hardware.virtual.chip import IN_LIST_PASSIVE_TARGET
from hardware.virtual.faults import SLOW_S, Fault, Scheduled
from hardware.virtual.port import Timing, VirtualPn532

pytestmark = pytest.mark.faults

UID_7 = bytes.fromhex("04112233445566")
POWER_DOWN, SET_BAUD, RF_CONFIGURATION = 0x16, 0x10, 0x32


@pytest.mark.parametrize("baud", [115200, 230400, 921600])
def test_the_chip_is_never_put_to_sleep(virtual, open_reader, listener, baud):
    reader = open_reader(virtual.path, baud=baud)
    listener.wait_for_ready()
    reader.stop()
    assert POWER_DOWN not in {told.command for told in virtual.traffic()}
    assert virtual.baud == 115200


def test_no_speed_is_tried_that_was_not_asked_for(virtual, open_reader, listener, monkeypatch):
    asked = []
    monkeypatch.setattr(os, "system", asked.append)
    reader = open_reader(virtual.path)
    listener.wait_for_ready()
    reader.stop()
    assert asked == [], "nfcpy would have called stty"
    assert SET_BAUD not in {told.command for told in virtual.traffic()}


@pytest.mark.parametrize(
    "name", ["kiosk_nfc", "serial/by-id/usb-1a86_USB2.0-Serial-if00-port0", "nfc.0", "lecteur d’entrée"]
)
def test_any_name_of_a_port_will_do(virtual, open_reader, listener, tmp_path, name):
    link = tmp_path / name
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(virtual.path)
    open_reader(link)
    assert listener.wait_for_ready().port == str(link)


@pytest.mark.parametrize("command", [RF_CONFIGURATION, SET_BAUD])
def test_unplugged_while_it_is_closed_it_ends_all_the_same(virtual, open_reader, listener, command):
    reader = open_reader(virtual.path, baud=921600)
    listener.wait_for_ready()
    virtual.schedule(Scheduled(Fault.UNPLUG, command=command))
    reader.stop()
    assert f"badge-reader {virtual.path}" not in {thread.name for thread in threading.enumerate()}


def test_a_card_is_seen_long_before_nfcpys_defaults_would(open_reader, listener):
    """Chip and wire take the time they take: 115200 baud, and the usual rest between polls."""
    virtual = VirtualPn532(timing=Timing())
    virtual.start()
    took_s = []
    reader = open_reader(virtual.path, pause_s=0.04)
    listener.wait_for_ready()
    for number in range(15):
        began_s = time.monotonic()
        virtual.present(Ntag213(UID_7[:-1] + bytes([number])))
        took_s.append(listener.wait_for_taps(number + 1)[-1].read_s - began_s)
        virtual.lift()
        assert virtual.wait_for_polls(3, 10)
    reader.stop()
    virtual.stop()
    assert statistics.median(took_s) < 0.15, "nfcpy's defaults: 0.27 s, and up to 0.54"
    assert all(isinstance(state, ReaderReady) for state in listener.states)


def test_an_answer_that_was_cut_short_costs_less_time_than_a_badge_is_held(virtual, open_reader, listener):
    """A second is what nfcpy waits for the rest of it: found by the soak, which missed one tap in ten."""
    open_reader(virtual.path)
    listener.wait_for_ready()
    assert virtual.wait_for_polls(3, 10)
    virtual.schedule(Scheduled(Fault.SHORT_FRAME, command=IN_LIST_PASSIVE_TARGET))
    began_s = time.monotonic()
    virtual.present(Ntag213(UID_7))
    (tap,) = listener.wait_for_taps(1)
    # 0.2 s on a machine of its own; the rest is for a busy one.
    assert tap.read_s - began_s < 0.6


def test_a_chip_that_is_slow_once_is_given_up_on_and_asked_again_with_more_patience(
    virtual, open_reader, listener
):
    open_reader(virtual.path)
    listener.wait_for_ready()
    assert virtual.wait_for_polls(3, 10)
    virtual.schedule(Scheduled(Fault.SLOW, command=IN_LIST_PASSIVE_TARGET, times=2))
    began_s = time.monotonic()
    virtual.present(Ntag213(UID_7))
    listener.wait_for_taps(1)
    assert time.monotonic() - began_s > SLOW_S, "the second time it was waited for"
    assert len(listener.states) == 1
