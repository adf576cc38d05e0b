"""Looking for cases: everyone within their sight, and without what is not theirs to read."""

import re

import pytest

from readmodel.accounts import Mandate
from tests.web.people import ADMINISTRATOR, GARDENER, HEAD, LEADERSHIP, MANAGER, MANAGER_ELSEWHERE, MEMBER, STAFF
from tests.web.reading_pages import Outline
from tests.web.town import IN_DORP, Town


def look(town: Town, query: str = "", by: Mandate = MANAGER) -> str:
    town.sign_in(by)
    answer = town.client.get(f"/cases?{query}", headers={"Accept": "text/html"})
    assert answer.status_code == 200, answer.text
    Outline(answer.text)
    return answer.text


def numbers(text: str) -> list[str]:
    return re.findall(r'<a href="/cases/[0-9a-f-]{36}">[^<]*</a> <span class="muted">([0-9-]+)', text)


@pytest.mark.parametrize("by", STAFF)
def test_everyone_on_the_staff_finds_the_cases_in_their_sight(town: Town, by: Mandate) -> None:
    number = town.report()["number"]
    assert numbers(look(town, by=by)) == [number]


@pytest.mark.parametrize("by", [GARDENER, MANAGER_ELSEWHERE])
def test_nobody_finds_what_is_not_theirs_to_know(town: Town, by: Mandate) -> None:
    number = town.report()["number"]
    assert numbers(look(town, by=by)) == [] and numbers(look(town, f"q={number}", by)) == []


def test_the_list_is_narrowed(town: Town) -> None:
    lamp = town.report()
    tree = town.report(service="tree", description="A branch hangs loose", location=IN_DORP)
    town.does(tree["case_id"], ADMINISTRATOR, "close", outcome="explained", note="Told")
    for query, found in {
        "open=true": lamp,
        "open=false": tree,
        "stage=assigned": lamp,
        "department=green": tree,
        "neighbourhood=dorp": tree,
        "service=lamp": lamp,
        "theme=theme-tree": tree,
        "q=branch": tree,
        f"q={lamp['number']}": lamp,
        "closed_from=2026-03-02&closed_to=2026-03-02": tree,
        "counted=closed&counted_from=2026-03-01&outcome=explained": tree,
    }.items():
        assert numbers(look(town, query, ADMINISTRATOR)) == [found["number"]], query
    assert numbers(look(town, "opened_to=2026-03-01", ADMINISTRATOR)) == []
    assert numbers(look(town, "overdue=true", ADMINISTRATOR)) == []
    assert numbers(look(town, "sort=number", ADMINISTRATOR)) == [lamp["number"], tree["number"]]


def test_the_cases_behind_a_figure_say_which_figure(town: Town) -> None:
    town.report()
    page = look(town, "counted=escalated&reason=no_response&counted_from=2026-03-01&counted_to=2026-03-31")
    assert "geëscaleerd: geen antwoord (zo 1 mrt – di 31 mrt)" in page
    assert 'href="/cases">Toon alle meldingen' in page


@pytest.mark.parametrize("query", ["stage=x&sort=x&counted=x&outcome=x", "opened_from=x", "q=%00", "open=maybe"])
def test_what_makes_no_sense_is_passed_over(town: Town, query: str) -> None:
    number = town.report()["number"]
    assert numbers(look(town, query)) == [number]


def test_leadership_reads_no_descriptions_and_no_addresses_and_searches_by_number(town: Town) -> None:
    report = town.report(location={"lat": 50.5, "lon": 5.2, "address": "Secret street 7"})
    page = look(town, by=LEADERSHIP)
    assert "Secret street" not in page and "number 7" not in page and report["number"] in page
    assert numbers(look(town, f"q={report['number']}", LEADERSHIP)) == [report["number"]]
    blind = look(town, "q=lamp", LEADERSHIP)
    assert numbers(blind) == [] and "alleen op nummer" in blind
    assert "Secret street 7" in look(town, by=MEMBER)


def test_a_manager_chooses_among_their_own_neighbourhoods(town: Town) -> None:
    page = look(town)
    assert '<option value="heide">' in page and '<option value="dorp">' not in page


def test_a_long_list_goes_on_at_the_next_page(town: Town) -> None:
    for _ in range(51):
        town.report()
    first = look(town)
    more = re.search(r'href="/cases\?([^"]+)" rel="next"', first)
    assert len(numbers(first)) == 50 and more is not None and len(first.encode()) < 100_000
    assert len(numbers(look(town, more[1].replace("&amp;", "&")))) == 1


def test_a_cursor_of_another_list_is_a_mistake(town: Town) -> None:
    town.sign_in(HEAD)
    assert town.client.get("/cases?cursor=nonsense", headers={"Accept": "text/html"}).status_code == 422


def test_views_are_kept_page_by_page(town: Town) -> None:
    town.sign_in(MEMBER)
    sent = {"csrf": town.csrf(), "page": "/cases", "name": "Open lampen", "query": "service=lamp&open=true"}
    assert town.client.post("/views", data=sent).headers["location"] == "/cases?open=true&service=lamp"
    assert "Open lampen" in look(town, by=MEMBER)
    assert "Open lampen" not in town.client.get("/inbox").text
