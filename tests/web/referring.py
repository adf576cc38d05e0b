"""Projects that roads refers in the town, for tests of their pages."""

from datetime import date
from typing import Any

from readmodel.accounts import Mandate
from tests.web.people import GARDENER, MANAGER, MEMBER
from tests.web.town import Town

DECIDED_ON = date(2026, 3, 30)
PROJECT = {
    "title": "A greener square",
    "question": "What should we mind?",
    "neighbourhoods": ["heide"],
    "decided_on": DECIDED_ON.isoformat(),
    "departments": ["green"],
}
ROUND = {"question": "What must not be missing?", "until": "2026-03-12"}
DESCRIPTION = "Trees instead of parking places."


def refer(town: Town, by: Mandate = MEMBER, **changes: Any) -> dict[str, Any]:
    """A project as it was kept."""
    body = {"kind": "project", "service": "other", "description": DESCRIPTION, "project": {**PROJECT, **changes}}
    answer = town.post("/cases", body, by)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def with_a_round(town: Town, **changes: Any) -> dict[str, Any]:
    return refer(town, participation=ROUND, **changes)


def advised(town: Town, case_id: str) -> None:
    """Both who are asked have said what they had to say, and the advice is with roads."""
    town.does(case_id, GARDENER, "advise", request="v2", points=["Plant oaks."])
    town.does(case_id, MANAGER, "advise", request="v1", points=["Keep a place for the market."])
