"""Where a project stands, for the rules that ask."""

from domain.draft import Draft
from domain.projects.state import Project
from domain.refusal import Refused
from domain.words import AssignmentId, RequestId


def of(draft: Draft) -> Project:
    """The project of the case. Raises Refused where it is none."""
    if draft.case.project is None:
        raise Refused("This case is not a project on which advice is asked.", rule="no_project")
    return draft.case.project


def gathering(draft: Draft) -> Project:
    """The same, while advice can still be given. Raises Refused."""
    project = of(draft)
    if not project.gathering:
        raise Refused("The advice was sent: nothing can be added to it any more.", rule="advice_sent")
    return project


def next_request(project: Project) -> RequestId:
    """The id of the next request: v1, v2, …"""
    return RequestId(AssignmentId(f"v{len(project.requests) + 1}"))
