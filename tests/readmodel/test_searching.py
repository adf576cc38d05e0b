from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from unicodedata import normalize

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, inspect, select, text

from domain.events import CaseOpened, Happened
from domain.words import CaseId, Kind, NeighbourhoodId
from readmodel.cases import CaseFilter, CaseSort, items, list_cases
from readmodel.database import WRITES, connect, reading, writing
from readmodel.erasure import erase
from readmodel.intake import keep_rules, new_case_id
from readmodel.origin import Origin
from readmodel.paging import Order
from readmodel.recording import record_many
from readmodel.schema import CASE_WORDS, CASES, METADATA
from readmodel.searching import query_words, search
from readmodel.sight import EVERYTHING, Sight
from readmodel.words import place_of, words_of
from tests.postgres import Postgres
from tests.readmodel.conftest import empty
from tests.readmodel.town import CITY, DORP, HEIDE, LAMP, MORNING, a_report, later, open_case, rules_for

NOW = MORNING + timedelta(days=400)


def found(
    engine: Engine,
    q: str,
    sight: Sight = EVERYTHING,
    sort: CaseSort = CaseSort.NEWEST,
    neighbourhood: NeighbourhoodId | None = None,
) -> list[int]:
    """The last digits of the numbers of all cases found, page after page of two."""
    wanted, cursor, numbers = CaseFilter(q=q, neighbourhood=neighbourhood), None, list[int]()
    with reading(engine) as session:
        while True:
            page = list_cases(session, NOW, wanted, sight, sort, 2, cursor)
            numbers += [int(item.number[-3:]) for item in page.items]
            cursor = page.next_cursor
            if cursor is None:
                return numbers


@pytest.fixture
def three(engine: Engine) -> Engine:
    """1: a lamp in Heide; 2: a tree in Dorp; 3: a hole in Heide. All in the Heidestraat."""
    open_case(engine, a_report(description="De straatlamp is stuk, al vijf dagen"))
    open_case(engine, a_report(LAMP, DORP, description="Een CRÈME boom, ligt om (100%)"), later(1))
    open_case(engine, a_report(description="Put in de weg: cœur de l'été, Ærø, I\u0307stanbul"), later(2))
    return engine


@pytest.mark.parametrize(
    ("q", "numbers"),
    [
        ("heidestraat", [3, 2, 1]),
        ("HEIDE stra", [1]),
        ("lamp", []),
        ("straatlamp", [1]),
        ("heide 7", [3, 2, 1]),
        ("heide 3", []),
        ("i", []),
        ("creme", [2]),
        ("Crème", [2]),
        (normalize("NFD", "crème"), [2]),
        ("coeur ete", [3]),
        ("cœur", [3]),
        ("aero", [3]),
        ("istanbul", [3]),
        ("100%", [2]),
        ("boom -ligt", [2]),
        ("boom put", []),
        ("   ", [3, 2, 1]),
        ("2026-000002", [2]),
    ],
)
def test_every_word_begins_a_word_of_the_description_or_address(three: Engine, q: str, numbers: list[int]) -> None:
    assert found(three, q) == numbers


HOSTILE = (
    "'", '"', '"straat', "AND", "OR NOT", "NEAR(straat)", "words:put", "put*", "^put", "(", "put)", "a & b | !c", ":*",
    "%", "_", "\\", "\0", "put\0weg", "\ud800", "🙂🙂", "--;", "' OR 1=1 --", "@1", "½²", "x" * 10_000, "put " * 2_500,
)  # fmt: skip


@pytest.mark.parametrize("q", HOSTILE)
def test_nothing_that_is_typed_is_an_error(three: Engine, q: str) -> None:
    assert set(found(three, q)) <= {1, 2, 3}


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_found_by_its_own_words(text: str) -> None:
    words = words_of(text)
    assert all(word == word.strip() and word for word in words)
    assert set(words_of(" ".join(words), text.upper() if text.isascii() else None)) == set(words)
    assert query_words(text) == words[:10]


@settings(max_examples=60, deadline=None)
@given(q=st.text(max_size=60))
def test_any_text_may_be_looked_for(migrated: Engine, q: str) -> None:
    assert isinstance(found(migrated, q), list)


def test_what_is_not_a_word_finds_nothing(three: Engine) -> None:
    assert found(three, "🙂 -- %") == []


def test_nobody_finds_beyond_their_sight(three: Engine) -> None:
    assert found(three, "heidestraat", Sight(neighbourhoods=(DORP,))) == [2]
    assert found(three, "heidestraat", Sight(departments=())) == []


@pytest.mark.parametrize("sort", list(CaseSort))
def test_what_is_found_comes_in_the_order_asked_for(three: Engine, sort: CaseSort) -> None:
    numbers = [3, 2, 1] if sort.startswith("-") else [1, 2, 3]
    assert found(three, "heidestraat", sort=sort) == numbers


@pytest.fixture(scope="module")
def many(migrated: Engine) -> Engine:
    """Eighty lamps over months: `common` in all, `odd` in every other, `winter` in the oldest twenty, `once` in one."""
    empty(migrated)
    for n in range(80):
        words = ["common", "odd" * (n % 2), "winter" * (n < 20), "once" * (n == 7)]
        place = DORP if n % 10 == 0 else HEIDE
        open_case(migrated, a_report(LAMP, place, description=" ".join(words)), later(70 * n if n % 9 else 69 * n))
    return migrated


HAVING: dict[str, Callable[[int], bool]] = {
    "comm": lambda n: True,
    "common odd": lambda n: n % 2 == 1,
    "wint": lambda n: n < 20,
    "once": lambda n: n == 7,
    "winter odd common": lambda n: n < 20 and n % 2 == 1,
    "common nowhere": lambda n: False,
}


@pytest.mark.parametrize("sizes", [(3, 6), (6, 15), (2, 200), (200, 200)])
@pytest.mark.parametrize("q", list(HAVING))
def test_rare_and_common_words_are_found_alike(many: Engine, q: str, sizes: tuple[int, int]) -> None:
    order = Order("-opened_at", (CASES.c.opened_at, CASES.c.case_id), descending=True)
    with reading(many) as session:
        all_of_them = session.execute(select(CASES.c.number, CASES.c.opened_at).order_by(*order.by())).all()
        for at in (None, later(500), later(3000)):
            for place in (None, DORP):
                query = items()
                query = query.where(CASES.c.neighbourhood == place) if place is not None else query
                query = query.where(CASES.c.opened_at <= at) if at is not None else query
                rows = search(session, query, order, query_words(q), 5, at or NOW + timedelta(days=99), sizes)
                wanted = [
                    number
                    for number, opened_at in all_of_them
                    if HAVING[q](n := int(number[-3:]) - 1)
                    and (at is None or opened_at <= at)
                    and (place is None or n % 10 == 0)
                ]
                assert [row.number for row in rows] == wanted[:5]
                assert {row.number for row in search(session, query, order, query_words(q), 5, None, sizes)} == set(
                    wanted[:5]
                )


def test_cases_that_were_brought_in_are_found(engine: Engine) -> None:
    with writing(engine) as session:
        keep_rules(session, rules_for(LAMP, HEIDE))
        case_id = new_case_id(MORNING)
        opened = CaseOpened(case_id, "2020-000001", Kind.ISSUE, LAMP, HEIDE, False, rules_for(LAMP, HEIDE).version)
        origin = Origin("Broken streetlight", MORNING, imported=True)
        record_many(session, CITY, [(origin, [Happened(1, MORNING - timedelta(days=2000), opened)])])
    assert found(engine, "street") == [1]


def test_what_is_erased_is_found_no_more_and_leaves_nothing_in_the_index(three: Engine) -> None:
    with reading(three) as session:
        case_id = session.execute(select(CASES.c.case_id).where(CASES.c.number == "2026-000001")).scalar_one()
        assert "straatlamp" in indexed(session.connection())
    with writing(three) as session:
        assert erase(session, CaseId(case_id))
        assert erase(session, CaseId(case_id))
    assert found(three, "straatlamp") == []
    assert found(three, "heidestraat") == [3, 2]
    assert found(three, "2026-000001") == [1]
    with reading(three) as session:
        assert "straatlamp" not in indexed(session.connection())
        assert "heidestraat" in indexed(session.connection())


def indexed(connection: Connection) -> str:
    """All that the database keeps to search in."""
    kept = "".join(connection.execute(select(CASE_WORDS.c.words)).scalars())
    if connection.dialect.name == "sqlite":
        blocks = connection.execute(text("SELECT block FROM found_words_data")).scalars()
        kept += b"".join(blocks).decode("latin-1")
    return kept


def test_the_index_agrees_with_the_words(three: Engine) -> None:
    with writing(three) as session:
        if three.dialect.name == "sqlite":
            session.execute(text("INSERT INTO found_words (found_words, rank) VALUES ('integrity-check', 1)"))
        session.execute(CASE_WORDS.delete())
        if three.dialect.name == "sqlite":
            session.execute(text("INSERT INTO found_words (found_words, rank) VALUES ('integrity-check', 1)"))
    assert found(three, "heidestraat") == []


def test_tables_made_without_migrating_are_searched_alike(
    database_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path / 'made.db'}"
    if database_url.startswith("postgresql"):
        postgres: Postgres = request.getfixturevalue("postgres")
        url = postgres.fresh_database()
    engine = connect(url)
    METADATA.create_all(engine)
    open_case(engine)
    assert found(engine, "heide lamp") == [1]
    METADATA.drop_all(engine)
    assert inspect(engine).get_table_names() == []
    engine.dispose()


def test_reports_of_before_there_was_a_search_are_found(engine: Engine) -> None:
    """As the migration finds them: reports without words."""
    open_case(engine)
    with writing(engine) as session:
        session.execute(text("DROP TABLE case_words"))
        session.execute(text("DROP INDEX ix_cases_neighbourhood_service"))
        if engine.dialect.name == "sqlite":
            session.execute(text("DROP TABLE found_words"))
    migration = import_module("readmodel.migrations.versions.0003_searching")
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        context = MigrationContext.configure(connection)
        with Operations.context(context):
            migration.upgrade()
    assert found(engine, "lamp") == [1]
    open_case(engine, now=later(1))
    assert found(engine, "lamp") == [2, 1]


def test_places_keep_to_the_order_of_opening() -> None:
    moments = [MORNING + timedelta(hours=n * 7, minutes=n) for n in range(-45_000, 200_000, 711)]
    places = [place_of(f"case {n}", moment) for n, moment in enumerate(moments)]
    assert places == sorted(places)
    assert all(0 <= place < 1 << 63 for place in places)
    assert place_of("a", MORNING) != place_of("b", MORNING)
