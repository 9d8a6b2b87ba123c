from collections.abc import Iterator
from pathlib import Path

import pytest

from plumbing.mqtt import Broker
from tests.fakes.brokers import Mosquitto, broker, running_broker, running_mosquitto

__all__ = ["broker", "running_broker"]


class Refusing(Mosquitto):
    """A Mosquitto that lets nobody in."""

    extra = "allow_anonymous false\n"


@pytest.fixture
def refusing_mosquitto(tmp_path: Path) -> Iterator[Broker]:
    with running_mosquitto(tmp_path, Refusing) as running:
        yield running.broker
