"""The API described: as an OpenAPI 3.1 document, and as a page to read."""

import json
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse

from web.api.examples import exemplify
from web.command_models import ANSWER_SENT, ANY_COMMAND, FEEDBACK_SENT, NOTHING_SENT
from web.new_case import NEW_CASE
from web.pages.templating import templates

router = APIRouter(include_in_schema=False)

DESCRIPTION = "Every referral becomes a case that is followed up until it is really solved."
REFERENCE = "#/components/schemas/{model}"
_OF_FRAMEWORK = ("HTTPValidationError", "ValidationError")


def describe(app: FastAPI) -> None:
    """Makes the app describe itself, the bodies that it reads by itself included."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # the way that FastAPI documents


def _document(app: FastAPI) -> dict[str, Any]:
    found = get_openapi(title=app.title, version=app.version, description=DESCRIPTION, routes=app.routes)
    schemas = found["components"]["schemas"]
    for model in (NEW_CASE, ANY_COMMAND, FEEDBACK_SENT, ANSWER_SENT, NOTHING_SENT):
        schemas.update(model.json_schema(ref_template=REFERENCE).get("$defs", {}))
    for operation in (o for path in found["paths"].values() for o in path.values()):
        _tidy(operation)
        exemplify(operation)
    for name in _OF_FRAMEWORK:
        schemas.pop(name, None)
    return found


def _tidy(operation: dict[str, Any]) -> None:
    """Definitions move to the components; what FastAPI says of its own 422 goes."""
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    body.pop("$defs", None)
    for response in operation["responses"].values():
        if response["description"] == "Successful Response":
            response["description"] = "As asked"
        content = response.get("content", {})
        if "application/problem+json" in content:
            for kind in content.keys() - {"application/problem+json"}:
                content["application/problem+json"] |= content.pop(kind)
    ours = operation["responses"].get("422", {}).get("content", {})
    if "application/json" in ours:
        del operation["responses"]["422"]


@router.get("/docs")
def docs(request: Request) -> HTMLResponse:
    document = request.app.openapi()
    operations = [
        {
            "id": operation["operationId"],
            "method": method.upper(),
            "path": path,
            "summary": operation.get("summary", ""),
            "description": operation.get("description", ""),
            "parameters": [{**p, "kind": _kind(p["schema"])} for p in operation.get("parameters", [])],
            "body": _body(operation),
            "sent": _sent(operation),
            "answered": _answered(operation),
            "responses": operation["responses"],
        }
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    page = templates.get_template("docs.html").render(document=document, operations=operations)
    return HTMLResponse(page)


def _body(operation: dict[str, Any]) -> str | None:
    content = operation.get("requestBody", {}).get("content", {})
    return json.dumps(content["application/json"]["schema"], indent=2) if "application/json" in content else None


def _sent(operation: dict[str, Any]) -> dict[str, str]:
    """The examples of bodies, by name."""
    content = operation.get("requestBody", {}).get("content", {}).values()
    return {name: _written(one["value"]) for sent in content for name, one in sent["examples"].items()}


def _answered(operation: dict[str, Any]) -> str | None:
    """The example of what comes back."""
    good = (operation["responses"].get(status, {}).get("content", {}) for status in ("200", "201"))
    return next((_written(one["example"]) for found in good for one in found.values() if "example" in one), None)


def _written(example: Any) -> str:
    return example if isinstance(example, str) else json.dumps(example, indent=2, ensure_ascii=False)


def _kind(schema: dict[str, Any]) -> str:
    """What a parameter may be, in a few words."""
    if "anyOf" in schema:
        return " or ".join(_kind(one) for one in schema["anyOf"] if one.get("type") != "null")
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if schema.get("type") == "array":
        return f"{_kind(schema['items'])}, may be repeated"
    name = str(schema.get("format") or schema.get("type") or "anything")
    low, high = schema.get("minimum"), schema.get("maximum")
    return f"{name} from {low} to {high}" if low is not None and high is not None else name
