"""The parameters that several calls have in common."""

from typing import Annotated

from fastapi import Header, Query
from pydantic import AfterValidator


def _readable(value: str | None) -> str | None:
    if value is not None and not value.isprintable():
        raise ValueError("must not contain control characters")
    return value


Named = Annotated[str | None, Query(max_length=100), AfterValidator(_readable)]
Searched = Annotated[str | None, Query(max_length=200), AfterValidator(_readable)]
Once = Annotated[str | None, Header(description="`Idempotency-Key`: repeating it repeats the answer")]
Limit = Annotated[int, Query(ge=1, le=200)]
Cursor = Annotated[
    str | None,
    Query(max_length=500, description="`next_cursor` of the page before"),
    AfterValidator(_readable),
]
