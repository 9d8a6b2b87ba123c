"""A sound device that is a file: Debian's own ALSA library and player, with nothing pretended but it."""

import shutil
from pathlib import Path

import numpy as np
import pytest

CONF = """
pcm.!default {{ type plug; slave.pcm "written" }}
pcm.written {{ type file; slave.pcm "null"; file "{file}"; format "wav" }}
pcm.null {{ type null }}
ctl.!default {{ type hw; card 0 }}
"""

HEAD_BYTES = 44


def loudspeaker(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have everything that is played written to the file this returns; each sound replaces the one before."""
    assert shutil.which("aplay"), "apt-get install alsa-utils"
    (folder / "asound.conf").write_text(CONF.format(file=folder / "played.wav"))
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(folder / "asound.conf"))
    return folder / "played.wav"


def samples(file: Path) -> np.ndarray:
    """What was played last; the lengths in the head of the file are left open."""
    return np.frombuffer(file.read_bytes()[HEAD_BYTES:], dtype="<i2")
