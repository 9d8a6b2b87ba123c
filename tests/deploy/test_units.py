"""Units, udev rules and the rest: the system's own tools find no fault, and the hub stays closed in."""

import re
import subprocess

import pytest

LARGEST_EXPOSURE = 3.0
"""systemd's own scale from 0 (closed) to 10; below 3 it says OK."""


def systemd(find_tool, *arguments):
    return subprocess.run(
        [find_tool("systemd-analyze", "systemd"), *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "unit",
    [
        "foyer-hub.service",
        "foyer-kiosk.service",
        "foyer-lobby.service",
        "foyer-broker.path",
        "foyer-broker.service",
        "mosquitto.service",
        "foyer-update.path",
        "foyer-update.service",
    ],
)
def test_the_units_are_sound(deploy, unit, tmp_path, find_tool):
    # The programs they start are not on this machine: any other stands in, the rest stays as it is.
    text = re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", (deploy / unit).read_text())
    (tmp_path / unit).write_text(re.sub(r"(?m)^User=.*\n|^Group=.*\n", "", text))
    checked = systemd(find_tool, "verify", "--man=no", "--recursive-errors=no", str(tmp_path / unit))
    assert checked.returncode == 0, checked.stderr
    assert unit not in checked.stderr, checked.stderr


@pytest.mark.parametrize("name", ["foyer-hub", "foyer-broker", "mosquitto"])
def test_whatever_draws_nothing_is_closed_in(deploy, find_tool, name):
    unit = f"{name}.service"
    checked = systemd(find_tool, "security", "--offline=true", "--no-pager", str(deploy / unit))
    exposure = re.search(rf"Overall exposure level for {unit}: ([0-9.]+)", checked.stdout)
    assert exposure, checked.stdout + checked.stderr
    assert float(exposure[1]) <= LARGEST_EXPOSURE


def test_the_hub_may_still_ask_whether_the_clock_is_synchronised(deploy):
    unit = (deploy / "foyer-hub.service").read_text()
    lines = [line for line in unit.splitlines() if line.startswith("SystemCallFilter=")]
    assert lines[-1] == "SystemCallFilter=adjtimex clock_adjtime"
    assert "\nProtectClock=" not in unit
    assert "\nCapabilityBoundingSet=\n" in unit, "so that it can ask, but not set"


@pytest.mark.parametrize("name", ["foyer-hub", "foyer-kiosk", "foyer-lobby", "mosquitto"])
def test_no_service_waits_for_a_network_and_each_is_started_anew_when_it_ends(deploy, name):
    lines = (deploy / f"{name}.service").read_text().splitlines()
    waits = [line for line in lines if line.startswith(("After=", "Wants=", "Requires="))]
    assert not any("network-online.target" in line for line in waits)
    assert "Type=notify" in lines
    assert "Restart=always" in lines
    assert name == "mosquitto" or any(line.startswith("WatchdogSec=") for line in lines)


@pytest.mark.parametrize("name", ["foyer-kiosk", "foyer-lobby"])
def test_a_screen_waits_for_no_other_service_of_ours(deploy, name):
    lines = (deploy / f"{name}.service").read_text().splitlines()
    waits = " ".join(line for line in lines if line.startswith("After="))
    assert "foyer" not in waits
    assert "mosquitto" not in waits
    assert any(" -m plumbing.herald /usr/bin/cage " in line for line in lines)
    assert "NotifyAccess=main" in lines


def test_the_units_start_what_is_installed(deploy):
    script = (deploy / "install.sh").read_text()
    hub, kiosk = ((deploy / f"foyer-{name}.service").read_text() for name in ("hub", "kiosk"))
    assert "ExecStart=/opt/foyer/current/bin/foyer hub --settings /etc/foyer/hub.toml" in hub
    assert "/opt/foyer/current/bin/foyer kiosk --settings /etc/foyer/kiosk.toml" in kiosk
    assert "-c /etc/foyer/foot.ini" in kiosk
    lobby = (deploy / "foyer-lobby.service").read_text()
    assert "foyer lobby --settings /etc/foyer/lobby.toml" in lobby
    assert "foyer-kiosk.service" in lobby.partition("Conflicts=")[2].splitlines()[0]
    assert "/etc/foyer/lobby.toml" in script
    assert "PAMName=foyer\n" in kiosk
    for place in ("/opt/foyer/current", "/etc/foyer/hub.toml", "/etc/foyer/foot.ini", "/etc/pam.d/foyer"):
        assert place in script


def test_udev_rules_are_sound(deploy, find_tool):
    udevadm = find_tool("udevadm", "udev")
    helped = subprocess.run([udevadm, "--help"], capture_output=True, text=True, check=False).stdout
    if "verify" not in helped:
        pytest.skip("this udevadm cannot verify rules: it came with systemd 254")
    checked = subprocess.run(
        [udevadm, "verify", str(deploy / "99-foyer.rules")], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_udev_rule_is_whole(deploy):
    rules = [
        line
        for line in (deploy / "99-foyer.rules").read_text().splitlines()
        if line and not line.startswith("# ")
    ]
    for rule in rules:
        assert re.fullmatch(r'#?([A-Z_]+(\{\w+\})?(==|!=|\+=|=)"[^"]*"(, )?)+|#', rule), rule
    devices = [rule for rule in rules if "SYMLINK" in rule and not rule.startswith("#")]
    assert all("ID_MM_DEVICE_IGNORE" in rule for rule in devices)
    assert sum('SYMLINK+="foyer-reader"' in rule for rule in devices) == 5
    assert sum('SYMLINK+="foyer-door"' in rule for rule in devices) == 1
    assert len(devices) == 6


def test_the_kernel_s_own_drivers_are_kept_off(deploy):
    lines = (deploy / "modprobe-foyer.conf").read_text().splitlines()
    assert {line for line in lines if not line.startswith("#")} == {
        "blacklist pn533_usb",
        "blacklist pn533",
        "blacklist port100",
        "blacklist nfc",
    }


def test_the_terminal_s_ground_is_the_kiosk_s(deploy):
    from kiosk.ui.palette import INK
    from kiosk.ui.themes import HOUSE

    assert f"background={HOUSE.ground(INK).removeprefix('#')}" in (deploy / "foot.ini").read_text()
