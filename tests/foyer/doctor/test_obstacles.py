"""What stands in a reader's way is found in made-up trees of /proc, /sys and /etc, and its cure is exact."""

from pathlib import Path

import pytest

from foyer.doctor import obstacles
from foyer.doctor.findings import Level
from kiosk.settings import ReaderSettings

PI_4, PI_5 = "Raspberry Pi 4 Model B Rev 1.4\0", "Raspberry Pi 5 Model B Rev 1.0\0"
POLICY = "usr/share/polkit-1/actions/org.debian.pcsc-lite.policy"
ROOT = Path(__file__).parents[3]


def tree(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


def found(root, say, device="pcsc:", **more):
    settings = ReaderSettings(device=device, **more) if device else None
    return obstacles.check(settings, "foyer", say, root)


def a_service(root):
    return tree(root, {"usr/sbin/pcscd": "", "run/pcscd/pcscd.comm": ""})


def test_a_machine_with_nothing_in_the_way_says_nothing(tmp_path, say):
    assert found(a_service(tmp_path), say) == []
    assert found(tmp_path, say, "wedge:/dev/input/event3") == []
    assert found(tmp_path, say, None) == []


@pytest.mark.parametrize("device", ["pcsc:", "usb:054c:06c1"])
@pytest.mark.parametrize(("driver", "name"), [("pn533_usb", "ACR122U PICC Interface"), ("port100", "")])
def test_a_driver_that_holds_the_reader_is_broken_with_the_blacklist(tmp_path, say, device, driver, name):
    tree(a_service(tmp_path), {"proc/modules": f"{driver} 20480 0 - Live 0x0\nnfc 1 1 x, Live 0x0\n"})
    tree(tmp_path, {f"sys/bus/usb/drivers/{driver}/1-1.2:1.0": "", f"sys/bus/usb/drivers/{driver}/bind": ""})
    tree(tmp_path, {"sys/bus/usb/devices/1-1.2/product": f"{name}\n"})
    (only,) = found(tmp_path, say, device)
    assert only.level is Level.BROKEN
    assert f"{driver}: {name or '1-1.2'}" in only.what
    assert "/etc/modprobe.d/foyer.conf" in only.cure


@pytest.mark.parametrize("device", [None, "none", "pn532:/dev/ttyUSB0", "pcsc:"])
def test_drivers_that_hold_nothing_yet_are_worth_knowing(tmp_path, say, device):
    loaded = "pn533_usb 20480 0 - Live 0x0\npn533 40960 1 pn533_usb, Live 0x0\nsnd 1 0 - Live 0x0\n"
    tree(a_service(tmp_path), {"proc/modules": loaded})
    (only,) = found(tmp_path, say, device)
    assert only.level is Level.NOTICE
    assert "pn533_usb, pn533:" in only.what
    for module in obstacles.MODULES:
        assert f"blacklist {module}\\n" in only.cure


def test_what_is_installed_blacklists_the_very_modules():
    text = (ROOT / "deploy/raspberrypi/modprobe-foyer.conf").read_text()
    listed = {line.split()[1] for line in text.splitlines() if line.startswith("blacklist ")}
    assert listed == set(obstacles.MODULES)


def test_without_the_service_it_says_what_to_install(tmp_path, say):
    (only,) = found(tmp_path, say)
    assert only.cure == "Run: sudo apt-get install pcscd libccid"


def test_a_service_that_does_not_run_is_started(tmp_path, say):
    (only,) = found(tree(tmp_path, {"usr/sbin/pcscd": ""}), say)
    assert only.cure == "Run: sudo systemctl enable --now pcscd.socket"


def test_polkit_without_a_rule_for_us_is_told_with_the_rule(tmp_path, say):
    tree(a_service(tmp_path), {POLICY: "", "etc/polkit-1/rules.d/10-other.rules": "// nothing of ours"})
    (only,) = found(tmp_path, say)
    assert "/etc/polkit-1/rules.d/49-foyer.rules" in only.cure
    assert 's.user == "foyer"' in only.cure
    tree(tmp_path, {"etc/polkit-1/rules.d/49-foyer.rules": only.cure})
    assert found(tmp_path, say) == []


def test_the_rule_that_is_installed_is_known(tmp_path, say):
    rule = (ROOT / "deploy/raspberrypi/49-foyer.rules").read_text()
    tree(a_service(tmp_path), {POLICY: "", "etc/polkit-1/rules.d/49-foyer.rules": rule})
    assert found(tmp_path, say) == []


def a_pi(root, model=PI_4, config="", port="ttyS0"):
    tree(root, {"proc/device-tree/model": model, obstacles.CONFIG: config, f"dev/{port}": ""})
    (root / "dev/serial0").symlink_to(port)
    return root


def test_the_small_port_at_a_high_speed_is_broken(tmp_path, say):
    a_pi(tmp_path, config="enable_uart=1\n")
    (only,) = found(tmp_path, say, "pn532:/dev/serial0", baud=921600)
    assert only.level is Level.BROKEN
    assert "921600" in only.what
    assert "dtoverlay=disable-bt" in only.cure
    assert "/boot/firmware/config.txt" in only.cure


def test_the_small_port_whose_speed_wanders_is_told(tmp_path, say):
    (only,) = found(a_pi(tmp_path, config="#enable_uart=1\n"), say, "pn532:/dev/ttyS0")
    assert only.cure.startswith("Run: echo enable_uart=1 | sudo tee -a /boot/firmware/config.txt")


@pytest.mark.parametrize(
    ("model", "config", "port"),
    [
        (PI_4, "enable_uart=1 # for the reader\n", "ttyS0"),
        (PI_4, "", "ttyAMA0"),
        (PI_5, "", "ttyAMA0"),
        ("Some PC\0", "", "ttyS0"),
    ],
)
def test_a_port_that_is_good_enough_is_no_finding(tmp_path, say, model, config, port):
    assert found(a_pi(tmp_path, model, config, port), say, "pn532:/dev/serial0") == []


def test_pins_that_are_switched_off_are_told(tmp_path, say):
    tree(tmp_path, {"proc/device-tree/model": PI_4})
    (only,) = found(tmp_path, say, "pn532:/dev/foyer-reader")
    assert "do_serial_hw 0" in only.cure
    assert found(tmp_path, say, "pn532:/dev/ttyUSB0") == []


@pytest.mark.parametrize("known", ["", "E:ID_MM_DEVICE_IGNORE=1\n"])
def test_modem_manager_is_told_unless_it_is_held_off(tmp_path, say, known):
    tree(tmp_path, {"proc/7/comm": "ModemManager\n", "dev/ttyACM0": "", "run/udev/data/c0:0": known})
    seen = found(tmp_path, say, "pn532:/dev/ttyACM0")
    assert len(seen) == (0 if known else 1)
    if seen:
        assert 'KERNEL=="ttyACM0", ENV{ID_MM_DEVICE_IGNORE}="1"' in seen[0].cure


def test_modem_manager_that_does_not_run_disturbs_nobody(tmp_path, say):
    tree(tmp_path, {"proc/7/comm": "bash\n", "dev/ttyUSB0": ""})
    assert found(tmp_path, say, "pn532:/dev/ttyUSB0") == []


def test_the_kernel_s_console_is_read_from_its_command_line():
    line = "console=serial0,115200 console=tty1 root=PARTUUID=1"
    assert obstacles.is_console(line, "tty1")
    assert obstacles.is_console(line, "serial0")
    assert not obstacles.is_console(line, "ttyAMA0")
