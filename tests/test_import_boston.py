"""A quarter of Boston's real requests, brought in: the city's figures are those that the file itself gives."""

import csv
import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
import shapely
from sqlalchemy import Engine, func, select

from aanjager.importing import import_file, rejected_path
from aanjager.mapping import read_mapping
from aanjager.taking import Imported
from configuration.city_files import read_city
from configuration.places import Places
from domain.buckets import Bucket
from readmodel.database import connect, reading
from readmodel.intake import waiting
from readmodel.migrate import migrate
from readmodel.schema import CASES, EVENT_LOG, LETTERS, NOTES
from readmodel.tallies import GroupBy
from readmodel.throughput import throughput
from tests.boston import AREAS, CITY_HALL, DEPARTMENTS, NEIGHBOURHOODS, REQUESTS, needs_boston, requests, slugged
from tests.boston import write_city as write_boston
from tests.boston import write_mapping as write_boston_mapping

pytestmark = needs_boston

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
FIRST, LAST = date(2011, 7, 1), date(2019, 6, 30)
NEW_YORK = ZoneInfo("America/New_York")
ROOT = Path(__file__).parent.parent
WHOLE = "AANJAGER_WHOLE_QUARTER" in os.environ
"""Whether all 31,828 requests are brought in, which takes a minute, or every twentieth."""


def brought() -> list[dict[str, str]]:
    """The requests that the figures are of."""
    return requests()[:: 1 if WHOLE else 20]


class Installation:
    """Boston with an empty database, and a file to bring in."""

    def __init__(self, boston: Path, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.boston = boston
        self.file = folder / "requests.csv"
        self.url = f"sqlite:///{folder / 'aanjager.db'}"
        migrate(self.url)
        self.engine = connect(self.url)

    def imports(self, *, open_only: bool = False) -> Imported:
        city = read_city(self.boston, NOW.date())
        places = Places.read(self.boston / "neighbourhoods.geojson")
        mapping = read_mapping(self.boston / "mapping.toml", city)
        return import_file(self.engine, city, places, self.file, mapping, now=NOW, open_only=open_only)

    def cases(self) -> int:
        return number(self.engine)


def number(engine: Engine) -> int:
    with reading(engine) as session:
        return session.execute(select(func.count()).select_from(CASES)).scalar_one()


@pytest.fixture(scope="module")
def boston(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_boston(tmp_path_factory.mktemp("boston"))
    write_boston_mapping(folder / "mapping.toml")
    return folder


@pytest.fixture(scope="module")
def quarter(boston: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The quarter, or every twentieth request of it, brought in twice."""
    installation = Installation(boston, tmp_path_factory.mktemp("quarter"))
    rows = brought()
    write(installation.file, list(rows[0]), [list(row.values()) for row in rows])
    live = sum(not row["closed_dt"] for row in rows)
    assert installation.imports() == Imported(rows=len(rows), live=live, finished=len(rows) - live)
    assert installation.imports() == Imported(rows=len(rows), present=len(rows))
    yield installation
    installation.engine.dispose()


@pytest.fixture
def small(boston: Path, tmp_path: Path) -> Iterator[Installation]:
    installation = Installation(boston, tmp_path)
    yield installation
    installation.engine.dispose()


class Request(NamedTuple):
    """A row of the file, by means other than the program's."""

    opened: datetime
    closed: datetime | None
    due: datetime | None
    groups: dict[GroupBy, str]


def local(text: str) -> datetime | None:
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=NEW_YORK) if text else None


@pytest.fixture(scope="module")
def told() -> list[Request]:
    rows = brought()
    lons, lats = [float(row["longitude"]) for row in rows], [float(row["latitude"]) for row in rows]
    areas = {
        slugged(feature["properties"]["name"]): shapely.from_geojson(json.dumps(feature["geometry"]))
        for feature in json.loads(AREAS.read_text(encoding="utf-8"))["features"]
    }
    inside = {}
    for id, area in sorted(areas.items()):
        shapely.prepare(area)
        inside[id] = shapely.intersects_xy(area, lons, lats)
    found = []
    for place, row in enumerate(rows):
        there = [id for id in inside if inside[id][place]]
        if (lats[place], lons[place]) == CITY_HALL or not there:
            named = row["neighborhood"].strip()
            there = [NEIGHBOURHOODS.get(named, slugged(named))]
        opened = local(row["open_dt"])
        assert opened is not None
        groups = {
            GroupBy.DEPARTMENT: DEPARTMENTS[row["department"]],
            GroupBy.NEIGHBOURHOOD: there[0],
            GroupBy.SERVICE: slugged(row["type"]),
        }
        found.append(Request(opened, local(row["closed_dt"]), local(row["target_dt"]), groups))
    return found


def month(moment: datetime) -> date:
    return moment.date().replace(day=1)


def elapsed_days(one: datetime, other: datetime) -> float:
    return (other.astimezone(UTC) - one.astimezone(UTC)).total_seconds() / 86_400


@needs_boston
@pytest.mark.slow
@pytest.mark.parametrize("group_by", [GroupBy.DEPARTMENT, GroupBy.NEIGHBOURHOOD, GroupBy.SERVICE])
def test_the_figures_are_those_of_the_file(quarter: Installation, told: list[Request], group_by: GroupBy) -> None:
    opened: dict[tuple[date, str], int] = defaultdict(int)
    closed: dict[tuple[date, str], list[float]] = defaultdict(list)
    kept: dict[tuple[date, str], list[bool]] = defaultdict(list)
    for request in told:
        group = request.groups[group_by]
        opened[month(request.opened), group] += 1
        if request.closed is not None:
            closed[month(request.closed), group].append(elapsed_days(request.opened, request.closed))
            if request.due is not None:
                kept[month(request.closed), group].append(request.closed <= request.due)
    with reading(quarter.engine) as session:
        items = throughput(session, FIRST, LAST, Bucket.MONTH, group_by)
    groups = {request.groups[group_by] for request in told}
    assert len(items) == 96 * len(groups)
    open_cases: dict[str, int] = defaultdict(int)
    for item in items:
        key, figures = (item.bucket, item.group), item.figures
        open_cases[item.group] += opened[key] - len(closed[key])
        days = closed[key]
        assert (figures.opened, figures.closed) == (opened[key], len(days)), key
        assert figures.open_at_end == open_cases[item.group], key
        assert figures.median_days_to_close == (pytest.approx(median(days)) if days else None), key
        p90 = quantiles(days, n=10, method="inclusive")[-1] if len(days) > 1 else days[0] if days else None
        assert figures.p90_days_to_close == (pytest.approx(p90) if days else None), key
        in_time = sum(kept[key]) / len(kept[key]) if kept[key] else None
        assert figures.resolved_in_time == (pytest.approx(in_time) if kept[key] else None), key
        assert figures.solved_first_time == (1.0 if days else None), key
        assert figures.median_hours_to_respond is None
        assert figures.responded_in_time is None
        assert figures.satisfaction is None
        assert (figures.escalations, figures.transfers, figures.reopened, figures.feedback_count) == (0, 0, 0, 0)
    assert sum(open_cases.values()) == sum(request.closed is None for request in told)


@pytest.mark.slow
def test_open_rows_wait_for_the_engine_and_closed_ones_are_history(quarter: Installation) -> None:
    with reading(quarter.engine) as session:
        rows = brought()
        live = waiting(session, len(rows))
        assert len(live) == sum(not row["closed_dt"] for row in rows)
        assert all(case.imported and not case.case.closed for case in live)
        assert all(a.respond_by is not None and a.respond_by > NOW for w in live for a in w.case.assignments)
        assert all(w.case.promised_by is not None and w.case.promised_by > NOW for w in live)
        assert session.execute(select(func.count()).select_from(LETTERS)).scalar_one() == 0
        positions = session.execute(select(func.count(), func.max(EVENT_LOG.c.position))).one()
        assert positions[0] == positions[1]
        resolutions = sum(bool(row["closure_reason"].strip()) for row in rows if row["closed_dt"])
        assert session.execute(select(func.count()).select_from(NOTES)).scalar_one() == resolutions
        numbers = session.scalars(select(CASES.c.number).order_by(CASES.c.number)).all()
    assert numbers == [f"2011-{n:06d}" for n in range(1, len(rows) + 1)]


def sample(size: int) -> tuple[list[str], list[list[str]]]:
    with REQUESTS.open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        header = next(lines)
        return header, [row for row, _ in zip(lines, range(size), strict=False)]


def write(path: Path, header: list[str], rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", errors="surrogateescape", newline="") as file:
        csv.writer(file).writerows([header, *rows])


KILLED = """
import os, signal, sys
from sqlalchemy import event
from tests.test_import_boston import Installation
from pathlib import Path

installation = Installation(Path(sys.argv[1]), Path(sys.argv[2]))
left = int(sys.argv[3])

@event.listens_for(installation.engine, "before_cursor_execute")
def count(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

installation.imports()
"""


@pytest.mark.slow
@pytest.mark.parametrize("statements", [25, 47, 68], ids=["early", "later", "while settling"])
def test_an_import_that_is_killed_completes_when_it_is_repeated(boston: Path, tmp_path: Path, statements: int) -> None:
    header, rows = sample(2000)
    installation = Installation(boston, tmp_path)
    write(installation.file, header, rows)
    arguments = [str(boston), str(tmp_path), str(statements)]
    killed = subprocess.run([sys.executable, "-c", KILLED, *arguments], cwd=ROOT, check=False)
    assert killed.returncode == -9
    taken = installation.cases()
    assert 0 < taken <= len(rows)
    again = installation.imports()
    assert (again.present, again.live + again.finished) == (taken, len(rows) - taken)
    assert installation.cases() == len(rows)
    with reading(installation.engine) as session:
        items = throughput(session, FIRST, LAST, Bucket.MONTH, GroupBy.DEPARTMENT)
    assert sum(item.figures.opened for item in items) == len(rows)
    installation.engine.dispose()


def test_only_open_rows_come_in_when_only_those_are_asked_for(small: Installation) -> None:
    header, rows = sample(1500)
    write(small.file, header, rows)
    live = sum(not row[header.index("closed_dt")] for row in rows)
    assert small.imports(open_only=True) == Imported(rows=1500, live=live, skipped=1500 - live)
    assert small.imports() == Imported(rows=1500, present=live, finished=1500 - live)


def test_a_row_that_was_open_and_is_closed_now_is_left_to_the_engine(small: Installation) -> None:
    header, rows = sample(10)
    closed = header.index("closed_dt")
    write(small.file, header, [[*row[:closed], "", *row[closed + 1 :]] for row in rows])
    assert small.imports() == Imported(rows=10, live=10)
    write(small.file, header, rows)
    assert small.imports() == Imported(rows=10, present=10)


def test_rows_that_cannot_be_taken_are_put_aside_as_they_were_with_the_reason(small: Installation) -> None:
    header, rows = sample(12)

    def with_field(row: list[str], **fields: str) -> list[str]:
        return [fields.get(name, value) for name, value in zip(header, row, strict=True)]

    nowhere = {"latitude": str(CITY_HALL[0]), "longitude": str(CITY_HALL[1]), "neighborhood": "Atlantis"}
    damaged = {
        "is not a time": with_field(rows[1], open_dt="01/07/2011"),
        "open_dt": with_field(rows[2], open_dt=""),
        "closed before": with_field(rows[3], closed_dt="2011-06-01 00:00:00"),
        "no service": with_field(rows[4], type="Lost Unicorn"),
        "Atlantis": with_field(rows[5], **nowhere),
        "case_enquiry_id": with_field(rows[6], case_enquiry_id=" "),
        "more than once": with_field(rows[7], case_enquiry_id=rows[0][0]),
        "has 28 fields": rows[8][:-1],
        "UTF-8": with_field(rows[9], location="Caf\udce9"),
        "future": with_field(rows[10], closed_dt="2031-06-01 00:00:00"),
        "no department": with_field(rows[11], department="XYZ"),
    }
    write(small.file, header, [rows[0], *damaged.values()])
    result = small.imports()
    assert (result.rows, result.live + result.finished, result.rejected) == (12, 1, 11)
    assert result.rejected_file == rejected_path(small.file)
    with result.rejected_file.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        aside_header, *aside = csv.reader(file)
    assert aside_header == [*header, "reason"]
    for (part, row), (*kept, reason) in zip(damaged.items(), aside, strict=True):
        assert kept[: len(row)] == row
        assert part in reason
    write(small.file, header, rows)
    assert small.imports() == Imported(rows=12, live=result.live, present=1, finished=11 - result.live)
    assert not rejected_path(small.file).exists()
