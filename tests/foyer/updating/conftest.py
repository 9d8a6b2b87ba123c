"""Releases made once for all, and machines they are tried on."""

from collections.abc import Iterator

import pytest

from hardware.virtual.port import BRISK, VirtualPn532
from tests.fakes.releases import Machine, Maker, build_wheel


@pytest.fixture(scope="package")
def maker(tmp_path_factory: pytest.TempPathFactory) -> Maker:
    folder = tmp_path_factory.mktemp("releases")
    return Maker(build_wheel(folder / "dist"), folder)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VirtualPn532]:
    virtual = VirtualPn532(tmp_path_factory.mktemp("reader") / "reader", BRISK)
    virtual.start()
    yield virtual
    virtual.stop()


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory, maker: Maker) -> Iterator[Machine]:
    made = Machine(tmp_path_factory.mktemp("machine") / "root", maker)
    yield made
    made.close()
