"""A city's pages on a port of their own, with the rules in the same process and a clock that stands still."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from playwright.sync_api import Browser, BrowserContext
from sqlalchemy import Engine as Database
from sqlalchemy import func, select

from aanjager.installation import Installation
from aanjager.temporal_server import free_port
from domain.words import CaseId, DepartmentId, NeighbourhoodId, Role
from readmodel.accounts import Mandate, User, add_user, user_by_email
from readmodel.database import reading, writing
from readmodel.schema import ASSIGNMENTS, CASES
from readmodel.sessions import begin_session
from tests.web.town import Clock, EngineInProcess
from web.app import create_app
from web.context import WebContext
from web.server import Server
from web.signin.viewer import cookie_name

NAMES = {
    Role.WARDEN: "Tom Geerts",
    Role.DEPARTMENT: "Sofie Claes",
    Role.DEPARTMENT_HEAD: "Marc Vandeput",
    Role.NEIGHBOURHOOD_MANAGER: "Leyla Yilmaz",
    Role.PARTNER: "Jan Hendrix",
    Role.LEADERSHIP: "An Wouters",
    Role.ADMINISTRATOR: "Koen Maes",
}
"""Of those who are signed in."""


@dataclass(frozen=True)
class Served:
    """A city's pages at an address."""

    address: str
    context: WebContext
    engine: EngineInProcess

    @property
    def database(self) -> Database:
        return self.context.database

    def mandate(self, role: Role) -> Mandate:
        """For a role the mandate with the most to do."""
        if role in (Role.DEPARTMENT, Role.DEPARTMENT_HEAD):
            return Mandate(role, self.busiest_department())
        if role is Role.PARTNER:
            return Mandate(role, next(d.id for d in self.context.city.departments.values() if d.partner))
        if role is Role.NEIGHBOURHOOD_MANAGER:
            return Mandate(role, None, self.managed())
        if role is Role.WARDEN:
            return Mandate(role, None, (self.busiest_neighbourhood(),))
        return Mandate(role)

    def managed(self) -> tuple[NeighbourhoodId, ...]:
        """The neighbourhoods of the manager."""
        return tuple(sorted(self.context.city.neighbourhoods))[:20]

    def busiest_department(self) -> DepartmentId:
        return DepartmentId(self._most(ASSIGNMENTS.c.department, ASSIGNMENTS.c.state.in_(["assigned", "in_progress"])))

    def busiest_neighbourhood(self) -> NeighbourhoodId:
        return NeighbourhoodId(self._most(CASES.c.neighbourhood, CASES.c.closed_at.is_(None)))

    def open_case(self) -> CaseId:
        """One that the busiest department has yet to answer, escalated if there is such a one."""
        department = self.busiest_department()
        with reading(self.database) as session:
            query = (
                select(ASSIGNMENTS.c.case_id)
                .join(CASES, CASES.c.case_id == ASSIGNMENTS.c.case_id)
                .where(ASSIGNMENTS.c.department == department, ASSIGNMENTS.c.state == "assigned")
                .where(CASES.c.closed_at.is_(None))
                .order_by(CASES.c.escalation_level.desc(), CASES.c.case_id)
            )
            return CaseId(session.execute(query).scalars().first() or "")

    def user(self, role: Role) -> User:
        mandate = self.mandate(role)
        email = f"{role.value}@genk.example"
        with writing(self.database) as session:
            found = user_by_email(session, email)
            return found or add_user(session, email, NAMES[role], mandate, None, self.context.now(), "nl")

    def visitor(self, browser: Browser, role: Role | None = None, **options: object) -> BrowserContext:
        """A browser of someone's own, signed in if they have a role."""
        visitor = browser.new_context(base_url=self.address, locale="nl-BE", timezone_id="Europe/Brussels", **options)  # type: ignore[arg-type]
        visitor.set_default_timeout(15_000)
        if role is not None:
            user = self.user(role)
            with writing(self.database) as session:
                secret = begin_session(session, user, self.context.now())
            visitor.add_cookies([{"name": cookie_name(self.context), "value": secret, "url": self.address}])
        return visitor

    def _most(self, column: object, condition: object) -> str:
        with reading(self.database) as session:
            query = select(column).where(condition).group_by(column).order_by(func.count().desc(), column)  # type: ignore[call-overload]
            return str(session.execute(query).scalars().first())


@contextmanager
def served(here: Installation, now: datetime) -> Iterator[Served]:
    """Serves until the block is left."""
    clock = Clock()
    clock.now = now
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    settings = here.settings.model_copy(update={"public_url": address, "public_rate": 100_000})
    engine = EngineInProcess(here.engine, clock, city=here.city)
    shown = settings.demonstration
    context = WebContext(here.engine, here.city, here.places, settings, engine, now=clock, demonstration=shown)
    server = Server(create_app(context), "127.0.0.1", port)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        while not server.started:
            thread.join(0.02)
            assert thread.is_alive(), "the server did not start"
        yield Served(address, context, engine)
    finally:
        server.stop()
        thread.join(20)
