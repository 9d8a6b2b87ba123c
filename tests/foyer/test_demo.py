"""`foyer demo --headless`: a small run counts what really happened, and leaves nothing behind."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TAPS = 12


@pytest.mark.timeout(90)
def test_a_small_run_greets_every_arrival_and_loses_and_doubles_nothing(tmp_path: Path):
    file = tmp_path / "counts.json"
    folder = tmp_path / "tmp"
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "foyer", "demo", "--headless", "--taps", str(TAPS), "--json", str(file)],
        env={**os.environ, "TMPDIR": str(folder)},
        capture_output=True,
        text=True,
        timeout=80,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    counts = json.loads(file.read_text())
    assert counts["taps"] == TAPS
    assert counts["greetings"] == counts["arrivals"] > 0
    assert counts["events_at_hub"] == counts["events_at_kiosk"]
    assert (counts["lost"], counts["doubled"], counts["quarantined"]) == (0, 0, 0)
    assert counts["present_on_dashboard"] == counts["present_at_kiosk"]
    assert counts["tap_to_screen_ms"]["p50"] > 0
    assert list(folder.iterdir()) == [], "the demo left something behind"
