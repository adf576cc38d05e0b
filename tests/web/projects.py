"""Projects that the roads department of the town refers."""

from typing import Any

from readmodel.accounts import Mandate
from tests.web.people import GARDENER, MANAGER, MEMBER
from tests.web.town import Town

PROJECT: dict[str, Any] = {
    "title": "Kerkstraat",
    "question": "What must we know?",
    "neighbourhoods": ["heide"],
    "decided_on": "2026-03-27",
    "departments": ["green"],
}
ROUND = {"question": "Where is it too dark?", "until": "2026-03-15"}
REFERRAL = {"kind": "project", "service": "lamp", "description": "New lamps in the Kerkstraat"}


def refer(town: Town, by: Mandate = MEMBER, **changes: Any) -> dict[str, Any]:
    answer = town.post("/cases", {**REFERRAL, "project": {**PROJECT, **changes}}, by)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def advised(town: Town, case_id: str) -> None:
    """Both who are asked have said what they had to say."""
    town.does(case_id, GARDENER, "advise", request="v2", points=["Plant oaks."])
    town.does(case_id, MANAGER, "advise", request="v1", points=["Keep a place for the market."])
