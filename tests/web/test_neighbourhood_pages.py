"""The neighbourhoods: whose are listed for whom, and what their pages say."""

import re

from readmodel.accounts import Mandate
from readmodel.settling import settle
from tests.readmodel.town import DORP, HEIDE
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
from tests.web.town import IN_DORP, Town


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
    return [int(number) for number in re.findall(r"<strong>(\d+)</strong>", page)]


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
