"""The words that people, the API and the rules share."""

from enum import StrEnum
from typing import NewType

CaseId = NewType("CaseId", str)
AssignmentId = NewType("AssignmentId", str)
EscalationId = NewType("EscalationId", str)
NoteId = NewType("NoteId", str)
DepartmentId = NewType("DepartmentId", str)
NeighbourhoodId = NewType("NeighbourhoodId", str)
ServiceCode = NewType("ServiceCode", str)
MeetingId = NewType("MeetingId", str)
RequestId = NewType("RequestId", AssignmentId)
"""Of a request for advice: where an escalation, a reminder or a due time names a task, it may name a request."""
PointId = NewType("PointId", str)
ReactionId = NewType("ReactionId", str)
CommitmentId = NewType("CommitmentId", str)
OfferId = NewType("OfferId", str)
FollowerId = NewType("FollowerId", str)
"""Someone who follows a case by a secret link."""


class Kind(StrEnum):
    """What is referred: something to be solved, a project to be advised on, or a problem that keeps recurring."""

    ISSUE = "issue"
    PROJECT = "project"
    STRUCTURAL = "structural"


class Stage(StrEnum):
    """Where a case stands, as everyone may read it."""

    RECEIVED = "received"
    TRIAGE = "triage"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"
    RESOLVED = "resolved"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a case ended."""

    SOLVED = "solved"
    EXPLAINED = "explained"
    DECLINED = "declined"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"
    NO_FEEDBACK = "no_feedback"
    ADOPTED = "adopted"


class AssignmentState(StrEnum):
    """Where one department's task stands."""

    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"
    RESOLVED = "resolved"
    DECLINED = "declined"
    TRANSFERRED = "transferred"
    REPLACED = "replaced"


class EscalationReason(StrEnum):
    """Why someone higher up must look."""

    UNASSIGNED = "unassigned"
    NO_RESPONSE = "no_response"
    OVERDUE = "overdue"
    STALLED = "stalled"
    BOUNCED = "bounced"
    DISPUTED = "disputed"


class Cause(StrEnum):
    """The limit that a decline, a pause or an escalation ran into."""

    NOT_OURS = "not_ours"
    NO_REGULATION = "no_regulation"
    NO_BUDGET = "no_budget"
    INDIVIDUAL_CIRCUMSTANCES = "individual_circumstances"
    CAPACITY = "capacity"
    THIRD_PARTY = "third_party"
    OTHER = "other"


class Rung(StrEnum):
    """Whom an escalation reaches."""

    DEPARTMENT_HEAD = "department_head"
    NEIGHBOURHOOD_MANAGER = "neighbourhood_manager"
    CITY_LEADERSHIP = "city_leadership"


class Role(StrEnum):
    """In what capacity someone acts."""

    RESIDENT = "resident"
    WARDEN = "warden"
    DEPARTMENT = "department"
    DEPARTMENT_HEAD = "department_head"
    NEIGHBOURHOOD_MANAGER = "neighbourhood_manager"
    PARTNER = "partner"
    LEADERSHIP = "leadership"
    ADMINISTRATOR = "administrator"


class Solved(StrEnum):
    """The resident's verdict."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Tier(StrEnum):
    """How closely the city watches over a neighbourhood."""

    STANDARD = "standard"
    ATTENTION = "attention"


class Verdict(StrEnum):
    """What the referring department does with a point of advice."""

    FOLLOWED = "followed"
    PARTLY = "partly"
    NOT_FOLLOWED = "not_followed"


class Term(StrEnum):
    """What a reminder can announce: the two terms of an assignment, and that of a request for advice."""

    RESPOND = "respond"
    RESOLVE = "resolve"
    ADVISE = "advise"
