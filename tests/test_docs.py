"""What the documentation names exists: links, files, commands, settings, calls, and the words of the rules."""

import re
import tomllib
from collections.abc import Collection, Iterator
from enum import StrEnum
from pathlib import Path
from typing import get_args

import pytest
import typer.main
from fastapi.routing import APIRoute

from aanjager.cli import app
from aanjager.mapping import ImportMapping
from configuration.settings import PREFIX, Settings
from docs.make_pictures import PICTURES, shots
from domain.time_rules import Act
from domain.words import AssignmentState, Cause, EscalationReason, Outcome, Role, Solved, Stage
from web import command_models, operations
from web.api import (
    boards,
    cases,
    commands,
    documents,
    events,
    follow,
    limits,
    meetings,
    offers,
    photos,
    profiles,
    projects,
    structural,
)
from web.measuring import API
from web.problems import OF_STATUS, STATUS_OF_REFUSAL, TITLES

ROOT = Path(__file__).parent.parent
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *ROOT.glob("docs/**/*.md"), *ROOT.glob("deploy/**/*.md")])
OF_TESTS = {"BROWSER_TESTS", "PYTHON_TWO", "WHOLE_QUARTER"}
"""What only the tests read from the environment."""
OUR_FOLDERS = "aanjager|activities|benchmarks|configuration|deploy|docs|domain|readmodel|tests|web|workers|workflows"

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def code_in(page: Path) -> list[str]:
    """Every line of code: of blocks, and between backticks."""
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"^```[a-z]*\n(.*?)^```$", text, re.S | re.M)
    without = re.sub(r"^```[a-z]*\n.*?^```$", "", text, flags=re.S | re.M)
    lines = [line.partition(" #")[0].strip() for block in blocks for line in block.splitlines()]
    indented = [line.partition(" #")[0].strip() for line in without.splitlines() if line.startswith("    ")]
    return [*lines, *indented, *re.findall(r"`([^`\n]+)`", without)]


def table(page: str, first_header: str) -> dict[str, str]:
    """The first column of the table with that header, between backticks, with the second as it is written."""
    lines = (ROOT / "docs" / page).read_text(encoding="utf-8").splitlines()
    start = next(place for place, line in enumerate(lines) if line.startswith(f"| {first_header} |"))
    rows: dict[str, str] = {}
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        first, second = line.strip("|").split("|")[:2]
        rows[first.strip().strip("`")] = second.strip()
    return rows


@each_page
def test_every_link_leads_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.S | re.M)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" not in target:
            assert (page.parent / target.partition("#")[0]).exists(), target


@each_page
def test_every_file_that_is_named_exists(page: Path) -> None:
    for code in code_in(page):
        for named in re.findall(rf"(?<![\w/.-])(?:{OUR_FOLDERS})/[\w./*-]+", code):
            name = named.rstrip("./")
            assert list(ROOT.glob(name)), named


def pictures_in(page: Path) -> list[tuple[str, str]]:
    """Each with what it is said to show."""
    return re.findall(r"!\[([^\]]*)\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))


@each_page
def test_every_picture_says_what_it_shows(page: Path) -> None:
    for says, target in pictures_in(page):
        assert len(says.split()) >= 3, target


def test_every_page_is_pictured_and_every_picture_is_of_a_page() -> None:
    assert sorted(path.name for path in PICTURES.iterdir()) == sorted(f"{shot.name}.webp" for shot in shots())


def test_pictures_are_light_enough_to_keep() -> None:
    assert sum(path.stat().st_size for path in PICTURES.iterdir()) < 5_000_000


def commands_in(page: Path) -> Iterator[list[str]]:
    for line in code_in(page):
        for words in re.findall(r"(?:^|[\s(/])aanjager ((?:[a-z-]+)(?: .*)?)$", line):
            yield words.split("|")[0].split(">")[0].replace(")", "").split()


@each_page
def test_every_command_that_is_named_exists(page: Path) -> None:
    for words in commands_in(page):
        command = typer.main.get_command(app)
        while hasattr(command, "commands") and words:
            name = words.pop(0)
            assert name in command.commands, name
            command = command.commands[name]
        options = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
        assert {word for word in words if word.startswith("--")} <= options


@each_page
def test_every_setting_that_is_named_exists(page: Path) -> None:
    for name in re.findall(rf"{PREFIX}[A-Z_]+", page.read_text(encoding="utf-8")):
        plain = name.removeprefix(PREFIX)
        assert plain in OF_TESTS or plain.lower() in Settings.model_fields, name


def test_every_setting_is_explained() -> None:
    text = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
    for name in Settings.model_fields:
        assert f"`{PREFIX}{name.upper()}`" in text, name


@each_page
def test_every_call_that_is_named_exists(page: Path) -> None:
    routers = (
        boards,
        cases,
        commands,
        documents,
        events,
        follow,
        limits,
        meetings,
        offers,
        photos,
        profiles,
        projects,
        structural,
    )
    routes = [(API, r) for router in routers for r in router.router.routes]
    routes += [("", r) for r in operations.router.routes]
    known = {(m, prefix + r.path) for prefix, r in routes if isinstance(r, APIRoute) for m in r.methods or ()}
    for code in code_in(page):
        for method, path in re.findall(r"^(GET|POST) (/[^\s?]+)", code):
            assert (method, path) in known, f"{method} {path}"


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("stage", Stage),
        ("outcome", Outcome),
        ("state of an assignment", AssignmentState),
        ("cause", Cause),
        ("reason of an escalation", EscalationReason),
        ("solved", Solved),
        ("next", Act),
        ("role", Role),
    ],
)
def test_the_rules_explain_every_word(header: str, words: type[StrEnum]) -> None:
    assert sorted(table("rules.md", header)) == sorted(word.value for word in words)


def test_the_api_explains_every_command_and_its_fields() -> None:
    told = {name: re.findall(r"`(\w+)(\??)`", fields) for name, fields in table("api.md", "command").items()}
    union, _ = get_args(command_models.AnyCommand)
    for model in get_args(union):
        fields = {
            name: field for name, field in model.model_fields.items() if name not in command_models.Command.model_fields
        }
        [name] = get_args(fields.pop("command").annotation)
        needed = {field: "" if info.is_required() else "?" for field, info in fields.items()}
        assert dict(told.pop(name)) == needed, name
    assert not told


def test_the_api_explains_every_problem() -> None:
    told = {code: int(status) for code, status in table("api.md", "code").items()}
    assert set(told) == set(TITLES)
    by_code: Collection[tuple[str, int]] = [*STATUS_OF_REFUSAL.items(), *((code, s) for s, code in OF_STATUS.items())]
    for code, status in by_code:
        assert told[code] == status


def test_the_mapping_that_is_shown_can_be_read() -> None:
    text = (ROOT / "docs" / "import.md").read_text(encoding="utf-8")
    [shown] = re.findall(r"^```toml\n(.*?)^```$", text, re.S | re.M)
    mapping = ImportMapping.model_validate(tomllib.loads(shown))
    assert set(mapping.columns.model_fields_set) == set(type(mapping.columns).model_fields)
