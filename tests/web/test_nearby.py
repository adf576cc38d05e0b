"""Reporting in two steps, and being counted in for what was reported nearby instead."""

import re
from typing import Any

from httpx2 import Response

from domain.words import CaseId
from readmodel.database import writing
from readmodel.erasure import erase
from tests.web.people import ADMINISTRATOR, LEADERSHIP, MANAGER, MEMBER, WARDEN
from tests.web.reading_pages import FORM, outline, send
from tests.web.town import IN_DORP, IN_HEIDE, Town

HERE = {"service": "lamp", "lat": "50.5003", "lon": "5.2"}
PERSONAL = ("The lamp at number 7 is dark", "Heidestraat", "An Peeters", "an@example.org")


def details(town: Town, **query: str) -> str:
    page = town.client.get("/report/details", params={"lang": "en", **query})
    assert page.status_code == 200
    outline(page)
    return page.text


def offered(page: str) -> list[dict[str, str]]:
    """The forms by which one is counted in."""
    forms = re.findall(r'<form method="post" action="/report/join.*?</form>', page, re.DOTALL)
    return [dict(re.findall(r'name="(\w+)" value="([^"]*)"', form)) for form in forms]


def supporters(town: Town, case_id: str) -> Any:
    return town.case(case_id, ADMINISTRATOR)["supporters"]


def cases(town: Town) -> int:
    return len(town.get("/cases", ADMINISTRATOR).json()["items"])


def followed(town: Town, answer: Response) -> str:
    assert answer.status_code == 303, answer.text
    page = town.client.get(answer.headers["location"])
    assert page.status_code == 200
    return page.text


def test_what_was_reported_close_by_is_offered_without_what_anyone_wrote(town: Town) -> None:
    report = town.report(location={**IN_HEIDE, "address": "Heidestraat 7"})
    page = details(town, **HERE)
    assert "About 30 m to the south" in page
    assert [one["case"] for one in offered(page)] == [report["case_id"]]
    assert not any(text in page for text in PERSONAL)
    assert report["number"] not in page


def test_nothing_is_offered_far_away_or_once_it_is_closed(town: Town) -> None:
    report = town.report()
    assert not offered(details(town, **{**HERE, "lat": "50.51"}))
    town.does(report["case_id"], MANAGER, "close", outcome="explained", note="Done")
    assert not offered(details(town, **HERE))


def test_without_a_point_the_neighbourhood_is_looked_through(town: Town) -> None:
    town.report(location=IN_DORP)
    assert not offered(details(town, service="lamp", neighbourhood="heide"))
    page = details(town, service="lamp", neighbourhood="dorp")
    assert len(offered(page)) == 1
    assert "Somewhere in Dorp" in page


def test_being_counted_in_twice_counts_once_and_gives_a_link_of_ones_own(town: Town) -> None:
    report = town.report()
    [form] = offered(details(town, **HERE))
    first, again = (send(town, "/report/join?lang=en", **form) for _ in range(2))
    assert first.headers["location"] == again.headers["location"]
    page = followed(town, first)
    assert "You are counted in" in page
    assert report["token"] not in page
    assert not any(text in page for text in PERSONAL)
    assert supporters(town, report["case_id"]) == 1
    assert cases(town) == 1


def test_two_neighbours_count_as_two(town: Town) -> None:
    report = town.report()
    for _ in range(2):
        [form] = offered(details(town, **HERE))
        assert send(town, "/report/join", **form).status_code == 303
    assert supporters(town, report["case_id"]) == 2


def test_nobody_is_counted_in_for_a_case_that_was_not_offered(town: Town) -> None:
    near, far = town.report(), town.report(location=IN_DORP)
    [form] = offered(details(town, **HERE))
    assert form["case"] == near["case_id"]
    answer = send(town, "/report/join?lang=en", **{**form, "case": far["case_id"]})
    assert answer.status_code == 200
    assert "closed in the meantime" in answer.text
    assert supporters(town, far["case_id"]) == 0


def test_while_the_engine_is_down_one_is_counted_in_later_and_once(town: Town) -> None:
    report = town.report()
    [form] = offered(details(town, **HERE))
    town.engine.down = True
    assert send(town, "/report/join", **form).status_code == 503
    town.engine.down = False
    followed(town, send(town, "/report/join", **form))
    assert supporters(town, report["case_id"]) == 1


def test_a_report_that_comes_without_having_seen_what_is_near_is_shown_it_first(town: Town) -> None:
    town.report()
    form = {**HERE, "description": "Dark again", "email": "bo@example.org"}
    answer = send(town, "/report?lang=en", **form)
    assert answer.status_code == 200
    assert offered(answer.text)
    assert "Dark again" in answer.text
    assert "bo@example.org" in answer.text
    assert cases(town) == 1
    assert send(town, "/report?lang=en", **form, seen="yes").status_code == 303
    assert cases(town) == 2


def test_a_form_sent_twice_is_one_report_and_a_changed_one_is_another(town: Town) -> None:
    form = {**FORM, "seen": "yes", "key": "b1b6f1d2"}
    first, again = (send(town, "/report", **form) for _ in range(2))
    assert first.headers["location"] == again.headers["location"]
    assert cases(town) == 1
    assert send(town, "/report", **{**form, "description": "Another"}).status_code == 303
    assert cases(town) == 2


def test_going_back_to_the_place_keeps_all_that_was_typed(town: Town) -> None:
    typed = {**FORM, "name": "Bo", "address": "Dorpsplein 1"}
    page = send(town, "/report/where?lang=en", **typed)
    assert page.status_code == 200
    kept = [(a.get("name"), a.get("value")) for tag, a in outline(page).tags if tag == "input"]
    assert ("description", "Dark here") in kept
    assert ("name", "Bo") in kept
    assert ("address", "Dorpsplein 1") in kept
    again = send(town, "/report/details?lang=en", **typed)
    assert "Dark here" in again.text
    assert "Dorpsplein 1, Heide" in again.text


def test_a_first_step_that_misses_something_is_shown_again(town: Town) -> None:
    page = town.client.get("/report/details?service=lamp&lang=en")
    assert page.status_code == 422
    assert "mark the spot or choose a neighbourhood" in page.text
    assert town.client.get("/report/details").status_code == 303


def test_the_words_typed_narrow_down_what_can_be_chosen(town: Town) -> None:
    page = town.client.get("/report?what=lapm&lang=en").text
    assert page.index('value="lamp"') < page.index("Or choose from the list") < page.index('value="tree"')
    assert "We found nothing" in town.client.get("/report?what=xyzzy&lang=en").text


def test_staff_report_on_behalf_of_someone_and_land_on_the_case(town: Town) -> None:
    town.sign_in(WARDEN)
    assert send(town, "/report", **FORM).status_code == 403
    answer = send(town, "/report", **FORM, csrf=town.csrf(), urgent="yes", name="An")
    case_id = town.get("/cases", ADMINISTRATOR).json()["items"][0]["case_id"]
    assert answer.headers["location"].startswith(f"/cases/{case_id}")
    case = town.case(case_id, MEMBER)
    assert (case["urgent"], case["reporter"]["name"]) == (True, "An")
    assert case["timeline"][0]["by"] == "warden"


def test_staff_who_may_not_see_the_case_get_the_page_to_follow_it(town: Town) -> None:
    town.sign_in(WARDEN)
    answer = send(town, "/report", **{**FORM, "neighbourhood": "dorp"}, csrf=town.csrf())
    assert answer.headers["location"].startswith("/follow/")


def test_a_link_to_share_counts_others_in(town: Town) -> None:
    report = town.report()
    page = town.client.get(f"/follow/{report['token']}?lang=en").text
    [link] = set(re.findall(r"https://town\.example(/support/[\w-]+)", page))
    shared = town.client.get(f"{link}?lang=en")
    assert shared.status_code == 200
    assert not any(text in shared.text for text in PERSONAL)
    page = followed(town, send(town, f"{link}?lang=en", key="k1"))
    assert "You are counted in" in page
    followed(town, send(town, link, key="k1"))
    assert supporters(town, report["case_id"]) == 1
    town.does(report["case_id"], MANAGER, "close", outcome="explained", note="Done")
    assert send(town, link, key="k2").status_code == 409
    wrong = link[:-1] + ("A" if link[-1] != "A" else "B")
    assert town.client.get(wrong).status_code == 404


def test_after_erasure_nothing_is_offered_at_the_place(town: Town) -> None:
    report = town.report()
    with writing(town.context.database) as session:
        erase(session, CaseId(report["case_id"]))
    assert not offered(details(town, **HERE))


def test_staff_see_what_may_be_the_same_beside_it_and_merge_it_there(town: Town) -> None:
    one = town.report()
    town.clock.pass_(days=2)
    other = town.report(description="Lamp dark again at number 9", location={"lat": 50.5001, "lon": 5.2})
    elsewhere = town.report(location=IN_DORP)
    [found] = town.get(f"/cases/{other['case_id']}/duplicates", WARDEN).json()["items"]
    assert (found["case_id"], found["metres"], found["probably"]) == (one["case_id"], 11, True)
    assert (found["same_service"], found["words"]) == (True, ["lamp", "dark", "number"])
    assert town.get(f"/cases/{elsewhere['case_id']}/duplicates", ADMINISTRATOR).json() == {"items": []}
    [blind] = town.get(f"/cases/{other['case_id']}/duplicates", LEADERSHIP).json()["items"]
    assert blind["words"] == []
    for who, merges in ((MEMBER, False), (WARDEN, True)):
        town.sign_in(who)
        page = town.client.get(f"/cases/{other['case_id']}?lang=en").text
        assert "at the same spot · 2 days earlier · same service · both say: lamp, dark, number" in page
        assert page.count("The lamp at number 7 is dark") == 1
        assert (f"Merge this report into {one['number']}" in page) is merges
    form = {"csrf": town.csrf(), "command": "merge_into", "case_id": one["number"]}
    answer = send(town, f"/cases/{other['case_id']}/act", **form)
    assert answer.status_code == 303
    assert town.case(other["case_id"], WARDEN)["merged_into"] == one["case_id"]
    assert town.get(f"/cases/{other['case_id']}/duplicates", WARDEN).json() == {"items": []}
