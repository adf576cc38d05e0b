"""One report followed up from beginning to end, through HTTP alone, on the whole engine; then again while parts die."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from domain.words import DepartmentId, NeighbourhoodId, Role
from readmodel.accounts import Mandate
from tests import city_of_seconds
from tests.running_engine import Engine, eventually, running


@dataclass(frozen=True)
class Staff:
    """A token for each role."""

    roads: str
    head: str
    manager: str
    leadership: str


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    home: Path = tmp_path_factory.mktemp("engine")
    with running(city_of_seconds.build(home / "city"), home / "data") as up:
        yield up


@pytest.fixture(scope="module")
def staff(engine: Engine) -> Staff:
    roads, oost = DepartmentId("roads"), NeighbourhoodId("oost")
    return Staff(
        roads=engine.command("token", "create", "--role", "department", "--department", "roads").split()[-1],
        head=engine.token(Mandate(Role.DEPARTMENT_HEAD, roads)),
        manager=engine.token(Mandate(Role.NEIGHBOURHOOD_MANAGER, neighbourhoods=(oost,))),
        leadership=engine.token(Mandate(Role.LEADERSHIP)),
    )


def rungs(case: dict[str, Any], reason: str = "no_response") -> list[tuple[int, str]]:
    return [(e["level"], e["to"]) for e in case["escalations"] if e["reason"] == reason]


WHOLE_LADDER = [(1, "department_head"), (2, "neighbourhood_manager"), (3, "city_leadership")]


def nothing(engine: Engine) -> None:
    """The undisturbed run."""


def kill(part: str) -> Callable[[Engine], None]:
    return lambda engine: engine.kill(part)


@pytest.mark.parametrize(
    "disturb",
    [nothing, kill("worker"), kill("web"), kill("temporal")],
    ids=["undisturbed", "worker killed", "web killed", "temporal killed"],
)
def test_a_report_is_followed_up_from_beginning_to_end(
    engine: Engine, staff: Staff, disturb: Callable[[Engine], None]
) -> None:
    taken = engine.report(reporter={"email": "an@voorbeeld.example"})
    id = taken["case_id"]
    case = eventually(lambda: _in_stage(engine, staff, id, "assigned"))
    assert [a["department"] for a in case["assignments"]] == ["roads"]
    assert case["next"], "what happens next by itself is told"

    disturb(engine)
    case = eventually(lambda: _with(engine, staff, id, lambda c: len(rungs(c)) == 3))
    assert rungs(case) == WHOLE_LADDER, "silence climbs the whole ladder, each rung once"

    held = engine.report()["case_id"]
    first = eventually(lambda: _with(engine, staff, held, lambda c: len(rungs(c)) >= 1))
    escalation = first["escalations"][0]["escalation"]
    assert engine.act(held, staff.manager, "acknowledge", escalation=escalation).status_code == 403
    acknowledged = engine.act(held, staff.head, "acknowledge", escalation=escalation, note="Ik bekijk het")
    assert acknowledged.status_code == 200, acknowledged.text
    reached = len(rungs(engine.case(held, staff.manager)))
    witness = engine.report()["case_id"]
    disturb(engine)
    eventually(lambda: _with(engine, staff, witness, lambda c: rungs(c) == WHOLE_LADDER))
    assert len(rungs(engine.case(held, staff.manager))) == reached, "an acknowledgement holds the ladder"

    assert engine.act(id, staff.roads, "accept", assignment="a1", note="We komen").status_code == 200
    case = engine.case(id, staff.manager)
    assert case["stage"] == "in_progress"
    assert all(e["cleared_at"] for e in case["escalations"]), "an answer clears what was raised"

    disturb(engine)
    resolved = engine.act(id, staff.roads, "resolve", assignment="a1", note="De put is gevuld")
    assert resolved.status_code == 200, resolved.text
    assert resolved.json()["stage"] == "resolved"
    no = engine.send("POST", f"/follow/{taken['token']}/feedback", json={"solved": "no", "comment": "Nog niet"})
    assert no.status_code == 200, no.text
    case = engine.case(id, staff.manager)
    assert (case["stage"], case["round"]) == ("assigned", 2), '"no" reopens'
    promise = case["promised_by"]

    again = case["assignments"][-1]["assignment"]
    assert engine.act(id, staff.roads, "resolve", assignment=again, note="Opnieuw gevuld").status_code == 200
    disturb(engine)
    case = eventually(lambda: _in_stage(engine, staff, id, "closed"))
    assert (case["outcome"], case["promised_by"]) == ("no_feedback", promise), "the window closes it; the promise stood"

    assert [t["seq"] for t in case["timeline"]] == list(range(1, case["version"] + 1)), "nothing lost, nothing doubled"
    late = engine.act(id, staff.manager, "comment", note="Te laat", public=False)
    assert (late.status_code, late.json()["code"]) == (409, "refused")


def test_a_report_is_kept_while_temporal_is_down_and_a_repeat_changes_nothing(engine: Engine, staff: Staff) -> None:
    engine.kill("temporal")
    body = {
        "kind": "issue",
        "service": "pothole",
        "description": "Put",
        "neighbourhood": "oost",
        "source": "app",
        "source_ref": "77",
    }
    first, second = (engine.send("POST", "/cases", json=body) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["case_id"] == second.json()["case_id"]
    id = first.json()["case_id"]
    eventually(lambda: _with(engine, staff, id, lambda c: rungs(c) == WHOLE_LADDER))


def test_what_nobody_owns_goes_to_the_manager_and_then_to_the_leadership(engine: Engine, staff: Staff) -> None:
    id = engine.report(service="nobody-owns-it")["case_id"]
    unassigned = [(1, "neighbourhood_manager"), (2, "city_leadership")]
    case = eventually(lambda: _with(engine, staff, id, lambda c: rungs(c, "unassigned") == unassigned))
    assert case["stage"] == "triage"
    assert engine.act(id, staff.manager, "assign", departments=["roads"], note="Voor wegen").status_code == 200
    assert engine.case(id, staff.manager)["stage"] == "assigned"


def test_two_at_once_are_ordered_and_the_second_is_judged_on_what_the_first_left(engine: Engine, staff: Staff) -> None:
    id = engine.report()["case_id"]
    assert engine.act(id, staff.roads, "accept", assignment="a1").status_code == 200
    version = engine.case(id, staff.roads)["version"]
    first = engine.act(id, staff.roads, "report_progress", assignment="a1", note="Bezig", expected_version=version)
    second = engine.act(id, staff.roads, "report_progress", assignment="a1", note="Bezig", expected_version=version)
    assert first.status_code == 200
    assert (second.status_code, second.json()["code"]) == (409, "stale")


def _in_stage(engine: Engine, staff: Staff, id: str, stage: str) -> dict[str, Any] | None:
    return _with(engine, staff, id, lambda case: bool(case["stage"] == stage))


def _with(engine: Engine, staff: Staff, id: str, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any] | None:
    case = engine.case(id, staff.manager)
    return case if holds(case) else None
