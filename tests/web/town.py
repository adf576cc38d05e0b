"""The town behind the web in tests: its clock, its engine in the same process, and people with tokens."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import shapely
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import Engine as Database

from configuration.places import Places
from configuration.settings import Settings
from domain.case import Case
from domain.city import City
from domain.commands import Submitted
from domain.decide import decide, pass_time
from domain.durations import Elapsed
from domain.initiatives.commands import Adopt
from domain.policy import TieredPolicy
from domain.refusal import Refused
from domain.rulebook import Rulebook
from domain.time_rules import next_due
from domain.words import CaseId
from readmodel.accounts import Mandate, add_user, create_token, user_by_email
from readmodel.case_detail import case_state
from readmodel.database import reading, writing
from readmodel.ledger import Wish, year_of
from readmodel.recording import record
from readmodel.sessions import begin_session
from readmodel.setting_aside import set_aside
from tests.readmodel.town import CITY as PLAIN_CITY
from tests.readmodel.town import DORP, HEIDE, LAMP, MORNING, POLICY
from web.app import create_app
from web.context import WebContext
from web.engine import Answer, EngineUnavailable, NotRunning
from web.signin.viewer import cookie_name, csrf_of

URGENT = replace(POLICY, id="urgent", respond_within=Elapsed(3600), resolve_within=Elapsed(86400))
CITY = replace(
    PLAIN_CITY,
    policies={**PLAIN_CITY.policies, "urgent": TieredPolicy(URGENT, URGENT)},
    services={
        code: replace(service, urgent_policy="urgent") if code == LAMP else service
        for code, service in PLAIN_CITY.services.items()
    },
)
PLACES = Places({HEIDE: shapely.box(5.0, 50.0, 5.5, 51.0), DORP: shapely.box(5.5, 50.0, 6.0, 51.0)})

OFTEN = 100_000
"""Reports a minute: tests come from one address."""

IN_HEIDE = {"lat": 50.5, "lon": 5.2}
IN_DORP = {"lat": 50.5, "lon": 5.8}
REPORT = {"kind": "issue", "service": "lamp", "description": "The lamp at number 7 is dark", "location": IN_HEIDE}
DESCRIBED = {**REPORT, "reporter": {"name": "An Peeters", "email": "an@example.org", "language": "en"}}


class Clock:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.now = MORNING

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class EngineInProcess:
    """Cases as the workflows run them: the same rules, the same recording, without Temporal."""

    database: Database
    clock: Clock
    city: City = CITY
    down: bool = False
    started: set[CaseId] = field(default_factory=set)
    answers: dict[tuple[CaseId, str], Answer] = field(default_factory=dict)

    async def start(self, case: Case, rules: Rulebook) -> None:
        if self.down:
            raise EngineUnavailable("down")
        self.started.add(case.case_id)

    async def submit(self, case_id: CaseId, submitted: Submitted) -> Answer:
        if self.down:
            raise EngineUnavailable("down")
        known = self.answers.get((case_id, submitted.command_id))
        case, rules = self._state(case_id)
        if case_id not in self.started or (case.closed and case.merge is None):
            raise NotRunning(case_id)
        if known is not None:
            return known
        events = decide(rules, case, submitted, self.clock())
        if isinstance(submitted.command, Adopt) and case.offer is not None:
            year = year_of(self.city.timezone, self.clock())
            wish = Wish(case_id, case.offer.id, case.neighbourhood, year, case.offer.amount, submitted.command_id)
            with writing(self.database) as session:
                granted = set_aside(session, self.city, wish, self.clock())
            if not granted:
                raise Refused("The neighbourhood's budget has not enough left for this.", rule="budget")
        with writing(self.database) as session:
            case = record(session, self.city, case_id, events)
        self.answers[case_id, submitted.command_id] = Answer(case_id, case.version, case.stage)
        return self.answers[case_id, submitted.command_id]

    async def reachable(self) -> bool:
        return not self.down

    def let_time_pass(self, case_id: CaseId) -> Case:
        """What was due until now happens."""
        case, rules = self._state(case_id)
        now = case.opened_at
        while (due := next_due(rules, case, now)) is not None and due <= self.clock():
            now = max(now, due)
            with writing(self.database) as session:
                case = record(session, self.city, case_id, pass_time(rules, case, now))
        return case

    def _state(self, case_id: CaseId) -> tuple[Case, Rulebook]:
        with reading(self.database) as session:
            state = case_state(session, case_id)
        assert state is not None
        return state


@dataclass
class Town:
    """The web of a town, and what tests hold of it."""

    context: WebContext
    engine: EngineInProcess
    clock: Clock
    client: TestClient
    tokens: dict[Mandate, str] = field(default_factory=dict)

    def forget(self) -> None:
        """Begins anew, on the morning of the same day."""
        self.clock.now = MORNING
        self.engine.down = False
        self.engine.started.clear()
        self.engine.answers.clear()
        self.tokens.clear()
        self.client.cookies.clear()

    def token(self, mandate: Mandate) -> str:
        if mandate not in self.tokens:
            with writing(self.context.database) as session:
                self.tokens[mandate] = create_token(session, mandate, self.clock())
        return self.tokens[mandate]

    def sign_in(self, mandate: Mandate) -> None:
        """The client's browser is signed in from here on, as a person with this mandate."""
        with writing(self.context.database) as session:
            email = f"{mandate.role.value}-{mandate.department}-{'-'.join(mandate.neighbourhoods)}@town.example"
            user = user_by_email(session, email) or add_user(session, email, "Kim", mandate, None, self.clock())
            secret = begin_session(session, user, self.clock())
        self.client.cookies.set(cookie_name(self.context), secret, domain="town.example")

    def csrf(self) -> str:
        """What the forms of the signed-in browser carry."""
        secret = self.client.cookies[cookie_name(self.context)]
        return csrf_of(self.context, hashlib.sha256(secret.encode()).hexdigest())

    def as_(self, mandate: Mandate | None) -> dict[str, str]:
        return {} if mandate is None else {"Authorization": f"Bearer {self.token(mandate)}"}

    def get(self, path: str, by: Mandate | None = None, **params: Any) -> Response:
        return self.client.get(f"/api/v1{path}", params=params, headers=self.as_(by))

    def post(
        self, path: str, body: Any, by: Mandate | None = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        return self.client.post(f"/api/v1{path}", json=body, headers={**self.as_(by), **(headers or {})})

    def report(self, **changes: Any) -> dict[str, Any]:
        """A new case, as its reporter gets to know it."""
        answer = self.post("/cases", {**DESCRIBED, **changes})
        assert answer.status_code == 201, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def command(self, case_id: str, by: Mandate | None, command: str, /, **fields: Any) -> Response:
        return self.post(f"/cases/{case_id}/commands", {"command": command, **fields}, by)

    def does(self, case_id: str, by: Mandate, command: str, /, **fields: Any) -> dict[str, Any]:
        """A command that must be followed."""
        answer = self.command(case_id, by, command, **fields)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def case(self, case_id: str, by: Mandate) -> dict[str, Any]:
        answer = self.get(f"/cases/{case_id}", by)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told


@contextmanager
def town_on(database: Database, data: Path) -> Iterator[Town]:
    """Its web on this database."""
    clock = Clock()
    engine = EngineInProcess(database, clock)
    settings = Settings(data=data, public_url="https://town.example", public_rate=OFTEN)
    context = WebContext(database, CITY, PLACES, settings, engine, now=clock)
    app = create_app(context)
    with TestClient(app, "https://town.example", raise_server_exceptions=False, follow_redirects=False) as client:
        yield Town(context, engine, clock, client)


def problem(answer: Response, status: int, code: str) -> dict[str, Any]:
    """The problem detail that the answer must be."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert set(body) == {"type", "title", "status", "detail", "code", "errors"}
    assert (body["status"], body["code"]) == (status, code), body
    assert body["title"] and body["detail"]
    return body


def fields(body: Mapping[str, Any]) -> list[str]:
    return [error["field"] for error in body["errors"]]
