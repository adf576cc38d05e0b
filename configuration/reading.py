"""Files on disk into plain values, or into the one mistake that makes them unreadable."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

from configuration.mistakes import Mistake

WHOLE_FILE = "file"
_PLACE = re.compile(r" \(at (?:line (?P<line>\d+), column \d+|end of document)\)$")


def read_toml(path: Path) -> dict[str, Any] | Mistake:
    text = _read_text(path)
    if isinstance(text, Mistake):
        return text
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        line = int(place["line"]) if place and place["line"] else text.count("\n") + 1
        return Mistake(path.name, f"line {line}", f"is not valid TOML: {_PLACE.sub('', str(error))}")
    except (ValueError, RecursionError):
        return Mistake(path.name, WHOLE_FILE, "is not valid TOML: a number is too long or the nesting too deep")


def read_json(path: Path) -> Any | Mistake:
    text = _read_text(path)
    if isinstance(text, Mistake):
        return text
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        return Mistake(path.name, f"line {error.lineno}", f"is not valid JSON: {error.msg}")
    except (ValueError, RecursionError):
        return Mistake(path.name, WHOLE_FILE, "is not valid JSON: a number is too long or the nesting too deep")


def _read_text(path: Path) -> str | Mistake:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return Mistake(path.name, WHOLE_FILE, "is missing")
    except UnicodeDecodeError:
        return Mistake(path.name, WHOLE_FILE, "is not UTF-8 text")
    except OSError as error:
        return Mistake(path.name, WHOLE_FILE, f"cannot be read: {error.strerror}")
