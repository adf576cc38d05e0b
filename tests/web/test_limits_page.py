"""What holds follow-up back: the page, its tables and the API tell the same, each within the reader's sight."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from domain.words import CaseId
from readmodel.accounts import Mandate
from readmodel.cases import list_cases
from readmodel.database import reading
from readmodel.tallies import GroupBy
from tests.readmodel.town import DORP, HEIDE
from tests.web.people import GARDENER, HEAD, HEAD_ELSEWHERE, LEADERSHIP, MANAGER, MEMBER, PARTNER, WARDEN
from tests.web.test_figures_pages import Outline, behind, get, rows, shown
from tests.web.town import IN_DORP, Town
from web.pages.cases.asked import asked_of

PATH = "/figures/limits"


def held_back(town: Town) -> dict[str, str]:
    """Three days later: paused for two of them, declined and not placed for all, silent elsewhere for one."""
    paused, declined = (town.report()["case_id"] for _ in range(2))
    silent = town.report(location=IN_DORP)["case_id"]
    town.does(paused, MEMBER, "accept", assignment="a1")
    town.does(paused, MEMBER, "pause", assignment="a1", cause="capacity", until="2026-03-20", note="Ill")
    town.does(declined, MEMBER, "decline", assignment="a1", cause="third_party", note="The railways")
    town.clock.pass_(days=2)
    town.does(paused, MEMBER, "resume", assignment="a1")
    town.clock.pass_(days=1)
    for case_id in (paused, declined, silent):
        town.engine.let_time_pass(CaseId(case_id))
    return {"paused": paused, "declined": declined, "silent": silent}


def by_cause(town: Town, mandate: Mandate = LEADERSHIP) -> Mapping[str, Mapping[str, str]]:
    return {row["cause"]: row for row in rows(town, f"{PATH}.csv", mandate)}


def test_each_cause_has_its_waiting_time_and_how_often_it_was_named(town: Town) -> None:
    held_back(town)
    found = by_cause(town)
    told = {
        cause: tuple(row[name] for name in ("declines", "pauses", "escalations", "cases"))
        for cause, row in found.items()
    }
    assert told["capacity"] == ("0", "1", "0", "1")
    assert told["third_party"] == ("1", "0", "1", "1"), "what nobody placed was escalated for the cause of the decline"
    assert told["unnamed"] == ("0", "0", "1", "1")
    assert {cause: float(row["waiting_days"]) for cause, row in found.items() if row["cases"] != "0"} == {
        "capacity": 2.0,
        "third_party": 3.0,
        "unnamed": 1.0,
    }, "the escalation waited within the time of the decline, and counts once"
    assert float(found["third_party"]["share"]) == 0.5


def test_it_says_in_plain_words_what_holds_back_most(town: Town) -> None:
    held_back(town)
    page = shown(town, PATH)
    assert "Half of the waiting: someone outside the city must act first." in page
    assert "In one case the cause is not named yet" in page
    assert "There is nothing in the period before to compare with." in page
    town.clock.pass_(days=120)
    assert "No, more than before." in shown(town, PATH), "what nobody placed still waits"


def test_where_nothing_was_held_back_it_says_so(town: Town) -> None:
    town.report()
    assert "Nothing held follow-up back in this period" in shown(town, PATH)
    assert all(row["cases"] == "0" for row in rows(town, f"{PATH}.csv"))


def test_every_number_leads_to_the_cases_behind_it(town: Town) -> None:
    cases = held_back(town)
    links = [
        link
        for link in Outline(shown(town, PATH, params={"period": "month", "by": "neighbourhood"})).links
        if "held=" in link
    ]
    found = {link: set(behind(link, town)) for link in links}
    assert all(found.values()), found
    of = {
        (asked.get("held"), asked.get("held_by"), asked.get("neighbourhood")): some
        for link, some in found.items()
        for asked in [dict(parse_qsl(urlsplit(link).query))]
    }
    assert of["capacity", "pause", None] == {cases["paused"]}
    assert of["third_party", "decline", None] == of["third_party", None, HEIDE] == {cases["declined"]}
    assert of["unnamed", None, DORP] == {cases["silent"]}


def test_the_list_of_cases_is_narrowed_to_a_limit_and_tells_it_in_words(town: Town) -> None:
    cases = held_back(town)
    address = f"/cases?held=any&held_from={town.clock().date()}"
    assert set(behind(address, town)) == set(cases.values()) - {cases["paused"]}, "it went on before that day"
    page = shown(town, "/cases", held="third_party", held_by="decline", held_from="2026-03-01", held_to="2026-03-31")
    assert "declined: someone outside the city must act first (Sun 1 Mar – Tue 31 Mar)" in page
    assert cases["declined"] in page and cases["silent"] not in page
    unknown = asked_of({"held": "weather", "held_by": "rain"}, town.context.city).filter(town.context)
    with reading(town.context.database) as session:
        assert unknown.held is None and len(list_cases(session, town.clock(), unknown).items) == 3


def test_everyone_sees_the_limits_of_their_own_part_of_the_city(town: Town) -> None:
    held_back(town)
    assert by_cause(town, MANAGER)["unnamed"]["cases"] == "0", "that is elsewhere"
    assert by_cause(town, HEAD)["unnamed"]["cases"] == "1"
    assert not any(int(row["cases"]) for row in by_cause(town, HEAD_ELSEWHERE).values())
    for mandate in (MEMBER, GARDENER, PARTNER, WARDEN):
        assert get(town, PATH, mandate).status_code == 403
    assert get(town, PATH, MANAGER, neighbourhood=DORP).status_code == 403


def test_the_program_reads_the_same_as_the_page(town: Town) -> None:
    held_back(town)
    for group_by in GroupBy:
        table = rows(town, f"{PATH}.csv", table="groups", params={"by": group_by.value})
        items = town.get("/limits", LEADERSHIP, group_by=group_by).json()["items"]
        assert {(row[group_by], float(row["third_party"])) for row in table if float(row["third_party"])} == {
            (item["group"], item["waiting_days"]) for item in items if item["cause"] == "third_party"
        }
    [item] = [i for i in town.get("/limits", MANAGER, group_by="theme").json()["items"] if i["cause"] == "capacity"]
    assert item == {
        "group": "theme-lamp",
        "cause": "capacity",
        "declines": 0,
        "pauses": 1,
        "escalations": 0,
        "cases": 1,
        "waiting_days": 2.0,
        "median_waiting_days": 2.0,
        "share": 0.4,
    }
    course = rows(town, f"{PATH}.csv", table="course", period="month")
    assert round(sum(float(row["capacity"]) for row in course), 4) == 2.0
    assert get(town, f"{PATH}.csv", table="weather").status_code == 404
