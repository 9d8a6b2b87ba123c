"""`foyer bench plan`: figures for each size, beside scipy's, or said clearly to be without it."""

import json
import sys
from pathlib import Path

import pytest

from foyer import benchplan


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch):
    """Measure among a handful of people."""
    monkeypatch.setattr(benchplan, "SIZES", (8, 12, 20))
    monkeypatch.setattr(benchplan, "SMALLEST_EXACT", 8)
    monkeypatch.setattr(benchplan, "LARGEST_COMPARED", 12)


def test_each_size_is_measured_and_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    benchplan.bench(taps=8, json_file=tmp_path / "plan.json")
    told = capsys.readouterr().out
    figures = json.loads((tmp_path / "plan.json").read_text())
    small, middle, large = figures["rows"]
    assert (small["present"], middle["present"], large["present"]) == (8, 12, 20)
    assert 0 < small["value"] <= small["exact_value"] <= 1
    assert 0 < middle["value"] <= 1
    assert (middle["exact_value"], large["value"]) == (None, None)
    assert len(figures["growth"]) == 2
    assert "of the best there is" in told
    assert "from 12 to 20 present" in told


def test_without_scipy_it_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    benchplan.bench(taps=8, json_file=None)
    told = capsys.readouterr().out
    assert "scipy is not installed" in told
    assert "value" not in told


def test_what_the_clock_is_too_coarse_for_is_no_ratio(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(benchplan.time, "process_time", lambda: 1.0)
    benchplan.bench(taps=8, json_file=tmp_path / "plan.json")
    assert "a tap takes ? times as long" in capsys.readouterr().out
