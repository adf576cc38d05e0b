"""What a mapping and a file from elsewhere may be like, and what becomes of them."""

import csv
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from aanjager.importing import ImportFailed, import_file, rejected_path
from aanjager.mapping import MappingMistakes, read_mapping
from aanjager.taking import Imported
from configuration.city_files import read_city
from configuration.places import Places
from domain.case import Case
from domain.words import NeighbourhoodId
from readmodel.codec import case_from_json
from readmodel.database import connect, reading
from readmodel.migrate import migrate
from readmodel.schema import CASES, EVENT_LOG, REPORTS
from tests.readmodel.conftest import empty

GENK = Path(__file__).parent.parent / "deploy" / "cities" / "genk"
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
CITY = read_city(GENK, NOW.date())
PLACES = Places.read(GENK / "neighbourhoods.geojson")
BOKRIJK = PLACES.centre(NeighbourhoodId("bokrijk"))

MAPPING = """\
source = "old"
[columns]
source_ref = "id"
opened_at = "opened"
service = "what"
"""
WHOLE = f"""\
source = "old"
kind = "issue"
timezone = "Europe/Brussels"
time_format = "%d/%m/%Y %H:%M"
terms = "from_opening"
bad_points = [[{BOKRIJK[0]}, {BOKRIJK[1]}]]
[columns]
source_ref = "id"
opened_at = "opened"
closed_at = "closed"
due_at = "due"
service = "what"
department = "who"
neighbourhood = "where"
lat = "lat"
lon = "lon"
address = "address"
description = "text"
resolution = "answer"
[services]
"Lamp kapot" = "street-light"
[departments]
"Dienst Groen" = "green"
[neighbourhoods]
"Winterslag" = "winterslag-1"
"""
Import = Callable[..., Imported]


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    migrate(database_url)
    engine = connect(database_url)
    empty(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def imports(engine: Engine, tmp_path: Path) -> Import:
    def run(mapping: str, content: str | bytes) -> Imported:
        path, file = tmp_path / "map.toml", tmp_path / "old.csv"
        path.write_text(mapping, encoding="utf-8")
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return import_file(engine, CITY, PLACES, file, read_mapping(path, CITY), now=NOW, map_file=path.name)

    return run


def only_case(engine: Engine) -> Case:
    with reading(engine) as session:
        return case_from_json(session.execute(select(CASES.c.state)).scalar_one())


def reasons(tmp_path: Path) -> list[str]:
    with rejected_path(tmp_path / "old.csv").open(encoding="utf-8", newline="") as file:
        return [row[-1] for row in list(csv.reader(file))[1:]]


def whole(**fields: str) -> str:
    row = {
        "id": "1", "opened": "01/02/2026 10:00", "closed": "", "due": "", "what": "Lamp kapot", "who": "", "where": "",
        "lat": "", "lon": "", "address": "", "text": "", "answer": "",
    } | fields  # fmt: skip
    return ",".join(row) + "\n" + ",".join(f'"{value}"' for value in row.values()) + "\n"


def test_the_least_that_a_mapping_says(imports: Import, engine: Engine) -> None:
    mapping = MAPPING + 'neighbourhood = "place"\n'
    content = "id,opened,what,place\n7,2026-02-01T10:00:00+01:00,Street light,Winterslag 1\n"
    assert imports(mapping, content) == Imported(rows=1, live=1)
    case = only_case(engine)
    assert case.opened_at == datetime(2026, 2, 1, 9, tzinfo=UTC)
    assert (case.neighbourhood, [a.department for a in case.assignments]) == ("winterslag-1", ["roads"])
    assert case.assignments[0].respond_by is not None
    assert case.assignments[0].respond_by > NOW
    with reading(engine) as session:
        assert session.execute(select(REPORTS.c.description)).scalar_one() == "Street light"


def test_terms_may_run_from_the_opening(imports: Import, engine: Engine) -> None:
    assert imports(WHOLE, whole(where="Winterslag", who="Dienst Groen")).live == 1
    [assignment] = only_case(engine).assignments
    assert assignment.department == "green"
    assert assignment.respond_by is not None
    assert assignment.respond_by < NOW


def test_a_department_that_is_not_named_follows_from_the_city_s_routing(imports: Import, engine: Engine) -> None:
    imports(WHOLE, whole(where="bokrijk"))
    assert [a.department for a in only_case(engine).assignments] == ["green"]


def test_a_point_goes_before_the_neighbourhood_unless_it_means_unknown_or_lies_outside(
    imports: Import, engine: Engine
) -> None:
    lat, lon = PLACES.centre(NeighbourhoodId("bret"))
    imports(WHOLE, whole(where="Winterslag", lat=str(lat), lon=str(lon)))
    imports(WHOLE, whole(id="2", where="Winterslag", lat=str(BOKRIJK[0]), lon=str(BOKRIJK[1])))
    imports(WHOLE, whole(id="3", where="Winterslag", lat="0", lon="0"))
    imports(WHOLE, whole(id="4", where="Winterslag", lat="nan", lon="x"))
    with reading(engine) as session:
        rows = session.execute(select(CASES.c.neighbourhood, CASES.c.lat).order_by(CASES.c.source_ref)).all()
    assert rows == [("bret", lat), *[("winterslag-1", None)] * 3]


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("25/10/2025 02:30", datetime(2025, 10, 25, 0, 30, tzinfo=UTC)),
        ("26/10/2025 02:30", datetime(2025, 10, 26, 0, 30, tzinfo=UTC)),
        ("30/03/2025 02:30", datetime(2025, 3, 30, 1, 30, tzinfo=UTC)),
    ],
    ids=["an ordinary time", "a time that comes twice is the first", "a time that is skipped moves forward"],
)
def test_local_times_when_clocks_change(imports: Import, engine: Engine, told: str, meant: datetime) -> None:
    imports(WHOLE, whole(opened=told, where="Winterslag"))
    assert only_case(engine).opened_at == meant


def test_a_byte_order_mark_and_quoted_line_breaks_are_no_trouble(imports: Import, engine: Engine) -> None:
    content = b"\xef\xbb\xbf" + whole(where="Winterslag", text="one\ntwo").encode()
    assert imports(WHOLE, content) == Imported(rows=1, live=1)
    with reading(engine) as session:
        assert session.execute(select(REPORTS.c.description)).scalar_one() == "one\ntwo"


def test_a_row_without_a_place_is_put_aside_unless_the_mapping_says_where_that_is(
    imports: Import, tmp_path: Path
) -> None:
    assert imports(WHOLE, whole()).rejected == 1
    assert reasons(tmp_path) == ["it has no point within the city and no neighbourhood"]
    assert imports(WHOLE + '"" = "bret"\n', whole()) == Imported(rows=1, live=1)


def test_a_file_of_rejected_rows_can_be_mended_and_brought_in(imports: Import, tmp_path: Path) -> None:
    imports(WHOLE, whole(where="Winterslag", opened="yesterday"))
    aside = rejected_path(tmp_path / "old.csv").read_text(encoding="utf-8")
    assert imports(WHOLE, aside.replace("yesterday", "01/02/2026 10:00", 1)) == Imported(rows=1, live=1)


def test_two_imports_of_one_file_at_the_same_time_double_nothing(engine: Engine, tmp_path: Path) -> None:
    mapping, file = tmp_path / "map.toml", tmp_path / "old.csv"
    mapping.write_text(WHOLE, encoding="utf-8")
    header = whole().splitlines()[0]
    rows = [whole(id=str(n), where="Winterslag").splitlines()[1] for n in range(1200)]
    file.write_text("\n".join([header, *rows]), encoding="utf-8")

    def run(_: int) -> Imported:
        return import_file(engine, CITY, PLACES, file, read_mapping(mapping, CITY), now=NOW)

    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(run, range(3)))
    assert sum(result.live for result in done) == 1200
    assert sum(result.present for result in done) == 2400
    with reading(engine) as session:
        assert len(session.execute(select(CASES.c.source_ref).distinct()).all()) == 1200
        positions = session.scalars(select(EVENT_LOG.c.position).order_by(EVENT_LOG.c.position)).all()
    assert positions == list(range(1, 2401))


@pytest.mark.parametrize("content", ["", whole().replace('"1"', '"' + "x" * 11_000_000)], ids=["empty", "one field"])
def test_what_is_no_csv_fails_and_takes_nothing(imports: Import, engine: Engine, content: str) -> None:
    with pytest.raises(ImportFailed, match=r"^old\.csv"):
        imports(WHOLE, content)
    with reading(engine) as session:
        assert session.execute(select(CASES.c.case_id)).all() == []


def test_columns_that_the_file_lacks_are_told_all_at_once(imports: Import) -> None:
    with pytest.raises(MappingMistakes) as mistakes:
        imports(MAPPING, "id,when\n")
    assert [str(mistake) for mistake in mistakes.value.mistakes] == [
        'map.toml: columns.opened_at: old.csv has no column "opened"',
        'map.toml: columns.service: old.csv has no column "what"',
    ]


@pytest.mark.parametrize(
    ("text", "mistakes"),
    [
        ("source = 3", ["source: must be text in quotes, not 3", "columns: is missing"]),
        (MAPPING + 'due = "x"', ["columns.due: is not a key that is known here"]),
        (MAPPING + 'lat = "x"', ["columns.lon: is missing: a point needs both lat and lon"]),
        (MAPPING + '[services]\n"Lamp kapot" = "lamp"', ['services."Lamp kapot": no service "lamp"']),
        (
            MAPPING + '[departments]\nA = "a"\nB = "b"',
            ['departments.A: no department "a"', 'departments.B: no department "b"'],
        ),
        (MAPPING + '[neighbourhoods]\n"" = "x"', ['neighbourhoods."": no neighbourhood "x"']),
        ('kind = "idea"\n' + MAPPING, ['kind: "idea" is not one of issue, project']),
        ('timezone = "Mars"\n' + MAPPING, ['timezone: "Mars" is not a time zone such as "Europe/Brussels"']),
        (
            "bad_points = [[1.0, 200.0]]\n" + MAPPING,
            ["bad_points.0: [1.0, 200.0] is not a latitude and a longitude in degrees"],
        ),
        ('time_format = "ISO"\n' + MAPPING, ['time_format: "ISO" is not a format such as "%Y-%m-%d %H:%M:%S"']),
        ("source = ", ["line 1: is not valid TOML: Invalid value"]),
    ],
)
def test_every_mistake_in_a_mapping_is_told(tmp_path: Path, text: str, mistakes: list[str]) -> None:
    path = tmp_path / "map.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MappingMistakes) as found:
        read_mapping(path, CITY)
    assert [str(mistake) for mistake in found.value.mistakes] == [f"map.toml: {line}" for line in mistakes]
