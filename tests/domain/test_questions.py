"""What a service asks, and which answers fit."""

from zoneinfo import ZoneInfo

import pytest

from domain.questions import Choice, Datatype, Fault, Question, fitting

ZONE = ZoneInfo("Europe/Brussels")
CHOICES = tuple(Choice(key, {"nl": key}) for key in ("bags", "furniture", "rubble"))


def question(code: str, datatype: Datatype, *, required: bool = False, asks: bool = True) -> Question:
    choices = CHOICES if datatype in (Datatype.ONE_OF_A_LIST, Datatype.SOME_OF_A_LIST) else ()
    return Question(code, datatype, required, 1, {"nl": code}, None, choices, asks)


def one(datatype: Datatype, *values: str) -> tuple[str, ...] | Fault | None:
    """What becomes of this answer to one question."""
    answers, faults = fitting([question("q", datatype)], {"q": values}, ZONE)
    return faults.get("q") or answers.get("q")


@pytest.mark.parametrize(
    ("datatype", "said", "kept"),
    [
        (Datatype.STRING, " L-0421 ", "L-0421"),
        (Datatype.TEXT, "one\r\ntwo", "one\ntwo"),
        (Datatype.NUMBER, "3,50", "3.50"),
        (Datatype.NUMBER, "-1e3", "-1000"),
        (Datatype.DATETIME, "2026-07-01T08:30", "2026-07-01T08:30:00+02:00"),
        (Datatype.DATETIME, "2026-07-01T08:30:00Z", "2026-07-01T08:30:00+00:00"),
        (Datatype.ONE_OF_A_LIST, "bags", "bags"),
    ],
)
def test_an_answer_that_fits_is_kept_in_its_plain_form(datatype: Datatype, said: str, kept: str) -> None:
    assert one(datatype, said) == (kept,)


def test_several_of_a_list_are_kept_once_each_in_its_order() -> None:
    assert one(Datatype.SOME_OF_A_LIST, "rubble", "bags", "rubble") == ("bags", "rubble")


@pytest.mark.parametrize(
    ("datatype", "said", "fault"),
    [
        (Datatype.STRING, ("a" * 301,), Fault.TOO_LONG),
        (Datatype.STRING, ("one\ntwo",), Fault.NOT_PLAIN),
        (Datatype.TEXT, ("a" * 4001,), Fault.TOO_LONG),
        (Datatype.TEXT, ("bell\x07",), Fault.NOT_PLAIN),
        (Datatype.STRING, ("a", "b"), Fault.ONE_ONLY),
        (Datatype.NUMBER, ("many",), Fault.NOT_A_NUMBER),
        (Datatype.NUMBER, ("NaN",), Fault.NOT_A_NUMBER),
        (Datatype.NUMBER, ("1e999999",), Fault.NOT_A_NUMBER),
        (Datatype.NUMBER, ("9" * 31,), Fault.NOT_A_NUMBER),
        (Datatype.DATETIME, ("yesterday",), Fault.NOT_A_MOMENT),
        (Datatype.DATETIME, ("0001-01-01T00:00",), Fault.NOT_A_MOMENT),
        (Datatype.ONE_OF_A_LIST, ("dragons",), Fault.NOT_A_CHOICE),
        (Datatype.ONE_OF_A_LIST, ("bags", "rubble"), Fault.ONE_ONLY),
        (Datatype.SOME_OF_A_LIST, ("bags", "dragons"), Fault.NOT_A_CHOICE),
    ],
)
def test_what_does_not_fit_is_named(datatype: Datatype, said: tuple[str, ...], fault: Fault) -> None:
    assert one(datatype, *said) == fault


def test_a_blank_is_no_answer_and_a_required_one_is_missed() -> None:
    questions = [question("may", Datatype.STRING), question("must", Datatype.STRING, required=True)]
    assert fitting(questions, {"may": [" "], "must": ["", " "]}, ZONE) == ({}, {"must": Fault.MISSING})
    assert fitting(questions, {"must": ["yes"]}, ZONE) == ({"must": ("yes",)}, {})


def test_what_nobody_asked_is_a_mistake_and_a_remark_asks_nothing() -> None:
    remark = question("remark", Datatype.TEXT, asks=False)
    assert fitting([remark], {}, ZONE) == ({}, {})
    said = fitting([remark], {"remark": ["ok"], "else": ["x"]}, ZONE)[1]
    assert said == {"remark": Fault.UNKNOWN, "else": Fault.UNKNOWN}
