"""What a service asks of whoever reports: its questions, and whether answers fit them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal, InvalidOperation
from enum import StrEnum

LONGEST_LINE = 300
LONGEST_TEXT = 4000
MOST_DIGITS = 30

Answers = Mapping[str, tuple[str, ...]]
"""By the code of the question; of a list the keys that were chosen."""


class Datatype(StrEnum):
    """What an answer may be, in the words of Open311."""

    STRING = "string"
    NUMBER = "number"
    DATETIME = "datetime"
    TEXT = "text"
    ONE_OF_A_LIST = "singlevaluelist"
    SOME_OF_A_LIST = "multivaluelist"


LISTS = (Datatype.ONE_OF_A_LIST, Datatype.SOME_OF_A_LIST)


class Fault(StrEnum):
    """What is wrong with an answer; pages say it in the reader's language."""

    MISSING = "missing"
    UNKNOWN = "unknown"
    ONE_ONLY = "one_only"
    TOO_LONG = "too_long"
    NOT_PLAIN = "not_plain"
    NOT_A_NUMBER = "not_a_number"
    NOT_A_MOMENT = "not_a_moment"
    NOT_A_CHOICE = "not_a_choice"


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a list; the name in every language of the city."""

    key: str
    name: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Question:
    """A question, or with `asks` false a remark to be read; texts in every language of the city."""

    code: str
    datatype: Datatype
    required: bool
    order: int
    description: Mapping[str, str]
    hint: Mapping[str, str] | None = None
    choices: tuple[Choice, ...] = ()
    asks: bool = True


class Misfit(ValueError):
    """An answer that does not fit its question."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def fitting(
    questions: Sequence[Question], given: Mapping[str, Sequence[str]], zone: tzinfo
) -> tuple[Answers, Mapping[str, Fault]]:
    """The answers that fit, in the order of the questions, and what is wrong with the others, by code.

    A blank answer is none. A time without an offset is by the clocks of `zone`.
    """
    answers: dict[str, tuple[str, ...]] = {}
    faults = {code: Fault.UNKNOWN for code in given if code not in {q.code for q in questions if q.asks}}
    for question in questions:
        values = _said(given.get(question.code, ()))
        if not values:
            if question.required and question.asks:
                faults[question.code] = Fault.MISSING
        elif question.asks:
            try:
                answers[question.code] = _fit(question, values, zone)
            except Misfit as misfit:
                faults[question.code] = misfit.fault
    return answers, faults


def _said(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value.strip() for value in values if value.strip()))


def _fit(question: Question, values: tuple[str, ...], zone: tzinfo) -> tuple[str, ...]:
    if question.datatype in LISTS and not {*values} <= {choice.key for choice in question.choices}:
        raise Misfit(Fault.NOT_A_CHOICE)
    if question.datatype is Datatype.SOME_OF_A_LIST:
        return tuple(choice.key for choice in question.choices if choice.key in values)
    if len(values) > 1:
        raise Misfit(Fault.ONE_ONLY)
    [value] = values
    match question.datatype:
        case Datatype.NUMBER:
            return (_number(value),)
        case Datatype.DATETIME:
            return (_moment(value, zone),)
        case Datatype.TEXT:
            return (_written(value.replace("\r\n", "\n").replace("\r", "\n"), LONGEST_TEXT, "\n\t"),)
        case _:
            return (_written(value, LONGEST_LINE),)


def _written(text: str, longest: int, besides: str = "") -> str:
    if len(text) > longest:
        raise Misfit(Fault.TOO_LONG)
    if not all(c.isprintable() or c in besides for c in text):
        raise Misfit(Fault.NOT_PLAIN)
    return text


def _number(text: str) -> str:
    """With a comma or a point."""
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise Misfit(Fault.NOT_A_NUMBER) from None
    if not number.is_finite() or len(text) > MOST_DIGITS or abs(number.adjusted()) > MOST_DIGITS:
        raise Misfit(Fault.NOT_A_NUMBER)
    return format(number, "f")


def _moment(text: str, zone: tzinfo) -> str:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Misfit(Fault.NOT_A_MOMENT) from None
    if not 1900 <= at.year < 2200:
        raise Misfit(Fault.NOT_A_MOMENT)
    return (at if at.tzinfo is not None else at.replace(tzinfo=zone)).isoformat(timespec="seconds")
