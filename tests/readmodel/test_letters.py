from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from domain.commands import (
    Answer,
    AskResident,
    Close,
    Comment,
    Extend,
    GiveFeedback,
    MergeInto,
    Resolve,
    Transfer,
)  # fmt: skip
from domain.words import AssignmentId, CaseId, NoteId, Outcome, Solved
from readmodel.database import writing
from readmodel.followers import add_follower
from readmodel.intake import Accepted
from readmodel.letters import FollowerRole
from readmodel.origin import NewFollower
from readmodel.schema import LETTERS
from tests.readmodel.town import (
    DIRECTOR,
    GREEN,
    MEMBER,
    MORNING,
    RESIDENT,
    a_report,
    do,
    later,
    let_time_pass,
    open_case,
    rows,
)  # fmt: skip

FIRST = AssignmentId("a1")
NOTE, DONE = NoteId("n1"), NoteId("n2")


def letters(engine: Engine) -> list[tuple[str, str]]:
    """Kind and recipient of every letter, in order; followers by what they are."""
    return [(row["kind"], row["recipient"].replace("follower:supporter", "supporter")) for row in rows(engine, LETTERS)]


def the(engine: Engine, kind: str) -> dict[str, Any]:
    [letter] = [row for row in rows(engine, LETTERS) if row["kind"] == kind]
    return letter


def with_supporter(engine: Engine) -> Accepted:
    accepted = open_case(engine, a_report(email=None))
    supporter = NewFollower("supporter", FollowerRole.SUPPORTER, "secret", email="piet@example.org", language="xx")
    with writing(engine) as session:
        add_follower(session, accepted.case_id, supporter, MORNING)
    return accepted


def test_the_reporter_gets_a_receipt_in_their_language_and_the_department_its_task(engine: Engine) -> None:
    open_case(engine)
    receipt, assigned = the(engine, "receipt"), the(engine, "assigned")
    assert (receipt["language"], receipt["digest"]) == ("en", None)
    assert (assigned["recipient"], assigned["language"], assigned["digest"]) == (
        "department:roads", "nl", "department:roads",
    )  # fmt: skip
    assert receipt["status"] == assigned["status"] == "waiting"


def test_a_reporter_without_an_address_gets_nothing(engine: Engine) -> None:
    open_case(engine, a_report(email=None))
    assert letters(engine) == [("assigned", "department:roads")]


def test_an_urgent_task_is_not_kept_for_the_digest(engine: Engine) -> None:
    open_case(engine, replace(a_report(), urgent=True))
    assert (the(engine, "assigned")["urgent"], the(engine, "assigned")["digest"]) == (True, None)


def test_silence_reminds_the_department_and_then_climbs_rung_by_rung(engine: Engine) -> None:
    accepted = open_case(engine, a_report(email=None))
    let_time_pass(engine, accepted, MORNING + timedelta(days=7))
    assert letters(engine)[1:] == [
        ("reminder", "department:roads"),
        ("escalation", "head:roads"),
        ("escalation", "manager:heide"),
        ("escalation", "leadership"),
    ]
    assert {row["urgent"] for row in rows(engine, LETTERS) if row["kind"] == "escalation"} == {True}


def test_a_question_goes_to_all_who_follow_and_the_answer_to_the_department(engine: Engine) -> None:
    accepted = with_supporter(engine)
    do(engine, accepted, AskResident(FIRST, NOTE), MEMBER, later(1), id="c1")
    do(engine, accepted, Answer(NOTE), RESIDENT, later(2), id="c2")
    assert letters(engine)[1:] == [("asked", "supporter"), ("answered", "department:roads")]
    assert the(engine, "asked")["language"] == "nl"


def test_feedback_is_asked_with_what_was_done_and_no_reopens_the_task(engine: Engine) -> None:
    accepted = with_supporter(engine)
    do(engine, accepted, Resolve(FIRST, DONE), MEMBER, later(1), id="c1")
    do(engine, accepted, GiveFeedback(Solved.NO), RESIDENT, later(2), id="c2")
    assert letters(engine)[1:] == [
        ("resolved", "supporter"),
        ("reopened", "supporter"),
        ("reopened", "department:roads"),
    ]
    assert the(engine, "resolved")["facts"]["note"] == DONE


def test_a_satisfied_resident_reads_that_the_case_is_closed(engine: Engine) -> None:
    accepted = with_supporter(engine)
    do(engine, accepted, Resolve(FIRST, DONE), MEMBER, later(1), id="c1")
    do(engine, accepted, GiveFeedback(Solved.YES), RESIDENT, later(2), id="c2")
    assert the(engine, "closed")["facts"] == {"outcome": "solved", "note": None}


def test_a_moved_promise_and_public_news_reach_those_who_follow(engine: Engine) -> None:
    accepted = with_supporter(engine)
    do(engine, accepted, Extend(FIRST, MORNING + timedelta(days=40), NOTE), DIRECTOR, later(1), id="c1")
    do(engine, accepted, Comment(NOTE, public=True), MEMBER, later(2), id="c2")
    do(engine, accepted, Comment(NOTE, public=False), MEMBER, later(3), id="c3")
    assert letters(engine)[1:] == [("extended", "supporter"), ("news", "supporter")]


def test_a_transferred_task_is_told_to_its_new_department(engine: Engine) -> None:
    accepted = open_case(engine, a_report(email=None))
    do(engine, accepted, Transfer(FIRST, GREEN, NOTE), MEMBER, later(1))
    assert letters(engine) == [("assigned", "department:roads"), ("assigned", "department:green")]


@pytest.mark.parametrize(
    ("command", "kind"),
    [(MergeInto(CaseId("other")), "merged"), (Close(Outcome.EXPLAINED, NOTE), "closed")],
)
def test_an_end_is_told_once(engine: Engine, command: MergeInto | Close, kind: str) -> None:
    accepted = with_supporter(engine)
    do(engine, accepted, command, DIRECTOR, later(1))
    assert letters(engine)[1:] == [(kind, "supporter")]
