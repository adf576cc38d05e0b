"""Answers as JSON, and what the OpenAPI document says about them."""

from typing import Any

from fastapi.responses import Response
from pydantic import BaseModel

from web.problems import TITLES
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


def shown(view: BaseModel, status: int = 200) -> Response:
    return Response(view.model_dump_json(), status, media_type="application/json")


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problem details that an operation may answer with."""
    return {
        status: {
            "description": TITLES[PROBLEMS[status]],
            "model": ProblemShown,
            "content": {"application/problem+json": {}},
        }
        for status in statuses
    }
