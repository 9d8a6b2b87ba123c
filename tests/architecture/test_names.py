"""Our packages have plain names: in our environment nobody else may own one."""

import importlib.util
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

import pytest

from tests.architecture.project import DISTRIBUTION, PACKAGES, ROOT

OWNERS = packages_distributions()


@pytest.mark.parametrize("name", PACKAGES)
def test_no_other_distribution_installs_a_package_of_this_name(name: str):
    # An editable installation lists no packages: then the name has no owner at all.
    assert set(OWNERS.get(name, [DISTRIBUTION])) == {DISTRIBUTION}


@pytest.mark.parametrize("name", PACKAGES)
def test_the_package_that_is_imported_is_the_one_in_this_checkout(name: str):
    found = importlib.util.find_spec(name)
    assert found is not None
    assert found.origin is not None
    assert Path(found.origin).parent == ROOT / name


def test_the_command_belongs_to_our_distribution():
    commands = distribution(DISTRIBUTION).entry_points.select(group="console_scripts")
    assert {command.name: command.value for command in commands} == {"foyer": "foyer.cli:main"}


def test_ndef_comes_from_the_library_nfcpy_means():
    # A distribution called `ndef` exists too; nfcpy needs `ndeflib`.
    assert set(OWNERS["ndef"]) == {"ndeflib"}
    assert set(OWNERS["nfc"]) == {"nfcpy"}
