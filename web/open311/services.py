"""`discovery` and `services`: where this is found, and what can be reported."""

from fastapi import APIRouter
from fastapi.responses import Response

from domain.city import City, Service
from domain.words import ServiceCode
from web.context import Context
from web.open311.answers import MEDIA_TYPES, PREFIX, InForm, Row, told
from web.open311.asking import Asked, Reader
from web.pages.languages import Language
from web.problems import not_found

router = APIRouter(include_in_schema=False, prefix=PREFIX)

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CHANGED = "2026-11-28T00:00:00Z"
"""When what is offered here last changed."""


@router.get("/discovery.{form}")
def discovery(context: Context, form: InForm) -> Response:
    url = context.settings.public_url
    endpoint: Row = {
        "specification": SPECIFICATION,
        "url": f"{url}{PREFIX}",
        "changeset": CHANGED,
        "type": "test" if context.demonstration else "production",
        "formats": [media_type.partition(";")[0] for media_type in MEDIA_TYPES.values()],
    }
    return told(
        form,
        "discovery",
        {
            "changeset": CHANGED,
            "contact": f"{context.city.name}: {url}",
            "key_service": f"The administrators of {context.city.name} give out keys to apps: {url}",
            "endpoints": [endpoint],
        },
    )


@router.get("/services.{form}")
def services(context: Context, form: InForm, asked: Asked, reader: Reader) -> Response:
    return told(form, "services", [_service(service, reader) for service in context.city.services.values()])


@router.get("/services/{code}.{form}")
def definition(context: Context, form: InForm, code: str, asked: Asked, reader: Reader) -> Response:
    service = service_named(context.city, code)
    return told(form, "service_definition", {"service_code": service.code, "attributes": _attributes(service, reader)})


def service_named(city: City, code: str) -> Service:
    """Raises Problem 404."""
    service = city.services.get(ServiceCode(code))
    if service is None:
        raise not_found(f'service_code "{code[:100]}" was not found.')
    return service


def _service(service: Service, reader: Language) -> Row:
    return {
        "service_code": service.code,
        "service_name": reader.of(service.name),
        "description": None,
        "metadata": bool(service.questions),
        "type": "realtime",
        "keywords": ", ".join(service.keywords) or None,
        "group": reader.named(service.group, "groups"),
    }


def _attributes(service: Service, reader: Language) -> list[Row]:
    return [
        {
            "variable": question.asks,
            "code": question.code,
            "datatype": question.datatype,
            "required": question.required,
            "datatype_description": reader.of(question.hint) if question.hint is not None else None,
            "order": order,
            "description": reader.of(question.description),
            "values": [{"key": choice.key, "name": reader.of(choice.name)} for choice in question.choices],
        }
        for order, question in enumerate(service.questions, 1)
    ]
