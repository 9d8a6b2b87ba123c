"""What is installed at the door has the firmware in it: `foyer mcu flash` copies it from there."""

import zipfile
from pathlib import Path

from hatchling.builders.wheel import WheelBuilder

from firmware_bridge.virtual.board import FIRMWARE
from tests.architecture.project import ROOT


def test_the_wheel_holds_every_file_of_the_firmware_and_its_page(tmp_path: Path):
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    held = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("firmware_bridge/mcu/")}
    files = [*FIRMWARE.glob("*.py"), FIRMWARE / "PROTOCOL.md"]
    assert held == {f"firmware_bridge/mcu/{file.name}" for file in files}
