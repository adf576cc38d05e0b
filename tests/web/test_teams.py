"""What the members of a neighbourhood's team read of its cases, and what they may not."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from domain.words import DepartmentId, ServiceCode
from readmodel.accounts import Mandate
from tests.readmodel.town import GREEN, HEIDE, LAMP, OTHER
from tests.web.people import GARDENER, HEAD_ELSEWHERE, MANAGER, MEMBER
from tests.web.town import CITY, IN_DORP, Town, problem

OF_THE_TEAM = [GARDENER, HEAD_ELSEWHERE]


@pytest.fixture
def with_team(town: Town) -> Iterator[Town]:
    """The gardeners sit in the team of Heide, where lamps are none of their work."""
    yield from with_city(town, (GREEN,))


@pytest.fixture
def discreet(town: Town) -> Iterator[Town]:
    """The same, and lamps are about people."""
    yield from with_city(town, (GREEN,), private=LAMP)


def with_city(town: Town, team: tuple[DepartmentId, ...], private: ServiceCode | None = None) -> Iterator[Town]:
    """For as long as it is held, this team sits in Heide, and this service is about people."""
    heide = replace(CITY.neighbourhoods[HEIDE], team=team)
    services = {code: replace(service, private=code == private) for code, service in CITY.services.items()}
    city = replace(CITY, neighbourhoods={**CITY.neighbourhoods, HEIDE: heide}, services=services)
    before = town.context.city
    object.__setattr__(town.context, "city", city)
    yield town
    object.__setattr__(town.context, "city", before)


@pytest.mark.parametrize("member", OF_THE_TEAM)
def test_a_member_reads_a_case_of_the_neighbourhood_but_not_who_reported_it(with_team: Town, member: Mandate) -> None:
    case_id = with_team.report()["case_id"]
    shown: dict[str, Any] = with_team.case(case_id, member)
    assert shown["description"] == "The lamp at number 7 is dark"
    assert shown["reporter"] is None
    assert with_team.case(case_id, MEMBER)["reporter"]["name"] == "An Peeters"


def test_a_member_who_gets_the_case_reads_who_reported_it(with_team: Town) -> None:
    case_id = with_team.report()["case_id"]
    with_team.does(case_id, MANAGER, "assign", departments=[GREEN])
    assert with_team.case(case_id, GARDENER)["reporter"]["name"] == "An Peeters"


def test_a_member_may_remark_and_nothing_else(with_team: Town) -> None:
    case_id = with_team.report()["case_id"]
    with_team.does(case_id, GARDENER, "comment", note="The tree hides the lamp.", public=False)
    problem(with_team.command(case_id, GARDENER, "accept", assignment="a1"), 403, "forbidden")
    problem(with_team.command(case_id, GARDENER, "record_decision", note="We cut it."), 403, "forbidden")


def test_what_is_elsewhere_or_of_no_team_stays_unknown(with_team: Town) -> None:
    elsewhere = with_team.report(location=IN_DORP)["case_id"]
    assert with_team.get(f"/cases/{elsewhere}", GARDENER).status_code == 404
    unplaced = with_team.report(service=OTHER)["case_id"]
    assert with_team.get(f"/cases/{unplaced}", MEMBER).status_code == 404


def test_lists_hold_one_s_own_work_only(with_team: Town) -> None:
    with_team.report()
    assert with_team.get("/cases", GARDENER).json()["items"] == []


def test_a_case_about_people_is_not_opened_to_the_team(discreet: Town) -> None:
    case_id = discreet.report()["case_id"]
    assert discreet.get(f"/cases/{case_id}", GARDENER).status_code == 404
    discreet.does(case_id, MANAGER, "assign", departments=[GREEN])
    assert discreet.get(f"/cases/{case_id}", GARDENER).status_code == 200


def test_a_decision_is_told_to_the_resident_only_when_it_is_public(town: Town) -> None:
    report = town.report()
    town.does(report["case_id"], MANAGER, "record_decision", note="Ask the grid company first.")
    town.does(report["case_id"], MANAGER, "record_decision", note="A new lamp comes in May.", public=True)
    told = town.get(f"/follow/{report['token']}").json()["timeline"]
    assert [line["note"] for line in told if line["event"] == "decision_recorded"] == ["A new lamp comes in May."]
    kept = town.case(report["case_id"], MANAGER)["timeline"]
    assert [line["by"] for line in kept if line["event"] == "decision_recorded"] == ["neighbourhood_manager"] * 2
