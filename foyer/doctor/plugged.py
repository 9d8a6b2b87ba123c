"""Which USB badge readers are plugged in, and what to set for each: read from /sys, below `root`."""

from collections.abc import Iterator
from pathlib import Path

from foyer.doctor.findings import Finding, Say, notice

ROOT = Path("/")
CCID = "0b"
"""The interface class of smart card readers, as /sys writes it.  Source: USB class codes."""

BY_NFCPY = {("054c", "06c1"), ("054c", "06c3")}
"""Readers without that class which nfcpy drives: Sony RC-S380/S and /P."""


def readers(root: Path = ROOT) -> Iterator[tuple[str, str]]:
    """Yield the name of each USB reader, and what [reader] device should be for it."""
    devices = root / "sys/bus/usb/devices"
    for device in sorted(devices.glob("*")):
        vendor, product = _read(device / "idVendor"), _read(device / "idProduct")
        name = _read(device / "product") or f"{vendor}:{product}"
        if (vendor, product) in BY_NFCPY:
            yield name, f"usb:{vendor}:{product}"
        elif vendor and any(
            _read(interface / "bInterfaceClass") == CCID for interface in devices.glob(f"{device.name}:*")
        ):
            yield name, "pcsc:"


def check(say: Say, root: Path = ROOT) -> list[Finding]:
    """Say which readers could be set."""
    return [
        notice(
            say("A USB badge reader is plugged in: {name}.").format(name=name),
            say('Set [reader] device = "{device}".').format(device=device),
        )
        for name, device in readers(root)
    ]


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
