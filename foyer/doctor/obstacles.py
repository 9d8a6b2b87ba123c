"""What in the system stands between a badge reader and Foyer: drivers, consoles, rules, speeds.

Only looks, at files below `root`: /proc, /sys, /etc and their like on a machine, a made-up tree in a test.
Each finding says the file or the command that cures it, to be copied as it is.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import assert_never

from foyer.doctor.findings import Finding, Say, broken, notice
from kiosk.settings import ReaderKind, ReaderSettings

ROOT = Path("/")

MODULES = ("pn533_usb", "pn533", "port100", "nfc")
"""Kernel drivers that take USB readers away from programs: ACR122U and PN533, RC-S380, what both need."""

DRIVERS = ("pn533_usb", "port100")
"""Those of them that hold a device."""

CONFIG = "boot/firmware/config.txt"

_BLACKLIST = (
    "printf 'blacklist pn533_usb\\nblacklist pn533\\nblacklist port100\\nblacklist nfc\\n' | "
    "sudo tee /etc/modprobe.d/foyer.conf && sudo reboot"
)
_POLKIT_ACTIONS = "org.debian.pcsc-lite"
_POLKIT_RULE = (
    'polkit.addRule(function(a, s) {{ if (a.id.indexOf("org.debian.pcsc-lite.access_") == 0 && '
    's.user == "{user}") return polkit.Result.YES; }});'
)


def check(settings: ReaderSettings | None, user: str, say: Say, root: Path = ROOT) -> list[Finding]:
    """Say what stands in the way of the reader that is set.

    Args:
        settings: Which; `None` if none is set up yet.
        user: Whom the kiosk runs as.
        say: Turns a sentence into the operator's language.
        root: Where the system's files begin.
    """
    kind = ReaderKind.NONE if settings is None else settings.kind
    found = list(_drivers(kind, say, root))
    if settings is None:
        return found
    match kind:
        case ReaderKind.PN532:
            port = root / settings.path.lstrip("/")
            found += _small_serial_port(settings, port, say, root)
            found += _modem_manager(settings.path, port, say, root)
        case ReaderKind.PCSC:
            found += _service(say, root)
            found += _rules(user, say, root)
        case ReaderKind.USB | ReaderKind.WEDGE | ReaderKind.NONE:
            pass
        case _:
            assert_never(kind)
    return found


def is_console(command_line: str, device: str) -> bool:
    """Say whether the kernel talks on this device, from the text of /proc/cmdline."""
    consoles = (word.removeprefix("console=") for word in command_line.split() if word.startswith("console="))
    return device in {console.partition(",")[0] for console in consoles}


def polkit_command(user: str) -> str:
    """Return the command that lets a user use PC/SC readers."""
    return f"echo '{_POLKIT_RULE.format(user=user)}' | sudo tee /etc/polkit-1/rules.d/49-foyer.rules"


def _drivers(kind: ReaderKind, say: Say, root: Path) -> Iterator[Finding]:
    """Say which kernel drivers keep USB readers for themselves, and which reader they hold."""
    held = [f"{driver}: {name}" for driver in DRIVERS for name in _held_by(driver, root)]
    cure = say("Run: {command}").format(command=_BLACKLIST)
    if held and kind in {ReaderKind.PCSC, ReaderKind.USB}:
        yield broken(
            say("The kernel keeps a USB badge reader for itself ({held}): no program can use it.").format(
                held=", ".join(held)
            ),
            cure,
        )
        return
    loaded = {line.partition(" ")[0] for line in _read(root / "proc/modules").splitlines()}
    in_the_way = [name for name in MODULES if name in loaded]
    if in_the_way:
        yield notice(
            say("The kernel has loaded {modules}: it keeps USB badge readers for itself.").format(
                modules=", ".join(in_the_way)
            ),
            cure,
        )


def _held_by(driver: str, root: Path) -> Iterator[str]:
    """Names of the USB devices a driver holds, or where they are plugged in."""
    for interface in sorted((root / "sys/bus/usb/drivers" / driver).glob("*:*")):
        plug = interface.name.partition(":")[0]
        yield _read(root / "sys/bus/usb/devices" / plug / "product").strip() or plug


def _small_serial_port(settings: ReaderSettings, port: Path, say: Say, root: Path) -> Iterator[Finding]:
    """Say what the second-rate serial port of a Raspberry Pi cannot do, and how to get the good one."""
    model = _read(root / "proc/device-tree/model").strip("\0")
    if not model.startswith("Raspberry Pi"):
        return
    config = {line.partition("#")[0].strip() for line in _read(root / CONFIG).splitlines()}
    if not port.exists():
        if "enable_uart=1" not in config and not settings.path.startswith("/dev/ttyUSB"):
            yield notice(
                say("The serial port on the Pi's pins is switched off."),
                say("If the reader is on the pins, run: {command}").format(
                    command="sudo raspi-config nonint do_serial_hw 0 && sudo reboot"
                ),
            )
        return
    if port.resolve().name != "ttyS0":
        return
    if settings.baud > 115200:  # noqa: PLR2004 - the most a mini-UART does well
        yield broken(
            say("{port} is the Pi's small serial port, which cannot do {baud} baud.").format(
                port=settings.path, baud=settings.baud
            ),
            say("Set baud = 115200 under [reader]; or, for the good port, run: {command}").format(
                command=f"echo dtoverlay=disable-bt | sudo tee -a /{CONFIG} && "
                "sudo systemctl disable --now hciuart; sudo reboot"
            ),
        )
    elif "enable_uart=1" not in config and "dtoverlay=miniuart-bt" not in config:
        yield notice(
            say(
                "{port} is the Pi's small serial port, and its speed follows the processor's: bytes get lost."
            ).format(port=settings.path),
            say("Run: {command}").format(
                command=f"echo enable_uart=1 | sudo tee -a /{CONFIG} && sudo reboot"
            ),
        )


def _modem_manager(path: str, port: Path, say: Say, root: Path) -> Iterator[Finding]:
    """Say if ModemManager will talk to the reader as to a modem."""
    name = port.resolve().name
    if not name.startswith(("ttyUSB", "ttyACM")) or not port.exists():
        return
    if not any(_read(comm).strip() == "ModemManager" for comm in (root / "proc").glob("[0-9]*/comm")):
        return
    device = port.stat().st_rdev
    known = _read(root / f"run/udev/data/c{device >> 8 & 0xFFF}:{device & 0xFF}")
    if "E:ID_MM_DEVICE_IGNORE=1" in known.splitlines():
        return
    rule = f'SUBSYSTEM=="tty", KERNEL=="{name}", ENV{{ID_MM_DEVICE_IGNORE}}="1"'
    yield notice(
        say("ModemManager talks to {port} as to a modem, and disturbs the reader.").format(port=path),
        say("Run: {command}").format(
            command=f"echo '{rule}' | sudo tee /etc/udev/rules.d/98-foyer-no-modem.rules && "
            "sudo udevadm control --reload && sudo udevadm trigger"
        ),
    )


def _service(say: Say, root: Path) -> Iterator[Finding]:
    """Say if the PC/SC service is missing, or does not listen."""
    if not (root / "usr/sbin/pcscd").exists():
        yield broken(
            say("The PC/SC service is not installed."),
            say("Run: {command}").format(command="sudo apt-get install pcscd libccid"),
        )
    elif not (root / "run/pcscd/pcscd.comm").exists():
        yield broken(
            say("The PC/SC service does not run."),
            say("Run: {command}").format(command="sudo systemctl enable --now pcscd.socket"),
        )


def _rules(user: str, say: Say, root: Path) -> Iterator[Finding]:
    """Say if polkit lets only people who are logged in use readers."""
    if not (root / f"usr/share/polkit-1/actions/{_POLKIT_ACTIONS}.policy").exists():
        return
    folders = ("etc/polkit-1/rules.d", "usr/share/polkit-1/rules.d")
    rules = (_read(file) for folder in folders for file in (root / folder).glob("*.rules"))
    if any(f"{_POLKIT_ACTIONS}.access_" in rule for rule in rules):
        return
    yield notice(
        say(
            "polkit lets only people who are logged in use PC/SC readers, not the service user {user}."
        ).format(user=user),
        say("Run: {command}").format(command=polkit_command(user)),
    )


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
