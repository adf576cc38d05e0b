"""Ids as they stand in paths: what cannot be one is answered like what is not there."""

import re
from typing import Annotated

from pydantic import AfterValidator

from web.problems import not_found

_ID = re.compile(r"[A-Za-z0-9_.:-]{1,100}")


def _possible(id: str) -> str:
    if not _ID.fullmatch(id):
        raise not_found()
    return id


IdInPath = Annotated[str, AfterValidator(_possible)]
"""No database is asked for what no id can hold."""
