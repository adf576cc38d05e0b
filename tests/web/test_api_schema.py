"""The HTTP API against its own description: whatever is sent, by whomever, is answered as the document says."""

from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from domain.words import Role
from readmodel.accounts import Mandate
from readmodel.database import connect
from readmodel.migrate import migrate
from tests.web.busy import Names, busy
from tests.web.people import (
    ADMINISTRATOR,
    GARDENER,
    HEAD,
    LEADERSHIP,
    MANAGER,
    MANAGER_ELSEWHERE,
    MEMBER,
    PARTNER,
    WARDEN,
)
from tests.web.town import Town, town_on

ELSEWHERE = ("GET /api/v1/events/stream", "POST /api/v1/cases/{case_id}/documents")
"""One never ends, and one takes files: `test_events` and `test_projects` ask for them."""
EVERY_ROLE = (
    *(ADMINISTRATOR, MANAGER, MEMBER, HEAD, PARTNER, WARDEN, LEADERSHIP, GARDENER, MANAGER_ELSEWHERE),
    Mandate(Role.RESIDENT),
    None,
)
SENT = ("method", "url", "headers", "params", "json")
CHECKS = [
    schemathesis.checks.not_a_server_error,
    schemathesis.checks.status_code_conformance,
    schemathesis.checks.content_type_conformance,
    schemathesis.checks.response_schema_conformance,
]
SENSIBLE: Names = {
    "assignment": ["a1", "a2"], "to": ["roads", "green"], "department": ["roads"], "departments": [["green"]],
    "service": ["lamp", "tree", "other"], "escalation": ["e1"], "request": ["v1", "v2"], "reaction": ["r1"],
    "point": ["p1"], "offer": ["o1"], "instead_of": ["a1"], "language": ["nl", "en"], "neighbourhoods": [["heide"]],
    "until": ["2026-03-20", "2026-03-29T02:30:00+01:00", "2099-12-31"], "planned_for": ["2026-03-10", "2099-12-31"],
    "decided_on": ["2026-03-27", "2099-12-31"], "next_on": ["2026-04-01"], "referred_by": ["roads"],
    "starts_at": ["2026-03-20T10:00:00+01:00", "2099-12-31T23:59:59-23:59"], "review_every": ["20 working days"],
    "expected_version": [None, 2], "lat": [50.5], "lon": [5.2, 5.8], "theme": ["theme-lamp"], "amount": [1, 600.5],
    "spent": [10, 0], "email": ["an@example.org"],
}  # fmt: skip
"""What bodies of this town may well say."""


@pytest.fixture(scope="module")
def on_postgresql(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    migrate(postgres_url)
    database = connect(postgres_url)
    data: Path = tmp_path_factory.mktemp("town")
    with town_on(database, data) as town:
        yield town
    database.dispose()


def test_every_role_is_answered_as_the_description_says(town: Town) -> None:
    put_to_the_test(town, EVERY_ROLE, GenerationMode.POSITIVE, examples=11)


def test_whoever_sends_nonsense_is_told_so_as_the_description_says(town: Town) -> None:
    put_to_the_test(town, EVERY_ROLE, GenerationMode.NEGATIVE, examples=4)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_postgresql_answers_alike(on_postgresql: Town, mode: GenerationMode) -> None:
    put_to_the_test(on_postgresql, (ADMINISTRATOR,), mode, examples=1)


def put_to_the_test(town: Town, people: tuple[Mandate | None, ...], mode: GenerationMode, examples: int) -> None:
    """Each operation so often, by these people in turn; less where a token makes no difference."""
    names = busy(town)
    schema = schemathesis.openapi.from_dict(town.client.get("/api/v1/openapi.json").json())
    seen = 0
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        if operation.label not in ELSEWHERE and (mode is GenerationMode.POSITIVE or takes_anything(operation)):
            seen += 1
            public = "security" not in operation.definition.raw
            turns, often = ((None,), min(2, examples)) if public else (people, examples)
            ask(town, operation.as_strategy(generation_mode=mode), cycle(turns), often, names)
    assert seen > 20


def ask(
    town: Town, cases: st.SearchStrategy[Any], turns: Iterator[Mandate | None], examples: int, names: Names
) -> None:
    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases, chance=st.randoms(use_true_random=False))
    def answered_as_described(case: schemathesis.Case[Any], chance: Any) -> None:
        make_sense(case, chance, names)
        case.headers.clear()
        request = case.as_transport_kwargs(base_url="https://town.example", headers=town.as_(next(turns)))
        sent = {part: request[part] for part in SENT if request.get(part) is not None}
        answer = town.client.request(**sent)
        case.validate_response(answer, checks=CHECKS)

    answered_as_described()


def takes_anything(operation: Any) -> bool:
    """Whether there is anything about it that could be wrong."""
    return bool(operation.query or operation.body)


def make_sense(case: schemathesis.Case[Any], chance: Any, names: Names) -> None:
    """What is asked for mostly exists, and what is said mostly fits the town."""
    for name in case.path_parameters:
        if name in names and chance.random() < 0.8:
            case.path_parameters[name] = chance.choice(names[name])
    if isinstance(case.body, dict) and case.media_type == "application/json":
        case.body = fitting(case.body, chance, {**names, **SENSIBLE})


def fitting(body: dict[str, Any], chance: Any, names: Names) -> dict[str, Any]:
    return {
        name: fitting(value, chance, names)
        if isinstance(value, dict)
        else chance.choice(names[name])
        if name in names and chance.random() < 0.8
        else value
        for name, value in body.items()
    }
