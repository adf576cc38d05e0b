"""The pages of what residents take on: the offers, the link of whoever took one on, and where the money went."""

import re

from httpx2 import Response

from readmodel.accounts import Mandate
from tests.readmodel.town import HEIDE
from tests.web.images import jpeg
from tests.web.people import LEADERSHIP, MANAGER, MANAGER_ELSEWHERE, MEMBER
from tests.web.town import Town

WHO = {"name": "An", "email": "an@example.org", "language": "en"}


def offered(town: Town, amount: float = 150) -> dict[str, str]:
    report: dict[str, str] = town.report()
    town.does(report["case_id"], MANAGER, "offer_to_residents", amount=amount, note="Paint the <pole>")
    return report


def page(town: Town, address: str) -> str:
    answer = town.client.get(address, params={"lang": "en"} if "?" not in address else None)
    assert answer.status_code == 200, answer.text
    return answer.text


def takes_on(town: Town, number: str, **changes: str) -> Response:
    return town.client.post(f"/offers/{number}?lang=en", data={**WHO, "offer": "o1", "key": "once", **changes})


def taken_on(town: Town, amount: float = 150) -> tuple[dict[str, str], str]:
    """The report, and the address of the page of whoever took it on."""
    report = offered(town, amount)
    answer = takes_on(town, report["number"])
    assert answer.status_code == 303, answer.text
    return report, answer.headers["location"].partition("?")[0]


def test_everyone_reads_what_is_offered_and_takes_it_on(town: Town) -> None:
    assert "Nothing is on offer now" in page(town, "/offers")
    report = offered(town)
    listed = page(town, "/offers")
    assert "Up to €150" in listed and "Paint the &lt;pole&gt;" in listed
    alone = page(town, f"/offers/{report['number']}")
    for private in ("An Peeters", "an@example.org", "number 7"):
        assert private not in listed + alone
    location = takes_on(town, report["number"]).headers["location"]
    welcome = page(town, location)
    assert "It is yours." in welcome and "You may spend €150 at most." in welcome
    assert "Nothing is on offer now" in page(town, "/offers")
    assert "Someone has taken this on already." in page(town, f"/offers/{report['number']}")


def test_a_form_that_is_not_complete_says_so_and_loses_nothing(town: Town) -> None:
    answer = takes_on(town, offered(town)["number"], name="", email="an at home", phone="089 65 36 00")
    assert answer.status_code == 422
    assert "Fill in your name." in answer.text and "Fill in an e-mail address" in answer.text
    assert 'value="an at home"' in answer.text and 'value="089 65 36 00"' in answer.text


def test_who_comes_second_is_thanked_on_the_same_page(town: Town) -> None:
    report, _ = taken_on(town)
    answer = takes_on(town, report["number"], key="another", email="omar@example.org")
    assert answer.status_code == 409
    assert "Thank you for wanting to." in answer.text


def test_whoever_took_it_on_accounts_for_it_with_a_sum_and_a_photo(town: Town) -> None:
    report, mine = taken_on(town)
    form = {"note": "Painted it with six neighbours", "spent": "120,50"}
    without = town.client.post(f"{mine}/account?lang=en", data=form)
    assert without.status_code == 422 and "Add a photo" in without.text
    photo = {"photos": ("p.jpg", jpeg(), "image/jpeg")}
    too_much = town.client.post(f"{mine}/account?lang=en", data={**form, "spent": "151"}, files=photo)
    assert too_much.status_code == 409 and "At most €150 was agreed." in too_much.text
    assert town.client.post(f"{mine}/account?lang=en", data=form, files=photo).status_code == 303
    assert "You told that it is done, for €120.50." in page(town, mine)
    reporter = page(town, f"/follow/{report['token']}")
    assert "Painted it with six neighbours" in reporter and "Residents did this themselves" in reporter


def test_it_can_be_handed_back_and_the_reporter_may_take_it_on_instead(town: Town) -> None:
    report, mine = taken_on(town, amount=0)
    assert town.client.post(f"{mine}/hand-back?lang=en", data={"note": "A broken arm"}).status_code == 303
    town.does(report["case_id"], MANAGER, "offer_to_residents", amount=0, note="Paint it")
    link = f"/follow/{report['token']}"
    assert "You can take this on yourself" in page(town, link)
    answer = town.client.post(f"{link}/adopt?lang=en", data={"offer": "o2"})
    assert answer.headers["location"].endswith("said=taken_on")
    assert "You took this on." in page(town, link)
    assert "A broken arm" not in page(town, link), "that is for staff"


def budget(town: Town, by: Mandate, what: str = "budget") -> Response:
    town.sign_in(by)
    return town.client.get(f"/neighbourhoods/{HEIDE}/{what}", params={"lang": "en"})


def test_the_budget_tells_what_there_is_and_where_it_went(town: Town) -> None:
    report, mine = taken_on(town)
    offered(town, 300)
    now = budget(town, MANAGER).text
    assert re.findall(r"<strong>(€[\d.,]+)</strong>", now) == ["€500", "€150", "€0", "€350"]
    assert "€300 is offered and not yet taken up" in now
    photo = {"photos": ("p.jpg", jpeg(), "image/jpeg")}
    town.client.post(f"{mine}/account", data={"note": "Six of us painted", "spent": "100"}, files=photo)
    later = budget(town, MANAGER).text
    assert re.findall(r"<strong>(€[\d.,]+)</strong>", later) == ["€500", "€0", "€100", "€400"]
    assert "Six of us painted" in later and "?size=small" in later and "€50 was reserved and has come back." in later
    figures = budget(town, LEADERSHIP).text
    assert report["number"] in figures and "Six of us painted" not in figures and "?size=small" not in figures
    [heads, line] = budget(town, LEADERSHIP, "budget.csv").text.splitlines()
    assert heads.startswith("year,case,service,state,amount,spent")
    assert line.startswith(f"2026,{report['number']},lamp,spent,150.0,100.0,")


def test_the_manager_reads_who_took_it_on_and_sees_the_budget_when_offering(town: Town) -> None:
    report, _ = taken_on(town)
    town.sign_in(MANAGER)
    case = page(town, f"/cases/{report['case_id']}")
    assert "an@example.org" in case and "A resident has taken this on, for €150 at most" in case
    fresh = page(town, f"/cases/{town.report()['case_id']}")
    assert "Left in the budget of 2026: €350 of €500. Reserved €150, spent €0; €0 is offered" in fresh
    town.sign_in(LEADERSHIP)
    assert "mailto:an@example.org" not in page(town, f"/cases/{report['case_id']}")


def test_a_department_sees_that_its_task_rests_and_why_it_can_do_nothing(town: Town) -> None:
    report, _ = taken_on(town)
    town.sign_in(MEMBER)
    assert "the task rests until it comes back" in page(town, f"/cases/{report['case_id']}")
    assert budget(town, MEMBER).status_code == 403
    assert budget(town, MANAGER_ELSEWHERE).status_code == 404


def test_the_manager_offers_by_a_form(town: Town) -> None:
    case_id = town.report()["case_id"]
    town.sign_in(MANAGER)
    form = {"csrf": town.csrf(), "command": "offer_to_residents", "note": "Paint it", "amount": "600"}
    refused = town.client.post(f"/cases/{case_id}/act?lang=en", data=form)
    assert refused.status_code == 409 and "has €500 left this year" in refused.text
    assert town.client.post(f"/cases/{case_id}/act?lang=en", data={**form, "amount": "12,50"}).status_code == 303
    assert town.get("/offers").json()["items"][0]["amount"] == 12.5
