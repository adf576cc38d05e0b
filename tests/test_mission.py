"""What the city asked for, line by line: each is somewhere in the program, and a test that exists proves it."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "mission.md"
ASKED = ROOT.parent / "shared" / "mission.md"
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def rows_of(page: Path) -> list[list[str]]:
    """The cells of every row of the page's tables, without the headers."""
    lines = page.read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines if line.startswith("|")]
    return [row for place, row in enumerate(rows) if not is_rule(row) and not is_rule(rows[(place + 1) % len(rows)])]


def is_rule(row: list[str]) -> bool:
    """Whether it is the line between a table's header and its rows."""
    return set("".join(row)) <= set("|- ")


@cache
def defined_in(file: Path) -> frozenset[str]:
    """The names of the tests that the file defines."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return frozenset(node.name for node in functions if node.name.startswith("test_"))


ROWS = rows_of(PAGE)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:50])
def test_every_line_is_proved_by_tests_that_exist(row: list[str]) -> None:
    _, where, proof = row
    assert where
    named = NAMED.findall(proof)
    assert named, "no test is named"
    for file, test in named:
        assert (ROOT / file).is_file(), file
        assert test in defined_in(ROOT / file), f"{file} has no {test}"


@pytest.mark.skipif(not ASKED.is_file(), reason="the city's own words are not here: ../shared/mission.md")
def test_no_line_that_the_city_asked_for_is_missing() -> None:
    assert [row[0] for row in ROWS] == [row[0] for row in rows_of(ASKED)]
