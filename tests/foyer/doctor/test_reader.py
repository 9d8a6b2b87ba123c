"""Every way a reader can fail, on the virtual chip and on pseudo-terminals."""

import os
import pty
import stat
import subprocess
import sys
from types import SimpleNamespace

import pytest

from foyer.doctor import ports, reader
from foyer.doctor.findings import Level
from foyer.doctor.processes import Process, holder_of
from hardware.errors import ReaderFault
from hardware.reader import ReaderLost, ReaderReady
from hardware.virtual.chip import IN_LIST_PASSIVE_TARGET
from hardware.virtual.faults import Fault, Scheduled
from hardware.virtual.port import BRISK, VirtualPn532
from kiosk.settings import ReaderSettings


@pytest.fixture
def virtual():
    chip = VirtualPn532(timing=BRISK)
    chip.start()
    yield chip
    chip.stop()


HOLD = "import sys; f = open(sys.argv[1], 'rb', 0); print('open', flush=True); sys.stdin.read()"
"""Opens a file, says so, and keeps it open until its input ends."""


def at(path) -> ReaderSettings:
    return ReaderSettings(device=f"pn532:{path}")


def only(findings):
    found = [finding for finding in findings if "kernel" not in finding.what]
    assert len(found) == 1, found
    return found[0]


def test_a_reader_that_answers_is_named(virtual, say):
    found = only(reader.check(at(virtual.path), say))
    assert found.level is Level.WORKS
    assert "PN532 v1.6" in found.what
    assert virtual.baud == 115200


def test_a_missing_port_is_told_with_the_ports_there_are(say, tmp_path, monkeypatch):
    monkeypatch.setattr(ports, "DEV", tmp_path)
    (tmp_path / "ttyUSB0").touch()
    found = only(reader.check(at("/dev/no-such-port"), say))
    assert found.what == "There is no port /dev/no-such-port."
    assert str(tmp_path / "ttyUSB0") in found.cure


def test_a_missing_port_on_a_machine_without_any_says_so(say, tmp_path, monkeypatch):
    monkeypatch.setattr(ports, "DEV", tmp_path)
    assert "no serial port at all" in only(reader.check(at("/dev/no-such-port"), say)).cure


def test_a_port_is_listed_once_by_the_name_that_stays(tmp_path):
    (tmp_path / "ttyUSB0").touch()
    (tmp_path / "ttyACM0").touch()
    (tmp_path / "serial/by-id").mkdir(parents=True)
    (tmp_path / "serial/by-id/usb-adapter").symlink_to("../../ttyUSB0")
    assert ports.listed(tmp_path) == f"{tmp_path}/serial/by-id/usb-adapter, {tmp_path}/ttyACM0"


def test_a_silent_port_is_not_a_missing_one(say):
    master, slave = pty.openpty()
    try:
        found = only(reader.check(at(os.ttyname(slave)), say))
    finally:
        os.close(master)
        os.close(slave)
    assert "nothing answers on it" in found.what
    assert "HSU" in found.cure


def test_a_reader_on_a_bad_line_is_told_as_such(virtual, say):
    virtual.schedule(Scheduled(Fault.BAD_CHECKSUM, IN_LIST_PASSIVE_TARGET, times=None))
    found = only(reader.check(at(virtual.path), say))
    assert found.level is Level.BROKEN
    assert "answers, but badly" in found.what


def test_another_program_on_the_port_is_named(virtual, say):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(virtual.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert holder.stdout.readline() == b"open\n"
        found = only(reader.check(at(virtual.path), say))
        seen = holder_of(virtual.path)
    finally:
        holder.communicate(timeout=20)
    assert seen.pid == holder.pid
    assert f"(process {holder.pid})" in found.what
    assert found.level is Level.BROKEN


def test_a_file_that_is_no_device_is_not_a_reader(tmp_path, say):
    (tmp_path / "file").touch()
    assert "is not a PN532 badge reader" in only(reader.check(at(tmp_path / "file"), say)).what


def test_a_kiosk_that_holds_the_port_is_no_fault(say):
    kiosk = Process(7, "python", ("/opt/foyer/current/bin/python", "/opt/foyer/current/bin/foyer", "kiosk"))
    found = reader.of_holder("/dev/x", kiosk, say)
    assert found.level is Level.WORKS
    assert "the kiosk is using it" in found.what


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (("python", "-m", "foyer", "kiosk", "--headless"), True),
        (("foyer", "demo"), True),
        (("foyer", "hub"), False),
        (("vim", "kiosk"), False),
        ((), False),
    ],
)
def test_a_kiosk_is_known_by_its_command(command, expected):
    assert Process(1, "x", command).is_kiosk is expected


def test_a_login_console_on_the_port_is_told_with_its_cure(say):
    found = reader.of_holder("/dev/ttyS0", Process(7, "agetty", ("/sbin/agetty", "ttyS0")), say)
    assert "login console" in found.what
    assert "do_serial_cons 1" in found.cure


@pytest.mark.parametrize("fault", list(ReaderFault))
def test_every_fault_has_a_sentence_and_a_cure(fault, say):
    found = reader.of_state(ReaderLost(fault, ""), "/dev/x", say)
    assert found.level is Level.BROKEN
    assert found.what
    assert found.cure


def test_no_word_in_time_counts_as_silence(say):
    assert "nothing answers" in reader.of_state(None, "/dev/x", say).what


def test_rights_are_read_as_the_kernel_reads_them():
    def facts(mode):
        return SimpleNamespace(st_uid=0, st_gid=20, st_mode=stat.S_IFCHR | mode)

    assert ports.may_open(facts(0o660), 1000, [20, 1000])
    assert not ports.may_open(facts(0o660), 1000, [1000])
    assert ports.may_open(facts(0o666), 1000, [1000])
    assert not ports.may_open(facts(0o606), 1000, [20])
    assert ports.may_open(facts(0o600), 0, [0])


@pytest.mark.parametrize(
    ("device", "said"),
    [
        ("usb:054c:06c1", "There is no badge reader usb:054c:06c1."),
        ("wedge:/dev/input/no-such-event", "There is no port /dev/input/no-such-event."),
    ],
)
def test_every_kind_of_reader_is_asked(device, said, say):
    assert only(reader.check(ReaderSettings(device=device), say)).what == said


def test_a_reader_without_a_serial_line_is_named_without_a_speed(say):
    found = reader.of_state(ReaderReady("ACS ACR1252", "pcsc:", 0), "pcsc:", say)
    assert found.what == "The badge reader pcsc: answers: ACS ACR1252."


def test_without_a_reader_in_the_settings_that_is_said(say):
    assert "no badge reader" in only(reader.check(ReaderSettings(device="none"), say)).what
