"""The rules load in a moment: nothing that can wait comes with them."""

import json
import subprocess
import sys

import pytest

from tests.architecture.project import ROOT, modules

HEAVY = {
    "alembic", "amqtt", "asyncio", "babel", "cyclopts", "gettext", "logging", "nfc", "paho", "PIL", "serial",
    "socket", "sqlalchemy", "sqlite3", "starlette", "subprocess", "textual", "uvicorn",
}  # fmt: skip
"""What pure modules have no use for, and a Pi feels."""


def loaded_by(*names: str) -> set[str]:
    """Return the top-level modules a fresh Python holds after importing these."""
    script = f"import sys, {', '.join(names)}, json; print(json.dumps(sorted(sys.modules)))"
    printed = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True).stdout
    return {name.partition(".")[0] for name in json.loads(printed)}


def test_the_rules_bring_nothing_heavy():
    names = [
        path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for path, _ in modules("community")
    ]
    assert not loaded_by(*names) & HEAVY


@pytest.mark.parametrize("heavy", ["asyncio", "sqlalchemy", "textual"])
def test_something_heavy_would_be_seen(heavy: str):
    assert heavy in loaded_by(heavy) & HEAVY
