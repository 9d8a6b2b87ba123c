"""Where the deployment's files are, and tools that a machine may lack."""

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy/raspberrypi"


@pytest.fixture
def deploy() -> Path:
    return DEPLOY


def tool(name: str, package: str) -> str:
    """Return a tool's path; without it the test is skipped, and fails where all tools must be there."""
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if found is None:
        reason = f"{name} is not installed (apt-get install {package})"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture
def find_tool():
    return tool
