"""What a command that was sent in means to the rules; its free texts become notes."""

from dataclasses import dataclass
from typing import assert_never

from domain import commands as domain
from domain.inspections.commands import Inspect
from domain.joining.commands import Split
from domain.structural import commands as structural
from domain.teams.commands import RecordDecision
from domain.words import AssignmentId, CaseId, DepartmentId, EscalationId, MeetingId
from web import command_models as sent
from web import initiative_models as own
from web import project_models as projects
from web.initiative_meaning import of_initiative
from web.noting import Noting
from web.project_meaning import of_project
from web.times import until


@dataclass(frozen=True, slots=True)
class Voice:
    """As whom a resident speaks, beyond what the command says."""

    supporter: bool = False
    """Not as the reporter."""
    reachable: bool = False
    """They left an address."""


@dataclass(slots=True)
class Meaning(Noting):
    """A domain command in the making."""

    voice: Voice = Voice()

    def of(self, body: sent.AnyCommand) -> domain.Command:
        match body:
            case (
                sent.Accept()
                | sent.Decline()
                | sent.Transfer()
                | sent.ReportProgress()
                | sent.Pause()
                | sent.Resume()
                | sent.AskResident()
                | sent.Resolve()
            ):
                return self._of_department(body)
            case (
                sent.Comment()
                | sent.Assign()
                | sent.SetUrgent()
                | sent.Extend()
                | sent.Acknowledge()
                | sent.Close()
                | sent.MergeInto()
                | sent.Split()
            ):
                return self._of_manager(body)
            case sent.RecordDecision(note=text, meeting=id, public=public):
                note = self.note("note", text, public=public)
                return RecordDecision(note, MeetingId(str(id)) if id is not None else None, public)
            case sent.Inspect(found=found, note=text, public=public):
                return Inspect(found, self.optional("note", text, public=public))
            case sent.PlanAction() | sent.Bundle() | sent.Unbundle() | sent.Review():
                return self._of_plan(body)
            case sent.GiveFeedback(solved=solved, rating=rating, comment=comment):
                return domain.GiveFeedback(solved, rating, self.optional("comment", comment), self.voice.supporter)
            case sent.Answer(text=text):
                return domain.Answer(self.note("text", text))
            case sent.Support():
                return domain.Support(self.voice.supporter and self.voice.reachable)
            case sent.Withdraw():
                return domain.Withdraw()
            case (
                projects.AskAdvice()
                | projects.Advise()
                | projects.OpenParticipation()
                | projects.React()
                | projects.Moderate()
                | projects.Summarise()
                | projects.AnswerPoint()
                | projects.MoveDecision()
                | projects.Commit()
            ):
                return of_project(self, body)
            case own.OfferToResidents() | own.WithdrawOffer() | own.Adopt() | own.Account() | own.HandBack():
                return of_initiative(self, body)
            case _:
                assert_never(body)

    def _of_department(
        self,
        body: sent.Accept
        | sent.Decline
        | sent.Transfer
        | sent.ReportProgress
        | sent.Pause
        | sent.Resume
        | sent.AskResident
        | sent.Resolve,
    ) -> domain.Command:
        assignment = AssignmentId(body.assignment)
        match body:
            case sent.Accept():
                return domain.Accept(assignment, self.planned(body.planned_for), self.optional("note", body.note))
            case sent.Decline():
                return domain.Decline(assignment, body.cause, self.note("note", body.note))
            case sent.Transfer():
                return domain.Transfer(assignment, DepartmentId(body.to), self.note("note", body.note))
            case sent.ReportProgress():
                note = self.note("note", body.note)
                return domain.ReportProgress(assignment, note, self.planned(body.planned_for))
            case sent.Pause():
                note = self.note("note", body.note)
                return domain.PauseAssignment(assignment, body.cause, until(body.until, self.context.zone), note)
            case sent.Resume():
                return domain.Resume(assignment)
            case sent.AskResident():
                return domain.AskResident(assignment, self.note("question", body.question, public=True))
            case sent.Resolve():
                return domain.Resolve(assignment, self.note("note", body.note, public=True))
            case _:
                assert_never(body)

    def _of_manager(
        self,
        body: sent.Comment
        | sent.Assign
        | sent.SetUrgent
        | sent.Extend
        | sent.Acknowledge
        | sent.Close
        | sent.MergeInto
        | sent.Split,
    ) -> domain.Command:
        match body:
            case sent.Comment():
                return domain.Comment(self.note("note", body.note, public=body.public), body.public)
            case sent.Assign():
                departments = tuple(DepartmentId(d) for d in body.departments)
                instead_of = AssignmentId(body.instead_of) if body.instead_of is not None else None
                return domain.Assign(departments, self.optional("note", body.note), instead_of)
            case sent.SetUrgent():
                return domain.SetUrgent(body.urgent, self.note("note", body.note))
            case sent.Extend():
                note = self.note("note", body.note, public=True)
                return domain.Extend(AssignmentId(body.assignment), until(body.until, self.context.zone), note)
            case sent.Acknowledge():
                return domain.Acknowledge(EscalationId(body.escalation), self.optional("note", body.note), body.cause)
            case sent.Close():
                return domain.Close(body.outcome, self.note("note", body.note, public=True))
            case sent.MergeInto():
                return domain.MergeInto(CaseId(body.case_id))
            case sent.Split():
                return Split(self.note("note", body.note, public=True))
            case _:
                assert_never(body)

    def _of_plan(self, body: sent.PlanAction | sent.Bundle | sent.Unbundle | sent.Review) -> domain.Command:
        match body:
            case sent.PlanAction():
                by = until(body.until, self.context.zone) if body.until is not None else None
                return structural.PlanAction(DepartmentId(body.department), self.note("note", body.note), by)
            case sent.Bundle():
                return structural.Bundle(tuple(CaseId(one) for one in body.cases))
            case sent.Unbundle():
                return structural.Unbundle(CaseId(body.case))
            case sent.Review():
                return structural.RecordReview(self.note("note", body.note), self.planned(body.next_on))
            case _:
                assert_never(body)
