"""A neighbourhood on one page to print: one page whatever there is to tell, and all of it text."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from configuration.places import Places
from domain.actor import Actor
from domain.comparing import Share
from domain.words import CaseId, DepartmentId, Role, ServiceCode, Tier
from readmodel.database import reading
from readmodel.leadership import Part
from readmodel.ledger import Balance
from readmodel.neighbourhoods import OpenCase, Standing
from readmodel.profile import Department, Month, Pace, Profile, Recurring, Theme
from readmodel.projects_there import ProjectThere
from readmodel.returning import Reporters
from tests.readmodel.town import GREEN, HEIDE, LAMP
from tests.web.people import LEADERSHIP, MANAGER, MEMBER
from tests.web.town import CITY, Town
from web.context import WebContext
from web.pages.languages import language
from web.pages.neighbourhoods.paper import PAPER, paper
from web.profiles import ProfileRead, read_profile
from web.typesetting import typeset

READER = Actor(Role.LEADERSHIP, "user:reader")
HOSTILE = '#panic("x") *b* _i_ $1$ @x `r` \\u{41} <l> [c] {d} // "q"'
LONG = "Zwartberg-Waterschei-en-omstreken-bij-de-grote-mijnterreinen é ’s œ € ij" * 3


def text_of(pdf: bytes) -> str:
    """Of the only page there may be; as one line."""
    read = PdfReader(io.BytesIO(pdf))
    assert len(read.pages) == 1
    return " ".join(read.pages[0].extract_text().split())


def made(context: WebContext, read: ProfileRead, code: str = "nl") -> bytes:
    return typeset(PAPER, paper(context, language(code), READER, read), read.at)


@pytest.fixture
def empty(town: Town) -> ProfileRead:
    with reading(town.context.database) as session:
        return read_profile(session, town.context, READER, town.context.city.neighbourhoods[HEIDE])


def months(last: int) -> Iterator[Month]:
    yield from (Month(date(2025, 1 + place, 1), last - place * 1000, last + place) for place in range(12))


def a_part() -> Part:
    part = Part(open_at_start=123_456)
    counts: dict[str, list[Any]] = {
        measure: [99_999, 99_999, 50_000, 99_999, 400_000.0, {"yes 4": 60_000, "no 1": 39_999}]
        for measure in ("opened", "closed", "responded", "resolved", "feedback", "asked", "escalated")
    }
    part.include(counts, b"\0" * 8 * 1000, b"\0" * 8 * 1000)
    return part


def as_full_as_can_be(context: WebContext, empty: ProfileRead) -> tuple[WebContext, ProfileRead]:
    """Every list longer than there is room for, and every name longer than there is room for, and hostile."""
    name = f"{HOSTILE} {LONG}"
    busy = tuple(months(999_999))
    pace = Pace(123.4, Share(9_999, 99_999))
    departments = {
        DepartmentId(f"d{n}"): replace(CITY.departments[GREEN], id=DepartmentId(f"d{n}"), name={"nl": name, "en": name})
        for n in range(40)
    }
    services = {ServiceCode(f"s{n}"): replace(CITY.services[LAMP], name={"nl": name, "en": name}) for n in range(40)}
    city = replace(CITY, name=name, departments=departments, services=services)
    here = replace(CITY.neighbourhoods[HEIDE], name=name, tier=Tier.ATTENTION)
    themes = tuple(Theme(f"{name}-{n}", busy, busy, 99_999, 88_888, 777_777, 666_666) for n in range(30))
    figures = Profile(
        empty.figures.days,
        empty.figures.past,
        date(2000, 1, 1),
        a_part(),
        a_part(),
        a_part(),
        busy,
        busy,
        themes,
        tuple(Department(id, 9_999, pace, pace) for id in departments),
        tuple(Recurring(code, 99_999, 12, 9_999) for code in services),
    )
    cases = tuple(
        OpenCase(
            CaseId(f"c{n}"),
            f"2026-{n:06}",
            ServiceCode("s1"),
            f"{name}-{n % 9}",
            50.1 + n / 300,
            5.1 + n / 600,
            empty.at - timedelta(days=9999),
            True,
            True,
        )
        for n in range(200)
    )
    projects = tuple(
        ProjectThere(CaseId(f"p{n}"), f"2026-9{n:05}", name, DepartmentId("d1"), date(2026, 12, 31)) for n in range(20)
    )
    read = replace(
        empty,
        here=here,
        figures=figures,
        stands=Standing(99_999, 88_888, 77_777, 66_666),
        open_cases=cases,
        projects=projects,
        money=Balance(123_456_700, 12_345_600, 2_345_650),
        reporters=Reporters(99_999, 88_888, 77_777, 66_666),
    )
    return replace(context, city=city), read


@pytest.mark.parametrize("code", ["nl", "en", "fr"])
def test_a_neighbourhood_where_nothing_happened_has_its_page(town: Town, empty: ProfileRead, code: str) -> None:
    told = text_of(made(town.context, empty, code))
    assert "Heide" in told
    assert language(code).say("paper", "profile") in told
    assert language(code).say("no_figures", "profile") in told


@pytest.mark.parametrize("code", ["nl", "en", "fr"])
def test_however_much_there_is_it_stays_one_page_and_names_stay_names(
    town: Town, empty: ProfileRead, code: str
) -> None:
    told = text_of(made(*as_full_as_can_be(town.context, empty), code))
    assert '#panic("x") *b* _i_ $1$ @x' in told
    for section in ("trends", "doing", "departments", "recurring", "projects", "budget"):
        assert language(code).say(section, "profile") in told
    assert language(code).say("paper_figures", "profile", city="").split(",")[-1].strip()[:20] in told


def test_the_page_holds_what_the_screen_holds(town: Town) -> None:
    for _ in range(3):
        town.report()
    town.report(service="tree")
    town.sign_in(MANAGER)
    answer = town.client.get(f"/neighbourhoods/{HEIDE}/profile.pdf", params={"lang": "en"})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == 'inline; filename="heide-2026-03-02.pdf"'
    told = text_of(answer.content)
    for said in ("Heide", "2 March 2026", "Most reported: theme lamp", "3 of 4 reports", "Open longest: 2026-00000"):
        assert said in told, said


def test_the_same_figures_make_the_same_page(town: Town, empty: ProfileRead) -> None:
    assert made(town.context, empty) == made(town.context, empty)
    kept = PdfReader(io.BytesIO(made(town.context, empty)))
    assert kept.metadata is not None
    assert kept.metadata.title == "Heide: Wijkprofiel"
    assert kept.metadata.creation_date == empty.at


def test_the_page_can_be_read_aloud(town: Town, empty: ProfileRead) -> None:
    root: Any = PdfReader(io.BytesIO(made(town.context, empty))).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "nl"


def test_departments_print_how_they_answer_themselves(town: Town) -> None:
    town.report(service="tree")
    printed = {}
    for who in (LEADERSHIP, MEMBER):
        town.sign_in(who)
        answer = town.client.get(f"/neighbourhoods/{HEIDE}/profile.pdf", params={"lang": "en"})
        printed[who] = text_of(answer.content)
    assert ["green" in printed[who] for who in (LEADERSHIP, MEMBER)] == [True, False]
    assert "roads" in printed[MEMBER]


@pytest.mark.parametrize("odd", ["🌳🚲", "中文", "a\0b\x07", "\ud83d", "\ufffe", "\u202eright", "a\nb\u2028c"])
def test_a_name_may_hold_whatever_people_type(town: Town, empty: ProfileRead, odd: str) -> None:
    here = replace(empty.here, name=f"Heide {odd} park")
    told = text_of(made(town.context, replace(empty, here=here)))
    assert told.startswith("Heide ")
    assert "\u202e" not in told


def test_a_neighbourhood_without_an_area_has_its_page_too(town: Town, empty: ProfileRead) -> None:
    assert "Heide" in text_of(made(replace(town.context, places=Places({})), empty))
