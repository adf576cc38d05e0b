"""Examples of every operation: what is sent by name, and what is answered; one file each, named by its operation."""

import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@cache
def example_of(operation: str) -> dict[str, Any]:
    """`sent`: bodies by name; `answered`: what comes back. Each only where there is such a thing in JSON or text."""
    file = FOLDER / f"{operation}.json"
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return found


def exemplify(operation: dict[str, Any]) -> None:
    """Puts the examples where the OpenAPI document has them."""
    example = example_of(operation["operationId"])
    if "sent" in example:
        for content in operation["requestBody"]["content"].values():
            content["examples"] = {name: {"value": sent} for name, sent in example["sent"].items()}
    if "answered" in example:
        for status in {"200", "201"} & operation["responses"].keys():
            for content in operation["responses"][status]["content"].values():
                content["example"] = example["answered"]
