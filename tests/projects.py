"""Projects that roads refers, for stories about them."""

from datetime import date

from domain.opening import Opening, open_case
from domain.projects.commands import OpenParticipation
from domain.projects.referring import Referral
from domain.rulebook import Rulebook
from domain.words import (
    AssignmentId,
    CaseId,
    DepartmentId,
    Kind,
    NeighbourhoodId,
    NoteId,
    RequestId,
    ServiceCode,
)
from tests.cases import NOTE, ROADS, RULES, WINTERSLAG, Story, at, replay, roads

V1, V2, V3, V4 = (RequestId(AssignmentId(f"v{n}")) for n in range(1, 5))


def referred(
    *departments: DepartmentId,
    on: str,
    decided_on: str,
    neighbourhoods: tuple[NeighbourhoodId, ...] = (WINTERSLAG,),
    round_until: str | None = None,
    rules: Rulebook = RULES,
) -> Story:
    """Roads asks the managers of the neighbourhoods and these departments for advice. Raises Refused."""
    story = Story(rules)
    story.now = at(on)
    participation = OpenParticipation(NOTE, at(round_until)) if round_until is not None else None
    referral = Referral(
        ROADS,
        neighbourhoods,
        NoteId("title"),
        NoteId("question"),
        date.fromisoformat(decided_on),
        departments,
        participation,
    )
    opening = Opening(
        CaseId("c1"), "2026-000001", Kind.PROJECT, ServiceCode("lamp"), WINTERSLAG, False, (), roads, referral
    )
    story.events = list(open_case(rules, opening, story.now))
    story.case = replay(story.events)
    return story
