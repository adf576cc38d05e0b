"""The commands as they are sent in."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, TypeAdapter

from domain.inspections.state import Found
from domain.words import Cause, Outcome, Solved
from web.command_base import Command as Command
from web.command_base import Departments
from web.fields import Moment, Sent, Text, Word
from web.initiative_models import Account, Adopt, HandBack, OfferToResidents, WithdrawOffer
from web.project_models import ProjectCommand

Rating = Annotated[int, Field(ge=1, le=5)]


class Accept(Command):
    command: Literal["accept"]
    assignment: Word
    planned_for: Moment | None = None
    note: Text | None = None


class Decline(Command):
    command: Literal["decline"]
    assignment: Word
    cause: Cause
    note: Text


class Transfer(Command):
    command: Literal["transfer"]
    assignment: Word
    to: Word
    note: Text


class ReportProgress(Command):
    command: Literal["report_progress"]
    assignment: Word
    note: Text
    planned_for: Moment | None = None


class Pause(Command):
    command: Literal["pause"]
    assignment: Word
    cause: Cause
    until: Moment
    note: Text


class Resume(Command):
    command: Literal["resume"]
    assignment: Word


class AskResident(Command):
    command: Literal["ask_resident"]
    assignment: Word
    question: Text


class Resolve(Command):
    command: Literal["resolve"]
    assignment: Word
    note: Text


class Comment(Command):
    command: Literal["comment"]
    note: Text
    public: bool


class RecordDecision(Command):
    command: Literal["record_decision"]
    note: Text
    meeting: UUID | None = None
    public: bool = False


class Inspect(Command):
    command: Literal["inspect"]
    found: Found
    note: Text | None = None
    public: bool = False


class Assign(Command):
    command: Literal["assign"]
    departments: Departments
    note: Text | None = None
    instead_of: Word | None = None


class SetUrgent(Command):
    command: Literal["set_urgent"]
    urgent: bool
    note: Text


class Extend(Command):
    command: Literal["extend"]
    assignment: Word
    until: Moment
    note: Text


class Acknowledge(Command):
    command: Literal["acknowledge"]
    escalation: Word
    note: Text | None = None
    cause: Cause | None = None


class Close(Command):
    command: Literal["close"]
    outcome: Outcome
    note: Text


class MergeInto(Command):
    command: Literal["merge_into"]
    case_id: Word


class Split(Command):
    command: Literal["split"]
    note: Text


class PlanAction(Command):
    command: Literal["plan_action"]
    department: Word
    note: Text
    until: Moment | None = None


class Bundle(Command):
    command: Literal["bundle"]
    cases: Annotated[tuple[Word, ...], Field(min_length=1, max_length=200)]


class Unbundle(Command):
    command: Literal["unbundle"]
    case: Word


class Review(Command):
    command: Literal["review"]
    note: Text
    next_on: Moment | None = None


class GiveFeedback(Command):
    command: Literal["give_feedback"]
    solved: Solved
    rating: Rating | None = None
    comment: Text | None = None


class Answer(Command):
    command: Literal["answer"]
    text: Text


class Support(Command):
    command: Literal["support"]


class Withdraw(Command):
    command: Literal["withdraw"]


AnyCommand = Annotated[
    Accept
    | Decline
    | Transfer
    | ReportProgress
    | Pause
    | Resume
    | AskResident
    | Resolve
    | Comment
    | RecordDecision
    | Inspect
    | Assign
    | SetUrgent
    | Extend
    | Acknowledge
    | Close
    | MergeInto
    | Split
    | PlanAction
    | Bundle
    | Unbundle
    | Review
    | GiveFeedback
    | Answer
    | Support
    | Withdraw
    | ProjectCommand
    | OfferToResidents
    | WithdrawOffer
    | Adopt
    | Account
    | HandBack,
    Field(discriminator="command"),
]
ANY_COMMAND: TypeAdapter[AnyCommand] = TypeAdapter(AnyCommand)


class FeedbackSent(Sent):
    """Whether it was really solved."""

    solved: Solved
    rating: Rating | None = None
    comment: Text | None = None
    command_id: UUID | None = None


class AnswerSent(Sent):
    """What the resident answers."""

    text: Text
    command_id: UUID | None = None


class NothingSent(Sent):
    """A step that needs no words."""

    command_id: UUID | None = None


FEEDBACK_SENT = TypeAdapter(FeedbackSent)
ANSWER_SENT = TypeAdapter(AnswerSent)
NOTHING_SENT = TypeAdapter(NothingSent)
