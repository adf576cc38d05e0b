"""Answers and errors of Open311, in XML or JSON as the address says."""

import json
import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated
from xml.etree.ElementTree import Element, SubElement, tostring

from fastapi import Depends, Request
from fastapi.responses import Response

from web.problems import Problem, not_found

PREFIX = "/open311/v2"

Value = None | bool | int | float | str | Sequence["Value"] | Mapping[str, "Value"]
Row = Mapping[str, Value]

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ONE_OF = {
    "attributes": "attribute",
    "endpoints": "endpoint",
    "errors": "error",
    "formats": "format",
    "service_requests": "request",
    "services": "service",
    "values": "value",
}
"""What stands in each list, as XML names it."""
_STATUSES = {401: 403, 409: 400, 415: 400, 422: 400}
"""The standard knows 400, 403 and 404; what it does not speak of keeps its own."""


class Form(StrEnum):
    """The extension of the address."""

    XML = "xml"
    JSON = "json"


MEDIA_TYPES = {Form.XML: "text/xml; charset=utf-8", Form.JSON: "application/json; charset=utf-8"}


def _form(form: str) -> Form:
    """Raises Problem 404 where the standard knows no such format."""
    try:
        return Form(form)
    except ValueError:
        raise not_found("Answers are .xml or .json.") from None


InForm = Annotated[Form, Depends(_form)]
"""As `{form}` in the path says."""


def told(form: Form, root: str, content: Row | Sequence[Row], status: int = 200) -> Response:
    """JSON holds the bare content, with null for what is not there; in XML `root` is around it, and null is empty."""
    if form is Form.JSON:
        body = json.dumps(content, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
    else:
        top = Element(root)
        _write(top, content)
        body = b'<?xml version="1.0" encoding="utf-8"?>\n' + tostring(top, "utf-8", xml_declaration=False)
    return Response(body, status, media_type=MEDIA_TYPES[form])


def of_open311(path: str) -> bool:
    """Whether its errors are told as the standard has them."""
    return path == PREFIX or path.startswith(f"{PREFIX}/")


def errors(request: Request, problem: Problem) -> Response:
    """A list with a line for each mistake, in the format that was asked for."""
    status = _STATUSES.get(problem.status, problem.status)
    mistakes = [f"{e.field}: {e.detail}" for e in problem.errors] or [problem.detail]
    form = Form.XML if request.url.path.endswith(".xml") else Form.JSON
    answer = told(form, "errors", [{"code": status, "description": mistake} for mistake in mistakes], status)
    answer.headers.update(problem.headers)
    return answer


def _write(element: Element, value: Value) -> None:
    match value:
        case None:
            pass
        case bool():
            element.text = str(value).lower()
        case str():
            element.text = _NOT_IN_XML.sub("", value)
        case int() | float():
            element.text = str(value)
        case Mapping():
            for name, part in value.items():
                _write(SubElement(element, name), part)
        case _:
            for part in value:
                _write(SubElement(element, _ONE_OF[element.tag]), part)
