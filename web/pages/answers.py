"""The answers to a service's questions, as people read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.questions import Datatype, Question
from readmodel.case_detail import CaseDetail
from web.context import WebContext
from web.pages.languages import Language


@dataclass(frozen=True, slots=True)
class Answered:
    """A question and its answer in the reader's words."""

    question: str
    answer: str


def answers_told(context: WebContext, reader: Language, detail: CaseDetail) -> list[Answered]:
    """In the order of the questions; what is no longer asked comes last, as it was kept."""
    service = context.city.services.get(detail.case.service)
    questions = {q.code: q for q in (service.questions if service is not None else ())}
    order = [code for code in questions if code in detail.answers]
    order += [code for code in detail.answers if code not in questions]
    return [_answered(context, reader, questions.get(code), code, detail.answers[code]) for code in order]


def _answered(
    context: WebContext, reader: Language, question: Question | None, code: str, values: Sequence[str]
) -> Answered:
    if question is None:
        return Answered(code, ", ".join(values))
    names = {choice.key: reader.of(choice.name) for choice in question.choices}
    words = [
        _moment(context, reader, value) if question.datatype is Datatype.DATETIME else names.get(value, value)
        for value in values
    ]
    return Answered(reader.of(question.description), ", ".join(words))


def _moment(context: WebContext, reader: Language, value: str) -> str:
    """As it was kept where the question asked for something else then."""
    try:
        return reader.when(context.local(datetime.fromisoformat(value)))
    except ValueError:
        return value
