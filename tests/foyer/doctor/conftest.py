"""English as it stands in the source, a real broker, settings files to examine."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fakes.brokers import Mosquitto, running_mosquitto

KIOSK = """\
id = "front-door"
data_folder = "{folder}"
badge_key_file = "{folder}/badge.key"
[space]
id = "our-space"
[reader]
device = "{device}"
[broker]
port = {port}
"""

HUB = """\
database = "sqlite:///{folder}/hub.db"
badge_key_file = "{folder}/badge.key"
[space]
id = "our-space"
[broker]
port = {port}
[dashboard]
port = {dashboard}
"""


@pytest.fixture
def say() -> Callable[[str], str]:
    """The source's own English."""
    return str


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[Mosquitto]:
    """A broker that lets everybody in."""
    with running_mosquitto(tmp_path) as running:
        yield running


@pytest.fixture
def kiosk_file(tmp_path: Path) -> Callable[..., Path]:
    """Writes a kiosk's settings; all it names lies in the test's folder."""

    def write(*, device: str = "none", port: int = 1) -> Path:
        file = tmp_path / "kiosk.toml"
        file.write_text(KIOSK.format(folder=tmp_path, device=device, port=port))
        return file

    return write


@pytest.fixture
def hub_file(tmp_path: Path) -> Callable[..., Path]:
    """Writes a hub's settings; all it names lies in the test's folder."""

    def write(*, port: int = 1, dashboard: int = 1) -> Path:
        file = tmp_path / "hub.toml"
        file.write_text(HUB.format(folder=tmp_path, port=port, dashboard=dashboard))
        return file

    return write
