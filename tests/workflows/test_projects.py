"""A project's months on the real engine, in virtual time: nobody who is silent is forgotten."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from domain.actor import Actor
from domain.events import EscalationRaised
from domain.projects import commands as p
from domain.words import AssignmentId, EscalationReason, Kind, NoteId, PointId, RequestId, Role, Stage, Verdict
from readmodel.intake import Reporter
from readmodel.new_projects import NewProject
from tests.readmodel.town import DIRECTOR, GREEN, HEIDE, MEMBER, ROADS, a_report
from tests.workflows.living import Referral, Town
from tests.workflows.replaying import as_bytes, histories_of

SECRETS = ("Kwispelplein", "Zwaluwvraag", "Xantippe")
RESIDENT = Actor(Role.RESIDENT, "participant-1")
REACTION = NoteId("reaction-1")


def raised(referral: Referral) -> list[tuple[str | None, str, int]]:
    return [
        (h.event.assignment, h.event.reason.value, h.event.level)
        for h in referral.events
        if isinstance(h.event, EscalationRaised)
    ]


async def test_silent_advisers_are_escalated_before_the_decision_and_a_silent_department_after_it(town: Town) -> None:
    now = datetime.now(UTC)
    day = (now + timedelta(days=20)).date()
    asked = NewProject(
        ROADS, (HEIDE,), "Kwispelplein", "Een Zwaluwvraag", day, (GREEN,), ("Xantippe?", now + timedelta(days=5))
    )
    report = replace(a_report(), kind=Kind.PROJECT, reporter=Reporter(), by=MEMBER, project=asked)
    referral = await town.begin(report)
    project = referral.case.project
    assert project is not None
    await referral.does(p.React(REACTION), RESIDENT)
    await referral.does(p.Advise(RequestId(AssignmentId("v1")), (NoteId("n1"),)), DIRECTOR)

    await referral.until(project.decided_at - timedelta(minutes=1))
    assert [r for r in raised(referral) if r[0] == "v2"] == [("v2", "no_response", level) for level in (1, 2, 3)]
    assert [r for r in raised(referral) if r[0] != "v2"] == [("v3", "no_response", 1)], "nobody summed up the reactions"
    assert "adviser_reminded" in referral.kinds
    assert "participation_closed" in referral.kinds
    assert "advice_sent" not in referral.kinds

    await referral.passes(timedelta(minutes=2))
    assert referral.kinds[-3:] == ["escalation_cleared", "advice_sent", "department_assigned"]
    sent = referral.events[-2]
    assert sent.rule == "decision"
    assert timedelta(0) <= sent.at - project.decided_at < timedelta(minutes=1)
    assert referral.case.open_escalations() == ()

    await referral.passes(timedelta(days=3))
    assert [e.assignment for e in referral.case.open_escalations(reason=EscalationReason.NO_RESPONSE)] == ["a1"]
    await referral.does(p.AnswerPoint(PointId("p1"), Verdict.FOLLOWED, NoteId("n2")), MEMBER)
    assert referral.case.open_escalations() == ()
    assert referral.case.stage is Stage.IN_PROGRESS

    histories = b"".join([as_bytes(run) for run in await histories_of(town.client, referral.id)])
    assert referral.accepted.number.encode() in histories
    for secret in SECRETS:
        assert secret.encode() not in histories
