"""What is recorded of projects: who has a say in them, and what was promised; on both databases."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine, select

from domain.actor import Actor
from domain.commands import Submitted
from domain.decide import decide
from domain.escalation import tops
from domain.events import Happened
from domain.projects.commands import Advise, AskAdvice, Commit, React
from domain.words import AssignmentId, DepartmentId, Kind, NoteId, RequestId, Role
from readmodel.case_detail import case_detail, in_sight
from readmodel.commitments import commitments_of, open_commitment, promised_in, to_open
from readmodel.database import reading, writing
from readmodel.documents import NewDocument, documents_of, put_documents
from readmodel.erasure import erase
from readmodel.escalations import EscalationFilter, list_escalations
from readmodel.eventlog import events_after
from readmodel.followers import followers_of, join
from readmodel.intake import Accepted, Reporter
from readmodel.new_projects import NewProject
from readmodel.notes import Note, notes_of, put_notes
from readmodel.origin import new_participant
from readmodel.recording import record
from readmodel.schema import CASE_PARTIES, COMMITMENTS
from readmodel.sight import Sight
from tests.readmodel.town import (
    CITY,
    DIRECTOR,
    DORP,
    GREEN,
    HEIDE,
    MEMBER,
    MORNING,
    ROADS,
    TREE,
    a_report,
    do,
    later,
    let_time_pass,
    open_case,
    rules_for,
)

OF_GREEN, OF_DORP = Sight(departments=(GREEN,)), Sight(neighbourhoods=(DORP,))
PROMISE = NoteId("promise")


@pytest.fixture
def project(engine: Engine) -> Accepted:
    """Roads asks the manager of Heide, decides on the 27th, and residents may react."""
    asked = NewProject(ROADS, (HEIDE,), "Square", "What do we miss?", date(2026, 3, 27), (), ("Trees?", later(240)))
    report = replace(a_report(), kind=Kind.PROJECT, reporter=Reporter(), by=MEMBER, project=asked)
    project = open_case(engine, report)
    with writing(engine) as session:
        put_notes(session, [Note(PROMISE, project.case_id, "Two benches", True, Role.DEPARTMENT, "m", MORNING)])
    return project


def parties(engine: Engine) -> set[tuple[str, str]]:
    with reading(engine) as session:
        return {(row.kind, row.party) for row in session.execute(select(CASE_PARTIES))}


def test_whoever_is_asked_later_may_know_of_it_from_then_on(engine: Engine, project: Accepted) -> None:
    assert parties(engine) == {("department", "roads"), ("neighbourhood", "heide")}
    with reading(engine) as session:
        assert not any(in_sight(session, project.case_id, sight) for sight in (OF_GREEN, OF_DORP))
        assert events_after(session, 0, sight=OF_GREEN) == ()
    do(engine, project, AskAdvice((GREEN,), (DORP,)), MEMBER, later(1))
    assert parties(engine) == {
        ("department", "roads"), ("department", "green"), ("neighbourhood", "heide"), ("neighbourhood", "dorp"),
    }  # fmt: skip
    with reading(engine) as session:
        assert all(in_sight(session, project.case_id, sight) for sight in (OF_GREEN, OF_DORP))
        told = events_after(session, 0, sight=OF_GREEN)
    assert told[-1].happened.event.kind == "advice_asked"


def test_an_escalation_about_a_request_is_of_the_department_that_is_silent(engine: Engine, project: Accepted) -> None:
    do(engine, project, AskAdvice((GREEN,)), MEMBER, later(1))
    case = let_time_pass(engine, project, later(24 * 20))
    assert [top.assignment for top in tops(case)] == ["v2"]
    with reading(engine) as session:
        [listed] = list_escalations(session, EscalationFilter(open=True), OF_GREEN).items
    assert (listed.assignment, listed.department) == ("v2", "green")


def test_a_promise_is_opened_once_and_leads_back_to_its_project(engine: Engine, project: Accepted) -> None:
    do(engine, project, Commit(PROMISE, TREE, DORP, (DepartmentId("green"),)), MEMBER, later(1))
    with reading(engine) as session:
        [(case_id, commitment)] = to_open(session, 10)
    for _ in range(2):
        with writing(engine) as session:
            opened = open_commitment(session, CITY, rules_for, case_id, commitment, later(2))
    assert opened is not None
    with reading(engine) as session:
        assert to_open(session, 10) == []
        [followed] = commitments_of(session, project.case_id)
        promised = promised_in(session, opened.case_id)
        detail = case_detail(session, opened.case_id)
    assert detail is not None and promised is not None
    assert (followed.case_id, followed.number) == (opened.case_id, opened.number)
    assert (promised.number, promised.commitment) == (project.number, "k1")
    assert (detail.item.description, detail.item.departments) == ("Two benches", ("green",))


def test_what_never_happened_is_taken_back_and_its_promise_leads_to_the_same_case(
    engine: Engine, project: Accepted
) -> None:
    def commit(hours: float) -> tuple[Happened, ...]:
        submitted = Submitted("promise", MEMBER, Commit(PROMISE, TREE, DORP))
        return decide(project.rules, project.case, submitted, later(hours))

    def bring(events: tuple[Happened, ...]) -> None:
        with writing(engine) as session:
            record(session, CITY, project.case_id, events)

    bring(commit(1))
    with writing(engine) as session:
        [(case_id, commitment)] = to_open(session, 10)
        first = open_commitment(session, CITY, rules_for, case_id, commitment, later(1))
    ask = Submitted("ask", MEMBER, AskAdvice((GREEN,)))
    bring(decide(project.rules, project.case, ask, later(2)))
    assert ("department", "green") in parties(engine)
    with reading(engine) as session:
        assert session.execute(select(COMMITMENTS)).all() == []
    bring(commit(3))
    assert ("department", "green") not in parties(engine)
    with writing(engine) as session:
        again = open_commitment(session, CITY, rules_for, case_id, commitment, later(3))
    assert first is not None and again is not None
    assert (again.case_id, again.fresh) == (first.case_id, False)


def test_erasing_a_project_forgets_who_took_part_and_what_was_written(engine: Engine, project: Accepted) -> None:
    follower = new_participant("one", "nl", "An Peeters", "an@example.org")
    with writing(engine) as session:
        join(session, project.case_id, follower, MORNING)
        put_notes(session, [Note(NoteId("r"), project.case_id, "Dark", False, Role.RESIDENT, follower.id, MORNING)])
        documents = [NewDocument("plan.pdf", "application/pdf", b"%PDF- %%EOF")]
        put_documents(session, project.case_id, documents, MEMBER, MORNING)
    do(engine, project, React(NoteId("r")), Actor(Role.RESIDENT, follower.id), later(1), id="react")
    manager = RequestId(AssignmentId("v1"))
    do(engine, project, Advise(manager, (PROMISE,)), DIRECTOR, later(2), id="advise")
    with writing(engine) as session:
        assert erase(session, project.case_id)
    with reading(engine) as session:
        assert {note.text for note in notes_of(session, project.case_id).values()} == {""}
        assert {(f.name, f.email) for f in followers_of(session, project.case_id)} == {(None, None)}
        assert documents_of(session, project.case_id) == ()
