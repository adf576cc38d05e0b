"""The neighbourhoods: whose are listed for whom, and what their pages say."""

import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest

from domain.actor import Actor
from domain.words import Role
from readmodel.accounts import Mandate
from readmodel.database import reading, writing
from readmodel.ledger import Balance
from readmodel.neighbourhoods import open_there
from readmodel.settling import settle
from readmodel.structural.hot_spots import Found, keep_found
from tests.readmodel.town import DORP, HEIDE, LAMP
from tests.web.people import (
    ADMINISTRATOR,
    GARDENER,
    HEAD,
    LEADERSHIP,
    MANAGER,
    MANAGER_EVERYWHERE,
    MEMBER,
    PARTNER,
    WARDEN_ELSEWHERE,
)
from tests.web.projects import refer
from tests.web.town import IN_DORP, Town, problem
from web.pages.languages import language as language_of
from web.pages.neighbourhoods.sentences import money_told
from web.profiles import on_the_map, read_profile


def listed(town: Town, by: Mandate, **params: str) -> list[str]:
    """The neighbourhoods in the table, in order."""
    town.sign_in(by)
    answer = town.client.get("/neighbourhoods", params={"lang": "en", **params})
    assert answer.status_code == 200, answer.text
    return re.findall(r'<th scope="row"><a href="/neighbourhoods/([^"]+)"', answer.text)


def profile(town: Town, by: Mandate, id: str = HEIDE) -> str:
    town.sign_in(by)
    answer = town.client.get(f"/neighbourhoods/{id}", params={"lang": "en"})
    assert answer.status_code == 200, answer.text
    return answer.text


def numbers(page: str) -> list[int]:
    """What is open, past its promise, escalated, and to be placed."""
    return [int(number) for number in re.findall(r"<strong>(\d+)</strong>", page)][:4]


def test_managers_and_wardens_find_the_neighbourhoods_of_their_mandate(town: Town) -> None:
    assert listed(town, MANAGER) == [HEIDE]
    assert listed(town, WARDEN_ELSEWHERE) == [DORP]
    for everywhere in (MANAGER_EVERYWHERE, LEADERSHIP, ADMINISTRATOR):
        assert listed(town, everywhere) == [DORP, HEIDE]


def test_a_department_finds_the_neighbourhoods_in_which_it_works(town: Town) -> None:
    assert listed(town, MEMBER) == listed(town, GARDENER) == []
    town.report()
    assert [listed(town, who) for who in (MEMBER, HEAD, PARTNER, GARDENER)] == [[HEIDE], [HEIDE], [HEIDE], []]


def test_a_department_still_finds_where_it_worked_once_its_work_is_done(town: Town) -> None:
    case_id = town.report()["case_id"]
    town.does(case_id, MEMBER, "accept", assignment="a1")
    town.does(case_id, MEMBER, "resolve", assignment="a1", note="Done")
    town.clock.pass_(days=1)
    town.report(location=IN_DORP)
    settle(town.context.database)
    assert listed(town, MEMBER) == [DORP, HEIDE]


def test_the_list_is_put_in_the_order_of_what_is_asked(town: Town) -> None:
    town.report()
    assert listed(town, LEADERSHIP, sort="open") == [HEIDE, DORP]
    assert listed(town, LEADERSHIP, sort="nonsense") == [DORP, HEIDE]


def test_the_page_of_a_neighbourhood_tells_what_is_open_there(town: Town) -> None:
    assert numbers(profile(town, LEADERSHIP)) == [0, 0, 0, 0]
    silent = town.report()["case_id"]
    town.report(service="other")
    town.clock.pass_(days=16)
    town.engine.let_time_pass(silent)
    town.report(location=IN_DORP)
    assert numbers(profile(town, MANAGER)) == [2, 1, 2, 1]
    assert numbers(profile(town, MEMBER)) == [1, 1, 2, 0]


def test_a_neighbourhood_that_is_not_the_readers_is_not_there(town: Town) -> None:
    town.report()
    for who, id in ((MANAGER, DORP), (GARDENER, HEIDE), (LEADERSHIP, "nowhere")):
        town.sign_in(who)
        assert town.client.get(f"/neighbourhoods/{id}").status_code == 404, who
    town.client.cookies.clear()
    assert town.client.get(f"/neighbourhoods/{HEIDE}").status_code == 303


def marks(page: str) -> list[str]:
    """What the marks on the map say."""
    return re.findall(r'<a href="/cases/[^"]+" tabindex="-1"><title>([^<]+)</title>', page)


def test_the_map_has_a_mark_for_each_open_case_that_the_reader_may_see(town: Town) -> None:
    silent = town.report()["case_id"]
    town.report(service="tree")
    town.report(location=None, neighbourhood=HEIDE)
    town.clock.pass_(days=16)
    town.engine.let_time_pass(silent)
    page = profile(town, MANAGER)
    lamp, tree = sorted(marks(page))
    assert lamp.startswith("lamp, 2026-") and lamp.endswith("escalated, promised date passed")
    assert tree.startswith("tree, 2026-")
    assert "1 open case is not on the map" in page
    assert [mark.partition(",")[0] for mark in marks(profile(town, GARDENER))] == ["tree"]


def test_where_people_are_concerned_leadership_sees_no_place(town: Town) -> None:
    private = replace(town.context.city.services[LAMP], private=True)
    context = replace(
        town.context, city=replace(town.context.city, services={**town.context.city.services, LAMP: private})
    )
    town.report()
    with reading(town.context.database) as session:
        cases = open_there(session, town.clock(), HEIDE)
    for mandate, seen in ((LEADERSHIP, 0), (MANAGER, 1)):
        assert len(on_the_map(context, Actor(mandate.role, "user:kim", None, mandate.neighbourhoods), cases)) == seen


def test_a_profile_tells_first_how_it_is_where_nothing_stands_out(town: Town) -> None:
    for _ in range(3):
        town.report()
    town.report(service="tree")
    page = profile(town, LEADERSHIP)
    assert "Most reported: theme lamp" in page
    assert "3 of 4 reports." in page
    assert "the figures begin on 2 March 2026" in page


def test_departments_see_how_they_answer_themselves_and_not_how_others_do(town: Town) -> None:
    town.report(service="tree")
    assert re.findall(r'<tr><th scope="row">(green|roads)</th>', profile(town, MANAGER)) == ["green", "roads"]
    assert re.findall(r'<tr><th scope="row">(green|roads)</th>', profile(town, GARDENER)) == ["green"]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_profile_reads_in_the_languages_of_the_city(town: Town, language: str) -> None:
    town.report()
    town.sign_in(LEADERSHIP)
    page = town.client.get(f"/neighbourhoods/{HEIDE}", params={"lang": language}).text
    assert language_of(language).say("stands_out_rule", "profile") in unescape(page)


def test_the_same_profile_is_there_for_other_programs(town: Town) -> None:
    town.report()
    town.report(service="tree", location=IN_DORP)
    answer = town.get(f"/neighbourhoods/{HEIDE}/profile", LEADERSHIP)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["neighbourhood"], told["tier"], told["peers"], told["past_known"]) == (
        HEIDE,
        "standard",
        [DORP],
        False,
    )
    assert told["days"] == {"start": "2025-04-01", "end": "2026-03-02"}
    assert told["past"] == {"start": "2024-04-01", "end": "2025-03-02"}
    assert (told["figures"]["opened"], told["figures_of_peers"]["opened"], told["figures_before"]["opened"]) == (
        1,
        1,
        0,
    )
    assert told["months"][-1] == {"first_day": "2026-03-01", "opened": 1, "open_at_end": 1}
    assert [(one["theme"], one["opened"], one["peers_opened"]) for one in told["themes"]] == [("theme-lamp", 1, 0)]
    assert [(one["department"], one["open"]) for one in told["departments"]] == [("roads", 1)]
    assert told["open_now"]["longest"]["number"] == "2026-000001"
    assert told["budget"] == {"budget": 50_000, "reserved": 0, "spent": 0, "free": 50_000}
    assert told["reporters"] == {"people": 1, "returning": 0}
    assert (told["standing_out"], told["recurring"], told["hot_spots"], told["projects"]) == ([], [], [], [])


def test_other_programs_find_no_neighbourhood_that_is_not_theirs(town: Town) -> None:
    problem(town.get(f"/neighbourhoods/{DORP}/profile", MANAGER), 404, "not_found")
    problem(town.get("/neighbourhoods/nowhere/profile", LEADERSHIP), 404, "not_found")


def test_a_profile_tells_of_the_projects_that_touch_it(town: Town) -> None:
    case_id = refer(town)["case_id"]
    assert f'<a href="/cases/{case_id}">Kerkstraat</a>' in profile(town, MANAGER)
    told = town.get(f"/neighbourhoods/{HEIDE}/profile", MANAGER).json()["projects"]
    assert [(one["title"], one["referred_by"], one["decided_on"]) for one in told] == [
        ("Kerkstraat", "roads", "2026-03-27")
    ]


def test_leadership_reads_of_a_project_without_its_title(town: Town) -> None:
    number = town.case(refer(town)["case_id"], MEMBER)["number"]
    page = profile(town, LEADERSHIP)
    assert "Kerkstraat" not in page
    assert f">{number}</a>" in page
    assert town.get(f"/neighbourhoods/{HEIDE}/profile", LEADERSHIP).json()["projects"][0]["title"] is None


def test_a_profile_tells_of_the_hot_spots_that_ask_for_something(town: Town) -> None:
    found = Found("theme-lamp", HEIDE, 50.5, 5.2, 50.0, date(2026, 2, 1), date(2026, 2, 28), 1.0, 0.001, ())
    with writing(town.context.database) as session:
        keep_found(session, [found], 10, date(2026, 3, 1), town.clock())
    assert "theme lamp: 0 reports within 50 m since 1 February" in profile(town, MANAGER)
    assert town.get(f"/neighbourhoods/{HEIDE}/profile", MANAGER).json()["hot_spots"][0]["radius"] == 50.0
    with writing(town.context.database) as session:
        keep_found(session, [], 10, date(2026, 3, 2), town.clock())
    assert "within 50 m" not in profile(town, MANAGER)


def test_a_profile_tells_who_reports_and_what_is_left_of_the_budget(town: Town) -> None:
    for number in range(10):
        town.report(reporter={"email": f"neighbour{number}@example.org"})
    town.report(reporter={"email": "neighbour1@example.org"})
    page = profile(town, MANAGER)
    assert "10 people reported, of whom 1 had reported before; 9% of their reports are from these." in page
    assert "€500 in 2026: €0 spent, €0 reserved, €500 left." in page
    with reading(town.context.database) as session:
        read = read_profile(
            session, town.context, Actor(Role.LEADERSHIP, "user:kim"), town.context.city.neighbourhoods[HEIDE]
        )
    told = money_told(language_of("en"), replace(read, money=Balance(250_000, 20_000, 5_050)))
    assert told == "€2,500 in 2026: €50.50 spent, €200 reserved, €2,249.50 left."
    assert money_told(language_of("en"), replace(read, money=Balance(0))) == ""
