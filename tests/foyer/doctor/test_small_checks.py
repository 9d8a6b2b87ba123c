"""Versions, clock, disk, key, settings and terminal: each state, by value or on real files."""

import io
import os
import pty
from datetime import UTC, datetime
from pathlib import Path

import pytest

from foyer.doctor import badge_key, dashboard, disk, machine, premises, terminal, versions
from foyer.doctor.findings import Level
from plumbing.secrets import load_or_make

NOT_ROOT = pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may read everything")


# Versions


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 0), False),
    ],
)
def test_the_wal_reset_bug_is_known_by_version(number, expected):
    assert versions.has_wal_reset_bug(number) is expected


def test_the_wal_reset_bug_is_told_calmly(say):
    found = versions.of_sqlite((3, 40, 1), say)
    assert found.level is Level.NOTICE
    assert "one connection owns writes and checkpoints, so you are safe" in found.what
    assert versions.of_sqlite((3, 53, 0), say).level is Level.WORKS


def test_this_installation_is_in_order(say):
    assert all(finding.level is not Level.BROKEN for finding in versions.check(say))


HOME = Path("/opt/venv/site-packages")
PLACES = {"sync": HOME / "sync", "firmware_bridge": None}


def test_a_stranger_under_our_name_is_told(say):
    (found,) = versions.of_names({"sync": ["foyer-kiosk", "sync"]}, PLACES, HOME, say)
    assert "The name sync belongs to foyer-kiosk, but this is installed under it too: sync." in found.what
    assert "pip uninstall sync" in found.cure


def test_the_wrong_ndef_is_told(say):
    (found,) = versions.of_names({"ndef": ["ndef", "ndeflib"]}, PLACES, HOME, say)
    assert "pip uninstall ndef " in found.cure


def test_a_package_from_elsewhere_is_told(say):
    (found,) = versions.of_names({}, {"sync": Path("/tmp/sync")}, HOME, say)  # noqa: S108 - only a name
    assert "taken from /tmp/sync" in found.what
    (found,) = versions.of_names({}, {"sync": None}, HOME, say)
    assert found.what == "The package sync of Foyer is missing."


def test_our_own_names_are_in_order(say):
    (found,) = versions.of_names({"sync": ["foyer-kiosk"], "ndef": ["ndeflib"]}, PLACES, HOME, say)
    assert found.level is Level.WORKS


# Settings


def test_both_settings_are_read(kiosk_file, hub_file, say):
    here, found = premises.check(kiosk_file(), hub_file(), {}, say)
    assert here.kiosk.id == "front-door"
    assert here.hub.space.id == "our-space"
    assert [finding.level for finding in found] == [Level.WORKS, Level.WORKS]


def test_a_wrong_key_is_quoted_in_the_settings_own_sentence(kiosk_file, say):
    file = kiosk_file()
    file.write_text(file.read_text() + "prot = 1883\n")
    here, (found,) = premises.check(file, None, {}, say)
    assert here == premises.Premises()
    assert "there is no key 'broker.prot'" in found.what


def test_a_missing_file_that_was_named_is_told(tmp_path, say):
    _, (found,) = premises.check(tmp_path / "none.toml", None, {}, say)
    assert "there is no such settings file" in found.what


@NOT_ROOT
def test_a_file_of_the_administrator_s_asks_for_sudo(kiosk_file, say):
    file = kiosk_file()
    file.chmod(0)
    _, (found,) = premises.check(file, None, {}, say)
    assert "sudo foyer doctor" in found.cure


def test_two_programs_of_different_spaces_are_told(kiosk_file, hub_file, say):
    file = hub_file()
    file.write_text(file.read_text().replace("our-space", "their-space"))
    _, found = premises.check(kiosk_file(), file, {}, say)
    assert "The kiosk is of the space our-space, the hub of their-space" in found[-1].what


def test_settings_may_come_from_the_environment_alone(say):
    variables = {"FOYER_KIOSK_ID": "door", "FOYER_KIOSK_SPACE__ID": "here"}
    here, _ = premises.check(None, None, variables, say)
    assert here.kiosk.id == "door"


# Clock and power


@pytest.mark.parametrize(
    ("at", "synchronised", "level"),
    [
        (datetime(1970, 1, 2, tzinfo=UTC), True, Level.BROKEN),
        (datetime(2026, 11, 22, tzinfo=UTC), False, Level.NOTICE),
        (datetime(2026, 11, 22, tzinfo=UTC), True, Level.WORKS),
    ],
)
def test_a_clock_is_wrong_uncertain_or_right(at, synchronised, level, say):
    found = machine.of_clock(at, "Europe/Paris", say, synchronised=synchronised)
    assert found.level is level


def test_the_clock_of_this_machine_can_be_asked(say):
    assert len(machine.check_clock(say)) == 1


@pytest.mark.parametrize(
    ("flags", "level", "word"),
    [
        (0x50005, Level.BROKEN, "too little voltage"),
        (0x50000, Level.NOTICE, "has had too little"),
        (0x40004, Level.NOTICE, "too hot"),
        (0, Level.WORKS, "enough power"),
    ],
)
def test_a_pi_s_flags_are_put_in_words(flags, level, word, say):
    found = machine.of_pi(flags, say)
    assert found.level is level
    assert word in found.what


def test_the_pi_is_asked_through_its_own_tool(tmp_path, monkeypatch, say):
    tool = tmp_path / "vcgencmd"
    tool.write_text("#!/bin/sh\necho throttled=0x50005\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert machine.check_pi(say)[0].level is Level.BROKEN


# Disk


def test_a_data_folder_is_measured_and_left_as_it_was(tmp_path, say):
    tmp_path.chmod(0o750)
    found = disk.check(tmp_path, say)
    assert any("a tap is safe" in finding.what for finding in found)
    assert list(tmp_path.iterdir()) == []


def test_a_data_folder_that_is_not_there_yet_is_no_fault(tmp_path, say):
    (found,) = disk.check(tmp_path / "later", say)
    assert found.level is Level.NOTICE


def test_a_data_folder_open_to_all_is_told(tmp_path, say):
    tmp_path.chmod(0o755)
    assert any("chmod 750" in finding.cure for finding in disk.check(tmp_path, say))


@pytest.mark.parametrize(
    ("free", "level"), [(10_000_000, Level.BROKEN), (200_000_000, Level.NOTICE), (10**10, Level.WORKS)]
)
def test_room_is_none_little_or_enough(free, level, say):
    assert disk.of_room(free, 10, Path("/x"), say).level is level


@pytest.mark.parametrize(("taken", "word"), [(0.2, "fast"), (40, "good enough"), (400, "slow")])
def test_latency_is_put_in_words(taken, word, say):
    assert f"The disk is {word}" in disk.of_latency(taken, say).what


MOUNTS = """\
/dev/root / ext4 rw,noatime 0 0
/dev/sda1 /var/lib/foyer ext4 rw,data=writeback 0 0
tmpfs /run tmpfs rw 0 0
/dev/sdb1 /media/my\\040disk vfat rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [("/var/lib/foyer", "ext4"), ("/run/x", "tmpfs"), ("/srv", "ext4"), ("/media/my disk/a", "vfat")],
)
def test_the_innermost_mount_counts(folder, kind):
    assert disk.mount_of(Path(folder), MOUNTS).kind == kind


def test_dangerous_mounts_are_told(say):
    found = disk.of_mount(disk.mount_of(Path("/var/lib/foyer"), MOUNTS), Path("/var/lib/foyer"), say)
    assert found[0].level is Level.BROKEN
    assert "data=writeback" in found[0].what
    found = disk.of_mount(disk.mount_of(Path("/run"), MOUNTS), Path("/run"), say)
    assert "may be gone" in found[0].what


# Badge key


def test_a_key_is_shown_only_by_its_fingerprint(tmp_path, say):
    secret = load_or_make(tmp_path / "badge.key")
    (found,) = badge_key.check(tmp_path / "badge.key", tmp_path / "badge.key", say)
    assert found.level is Level.WORKS
    assert badge_key.fingerprint(secret) in found.what
    assert secret.hex() not in found.what


def test_two_different_keys_are_told(tmp_path, say):
    load_or_make(tmp_path / "one")
    load_or_make(tmp_path / "two")
    assert "no badge will be known" in badge_key.check(tmp_path / "one", tmp_path / "two", say)[-1].what


def test_a_key_others_may_read_is_told(tmp_path, say):
    load_or_make(tmp_path / "badge.key")
    (tmp_path / "badge.key").chmod(0o644)
    (found,) = badge_key.check(tmp_path / "badge.key", None, say)
    assert "chmod 600" in found.cure


def test_a_broken_key_and_a_missing_one_are_told_and_nothing_is_made(tmp_path, say):
    (tmp_path / "broken").write_text("not hexadecimal")
    (tmp_path / "broken").chmod(0o600)
    found = badge_key.check(tmp_path / "broken", tmp_path / "none", say)
    assert [finding.level for finding in found] == [Level.BROKEN, Level.NOTICE]
    assert not (tmp_path / "none").exists()


# Terminal


def test_what_is_no_terminal_is_not_looked_at(say):
    (found,) = terminal.check({}, io.StringIO(), say)
    assert found.level is Level.NOTICE


def test_a_terminal_is_asked_for_colours_letters_and_size(say):
    master, slave = pty.openpty()
    with os.fdopen(slave, "w") as output:
        found = terminal.check({"COLORTERM": "truecolor"}, output, say)
    os.close(master)
    assert len(found) == 3
    assert found[0].level is Level.WORKS


def test_a_poor_terminal_is_told(say):
    assert terminal.of_colours({}, say).level is Level.NOTICE
    assert terminal.of_letters("ISO-8859-1", say).level is Level.NOTICE
    assert terminal.of_size(40, 12, say).level is Level.NOTICE
    assert terminal.of_size(120, 40, say).level is Level.WORKS


def test_a_hub_without_its_broker_is_told(say):
    (found,) = dashboard.of_readiness("broker", say)
    assert found.level is Level.BROKEN
    assert "broker does not answer it" in found.what
    assert dashboard.of_readiness("", say) == []


def test_a_disk_is_told_from_four_fifths_on_and_a_missing_ballast_too(say, tmp_path: Path):
    assert disk.of_room(10**12, 79, tmp_path, say).level is Level.WORKS
    assert disk.of_room(10**12, 80, tmp_path, say).level is Level.NOTICE
    assert disk.of_ballast(tmp_path, say) == []
    (tmp_path / "hub.db").touch()
    (found,) = disk.of_ballast(tmp_path, say)
    assert "is not there" in found.what
    (tmp_path / "ballast").touch()
    assert disk.of_ballast(tmp_path, say) == []
