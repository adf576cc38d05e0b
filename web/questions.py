"""The questions of a service, and the answers in what is sent in."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated

from pydantic import Field

from domain.city import Service
from domain.questions import Answers, Datatype, Fault, fitting
from web.context import WebContext

Code = Annotated[str, Field(min_length=1, max_length=64)]
AnswerSent = Annotated[str, Field(max_length=10_000)] | int | float
AttributesSent = Annotated[
    dict[Code, AnswerSent | Annotated[list[AnswerSent], Field(max_length=100)]], Field(max_length=100)
]
"""A value, or a list of them, by the code of the question."""

_DETAILS = {
    Fault.MISSING: "must be answered",
    Fault.UNKNOWN: "is not asked by this service",
    Fault.ONE_ONLY: "must be one value",
    Fault.TOO_LONG: "is too long",
    Fault.NOT_PLAIN: "must be plain text without control characters",
    Fault.NOT_A_NUMBER: "must be a number",
    Fault.NOT_A_MOMENT: "must be a time such as 2026-12-01T13:30:00+01:00",
    Fault.NOT_A_CHOICE: "must be among the values of the list",
}


def given(service: Service, sent: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
    """Several values of a list may also come as one, with commas between them."""
    several = {q.code for q in service.questions if q.datatype is Datatype.SOME_OF_A_LIST}
    return {
        code: [part for value in values for part in value.split(",")] if code in several else values
        for code, values in sent.items()
    }


def answers_of(
    context: WebContext, service: Service, sent: AttributesSent | None, mistake: Callable[[str, str], None]
) -> Answers:
    """What is wrong goes to `mistake`, with the field and what about it."""
    listed = {code: value if isinstance(value, list) else [value] for code, value in (sent or {}).items()}
    said = given(service, {code: [str(value) for value in values] for code, values in listed.items()})
    answers, faults = fitting(service.questions, said, context.zone)
    for code, fault in faults.items():
        mistake(f"attributes.{code}", _DETAILS[fault])
    return answers
