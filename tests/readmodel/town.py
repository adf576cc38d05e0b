"""A town of two departments and two neighbourhoods, and the reports that its residents bring."""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Engine, Table, select

from domain.actor import Actor
from domain.case import Case
from domain.city import City, Department, Neighbourhood, Service
from domain.commands import Command, Submitted
from domain.decide import decide, pass_time
from domain.durations import Elapsed
from domain.policy import Policy, TieredPolicy
from domain.rulebook import Rulebook, rulebook
from domain.time_rules import next_due
from domain.words import DepartmentId, Kind, NeighbourhoodId, Role, Rung, ServiceCode, Tier
from domain.working_time import Calendar
from readmodel.case_detail import case_state
from readmodel.database import reading, writing
from readmodel.intake import Accepted, NewReport, Reporter, accept
from readmodel.recording import record

MORNING = datetime(2026, 3, 2, 9, tzinfo=UTC)
ROADS, GREEN = DepartmentId("roads"), DepartmentId("green")
HEIDE, DORP = NeighbourhoodId("heide"), NeighbourhoodId("dorp")
LAMP, OTHER, TREE = ServiceCode("lamp"), ServiceCode("other"), ServiceCode("tree")

MEMBER = Actor(Role.DEPARTMENT, "user:member", ROADS)
GARDENER = Actor(Role.DEPARTMENT, "user:gardener", GREEN)
DIRECTOR = Actor(Role.NEIGHBOURHOOD_MANAGER, "user:director", None, (HEIDE, DORP))
RESIDENT = Actor(Role.RESIDENT, "resident")

HOURS = Calendar("Europe/Brussels", (((0, 86400),),) * 7)
DAY = 86400
POLICY = Policy(
    id="standard",
    respond_within=Elapsed(2 * DAY),
    resolve_within=Elapsed(15 * DAY),
    remind_before=Elapsed(DAY // 2),
    stalled_after=Elapsed(5 * DAY),
    escalate_every=Elapsed(2 * DAY),
    ladder=(Rung.DEPARTMENT_HEAD, Rung.NEIGHBOURHOOD_MANAGER, Rung.CITY_LEADERSHIP),
    acknowledged_for=Elapsed(2 * DAY),
    triage_within=Elapsed(DAY),
    pause_at_most=Elapsed(30 * DAY),
    feedback_within=Elapsed(14 * DAY),
    max_transfers=2,
    max_reopens=2,
)


def _department(id: DepartmentId) -> Department:
    return Department(id, {"nl": id, "en": id}, f"{id}@town.example", f"head.{id}@town.example", HOURS, False)


def _service(code: ServiceCode, *departments: DepartmentId) -> Service:
    return Service(
        code, {"nl": code, "en": code}, "space", f"theme-{code}", departments, "standard", "standard", (), ()
    )


def _neighbourhood(id: NeighbourhoodId) -> Neighbourhood:
    return Neighbourhood(id, id.title(), Tier.STANDARD, f"manager.{id}@town.example", (), 500)


CITY = City(
    id="town",
    name="Town",
    timezone="Europe/Brussels",
    languages=("nl", "en"),
    hours=HOURS,
    leadership_email="leadership@town.example",
    departments={d: _department(d) for d in (ROADS, GREEN)},
    services={s.code: s for s in (_service(LAMP, ROADS), _service(OTHER), _service(TREE, GREEN, ROADS))},
    policies={"standard": TieredPolicy(POLICY, POLICY)},
    neighbourhoods={n: _neighbourhood(n) for n in (HEIDE, DORP)},
)


@cache
def rules_for(service: ServiceCode, neighbourhood: NeighbourhoodId) -> Rulebook:
    return rulebook(CITY, CITY.services[service], CITY.neighbourhoods[neighbourhood])


def a_report(
    service: ServiceCode = LAMP,
    neighbourhood: NeighbourhoodId = HEIDE,
    *,
    description: str = "The lamp at number 7 is dark",
    source: str | None = None,
    source_ref: str | None = None,
    email: str | None = "an@example.org",
) -> NewReport:
    return NewReport(
        kind=Kind.ISSUE,
        service=service,
        neighbourhood=neighbourhood,
        description=description,
        lat=50.96,
        lon=5.5,
        address="Heidestraat 7",
        reporter=Reporter("An Peeters", email, None, "en"),
        source=source,
        source_ref=source_ref,
    )


def later(hours: float) -> datetime:
    return MORNING + timedelta(hours=hours)


def open_case(engine: Engine, report: NewReport | None = None, now: datetime = MORNING) -> Accepted:
    with writing(engine) as session:
        return accept(session, CITY, rules_for, report or a_report(), now)


def do(engine: Engine, accepted: Accepted, command: Command, by: Actor, now: datetime, id: str = "c1") -> Case:
    """What the case's workflow does with a command: decide on the state as recorded, and record."""
    with writing(engine) as session:
        state = case_state(session, accepted.case_id)
        assert state is not None
        case, rules = state
        return record(session, CITY, case.case_id, decide(rules, case, Submitted(id, by, command), now))


def let_time_pass(engine: Engine, accepted: Accepted, until: datetime) -> Case:
    with writing(engine) as session:
        state = case_state(session, accepted.case_id)
        assert state is not None
        case, rules = state
        now = case.opened_at
        while (due := next_due(rules, case, now)) is not None and due <= until:
            now = max(now, due)
            case = record(session, CITY, case.case_id, pass_time(rules, case, now))
        return case


def rows(engine: Engine, table: Table) -> list[dict[str, Any]]:
    with reading(engine) as session:
        return [dict(row) for row in session.execute(select(table).order_by(*table.primary_key)).mappings()]
