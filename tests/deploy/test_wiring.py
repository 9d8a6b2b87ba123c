"""The pages say where each wire goes, and the firmware agrees."""

import re
import runpy
from pathlib import Path

import pytest

from firmware_bridge import mcu
from tests.architecture.project import ROOT

WIRING = runpy.run_path(str(Path(mcu.__file__).parent / "wiring.py"))
PICTURE = (ROOT / "docs/pictures/wiring.svg").read_text()
PAGES = "".join(page.read_text() for page in ROOT.glob("docs/hardware*.md"))


def pins() -> dict[str, int]:
    """Every pin the firmware uses as it is shipped."""
    _uart, tx, rx = WIRING["RADAR"]
    data, _lights = WIRING["RING"]
    buttons = dict(zip(("left", "middle", "right"), WIRING["BUTTONS"], strict=True))
    return {"radar RX": tx, "radar TX": rx, "ring": data, "buzzer": WIRING["BUZZER"], **buttons}


@pytest.mark.parametrize(("part", "pin"), pins().items())
def test_every_pin_of_the_firmware_is_drawn_and_in_the_table(part, pin):
    assert re.search(rf"<text[^>]*bold[^>]*>GP{pin}</text>", PICTURE), part
    assert re.search(rf"\bGP{pin}\b", PAGES), part


def test_the_optional_pins_are_free():
    for pin in (13, 14):
        assert pin not in pins().values()
        assert f">GP{pin}</text>" in PICTURE
        assert f"= {pin}`" in PAGES
