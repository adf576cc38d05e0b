from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from domain.commands import Accept, Decline, GiveFeedback, Resolve
from domain.events import AssignmentAccepted, AssignmentResolved, CaseClosed, CaseOpened, DepartmentAssigned, Happened
from domain.words import AssignmentId, CaseId, Cause, Kind, NoteId, Outcome, Solved, Stage
from readmodel.codec import case_from_json
from readmodel.counters import case_numbers
from readmodel.database import writing
from readmodel.intake import keep_rules, new_case_id, waiting
from readmodel.origin import Origin
from readmodel.recording import UnknownCase, record, record_many
from readmodel.schema import ASSIGNMENTS, CASES, ESCALATIONS, EVENT_LOG, FEEDBACK, FIGURES, LETTERS
from readmodel.steps import Gap
from tests.readmodel.town import (
    CITY,
    HEIDE,
    LAMP,
    MEMBER,
    MORNING,
    RESIDENT,
    ROADS,
    TREE,
    a_report,
    do,
    later,
    let_time_pass,
    open_case,
    rows,
    rules_for,
)  # fmt: skip

FIRST = AssignmentId("a1")
NOTE = NoteId("n1")


def test_what_is_recorded_can_be_read_at_once(engine: Engine) -> None:
    accepted = open_case(engine)
    after = do(engine, accepted, Accept(FIRST), MEMBER, later(2))
    [case], [task] = rows(engine, CASES), rows(engine, ASSIGNMENTS)
    assert (case["stage"], case["version"]) == ("in_progress", 3)
    assert case_from_json(case["state"]) == after
    assert (task["state"], task["responded_at"], task["carried"]) == ("in_progress", later(2), True)


def test_an_event_remembers_who_did_it_and_by_which_command(engine: Engine) -> None:
    do(engine, open_case(engine), Accept(FIRST), MEMBER, later(2), id="c7")
    event = rows(engine, EVENT_LOG)[-1]
    assert (event["by_role"], event["by_id"], event["by_department"]) == ("department", "user:member", "roads")
    assert (event["command_id"], event["kind"], event["at"]) == ("c7", "assignment_accepted", later(2))


def test_a_declined_task_is_no_longer_carried(engine: Engine) -> None:
    accepted = open_case(engine, a_report(TREE))
    task = next(a.id for a in accepted.case.assignments if a.department == ROADS)
    do(engine, accepted, Decline(task, Cause.NOT_OURS, NOTE), MEMBER, later(2))
    assert {row["department"]: row["carried"] for row in rows(engine, ASSIGNMENTS)} == {"green": True, "roads": False}
    assert rows(engine, CASES)[0]["departments"] == ["green"]


def test_silence_is_escalated_with_the_department_and_the_place_it_concerns(engine: Engine) -> None:
    accepted = open_case(engine)
    let_time_pass(engine, accepted, MORNING + timedelta(days=3))
    [raised] = rows(engine, ESCALATIONS)
    assert (raised["department"], raised["neighbourhood"], raised["reason"]) == ("roads", "heide", "no_response")
    assert rows(engine, CASES)[0]["escalation_level"] == rows(engine, ASSIGNMENTS)[0]["escalation_level"] == 1
    do(engine, accepted, Accept(FIRST), MEMBER, later(80))
    assert rows(engine, ESCALATIONS)[0]["cleared_at"] == later(80)
    assert rows(engine, CASES)[0]["escalation_level"] == rows(engine, ASSIGNMENTS)[0]["escalation_level"] == 0


def test_a_verdict_is_kept_with_its_round(engine: Engine) -> None:
    accepted = open_case(engine)
    do(engine, accepted, Resolve(FIRST, NOTE), MEMBER, later(5))
    do(engine, accepted, GiveFeedback(Solved.NO, 1, NOTE), RESIDENT, later(9))
    [verdict] = rows(engine, FEEDBACK)
    assert (verdict["solved"], verdict["rating"], verdict["comment"], verdict["round"]) == ("no", 1, "n1", 1)
    assert rows(engine, CASES)[0]["round"] == 2


def test_an_unknown_case_is_not_recorded(engine: Engine) -> None:
    event = Happened(3, MORNING, AssignmentAccepted(FIRST, MORNING))
    with pytest.raises(UnknownCase), writing(engine) as session:
        record(session, CITY, CaseId("nowhere"), [event])


def test_events_that_skip_one_are_refused(engine: Engine) -> None:
    accepted = open_case(engine)
    with pytest.raises(Gap, match="event 4 was brought where 3 is next"), writing(engine) as session:
        record(session, CITY, accepted.case_id, [Happened(4, MORNING, AssignmentAccepted(FIRST, MORNING))])


def imported(number: str, ref: int) -> tuple[Origin, list[Happened]]:
    at = MORNING + timedelta(minutes=ref)
    done, case_id = at + timedelta(days=2), new_case_id(at)
    opened = CaseOpened(case_id, number, Kind.ISSUE, LAMP, HEIDE, False, rules_for(LAMP, HEIDE).version)
    return (
        Origin("From elsewhere", at, source="boston", source_ref=str(ref), imported=True),
        [
            Happened(1, at, opened),
            Happened(2, at, DepartmentAssigned(FIRST, ROADS, None, at + timedelta(days=15))),
            Happened(3, done, AssignmentResolved(FIRST)),
            Happened(4, done, CaseClosed(Outcome.SOLVED)),
        ],
    )


def bring_in(engine: Engine, refs: range) -> None:
    with writing(engine) as session:
        keep_rules(session, rules_for(LAMP, HEIDE))
        numbers = case_numbers(session.connection(), 2026, len(refs))
        record_many(session, CITY, [imported(number, ref) for number, ref in zip(numbers, refs, strict=True)])


def test_finished_stories_are_brought_in_together(engine: Engine) -> None:
    bring_in(engine, range(250))
    cases = rows(engine, CASES)
    assert [c["number"] for c in cases] == [f"2026-{n:06d}" for n in range(1, 251)]
    assert {c["stage"] for c in cases} == {Stage.CLOSED.value}
    assert len(rows(engine, EVENT_LOG)) == 1000
    assert {figure["measure"] for figure in rows(engine, FIGURES)} >= {"opened", "closed"}
    assert rows(engine, LETTERS) == []
    with writing(engine) as session:
        assert waiting(session, 10) == []


def test_a_story_that_was_brought_in_before_is_not_doubled(engine: Engine) -> None:
    bring_in(engine, range(5))
    with pytest.raises(IntegrityError):
        bring_in(engine, range(4, 9))
    assert len(rows(engine, CASES)) == 5
    assert open_case(engine).number == "2026-000006"
