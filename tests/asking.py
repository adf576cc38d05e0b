"""Anything that anybody may ask of a case, sensible or not."""

from datetime import datetime, timedelta

from hypothesis import strategies as st

from domain import commands as c
from domain.commands import Command
from domain.initiatives.commands import Account, Adopt, HandBack, OfferToResidents, WithdrawOffer
from domain.inspections.commands import Inspect
from domain.inspections.state import Found
from domain.joining import commands as j
from domain.joining.state import Companion
from domain.projects import commands as p
from domain.structural.commands import Bundle, PlanAction, RecordReview, Unbundle
from domain.teams.commands import RecordDecision
from domain.words import (
    AssignmentId,
    CaseId,
    Cause,
    DepartmentId,
    EscalationId,
    OfferId,
    Outcome,
    PointId,
    ReactionId,
    RequestId,
    ServiceCode,
    Solved,
    Verdict,
)
from tests.cases import BOKRIJK, DEPARTMENTS, NOTE

assignments = st.sampled_from([AssignmentId(f"a{n}") for n in (1, 1, 2, 2, 3, 4, 5, 9)])
escalations = st.sampled_from([EscalationId(f"e{n}") for n in (1, 2, 3, 4, 5, 6, 99)])
requests = st.sampled_from([RequestId(AssignmentId(f"v{n}")) for n in (1, 1, 2, 2, 3, 9)])
departments = st.sampled_from([*DEPARTMENTS, DepartmentId("moon")])
spans = st.one_of(
    st.timedeltas(timedelta(0), timedelta(hours=30)),
    st.timedeltas(timedelta(0), timedelta(days=40)),
    st.sampled_from([timedelta(hours=4), timedelta(hours=24), timedelta(days=14), timedelta(days=30)]),
)


def moments(now: datetime) -> st.SearchStrategy[datetime]:
    """Mostly ahead, sometimes behind."""
    return st.one_of(spans, st.just(timedelta(days=-1))).map(lambda span: now + span)


def of_departments(now: datetime) -> st.SearchStrategy[Command]:
    planned, causes, note = st.none() | moments(now), st.sampled_from(Cause), st.just(NOTE)
    return st.one_of(
        st.builds(c.Accept, assignments, planned),
        st.builds(c.Decline, assignments, causes, note),
        st.builds(c.Transfer, assignments, departments, note),
        st.builds(c.ReportProgress, assignments, note, planned),
        st.builds(c.PauseAssignment, assignments, causes, moments(now), note),
        st.builds(c.Resume, assignments),
        st.builds(c.AskResident, assignments, note),
        st.builds(c.Resolve, assignments, note),
    )


def of_managers(now: datetime) -> st.SearchStrategy[Command]:
    note = st.just(NOTE)
    return st.one_of(
        st.builds(c.Comment, note, st.booleans()),
        st.builds(Inspect, st.sampled_from(Found), st.none() | note),
        st.builds(RecordDecision, note, st.none(), st.booleans()),
        st.builds(c.Assign, st.lists(departments, max_size=2).map(tuple), st.none(), st.none() | assignments),
        st.builds(c.AskResident, assignments, note),
        st.builds(c.SetUrgent, st.booleans(), note),
        st.builds(c.Extend, assignments, moments(now), note),
        st.builds(c.Acknowledge, escalations, st.none(), st.none() | st.sampled_from(Cause)),
        st.builds(OfferToResidents, st.sampled_from([0, 5_000, -1]), note, st.none() | moments(now)),
        st.just(WithdrawOffer(NOTE)),
    )


def of_projects(now: datetime) -> st.SearchStrategy[Command]:
    note, notes = st.just(NOTE), st.lists(st.just(NOTE), max_size=2).map(tuple)
    points = st.sampled_from([PointId(f"p{n}") for n in (1, 1, 2, 3, 9)])
    return st.one_of(
        st.builds(p.AskAdvice, st.lists(departments, max_size=1).map(tuple), st.sampled_from([(), (BOKRIJK,)])),
        st.builds(p.Advise, requests, notes, st.none() | note),
        st.builds(p.OpenParticipation, note, moments(now)),
        st.just(p.React(NOTE)),
        st.builds(p.Moderate, st.sampled_from([ReactionId("r1"), ReactionId("r9")]), st.booleans()),
        st.builds(p.Summarise, note, notes),
        st.builds(p.AnswerPoint, points, st.sampled_from(Verdict), note),
        st.builds(p.MoveDecision, moments(now).map(datetime.date), note),
        st.builds(p.Commit, note, st.just(ServiceCode("lamp")), st.just(BOKRIJK), point=st.none() | points),
    )


def of_plans(now: datetime) -> st.SearchStrategy[Command]:
    """What a manager asks of a structural case."""
    note, issues = st.just(NOTE), st.sampled_from([CaseId(f"issue-{n}") for n in range(3)])
    return st.one_of(
        st.builds(PlanAction, departments, note, st.none() | moments(now)),
        st.builds(PlanAction, departments, note),
        st.builds(RecordReview, note, st.none() | moments(now)),
        st.builds(Bundle, st.lists(issues, max_size=2).map(tuple)),
        st.builds(Unbundle, issues),
    )


def endings() -> st.SearchStrategy[Command]:
    return st.one_of(
        st.builds(c.Close, st.sampled_from(Outcome), st.just(NOTE)),
        st.builds(c.MergeInto, st.sampled_from([CaseId("c1"), CaseId("c2")])),
        st.just(c.Withdraw()),
    )


def splits() -> st.SearchStrategy[Command]:
    return st.just(j.Split(NOTE))


def of_residents() -> st.SearchStrategy[Command]:
    return st.one_of(
        st.builds(
            c.GiveFeedback,
            st.sampled_from([Solved.NO, Solved.NO, Solved.YES]),
            st.none() | st.integers(0, 6),
            supporter=st.booleans(),
        ),
        st.just(c.Answer(NOTE)),
        st.builds(c.Support, st.booleans()),
        st.builds(j.BeAsked, st.booleans()),
        st.builds(Adopt, st.none() | st.just(OfferId("o1"))),
        st.builds(Account, st.sampled_from([0, 4_999, 5_001]), st.just(NOTE)),
        st.builds(HandBack, st.none() | st.just(NOTE)),
    )


def of_joining() -> st.SearchStrategy[Command]:
    """What the engine asks, because other reports join this one or part from it."""
    others = [CaseId("c3"), CaseId("c4")]
    asked = st.lists(st.sampled_from(["s1", "s2"]), max_size=2, unique=True).map(tuple)
    companion = st.builds(Companion, st.sampled_from(others), st.integers(1, 3), asked)
    return st.one_of(
        st.builds(j.Join, companion.map(lambda one: (one,))),
        st.builds(j.Part, st.sampled_from(others).map(lambda one: (one,))),
        st.just(j.Uncross()),
    )
