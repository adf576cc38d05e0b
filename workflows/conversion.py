"""How the domain's values travel through Temporal: as JSON, checked by pydantic when they arrive."""

from dataclasses import replace
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from temporalio.api.common.v1 import Payload
from temporalio.contrib.pydantic import PydanticJSONPlainPayloadConverter, pydantic_data_converter
from temporalio.converter import CompositePayloadConverter, DefaultPayloadConverter, JSONPlainPayloadConverter


@cache
def _adapter(type_hint: Any) -> TypeAdapter[Any]:
    return TypeAdapter(type_hint)


class _Json(PydanticJSONPlainPayloadConverter):
    def from_payload(self, payload: Payload, type_hint: type | None = None) -> Any:
        return _adapter(type_hint if type_hint is not None else Any).validate_json(payload.data)


_CONVERTERS = tuple(
    _Json() if isinstance(converter, JSONPlainPayloadConverter) else converter
    for converter in DefaultPayloadConverter.default_encoding_payload_converters
)


class DomainPayloadConverter(CompositePayloadConverter):
    """Temporal's own converters, with JSON by pydantic.

    Temporal makes one of these for every workflow and every step; what is costly to make is made once for all.
    """

    def __init__(self) -> None:
        super().__init__(*_CONVERTERS)


domain_data_converter = replace(pydantic_data_converter, payload_converter_class=DomainPayloadConverter)
"""The same for clients, workers, tests and replay."""
