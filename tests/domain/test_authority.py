"""Who may do what, as one table."""

from dataclasses import replace
from typing import get_args

import pytest

from domain.actor import Actor
from domain.authority import authorise
from domain.commands import (
    Accept,
    Acknowledge,
    Answer,
    AskResident,
    Assign,
    Close,
    Command,
    Comment,
    Decline,
    Extend,
    GiveFeedback,
    MergeInto,
    PauseAssignment,
    ReportProgress,
    Resolve,
    Resume,
    SetUrgent,
    Support,
    Transfer,
    Withdraw,
)
from domain.initiatives.commands import Account, Adopt, HandBack, OfferToResidents, WithdrawOffer
from domain.inspections.commands import Inspect
from domain.inspections.state import Found
from domain.joining.commands import BeAsked, Join, Part, Split, Uncross
from domain.projects import commands as p
from domain.refusal import Refused
from domain.structural.commands import Bundle, PlanAction, RecordReview, Unbundle
from domain.teams.commands import RecordDecision
from domain.words import (
    AssignmentId,
    CaseId,
    Cause,
    EscalationId,
    Outcome,
    PointId,
    ReactionId,
    ServiceCode,
    Solved,
    Verdict,
)
from tests.cases import (
    A1,
    E1,
    E2,
    E3,
    GREEN,
    NOTE,
    ROADS,
    WINTERSLAG,
    Story,
    administrator,
    at,
    green,
    green_head,
    housing,
    leadership,
    manager,
    manager_elsewhere,
    resident,
    roads,
    roads_head,
    warden,
)
from tests.projects import V1

ACTORS = {
    "roads": roads,
    "roads_head": roads_head,
    "roads_partner": replace(housing, department=ROADS),
    "green": green,
    "green_head": green_head,
    "manager": manager,
    "manager_elsewhere": manager_elsewhere,
    "warden": warden,
    "warden_elsewhere": replace(warden, neighbourhoods=manager_elsewhere.neighbourhoods),
    "leadership": leadership,
    "administrator": administrator,
    "resident": resident,
}
STAFF = set(ACTORS) - {"resident"}
HOLDERS = {"roads", "roads_head", "roads_partner"}
MANAGERS = {"manager", "administrator"}

SOON = at("2026-03-20 09:00")
OF_PROJECTS: tuple[Command, ...] = (
    p.AskAdvice((GREEN,)),
    p.Advise(V1, (NOTE,)),
    p.OpenParticipation(NOTE, SOON),
    p.Moderate(ReactionId("r1"), shown=True),
    p.Summarise(NOTE),
    p.AnswerPoint(PointId("p1"), Verdict.FOLLOWED, NOTE),
    p.MoveDecision(SOON.date(), NOTE),
    p.Commit(NOTE, ServiceCode("lamp"), WINTERSLAG),
)
"""Where there is no project it is the rules that say so; whose they are in one is told with the projects."""
TABLE: list[tuple[Command, set[str]]] = [
    (Accept(A1), HOLDERS),
    (Decline(A1, Cause.NOT_OURS, NOTE), HOLDERS),
    (Transfer(A1, GREEN, NOTE), HOLDERS),
    (ReportProgress(A1, NOTE), HOLDERS),
    (PauseAssignment(A1, Cause.CAPACITY, SOON, NOTE), HOLDERS),
    (Resume(A1), HOLDERS),
    (Resolve(A1, NOTE), HOLDERS),
    (AskResident(A1, NOTE), HOLDERS | MANAGERS),
    (Assign((GREEN,)), MANAGERS),
    (SetUrgent(True, NOTE), MANAGERS),
    (RecordDecision(NOTE), MANAGERS),
    (Inspect(Found.DONE), MANAGERS | {"warden"}),
    (Extend(A1, SOON, NOTE), MANAGERS),
    (Close(Outcome.EXPLAINED, NOTE), MANAGERS),
    (MergeInto(CaseId("c2")), MANAGERS | {"warden"}),
    (Split(NOTE), MANAGERS | {"warden"}),
    (Acknowledge(E1), {"roads_head"}),
    (Acknowledge(E2), {"manager"}),
    (Acknowledge(E3), {"leadership"}),
    (Comment(NOTE, True), STAFF),
    *(
        (command, set())
        for command in (PlanAction(GREEN, NOTE), RecordReview(NOTE), Bundle(()), Unbundle(CaseId("c2")))
    ),
    (GiveFeedback(Solved.YES), {"resident"}),
    (Answer(NOTE), {"resident"}),
    (Support(), {"resident"}),
    (Withdraw(), {"resident"}),
    *((command, {"resident"}) for command in (Uncross(), Join(()), Part(()), BeAsked())),
    (OfferToResidents(0, NOTE), MANAGERS),
    (WithdrawOffer(NOTE), MANAGERS),
    *((command, {"resident"}) for command in (Adopt(), Account(0, NOTE), HandBack())),
    (p.React(NOTE), {"resident"}),
    *((command, STAFF) for command in OF_PROJECTS),
]


@pytest.fixture(scope="module")
def story() -> Story:
    """Roads has it and is silent all the way up the ladder."""
    return Story().opened(ROADS, on="2026-03-02 09:00").until("2026-03-10 09:00")


@pytest.mark.parametrize("name", ACTORS)
@pytest.mark.parametrize(("command", "allowed"), TABLE, ids=[f"{c.kind}-{n}" for n, (c, _) in enumerate(TABLE)])
def test_who_may(story: Story, command: Command, allowed: set[str], name: str) -> None:
    assert _may(ACTORS[name], command, story) is (name in allowed)


def test_the_table_names_every_command() -> None:
    assert {type(command) for command, _ in TABLE} == set(get_args(Command))


def test_a_mandate_without_neighbourhoods_is_the_whole_city(story: Story) -> None:
    assert _may(replace(manager, neighbourhoods=()), Assign((GREEN,)), story)


def test_a_refusal_names_the_role(story: Story) -> None:
    with pytest.raises(Refused) as refused:
        authorise(roads_head, Close(Outcome.SOLVED, NOTE), story.case)
    assert (refused.value.code, refused.value.reason) == ("forbidden", "This is not for department head to do here.")


def test_what_does_not_exist_is_explained_only_to_those_who_could_have_acted(story: Story) -> None:
    nothing = Accept(AssignmentId("a9"))
    assert _may(roads, nothing, story)
    assert not _may(green, nothing, story)
    assert _may(leadership, Acknowledge(EscalationId("e9")), story)
    assert not _may(roads, Acknowledge(EscalationId("e9")), story)


def _may(actor: Actor, command: Command, story: Story) -> bool:
    try:
        authorise(actor, command, story.case)
    except Refused:
        return False
    return True
