"""`make test-install`: machines of their own.  Each takes a minute and root: nothing here runs unasked."""

import os
import shutil
from pathlib import Path

import pytest

from kiosk.ui.palette import INK, ORANGE, SKY
from kiosk.ui.themes import HOUSE
from tests.machine.trial import Machine, Ring

ASKED = "FOYER_TRIAL"
PICTURES = (
    Path(os.environ.get("FOYER_TRIAL_PICTURES", "")) if os.environ.get("FOYER_TRIAL_PICTURES") else None
)


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    reason = None
    if not os.environ.get(ASKED):
        reason = "boots whole machines, for minutes: `make test-install`"
    elif os.geteuid() != 0:
        reason = "machines of their own need root"
    for item in items:
        if reason and here in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture
def make_machine(tmp_path):
    made: list[Machine] = []

    def make() -> Machine:
        machine = Machine(tmp_path / f"machine{len(made)}")
        made.append(machine)
        machine.boot()
        return machine

    yield make
    for machine in made:
        machine.end()
        shutil.rmtree(machine.root)


@pytest.fixture(scope="module")
def pictures(tmp_path_factory) -> Path:
    folder = PICTURES or tmp_path_factory.mktemp("pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """A machine on which nothing was installed, until a later fixture does."""
    machine = Machine(tmp_path_factory.mktemp("machines") / "both")
    machine.boot()
    yield machine
    machine.end()
    shutil.rmtree(machine.root)


@pytest.fixture(scope="module")
def installed(bare):
    """The same, with everything installed, and a compositor that draws into memory."""
    bare.without_panel("kiosk")
    bare.install("--role", "both", "--pins")
    bare.run("apt-get", "install", "--yes", "--no-install-recommends", "grim", "wlr-randr", "procps")
    bare.run("install", "-d", "-o", "foyer", "/run/foyer-trial")
    return bare


@pytest.fixture(scope="module")
def ring(installed) -> Ring:
    """A badge reader that is software, on the Pi's own pins, as `--pins` has set it."""
    shutil.copy(Path(__file__).with_name("reader.py"), installed.root / "opt/reader.py")
    installed.run("ln", "-sfn", "/run/foyer-trial/reader", "/dev/serial0")
    python = "/opt/foyer/current/bin/python"
    reader = installed.start(python, "/opt/reader.py", "/run/foyer-trial/reader", user="foyer")
    assert reader.stdout is not None
    assert reader.stdin is not None
    assert reader.stdout.readline() == "ready\n"

    def hold(number: str) -> None:
        reader.stdin.write(number + "\n")
        reader.stdin.flush()
        assert reader.stdout.readline() == "tapped\n"

    yield hold
    reader.stdin.close()
    reader.wait(60)
    reader.stdout.close()


@pytest.fixture(scope="module")
def colours() -> dict[str, str]:
    return {"ground": HOUSE.ground(INK), "badge": HOUSE.ink(ORANGE), "noted": HOUSE.ink(SKY)}
