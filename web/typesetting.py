"""Papers: PDF from our own templates and data, without a network, the same from the same data.

A template gets its data as one JSON text that it reads: whatever a name or a text holds, it never becomes code.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any
from unicodedata import category

import typst

from web.problems import unavailable

PAPERS = Path(__file__).parent / "pages/templates/papers"
AT_ONCE, PATIENCE = 2, 10
"""So many papers are made at a time, and so many seconds whoever asks for another one waits."""
_turns = BoundedSemaphore(AT_ONCE)
_UNPRINTED = frozenset({"Cc", "Cf", "Cn", "Cs", "Zl", "Zp"})


def typeset(template: str, data: Mapping[str, Any], at: datetime) -> bytes:
    """The PDF, dated `at`, tagged for screen readers: as PDF/UA-1, unless it holds a character that no font of it has.

    Takes a thread. Raises Problem (503) when too busy.
    """
    told = json.dumps(_printable(data))
    if not _turns.acquire(timeout=PATIENCE):
        raise unavailable("Too many papers are being made. Try again in a moment.")
    try:
        return _made(template, told, at, strictly=True)
    except typst.TypstError:
        return _made(template, told, at, strictly=False)
    finally:
        _turns.release()


def _made(template: str, told: str, at: datetime, *, strictly: bool) -> bytes:
    made = typst.compile(
        PAPERS / template,
        root=PAPERS,
        ignore_system_fonts=True,
        font_paths=[],
        format="pdf",
        sys_inputs={"data": told},
        pdf_standards=["ua-1"] if strictly else [],
        timestamp=int(at.timestamp()),
    )
    assert isinstance(made, bytes)
    return made


def _printable(told: Any) -> Any:
    """The same, with a space for every control character, lone surrogate and change of direction in its texts."""
    if isinstance(told, str):
        return "".join(" " if category(letter) in _UNPRINTED else letter for letter in told)
    if isinstance(told, Mapping):
        return {name: _printable(value) for name, value in told.items()}
    if isinstance(told, list | tuple):
        return [_printable(value) for value in told]
    return told
