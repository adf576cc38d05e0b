"""Answers as JSON, and what the OpenAPI document says about them."""

from typing import Any

from fastapi.responses import Response
from pydantic import BaseModel

from web.problems import TITLES, FieldProblem, Problem, told
from web.views import ProblemShown

PROBLEMS = {
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    409: "refused",
    413: "too_large",
    415: "unsupported_media_type",
    422: "invalid",
    429: "too_many_requests",
    503: "unavailable",
}

_TOLD = {
    404: ("There is no such case.", None),
    409: ("The case is closed.", None),
    422: ("Field required", "note"),
    429: ("Too many requests from your address; try again in 2 seconds.", None),
}
"""By status, where there is more to tell than its title: a detail, and the field that it is about."""


def shown(view: BaseModel, status: int = 200) -> Response:
    return Response(view.model_dump_json(), status, media_type="application/json")


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problem details that an operation may answer with."""
    return {
        status: {
            "description": TITLES[PROBLEMS[status]],
            "model": ProblemShown,
            "content": {"application/problem+json": {"example": _example(status)}},
        }
        for status in statuses
    }


def _example(status: int) -> dict[str, Any]:
    """A problem as it is told; of the fields, where one of them is at fault."""
    detail, field = _TOLD.get(status, (f"{TITLES[PROBLEMS[status]]}.", None))
    errors = [FieldProblem(field, detail)] if field is not None else []
    return told(Problem(status, PROBLEMS[status], f"{field}: {detail}" if field is not None else detail, errors))
