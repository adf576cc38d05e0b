"""The figures' pages: for whom they are, what they say, and what they lead to."""

import csv
import io
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

import pytest
from httpx2 import Response

from readmodel.accounts import Mandate
from readmodel.cases import list_cases
from readmodel.database import reading
from readmodel.settling import settle
from tests.readmodel.town import DORP, HEIDE
from tests.web.people import ADMINISTRATOR, GARDENER, HEAD, LEADERSHIP, MANAGER, MEMBER, PARTNER, WARDEN
from tests.web.town import IN_DORP, Town
from web.csv_answer import csv_answer
from web.pages.cases.asked import asked_of

PAGES = ("/figures", *(f"/figures/by/{group}" for group in ("department", "neighbourhood", "service", "theme")))
TABLES = ("key_figures", "in_and_out", "speed", "in_time", "lead_times", "outcomes", "escalations", "limits")
NONE: Mapping[str, str] = {}
VOICES = ("satisfaction", "ratings")


class Outline(HTMLParser):
    """The parts of a page that tests look at."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.drawings: list[dict[str, str | None]] = []
        self.styled = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.styled += "style" in found
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if tag == "a" and found.get("href"):
            self.links.append(str(found["href"]))
        if tag == "svg":
            self.drawings.append(found)


def get(
    town: Town, path: str, by: Mandate | None = LEADERSHIP, params: Mapping[str, str] = NONE, **more: str
) -> Response:
    if by is not None:
        town.sign_in(by)
    return town.client.get(path, params={"lang": "en", **params, **more}, headers={"accept": "text/html"})


def shown(town: Town, path: str, by: Mandate = LEADERSHIP, params: Mapping[str, str] = NONE, **more: str) -> str:
    answer = get(town, path, by, params, **more)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/html")
    return answer.text


def rows(
    town: Town, path: str, by: Mandate = LEADERSHIP, params: Mapping[str, str] = NONE, **more: str
) -> list[dict[str, str]]:
    answer = get(town, path, by, params, **more)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def key_figures(town: Town, by: Mandate = LEADERSHIP, params: Mapping[str, str] = NONE) -> dict[str, tuple[str, str]]:
    return {row["figure"]: (row["value"], row["value_before"]) for row in rows(town, "/figures.csv", by, params)}


def some_cases(town: Town) -> list[str]:
    """A case that was resolved, one that was declined, one that nobody answers, and one elsewhere; and a new one."""
    solved, declined, silent = (town.report()["case_id"] for _ in range(3))
    elsewhere = town.report(location=IN_DORP)["case_id"]
    town.clock.pass_(hours=5)
    town.does(solved, MEMBER, "accept", assignment="a1")
    town.does(solved, MEMBER, "resolve", assignment="a1", note="Done")
    town.does(declined, MEMBER, "decline", assignment="a1", cause="no_budget", note="No money")
    town.report()
    town.clock.pass_(days=3)
    for case_id in (silent, elsewhere):
        town.engine.let_time_pass(case_id)
    return [solved, declined, silent, elsewhere]


@pytest.mark.parametrize("path", PAGES)
def test_only_leadership_managers_heads_and_administrators_see_figures(town: Town, path: str) -> None:
    for mandate in (LEADERSHIP, MANAGER, HEAD, ADMINISTRATOR):
        assert get(town, path, mandate).status_code == 200, mandate
    for mandate in (MEMBER, GARDENER, PARTNER, WARDEN):
        assert get(town, path, mandate).status_code == 403, mandate
        assert get(town, f"{path}.csv", mandate).status_code == 403, mandate
    town.client.cookies.clear()
    assert get(town, path, None).status_code == 303


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_a_city_without_cases_has_pages_too(town: Town, path: str, language: str) -> None:
    page = shown(town, path, lang=language)
    assert ("Nothing happened" in page) == (language == "en")


def test_one_case_is_enough_for_every_page_and_table(town: Town) -> None:
    town.report()
    for path in PAGES:
        for period in ("month", "3months", "12months", "this_year", "last_year"):
            shown(town, path, period=period)
    for table in (*TABLES, *VOICES):
        assert rows(town, "/figures.csv", table=table)


def test_the_three_questions_are_answered_first(town: Town) -> None:
    some_cases(town)
    page = shown(town, "/figures")
    places = [page.index(q) for q in ("Is follow-up getting faster?", "Where does it stall?", "Why?", "Key figures")]
    assert places == sorted(places)
    assert "no answer in time" in page
    assert "no money for it" in page


def test_the_figures_are_those_of_the_cases(town: Town) -> None:
    some_cases(town)
    found = key_figures(town)
    assert found["opened"] == ("5", "0")
    assert found["open_at_end"][0] == "5"
    assert found["declined"][0] == "1"
    assert [found[name][0] for name in ("reporters", "returning_reporters", "returning_share")] == ["1", "1", "0.8"]
    assert found["responded_in_time"][0] == "1.0"
    limits = {row["cause"]: row["declined"] for row in rows(town, "/figures.csv", table="limits")}
    assert limits["no_budget"] == "1"
    reasons = {row["reason"]: int(row["escalations"]) for row in rows(town, "/figures.csv", table="escalations")}
    assert sum(reasons.values()) == int(found["escalations"][0]) > 0
    settle(town.context.database)
    assert key_figures(town) == found


def test_a_manager_sees_their_neighbourhoods_and_a_head_their_department(town: Town) -> None:
    some_cases(town)
    assert key_figures(town, LEADERSHIP)["opened"][0] == "5"
    assert key_figures(town, MANAGER)["opened"][0] == "4"
    assert key_figures(town, HEAD)["opened"][0] == "5"
    assert {row["name"] for row in rows(town, "/figures/by/neighbourhood.csv", MANAGER)} == {HEIDE}
    assert {row["name"] for row in rows(town, "/figures/by/department.csv", HEAD)} == {"roads"}
    assert get(town, "/figures", MANAGER, neighbourhood=DORP).status_code == 403
    assert get(town, "/figures", HEAD, department="green").status_code == 403


def test_a_part_of_the_city_has_the_same_figures_as_its_row(town: Town) -> None:
    some_cases(town)
    for group in ("department", "neighbourhood", "service", "theme"):
        for row in rows(town, f"/figures/by/{group}.csv"):
            of_part = key_figures(town, params={group: row["name"]})
            for key in ("opened", "closed", "open_at_end", "escalations", "resolved_in_time"):
                assert row[key] == of_part[key][0], (group, row["name"], key)


def test_a_comparison_is_of_all_services_and_says_nothing_else(town: Town) -> None:
    some_cases(town)
    whole = rows(town, "/figures/by/neighbourhood.csv")
    assert rows(town, "/figures/by/neighbourhood.csv", service="tree") == whole
    links = Outline(shown(town, "/figures/by/neighbourhood", service="tree")).links
    assert not [link for link in links if "service=" in link and not link.startswith("?")]
    assert "Where does it stall?" not in shown(town, "/figures", service="lamp")


def test_the_order_is_the_readers_choice(town: Town) -> None:
    some_cases(town)
    names = [row["name"] for row in rows(town, "/figures/by/neighbourhood.csv", sort="-opened")]
    assert names == [HEIDE, DORP]
    assert [row["name"] for row in rows(town, "/figures/by/neighbourhood.csv", sort="opened")] == names[::-1]
    page = shown(town, "/figures/by/neighbourhood", sort="-opened")
    assert 'aria-sort="descending"' in page
    assert "sort=opened" in page


def behind(link: str, town: Town) -> Iterator[str]:
    """The cases of the list that a link leads to."""
    params = dict(parse_qsl(urlsplit(link).query))
    wanted = asked_of(params, town.context.city).filter(town.context)
    with reading(town.context.database) as session:
        yield from (item.case_id for item in list_cases(session, town.clock(), wanted, limit=200).items)


def test_every_number_leads_to_the_cases_behind_it(town: Town) -> None:
    _, declined, silent, elsewhere = some_cases(town)
    page = shown(town, "/figures")
    links = [link for link in Outline(page).links if link.startswith("/cases?")]
    [declining] = {link for link in links if "counted=declined" in link and "cause=no_budget" in link}
    assert list(behind(declining, town)) == [declined]
    escalated = next(link for link in links if "counted=escalated" in link and "reason" not in link)
    assert {silent, elsewhere} <= set(behind(escalated, town))
    opened = next(link for link in links if "opened_from" in link)
    assert opened.startswith("/cases?opened_from=")
    heads = Outline(shown(town, "/figures", HEAD)).links
    assert all("department=roads" in link for link in heads if link.startswith("/cases?"))


@pytest.mark.parametrize(
    "params",
    [
        {"period": "decade"},
        {"from": "yesterday"},
        {"from": "2026-05-01", "to": "2026-04-01"},
        {"from": "1900-01-01"},
        {"from": "2000-01-01", "to": "2026-01-01"},
        {"to": "2999-01-01"},
        {"bucket": "hour"},
        {"against": "nobody"},
        {"department": "circus"},
        {"neighbourhood": "<script>"},
        {"theme": "\x00"},
    ],
)
def test_what_cannot_be_asked_gets_a_page_that_says_so(town: Town, params: dict[str, str]) -> None:
    for path in ("/figures", "/figures.csv", "/figures/by/service", "/figures/by/service.csv"):
        answer = get(town, path, params=params)
        assert answer.status_code == 422, (path, answer.text)
        assert "<script>" not in answer.text


def test_other_mistakes_are_told_too(town: Town) -> None:
    assert get(town, "/figures/by/weather").status_code in (404, 422)
    assert get(town, "/figures/by/service", sort="beauty").status_code == 422
    assert get(town, "/figures.csv", table="beauty").status_code == 404
    assert get(town, "/figures", params={"from": "", "to": "", "department": "", "bucket": ""}).status_code == 200


def test_dates_of_ones_own_go_before_a_preset(town: Town) -> None:
    page = shown(town, "/figures", params={"period": "3months", "from": "2026-01-10", "to": "2026-01-20"})
    assert "10 January – 20 January 2026" in page
    assert "30 December 2025 – 9 January 2026" in page
    page = shown(town, "/figures", period="3months", against="year_ago")
    assert "1 January – 2 March 2026" in page
    assert "1 January – 2 March 2025" in page


def test_a_spreadsheet_runs_nothing_of_it() -> None:
    body = bytes(csv_answer("x", ["a", "b"], [["=cmd()", 'say "hi", you'], ["@x", -1.5], [None, "+3"]]).body).decode()
    assert body == 'a,b\r\n\'=cmd(),"say ""hi"", you"\r\n\'@x,-1.5\r\n,\'+3\r\n'


@pytest.mark.parametrize("path", PAGES)
def test_every_drawing_has_a_name_and_nothing_a_style_of_its_own(town: Town, path: str) -> None:
    some_cases(town)
    found = Outline(shown(town, path, period="12months"))
    assert not found.styled
    assert len(found.ids) == len(set(found.ids))
    for drawing in found.drawings:
        if drawing.get("aria-hidden") != "true":
            assert drawing["role"] in ("img", "group")
            assert set(str(drawing["aria-labelledby"]).split()) <= set(found.ids)
