"""Reading a JSON body, strictly, and describing it in the OpenAPI document."""

from collections.abc import Callable, Coroutine
from re import Pattern
from typing import Any, TypeVar

from fastapi import Request, Response
from pydantic import TypeAdapter, ValidationError
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.problems import Page, Problem, answer, of_validation

LARGEST = 1_000_000
"""Bytes."""

Allowance = Callable[[Scope], int]
"""The bytes that a request may hold."""

T = TypeVar("T")


def json_body(
    model: TypeAdapter[T], *, skip: int = 0, empty: bytes | None = None
) -> Callable[..., Coroutine[Any, Any, T]]:
    """A dependency: the body as the model reads it.

    `skip` leading parts of a mistake's place are no part of the field's name; `empty` stands for no body at all.
    """

    async def read(request: Request) -> T:
        body = await request.body()
        if not body and empty is not None:
            body = empty
        elif request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise Problem(415, "unsupported_media_type", "Send JSON, with Content-Type: application/json.")
        return read_json(model, body, skip)

    return read


def read_json(model: TypeAdapter[T], body: bytes, skip: int = 0) -> T:
    """Raises Problem with every mistake and its field."""
    try:
        return model.validate_json(body)
    except ValidationError as error:
        raise of_validation(error.errors(include_url=False, include_input=False), skip) from None


class Limited:
    """ASGI middleware: no body is read beyond what is allowed to it."""

    def __init__(self, app: ASGIApp, allowance: Allowance = lambda _: LARGEST, answering: Page | None = None) -> None:
        self._app = app
        self._allowance = allowance
        self._answering = answering

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        largest = self._allowance(scope)
        declared = Headers(scope=scope).get("content-length", "0")
        if declared.isdecimal() and int(declared[:20]) > largest:
            await self._refusal(Request(scope), _too_large(largest))(scope, receive, send)
            return
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > largest:
                raise _too_large(largest)
            return message

        await self._app(scope, counted, send)

    def _refusal(self, request: Request, problem: Problem) -> Response:
        return self._answering(request, problem) if self._answering is not None else answer(problem)


def forms(paths: Pattern[str], largest: int) -> Allowance:
    """So many bytes for forms with files that are sent to these paths, and the usual for all else."""

    def allowance(scope: Scope) -> int:
        kind = Headers(scope=scope).get("content-type", "").partition(";")[0].strip().lower()
        fits = scope["method"] == "POST" and kind == "multipart/form-data" and paths.fullmatch(scope["path"])
        return largest if fits else LARGEST

    return allowance


def _too_large(largest: int) -> Problem:
    return Problem(413, "too_large", f"A request holds at most {largest} bytes.", headers={"Connection": "close"})


def described(model: TypeAdapter[Any], *, required: bool = True) -> dict[str, Any]:
    """The `openapi_extra` of an operation that reads this body."""
    schema = model.json_schema(ref_template="#/components/schemas/{model}")
    return {
        "requestBody": {"required": required, "content": {"application/json": {"schema": schema}}},
    }
