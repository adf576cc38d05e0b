"""Every error as a problem detail (RFC 9457), whoever raised it."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from domain.refusal import Refused
from readmodel.paging import BadCursor
from web.headers import HEADERS

log = logging.getLogger("aanjager.web")

RETRY_AFTER = 5
"""Seconds after which to try again while the engine or the database is out of reach."""

TITLES = {
    "unauthenticated": "A valid token is needed",
    "forbidden": "Not yours to do",
    "not_found": "There is no such thing",
    "refused": "The rules do not allow it",
    "stale": "The case moved on",
    "invalid": "Something in the request is wrong",
    "malformed": "The request cannot be read",
    "conflict": "This key was used for something else",
    "too_large": "The request is too large",
    "unsupported_media_type": "Another content type is needed",
    "method_not_allowed": "This cannot be done here",
    "too_many_requests": "Too many requests",
    "unavailable": "Out of reach for the moment",
    "internal": "Something went wrong on our side",
}

OF_STATUS = {
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
    422: "invalid",
    429: "too_many_requests",
    503: "unavailable",
}

STATUS_OF_REFUSAL = {"refused": 409, "stale": 409, "forbidden": 403, "invalid": 422}


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field; nested fields are joined by dots."""

    field: str
    detail: str


class Problem(Exception):
    """The request cannot be answered as asked."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        errors: Sequence[FieldProblem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})


def not_found(what: str = "There is nothing here.") -> Problem:
    return Problem(404, "not_found", what)


def forbidden(why: str) -> Problem:
    return Problem(403, "forbidden", why)


def invalid(field: str, detail: str) -> Problem:
    return Problem(422, "invalid", f"{field}: {detail}", [FieldProblem(field, detail)])


def unavailable(detail: str) -> Problem:
    return Problem(503, "unavailable", detail, headers={"Retry-After": str(RETRY_AFTER)})


def of_refusal(refused: Refused) -> Problem:
    """A refusal by the rules, in the rules' own words."""
    errors = [FieldProblem(refused.field, refused.reason)] if refused.field is not None else []
    return Problem(STATUS_OF_REFUSAL[refused.code], refused.code, refused.reason, errors)


def of_validation(errors: Sequence[Any], skip: int = 0) -> Problem:
    """What pydantic found; `skip` leading parts of each place are no part of the field's name."""
    if any(error["type"] == "json_invalid" for error in errors):
        return Problem(422, "malformed", str(errors[0]["msg"]))
    found = [_field_problem(error, skip) for error in errors]
    return Problem(422, "invalid", "; ".join(f"{e.field}: {e.detail}" for e in found[:5]), found)


def _field_problem(error: Any, skip: int) -> FieldProblem:
    place = ".".join(str(part) for part in error["loc"][skip:])
    if error["type"].startswith("union_tag"):
        place = error["ctx"]["discriminator"].strip("'")
    return FieldProblem(place or "body", str(error["msg"]).removeprefix("Value error, "))


def told(problem: Problem) -> dict[str, Any]:
    return {
        "type": f"urn:aanjager:problem:{problem.code}",
        "title": TITLES.get(problem.code, HTTPStatus(problem.status).phrase),
        "status": problem.status,
        "detail": problem.detail,
        "code": problem.code,
        "errors": [asdict(error) for error in problem.errors],
    }


def answer(problem: Problem) -> Response:
    return JSONResponse(told(problem), problem.status, problem.headers, media_type="application/problem+json")


def problem_of(raised: Exception) -> Problem:
    """What an exception means to whoever asked."""
    match raised:
        case Problem():
            return raised
        case Refused():
            return of_refusal(raised)
        case RequestValidationError():
            return of_validation(raised.errors(), skip=1)
        case ClientDisconnect():
            return Problem(400, "malformed", "The request broke off before its end.")
        case BadCursor():
            return invalid("cursor", "was not given out for this list in this order")
        case HTTPException():
            code = OF_STATUS.get(raised.status_code, "invalid")
            detail = raised.detail if raised.detail != HTTPStatus(raised.status_code).phrase else TITLES[code]
            return Problem(raised.status_code, code, f"{detail.rstrip('.')}.", headers=raised.headers)
        case DataError():
            return Problem(422, "invalid", "The request contains a value that cannot be kept or looked for.")
        case DBAPIError() | PoolTimeout():
            return unavailable("The database is out of reach; nothing was changed.")
        case _:
            return Problem(500, "internal", "The request could not be answered; it has been logged.")


Page = Callable[[Request, Problem], Response]


def answer_to(request: Request, problem: Problem, page: Page) -> Response:
    """As a page to those who read pages; to programs as a problem detail."""
    reads_pages = "text/html" in request.headers.get("accept", "")
    return page(request, problem) if reads_pages and not request.url.path.startswith("/api/") else answer(problem)


def install(app: FastAPI, answering: Page) -> None:
    """Makes the app answer every error in this way."""

    async def handle(request: Request, raised: Exception) -> Response:
        problem = problem_of(raised)
        if problem.status >= 500:
            bug = raised if problem.status == 500 else None
            route = getattr(request.scope.get("route"), "path", "")
            log.error("%s %s: %s", request.method, route, type(raised).__name__, exc_info=bug)
        response = answering(request, problem)
        for name, value in HEADERS.items():  # what nobody foresaw is answered outside of all middleware
            response.headers.setdefault(name, value)
        return response

    for kind in (
        Problem,
        Refused,
        RequestValidationError,
        BadCursor,
        ClientDisconnect,
        HTTPException,
        DBAPIError,
        PoolTimeout,
        Exception,
    ):
        app.add_exception_handler(kind, handle)
