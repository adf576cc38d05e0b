"""What can be wrong in a city's files, said to the person who wrote them."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_LONGEST_QUOTE = 60
_LARGEST_SHOWN = 10**15
_WANTED = {
    "string_type": "text in quotes",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "list_type": "a list",
    "model_type": "a table",
    "dict_type": "a table",
}


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake; as text always a single printable line `FILE: path.to.key: what is wrong`."""

    file: str
    path: str
    text: str

    def __str__(self) -> str:
        line = f"{self.file}: {self.path}: {self.text}"
        return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)


class CityMistakes(Exception):
    """A city's files cannot be used; every mistake that was found is in `mistakes`."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = tuple(mistakes)


def quoted(text: str) -> str:
    """The text in double quotes, cut where it is long."""
    return f'"{text}"' if len(text) <= _LONGEST_QUOTE else f'"{text[:_LONGEST_QUOTE]}…"'


def shown(value: object) -> str:
    """A value from a file as its writer knows it."""
    match value:
        case str():
            return quoted(value)
        case bool():
            return "true" if value else "false"
        case int():
            return str(value) if abs(value) < _LARGEST_SHOWN else "so large a number"
        case dict():
            return "a table"
        case list():
            return "a list"
        case _:
            return str(value)


def listed(words: Iterable[str]) -> str:
    return ", ".join(words)


def mistakes_in(file: str, document: object, error: ValidationError) -> list[Mistake]:
    """What pydantic found, in plain words and with the paths of the file."""
    return [
        Mistake(file, key_path(detail["loc"], document), _plain(detail)) for detail in error.errors(include_url=False)
    ]


def key_path(steps: Sequence[str | int], document: object) -> str:
    """The place in the document; a table in a list is named by its id if that is unique, else by its index from 0."""
    names: list[str] = []
    here: Any = document
    for step in steps:
        if isinstance(step, int):
            names.append(_element_name(here, step))
            here = here[step] if isinstance(here, list) and step < len(here) else None
        elif step != "[key]":
            names.append(step if _BARE_KEY.fullmatch(step) else json.dumps(step, ensure_ascii=False))
            here = here.get(step) if isinstance(here, dict) else None
    return ".".join(names)


def _element_name(elements: object, index: int) -> str:
    if isinstance(elements, list) and index < len(elements):
        name = identity(elements[index])
        if name and SLUG.fullmatch(name) and not name.isdigit() and [*map(identity, elements)].count(name) == 1:
            return name
    return str(index)


def identity(element: object) -> str | None:
    """The id or code of a table, where it has one."""
    if not isinstance(element, dict):
        return None
    name = element.get("id", element.get("code"))
    return name if isinstance(name, str) else None


def _plain(detail: ErrorDetails) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind in _WANTED:
        return f"must be {_WANTED[kind]}, not {shown(detail['input'])}"
    match kind:
        case "missing":
            return "is missing"
        case "extra_forbidden":
            return "is not a key that is known here"
        case "value_error":
            return str(context["error"])
        case "too_short":
            return "must not be empty"
        case "greater_than_equal":
            return f"must be {context['ge']} or more, not {shown(detail['input'])}"
        case "less_than_equal":
            return f"must be {context['le']} or less, not {shown(detail['input'])}"
        case _:
            return detail["msg"]
