"""What is installed is ours alone, and is the same everywhere."""

import re
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from aanjager.example import example_city

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PACKAGES: list[str] = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
LOCKS = ["requirements.lock", "requirements-dev.lock"]
LINE = re.compile(r"(?P<name>[a-z0-9-]+)(?:\[[a-z0-9,-]+\])?==\S+ \\|    --hash=sha256:[0-9a-f]{64}(?: \\)?|# .*|")


@pytest.mark.parametrize("package", [*PACKAGES, "tests", "benchmarks"])
def test_no_other_distribution_owns_a_package_of_ours(package: str) -> None:
    assert set(packages_distributions().get(package, [])) <= {"aanjager"}


def test_every_package_of_ours_is_held_to_the_import_contracts() -> None:
    assert set(PROJECT["tool"]["importlinter"]["root_packages"]) == set(PACKAGES)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_versions_and_hashes_and_names_no_host_or_path(lock: str) -> None:
    assert [line for line in (ROOT / lock).read_text().splitlines() if not LINE.fullmatch(line)] == []


def test_both_locks_agree() -> None:
    run, dev = (set(re.findall(r"^[a-z0-9,\[\]-]+==\S+", (ROOT / lock).read_text(), re.MULTILINE)) for lock in LOCKS)
    assert run
    assert run <= dev


def test_the_locks_hold_what_the_project_asks_for() -> None:
    dev = {match["name"] for match in LINE.finditer((ROOT / "requirements-dev.lock").read_text()) if match["name"]}
    asked = [*PROJECT["project"]["dependencies"], *PROJECT["build-system"]["requires"]]
    for extra in PROJECT["project"]["optional-dependencies"].values():
        asked += extra
    assert {re.split(r"[\[<>=]", requirement)[0] for requirement in asked} <= dev


def test_the_example_city_is_found_in_a_checkout() -> None:
    assert example_city() == ROOT / "deploy" / "cities" / "genk"
