"""Whose advice is awaited: what the lists, the inbox and the board tell about it."""

from sqlalchemy.orm import Session

from domain.projects.state import AdviceRequest, Project
from domain.words import Role
from readmodel.projects_list import under_way
from web.sight import sight_of
from web.signin.viewer import Viewer

MOST = 200


def asked_of(viewer: Viewer, project: Project) -> tuple[AdviceRequest, ...]:
    """The requests for advice that wait for this viewer."""
    actor = viewer.actor
    if actor.role is Role.NEIGHBOURHOOD_MANAGER:
        return tuple(r for r in project.awaited if r.neighbourhood is not None and actor.covers(r.neighbourhood))
    return tuple(r for r in project.awaited if r.department is not None and r.department == actor.department)


def awaiting(session: Session, viewer: Viewer) -> int:
    """On how many projects this viewer's advice is awaited."""
    found = under_way(session, sight_of(viewer.actor), MOST)
    return sum(bool(asked_of(viewer, item.project)) for item in found)
