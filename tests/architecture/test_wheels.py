"""Everything Foyer needs can be had for a Pi without a compiler: the lock against what a registry has.

`make wheels-known` asks; it is run after `make lock`, and needs a network.
"""

import json
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOL = runpy.run_path(str(ROOT / "deploy/packages/wheels.py"))
LOCK = (ROOT / "requirements/foyer.txt").read_text(encoding="utf-8")
KNOWN = json.loads((ROOT / "deploy/packages/wheels-known.json").read_text(encoding="utf-8"))


def version(line: str) -> str:
    return line.partition("==")[2].split()[0]


@pytest.mark.parametrize("platform", TOOL["PLATFORMS"])
def test_every_dependency_has_a_wheel_for_the_pi_or_is_pure_python(platform: str):
    wanted = {f"{name}=={version(line)}": name for name, line in TOOL["wanted"](LOCK, platform).items()}
    assert len(wanted) > 50
    seen = {pin: found[platform] for pin, found in KNOWN.items() if platform in found}
    assert set(seen) == set(wanted), "the lock has changed: run make wheels-known"
    for pin, file in seen.items():
        pure = file.endswith("-none-any.whl")
        ours = file.endswith("_aarch64.whl")
        assert pure or ours or wanted[pin] in TOOL["FROM_SOURCE"], f"{pin}: {file}"


def test_what_is_published_as_source_only_has_its_reason():
    sources = {
        pin.partition("==")[0]
        for pin, found in KNOWN.items()
        if any(f.endswith(".tar.gz") for f in found.values())
    }
    assert sources == set(TOOL["FROM_SOURCE"])


def test_conditions_of_the_lock_are_those_of_the_other_machine():
    lock = (
        "one==1.0 ; platform_machine == 'aarch64' --hash=sha256:00\n"
        "two==1.0 ; python_full_version < '3.12' \\\n    --hash=sha256:00\n"
        "three==1.0 ; sys_platform == 'win32' --hash=sha256:00\n"
    )
    assert list(TOOL["wanted"](lock, "aarch64-cp311")) == ["one", "two"]
    assert list(TOOL["wanted"](lock, "aarch64-cp313")) == ["one"]
