"""Papers: PDF from our own templates and data, without a network, the same from the same data.

A template gets its data as one JSON text that it reads: whatever a name or a text holds, it never becomes code.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

import typst

from web.problems import unavailable

PAPERS = Path(__file__).parent / "pages/templates/papers"
AT_ONCE, PATIENCE = 2, 10
"""So many papers are made at a time, and so many seconds whoever asks for another one waits."""
_turns = BoundedSemaphore(AT_ONCE)


def typeset(template: str, data: Mapping[str, Any], at: datetime) -> bytes:
    """The PDF, tagged for screen readers (PDF/UA-1), dated `at`. Takes a thread. Raises Problem (503) when too busy."""
    if not _turns.acquire(timeout=PATIENCE):
        raise unavailable("Too many papers are being made. Try again in a moment.")
    try:
        made = typst.compile(
            PAPERS / template,
            root=PAPERS,
            ignore_system_fonts=True,
            font_paths=[],
            format="pdf",
            sys_inputs={"data": json.dumps(data)},
            pdf_standards=["ua-1"],
            timestamp=int(at.timestamp()),
        )
    finally:
        _turns.release()
    assert isinstance(made, bytes)
    return made
