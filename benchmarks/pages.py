"""How long pages take to answer in a city with many cases, on SQLite and on PostgreSQL.

`python -m benchmarks.pages` fills databases of 10,000 and of 1,000,000 cases of the past two years, one in twenty still
open, keeps them for the next time, asks for every page of `PAGES` as those who use it would, and prints p50 and p95 in
milliseconds and by how much p50 grows from the smallest database to the largest. A million cases take 15 GB on SQLite
and as much on PostgreSQL.
"""

import argparse
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from random import Random

from fastapi.testclient import TestClient
from sqlalchemy import ColumnElement, select
from sqlalchemy import Engine as Database

from aanjager.example import example_city
from benchmarks.addresses import PAGES, ROLES, Page, Person, Sample
from benchmarks.filling import filled_postgresql, filled_sqlite, filled_until
from benchmarks.stories import invented_words
from configuration.city_files import read_city
from configuration.places import Places
from configuration.settings import Settings
from domain.case import Case
from domain.city import City
from domain.commands import Submitted
from domain.rulebook import Rulebook
from domain.words import CaseId, Role
from readmodel.accounts import Mandate, add_user, create_token, user_by_email
from readmodel.database import connect, reading, writing
from readmodel.schema import ASSIGNMENTS, CASES
from readmodel.sessions import begin_session
from tests.postgres import Postgres, postgres_server
from web.app import create_app
from web.context import WebContext
from web.engine import Answer, EngineUnavailable
from web.signin.viewer import cookie_name

PEOPLE = 6
"""Of each role, each for a department or neighbourhood of their own."""
BARS = {"sqlite": 200, "postgresql": 100}
"""Milliseconds that p95 should not pass at a million cases."""
POSTGRESQL = ("fsync=off", "shared_buffers=1GB", "max_wal_size=8GB", "max_connections=50", "jit=off")


class Nowhere:
    """An engine that nobody asks for anything."""

    async def start(self, case: Case, rules: Rulebook) -> None:
        raise EngineUnavailable("not here")

    async def submit(self, case_id: CaseId, submitted: Submitted) -> Answer:
        raise EngineUnavailable("not here")

    async def reachable(self) -> bool:
        return False


def time_pages(database: Database, pages: Sequence[Page], requests: int) -> dict[str, list[float]]:
    """Milliseconds of each request, by page; one that warms up is left out."""
    now, city = filled_until(database), read_city(example_city(), filled_until(database).date())
    places = Places.read(example_city() / "neighbourhoods.geojson")
    with tempfile.TemporaryDirectory() as folder:
        context = WebContext(
            database, city, places, Settings(data=Path(folder), public_rate=10**9), Nowhere(), now=lambda: now
        )
        people = _people(context, now)
        sample = _sample(database, city, now, people)
        found: dict[str, list[float]] = {}
        with TestClient(create_app(context), raise_server_exceptions=False, follow_redirects=False) as client:
            for page in pages:
                found[page.name] = _time(client, sample, page, people[page.role], requests)
    return found


def _time(client: TestClient, sample: Sample, page: Page, people: Sequence[Person], requests: int) -> list[float]:
    """Nothing where the page fails, which is said."""
    found: list[float] = []
    for _ in range(requests + 1):
        who = sample.rng.choice(people)
        path = page.path(sample, who)
        began = time.perf_counter()
        answer = client.get(path, headers=who.headers)
        found.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200:
            print(f"{path} answers {answer.status_code} to {who.mandate.role}", file=sys.stderr)
            return []
    return found[1:]


def _people(context: WebContext, now: datetime) -> dict[Role, list[Person]]:
    rng, city = Random(1), context.city
    departments, neighbourhoods = list(city.departments), list(city.neighbourhoods)
    people: dict[Role, list[Person]] = {}
    with writing(context.database) as session:
        for role in ROLES:
            for n in range(PEOPLE):
                of_department = role in (Role.DEPARTMENT_HEAD, Role.DEPARTMENT)
                mandate = Mandate(
                    role,
                    rng.choice(departments) if of_department else None,
                    (rng.choice(neighbourhoods),) if role is Role.NEIGHBOURHOOD_MANAGER else (),
                )
                email = f"{role}-{n}@benchmark.example"
                user = user_by_email(session, email) or add_user(session, email, email, mandate, None, now)
                secret = begin_session(session, user, now)
                headers = {
                    "Authorization": f"Bearer {create_token(session, user.mandate, now)}",
                    "Cookie": f"{cookie_name(context)}={secret}",
                }
                people.setdefault(role, []).append(Person(user.mandate, headers))
    return people


def _sample(database: Database, city: City, now: datetime, people: dict[Role, list[Person]]) -> Sample:
    with reading(database) as session:

        def ids(*conditions: ColumnElement[bool]) -> list[str]:
            query = select(CASES.c.case_id).where(*conditions).order_by(CASES.c.case_id.desc()).limit(2000)
            return list(session.scalars(query))

        found = {"open": ids(CASES.c.closed_at.is_(None)), "all": ids()}
        for person in (p for some in people.values() for p in some):
            for place in person.mandate.neighbourhoods:
                found[place] = ids(CASES.c.neighbourhood == place)
            if person.mandate.department is not None:
                theirs = select(ASSIGNMENTS.c.case_id).where(ASSIGNMENTS.c.department == person.mandate.department)
                found[person.mandate.department] = list(session.scalars(theirs.limit(2000)))
    return Sample(Random(2), city, now, found, invented_words(Random(1), 20_000))


def _tell(measured: dict[tuple[str, int], dict[str, list[float]]], pages: Sequence[Page]) -> None:
    columns = list(measured)
    width = max(len(page.name) for page in pages) + 2
    print(" " * width + "".join(f"{f'{kind} {cases:,}':>24}" for kind, cases in columns))
    print(" " * width + "".join(f"{'p50':>13}{'p95':>7}{'':>4}" for _ in columns) + "   growth of p50")
    for page in pages:
        cells, grown = "", ""
        for kind, cases in columns:
            times = measured[kind, cases][page.name]
            cells += _cell(times, BARS[kind]) if times else f"{'fails':>20}    "
        for kind in dict.fromkeys(kind for kind, _ in columns):
            sizes = sorted(cases for k, cases in columns if k == kind)
            small, large = (measured[kind, size][page.name] for size in (sizes[0], sizes[-1]))
            grown += f"{statistics.median(large) / statistics.median(small):7.1f}" if small and large else f"{'':7}"
        print(f"{page.name:{width}}{cells}{grown:>14}")
    print(f"bars at a million cases, p95: {BARS} ms")


def _cell(times: Sequence[float], bar: float) -> str:
    p95 = statistics.quantiles(times, n=20)[-1]
    return f"{statistics.median(times):13.1f}{p95:7.1f}{' !' if p95 > bar else '':4}"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser("python -m benchmarks.pages", description=__doc__)
    parser.add_argument("--cases", type=int, nargs="+", default=[10_000, 1_000_000], help="sizes of the city")
    parser.add_argument("--on", nargs="+", choices=list(BARS), default=list(BARS), help="kinds of database")
    parser.add_argument("--requests", type=int, default=40, help="of each page")
    parser.add_argument("--only", default="", help="pages whose name matches this expression")
    parser.add_argument(
        "--keep", type=Path, default=Path(tempfile.gettempdir(), "aanjager-benchmark"), help="where the databases stay"
    )
    asked = parser.parse_args(arguments)
    pages = [page for page in PAGES if re.search(asked.only, page.name)]
    measured = {}
    with ExitStack() as stack:
        postgres: Postgres | None = None
        if "postgresql" in asked.on:
            asked.keep.mkdir(mode=0o755, parents=True, exist_ok=True)
            postgres = stack.enter_context(postgres_server(asked.keep / "postgresql", POSTGRESQL))
        for kind in asked.on:
            for cases in asked.cases:
                file = filled_sqlite(asked.keep, cases)
                url = f"sqlite:///{file}"
                if kind == "postgresql" and postgres is not None:
                    url = filled_postgresql(postgres, file, cases)
                engine = connect(url)
                measured[kind, cases] = time_pages(engine, pages, asked.requests)
                engine.dispose()
    _tell(measured, pages)


if __name__ == "__main__":
    main()
