"""Who may import whom: the contracts in `pyproject.toml` hold, and leave no package out."""

import subprocess
import sys
from pathlib import Path

from tests.architecture.project import PACKAGES, PROJECT, ROOT

RULES = PROJECT["tool"]["importlinter"]
CONTRACTS = RULES["contracts"]


def test_every_import_contract_is_kept():
    command = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken." in result.stdout


def test_the_contracts_know_every_package():
    assert RULES["root_packages"] == PACKAGES
    assert RULES["include_external_packages"] is True


def test_a_new_module_must_ask_for_its_place():
    # `foyer` is exempt: it holds no rule, and its modules may use one another freely.
    containers = [
        container
        for contract in CONTRACTS
        if contract["type"] == "layers" and contract.get("exhaustive", False)
        for container in contract["containers"]
    ]
    assert {container.partition(".")[0] for container in containers} == {*PACKAGES} - {"foyer"}
    assert {package for package in PACKAGES if package not in containers} == {"foyer"}


def test_a_library_with_one_home_is_kept_out_of_all_other_modules():
    homes = [contract for contract in CONTRACTS if "ignore_imports" in contract]
    assert homes
    for contract in homes:
        assert contract["source_modules"] == PACKAGES, contract["name"]
